/**
 * Order books of several levels as series for the indicators, which take one number an input: the sizes of the best
 * levels added up, for `imbalance`, `microprice` and the like.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";

/**
 * Of books in rows of `levels` sizes each, best level first, the sum of the first `count` in every row: one number a
 * row. Sums have the unit of the sizes, which are added from the best level on, so that the same rows give the same
 * bits. Throws MathTypeError for what is no Float64Array, and MathArgumentError unless `levels` is a whole number from
 * 1 to 10 000 that divides the length, and `count` one from 1 to `levels`.
 */
export function levelSums(sizes: Float64Array, levels: number, count: number = levels): Float64Array {
  if (!(sizes instanceof Float64Array)) throw new MathTypeError("sizes", sizes, "a Float64Array");
  checkCount("levels", levels, 10_000);
  checkCount("count", count, levels);
  if (sizes.length % levels !== 0) {
    throw new MathArgumentError("sizes.length", sizes.length, `whole rows of ${levels} levels`);
  }
  const sums = new Float64Array(sizes.length / levels);
  for (let row = 0; row < sums.length; row++) {
    let sum = 0;
    for (let level = 0; level < count; level++) sum += sizes[row * levels + level]!;
    sums[row] = sum;
  }
  return sums;
}

function checkCount(name: string, value: number, most: number): void {
  const allowed = `an integer from 1 to ${most}`;
  if (typeof value !== "number") throw new MathTypeError(name, value, allowed);
  if (!(Number.isInteger(value) && value >= 1 && value <= most)) throw new MathArgumentError(name, value, allowed);
}
