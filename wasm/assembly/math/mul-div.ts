/**
 * a × b / c for integers, exact and rounded half away from zero, though a × b may need 106 bits.
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

function quotient(a: f64, b: f64, c: f64): f64 {
  const negative = a < 0 != b < 0;
  const p = <i64>abs(a);
  const q = <i64>abs(b);
  const divisor = <i64>c;
  const estimate = (abs(a) * abs(b)) / c;
  if (estimate > LIMIT + 8) return CANONICAL_NAN;

  let result = <i64>estimate;
  let remainder = p * q - result * divisor;
  while (remainder < 0) {
    remainder += divisor;
    --result;
  }
  while (remainder >= divisor) {
    remainder -= divisor;
    ++result;
  }
  if (remainder >= divisor - remainder) ++result;
  if (<f64>result >= LIMIT) return CANONICAL_NAN;
  return <f64>(negative ? -result : result);
}
