/**
 * Central moments of a series, and the day weights that are polynomials of its deviations: with them the gradient of
 * any function of the first four moments is one product with the returns.
 */
import { sumOfLanes } from "./products";

/** The means of d², d³ and d⁴, d = value − mean, into three doubles. Two passes, the first by the caller. */
export function centredMoments(values: usize, count: i32, mean: f64, into: usize): void {
  const middle = f64x2.splat(mean);
  let second = f64x2.splat(0);
  let third = f64x2.splat(0);
  let fourth = f64x2.splat(0);
  let at = values;
  for (const end = values + (<usize>(count & ~1) << 3); at < end; at += 16) {
    const deviation = f64x2.sub(v128.load(at), middle);
    const square = f64x2.mul(deviation, deviation);
    second = f64x2.add(second, square);
    third = f64x2.add(third, f64x2.mul(square, deviation));
    fourth = f64x2.add(fourth, f64x2.mul(square, square));
  }
  const last = count & 1 ? load<f64>(at) - mean : 0;
  const square = last * last;
  store<f64>(into, (sumOfLanes(second) + square) / count);
  store<f64>(into, (sumOfLanes(third) + square * last) / count, 8);
  store<f64>(into, (sumOfLanes(fourth) + square * square) / count, 16);
}

/** intoₜ = first · d + second · d² + third · d³, d = valueₜ − mean. */
export function dayPolynomial(
  values: usize,
  count: i32,
  mean: f64,
  first: f64,
  second: f64,
  third: f64,
  into: usize,
): void {
  const end = values + (<usize>count << 3);
  for (; values < end; values += 8) {
    const deviation = load<f64>(values) - mean;
    store<f64>(into, deviation * (first + deviation * (second + deviation * third)));
    into += 8;
  }
}
