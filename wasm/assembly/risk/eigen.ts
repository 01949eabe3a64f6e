/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations, cyclic by rows, and the nearest positive
 * semidefinite matrix. Rotations stop when the entries beside the diagonal are below 2⁻⁵² of the matrix's norm.
 */
import { entry } from "./estimators";

const SWEEPS_MAX = 60;

/** Makes `matrix` diagonal, with its eigenvalues, and `vectors` their eigenvectors by columns; false if it failed. */
export function diagonalise(matrix: usize, size: i32, vectors: usize): bool {
  memory.fill(vectors, 0, (<usize>size * <usize>size) << 3);
  for (let row = 0; row < size; ++row) store<f64>(entry(vectors, size, row, row), 1);
  for (let sweep = 0; sweep < SWEEPS_MAX; ++sweep) {
    if (isDiagonal(matrix, size)) return true;
    for (let row = 0; row < size - 1; ++row) {
      for (let column = row + 1; column < size; ++column) rotate(matrix, size, vectors, row, column);
    }
  }
  return isDiagonal(matrix, size);
}

/**
 * V max(Λ, least) Vᵀ into `into`: of all symmetric matrices whose eigenvalues are at least `least`, the nearest to
 * V Λ Vᵀ in the Frobenius norm. N. J. Higham, Computing a nearest symmetric positive semidefinite matrix, 1988.
 */
export function rebuild(values: usize, size: i32, vectors: usize, least: f64, into: usize): void {
  for (let row = 0; row < size; ++row) {
    for (let column = row; column < size; ++column) {
      let sum: f64 = 0;
      for (let k = 0; k < size; ++k) {
        const value = max(load<f64>(entry(values, size, k, k)), least);
        sum += load<f64>(entry(vectors, size, row, k)) * value * load<f64>(entry(vectors, size, column, k));
      }
      store<f64>(entry(into, size, row, column), sum);
      store<f64>(entry(into, size, column, row), sum);
    }
  }
}

function isDiagonal(matrix: usize, size: i32): bool {
  let beside: f64 = 0;
  let all: f64 = 0;
  for (let row = 0; row < size; ++row) {
    for (let column = 0; column < size; ++column) {
      const x = load<f64>(entry(matrix, size, row, column));
      all += x * x;
      if (row != column) beside += x * x;
    }
  }
  return beside <= all * (f64.EPSILON * f64.EPSILON);
}

/** Turns rows and columns p and q so that the entry where they meet becomes 0. */
function rotate(matrix: usize, size: i32, vectors: usize, p: i32, q: i32): void {
  const meeting = load<f64>(entry(matrix, size, p, q));
  if (meeting == 0) return;
  const theta = (load<f64>(entry(matrix, size, q, q)) - load<f64>(entry(matrix, size, p, p))) / (2 * meeting);
  const tangent = (theta < 0 ? -1 : 1) / (abs(theta) + sqrt(theta * theta + 1));
  const cosine = 1 / sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; ++k) turn(entry(matrix, size, k, p), entry(matrix, size, k, q), cosine, sine);
  for (let k = 0; k < size; ++k) turn(entry(matrix, size, p, k), entry(matrix, size, q, k), cosine, sine);
  for (let k = 0; k < size; ++k) turn(entry(vectors, size, k, p), entry(vectors, size, k, q), cosine, sine);
  store<f64>(entry(matrix, size, p, q), 0);
  store<f64>(entry(matrix, size, q, p), 0);
}

// @ts-ignore: decorator
@inline
function turn(first: usize, second: usize, cosine: f64, sine: f64): void {
  const x = load<f64>(first);
  const y = load<f64>(second);
  store<f64>(first, cosine * x - sine * y);
  store<f64>(second, sine * x + cosine * y);
}
