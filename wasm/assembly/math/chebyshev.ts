/**
 * Sums of Chebyshev polynomials by Clenshaw's recurrence, which loses about one unit in the last place of the largest
 * term however many there are. The coefficients of every table here were computed to 60 digits with mpmath 1.3.0 and
 * rounded; a table ends where its terms fall below 1e-18.
 */

/** The sum of `terms` coefficients at `table` times T₀(x), T₁(x), …; x from −1 to 1. */
// @ts-ignore: decorator
@inline
export function chebyshev(table: usize, terms: i32, x: f64): f64 {
  const twice = x + x;
  let ahead: f64 = 0;
  let beyond: f64 = 0;
  for (let term = terms - 1; term > 0; --term) {
    const sum = twice * ahead - beyond + load<f64>(table + (<usize>term << 3));
    beyond = ahead;
    ahead = sum;
  }
  return x * ahead - beyond + load<f64>(table);
}
