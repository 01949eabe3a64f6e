/**
 * The Cholesky factor of a positive semi-definite matrix, with pivoting: the row of which most is left, relative to
 * its diagonal, comes first, so that no small pivot enlarges the rounding of what follows and singular matrices (more
 * assets than days, a riskless asset) have a factor too. Higham, Accuracy and Stability of Numerical Algorithms, 2002,
 * §10.3.
 */
import { dot } from "./products";

/** Relative to its diagonal, what is left of a row is zero below n times this, */
// @ts-ignore: decorator
@inline const ROUNDING: f64 = 3.552713678800501e-15; // 16 · 2⁻⁵²
/** and may be below zero by this much: sums over a million days leave 1e-13 of rounding in a covariance. */
// @ts-ignore: decorator
@inline const NEGATIVE_MAX: f64 = 1e-10;

/**
 * Writes the lower factor, zeros above its diagonal, rows of n doubles, and in `order` the row of the matrix that each
 * row of it stands for. `rests` is scratch for n doubles. Returns −1, or, for a matrix that is not positive
 * semi-definite, a row that shows it, with what was left of its diagonal in `rests`.
 */
export function choleskyFactor(matrix: usize, n: i32, into: usize, order: usize, rests: usize): i32 {
  const rowBytes = <usize>n << 3;
  memory.fill(into, 0, rowBytes * n);
  for (let row = 0; row < n; ++row) {
    store<f64>(order + (<usize>row << 3), <f64>row);
    store<f64>(rests + (<usize>row << 3), entry(matrix, rowBytes, row, row));
  }
  let rank = 0;
  for (; rank < n; ++rank) {
    const chosen = fullest(matrix, n, rank, order, rests);
    if (chosen < 0) break;
    swap(order, rank, chosen, 8);
    swap(rests, rank, chosen, 8);
    swap(into, rank, chosen, rowBytes);
    eliminate(matrix, n, rank, into, order, rests);
  }
  return firstRefused(matrix, n, rank, into, order, rests);
}

/** The place, from `rank` on, of which most is left; −1 when there is nothing but rounding. */
function fullest(matrix: usize, n: i32, rank: i32, order: usize, rests: usize): i32 {
  let most = ROUNDING * <f64>n;
  let chosen = -1;
  for (let place = rank; place < n; ++place) {
    const row = at(order, place);
    const diagonal = entry(matrix, <usize>n << 3, row, row);
    const left = diagonal > 0 ? load<f64>(rests + (<usize>place << 3)) / diagonal : 0;
    if (left <= most) continue;
    most = left;
    chosen = place;
  }
  return chosen;
}

/** Takes the pivot at `rank` out of all places behind it. */
function eliminate(matrix: usize, n: i32, rank: i32, into: usize, order: usize, rests: usize): void {
  const rowBytes = <usize>n << 3;
  const pivotRow = into + rank * rowBytes;
  const root = NativeMath.sqrt(load<f64>(rests + (<usize>rank << 3)));
  store<f64>(pivotRow + (<usize>rank << 3), root);
  for (let place = rank + 1; place < n; ++place) {
    const row = into + place * rowBytes;
    const covariance = entry(matrix, rowBytes, at(order, rank), at(order, place));
    const share = (covariance - dot(row, pivotRow, rank)) / root;
    store<f64>(row + (<usize>rank << 3), share);
    store<f64>(rests + (<usize>place << 3), load<f64>(rests + (<usize>place << 3)) - share * share);
  }
}

/** Nothing may be left beyond the rank, on the diagonal or beside it. */
function firstRefused(matrix: usize, n: i32, rank: i32, into: usize, order: usize, rests: usize): i32 {
  const rowBytes = <usize>n << 3;
  for (let place = rank; place < n; ++place) {
    const row = at(order, place);
    const diagonal = entry(matrix, rowBytes, row, row);
    const rest = load<f64>(rests + (<usize>place << 3));
    if (!(rest >= -NEGATIVE_MAX * abs(diagonal))) return refuse(rests, row, rest);
    for (let other = rank; other < place; ++other) {
      const column = at(order, other);
      const left = entry(matrix, rowBytes, row, column) - dot(into + place * rowBytes, into + other * rowBytes, rank);
      const limit = NEGATIVE_MAX * NativeMath.sqrt(diagonal * entry(matrix, rowBytes, column, column));
      if (!(abs(left) <= limit)) return refuse(rests, row, -abs(left));
    }
  }
  return -1;
}

function refuse(rests: usize, row: i32, rest: f64): i32 {
  store<f64>(rests + (<usize>row << 3), rest);
  return row;
}

/** Exchanges two elements of `bytes` each, a multiple of 8. */
function swap(base: usize, a: i32, b: i32, bytes: usize): void {
  const left = base + a * bytes;
  const right = base + b * bytes;
  for (let offset: usize = 0; offset < bytes; offset += 8) {
    const kept = load<f64>(left + offset);
    store<f64>(left + offset, load<f64>(right + offset));
    store<f64>(right + offset, kept);
  }
}

// @ts-ignore: decorator
@inline
function at(order: usize, place: i32): i32 {
  return <i32>load<f64>(order + (<usize>place << 3));
}

// @ts-ignore: decorator
@inline
function entry(matrix: usize, rowBytes: usize, row: i32, column: i32): f64 {
  return load<f64>(matrix + row * rowBytes + (<usize>column << 3));
}
