/**
 * Products of a matrix with a vector from either side. The matrix is rows first, `assets` doubles a row, so both walk
 * memory once in order. Rounding: relative n · 2⁻⁵³ of the sum of magnitudes, n the number of terms of one lane.
 */

/** Σ aᵢ bᵢ, in two lanes of two. */
export function dot(a: usize, b: usize, length: i32): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let i: i32 = 0;
  for (; i + 4 <= length; i += 4) {
    even = f64x2.add(even, f64x2.mul(v128.load(a), v128.load(b)));
    odd = f64x2.add(odd, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
    a += 32;
    b += 32;
  }
  let sum = sumOfLanes(f64x2.add(even, odd));
  for (; i < length; ++i) {
    sum += load<f64>(a) * load<f64>(b);
    a += 8;
    b += 8;
  }
  return sum;
}

/** into = R w: the profit of each day, or any matrix times a vector. */
export function profits(returns: usize, days: i32, assets: i32, weights: usize, into: usize): void {
  for (let day = 0; day < days; ++day) {
    store<f64>(into, dot(returns, weights, assets));
    returns += <usize>assets << 3;
    into += 8;
  }
}

/** intoᵢ = Σ aₜ (Rₜᵢ − centreᵢ) over the days t, whose weights are a; days of weight 0 cost nothing. */
export function columns(
  returns: usize,
  days: i32,
  assets: i32,
  dayWeights: usize,
  centre: usize,
  into: usize,
): void {
  memory.fill(into, 0, <usize>assets << 3);
  for (let day = 0; day < days; ++day) {
    const weight = load<f64>(dayWeights + (<usize>day << 3));
    if (weight != 0) addRow(returns, assets, weight, centre, into);
    returns += <usize>assets << 3;
  }
}

// @ts-ignore: decorator
@inline
function addRow(row: usize, assets: i32, weight: f64, centre: usize, into: usize): void {
  const both = f64x2.splat(weight);
  let at: usize = 0;
  const end = <usize>assets << 3;
  for (; at + 16 <= end; at += 16) {
    const deviation = f64x2.sub(v128.load(row + at), v128.load(centre + at));
    v128.store(into + at, f64x2.add(v128.load(into + at), f64x2.mul(both, deviation)));
  }
  if (at < end) {
    store<f64>(into + at, load<f64>(into + at) + weight * (load<f64>(row + at) - load<f64>(centre + at)));
  }
}

// @ts-ignore: decorator
@inline
export function sumOfLanes(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
}
