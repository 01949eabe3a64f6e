/**
 * a × b / c for integers, exact, though a × b may need 106 bits: rounded half away from zero, or down.
 *
 * The double quotient a × b / c carries three roundings, so where the result fits it is within 4 of the true quotient
 * q. Hence a × b − q' × c lies within ±5c, that is ±2⁵⁶, and the wrapping 64-bit difference of the two products is
 * the exact remainder: no wider product is needed.
 */
import { CALL } from "../../layout";
import { CANONICAL_NAN } from "./number";

const LIMIT: f64 = 9007199254740992; // 2⁵³

/**
 * Reads a, b, c from the call slots and writes the result to the fourth: NaN when its magnitude is 2⁵³ or more.
 * The host guarantees integers, |a|, |b| < 2⁵³ and 0 < c < 2⁵³.
 */
export function mulDivRound(): void {
  store<f64>(CALL, quotient(load<f64>(CALL), load<f64>(CALL, 8), load<f64>(CALL, 16)), 24);
}

/** The same, rounded down, for a and b of at least 0. */
export function mulDivFloor(): void {
  store<f64>(CALL, floored(load<f64>(CALL), load<f64>(CALL, 8), load<f64>(CALL, 16)), 24);
}

function quotient(a: f64, b: f64, c: f64): f64 {
  const negative = a < 0 != b < 0;
  const p = <i64>abs(a);
  const q = <i64>abs(b);
  const divisor = <i64>c;
  if ((abs(a) * abs(b)) / c > LIMIT + 8) return CANONICAL_NAN;

  let result = floorQuotient(p, q, divisor);
  const remainder = p * q - result * divisor;
  if (remainder >= divisor - remainder) ++result;
  if (<f64>result >= LIMIT) return CANONICAL_NAN;
  return <f64>(negative ? -result : result);
}

/** ⌊a × b / c⌋ for integers of at least 0; NaN from 2⁵³ on. */
export function floored(a: f64, b: f64, c: f64): f64 {
  if ((a * b) / c > LIMIT + 8) return CANONICAL_NAN;
  const result = floorQuotient(<i64>a, <i64>b, <i64>c);
  return <f64>result >= LIMIT ? CANONICAL_NAN : <f64>result;
}

/** ⌊p × q / divisor⌋ for 0 ≤ p, q ≤ 2⁵³, 0 < divisor ≤ 2⁵³ and a double quotient of at most 2⁵³ + 8. */
// @ts-ignore: decorator
@inline
export function floorQuotient(p: i64, q: i64, divisor: i64): i64 {
  let result = <i64>((<f64>p * <f64>q) / <f64>divisor);
  let remainder = p * q - result * divisor;
  while (remainder < 0) {
    remainder += divisor;
    --result;
  }
  while (remainder >= divisor) {
    remainder -= divisor;
    ++result;
  }
  return result;
}
