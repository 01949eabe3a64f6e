/** Checks of what users hand to the estimators. Errors name the argument, what it was, and what would do. */
import { MathArgumentError, MathInputError, MathTypeError } from "../errors.js";

const ASSETS_MAX = 1_000;
const ROWS_MAX = 10_000_000;
/** Returns beyond this are no returns; their fourth powers must stay finite. */
const RETURN_MAX = 1e60;
/** How far apart two entries that should be one may lie, relative to the largest. */
const SYMMETRY = 1e-12;

export function checkNumber(name: string, value: unknown, min: number, max: number): void {
  const allowed = `a number from ${min} to ${max}`;
  if (typeof value !== "number") throw new MathTypeError(name, value, allowed);
  if (!(value >= min && value <= max)) throw new MathArgumentError(name, value, allowed);
}

export function checkInteger(name: string, value: unknown, min: number, max: number): void {
  const allowed = `an integer from ${min} to ${max}`;
  if (typeof value !== "number") throw new MathTypeError(name, value, allowed);
  if (!(Number.isInteger(value) && value >= min && value <= max)) throw new MathArgumentError(name, value, allowed);
}

/** T of T × N returns, all finite. */
export function checkReturns(returns: unknown, assets: number, rowsMin: number): number {
  checkInteger("assets", assets, 1, ASSETS_MAX);
  if (!(returns instanceof Float64Array)) throw new MathTypeError("returns", returns, "a Float64Array, row after row");
  const rows = returns.length / assets;
  if (!Number.isInteger(rows)) {
    throw new MathArgumentError("returns.length", returns.length, `a multiple of assets, ${assets}`);
  }
  if (rows < rowsMin || rows > ROWS_MAX) {
    throw new MathArgumentError("rows of returns", rows, `${rowsMin} to ${ROWS_MAX}`);
  }
  const refused = returns.findIndex((value) => !(Math.abs(value) <= RETURN_MAX));
  if (refused >= 0) throw new MathInputError(returns[refused], refused);
  return rows;
}

/** N of an N × N matrix whose halves agree. */
export function checkSymmetric(name: string, matrix: unknown, sizeMax: number): number {
  if (!(matrix instanceof Float64Array)) throw new MathTypeError(name, matrix, "a Float64Array of N × N");
  const size = Math.round(Math.sqrt(matrix.length));
  if (size * size !== matrix.length || size < 1 || size > sizeMax) {
    throw new MathArgumentError(`${name}.length`, matrix.length, `N × N with N from 1 to ${sizeMax}`);
  }
  const most = matrix.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  matrix.forEach((value, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    if (!Number.isFinite(value)) throw new MathArgumentError(`${name}[${row}][${column}]`, value, "a finite number");
    const mirrored = matrix[column * size + row]!;
    if (Math.abs(value - mirrored) > SYMMETRY * most) {
      throw new MathArgumentError(`${name}[${row}][${column}]`, value, `${mirrored}, as in [${column}][${row}]`);
    }
  });
  return size;
}
