/**
 * The Cholesky factor of a positive semi-definite matrix, row by row. A pivot that is zero within rounding makes a
 * column of zeros, so singular matrices (more assets than days, a riskless asset) have a factor too. Error bound:
 * |L L' − A| ≤ 16 n 2⁻⁵² √(aᵢᵢ aⱼⱼ), entry by entry. Higham, Accuracy and Stability, 2002, theorem 10.3.
 */
import { dot } from "./products";

// @ts-ignore: decorator
@inline const ROUNDING: f64 = 3.552713678800501e-15; // 16 · 2⁻⁵²

/**
 * Writes the lower factor, zeros above its diagonal, rows of n doubles, and returns −1. For a matrix that is not
 * positive semi-definite: returns the first row that shows it, with what was left of its diagonal in that place.
 */
export function choleskyFactor(matrix: usize, n: i32, into: usize): i32 {
  const rowBytes = <usize>n << 3;
  const tolerance = ROUNDING * <f64>n;
  memory.fill(into, 0, rowBytes * n);
  for (let i = 0; i < n; ++i) {
    const source = matrix + i * rowBytes;
    const row = into + i * rowBytes;
    const diagonal = load<f64>(source + (<usize>i << 3));
    for (let j = 0; j < i; ++j) {
      const pivot = load<f64>(into + j * rowBytes + (<usize>j << 3));
      const left = load<f64>(source + (<usize>j << 3)) - dot(row, into + j * rowBytes, j);
      const limit = tolerance * diagonal * load<f64>(matrix + j * rowBytes + (<usize>j << 3));
      // A semi-definite matrix has nothing left beside a pivot of zero: its square is at most pivot times diagonal.
      if (pivot == 0 && left * left > limit) return refuse(into, i, rowBytes, -abs(left));
      store<f64>(row + (<usize>j << 3), pivot == 0 ? 0 : left / pivot);
    }
    const rest = diagonal - dot(row, row, i);
    if (!(rest >= -tolerance * diagonal)) return refuse(into, i, rowBytes, rest);
    store<f64>(row + (<usize>i << 3), rest > tolerance * diagonal ? NativeMath.sqrt(rest) : 0);
  }
  return -1;
}

function refuse(into: usize, row: i32, rowBytes: usize, rest: f64): i32 {
  store<f64>(into + row * rowBytes + (<usize>row << 3), rest);
  return row;
}
