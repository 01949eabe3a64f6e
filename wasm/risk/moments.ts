/**
 * Means and covariances of one day's returns, from the returns themselves or as the caller found them. A matrix is
 * trusted only after it has been factored: that is what shows it to be positive semi-definite.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { checkNumbers } from "./arguments.js";
import { sampleCovariance } from "./covariance.js";
import { Scratch } from "./kernels.js";

export interface ReturnMoments {
  /** N × N, rows first: symmetric and positive semi-definite. */
  readonly covariance: Float64Array;
  /** N; default zeros. */
  readonly mean?: Float64Array;
}

/** How far apart aᵢⱼ and aⱼᵢ may be, relative to √(aᵢᵢ aⱼⱼ). */
const ASYMMETRY_MAX = 1e-12;

/** The means; zeros when there are none. */
export function checkMoments({ covariance, mean }: ReturnMoments, assets: number): Float64Array {
  checkNumbers("covariance", covariance, assets * assets);
  if (mean !== undefined) checkNumbers("mean", mean, assets);
  for (let row = 0; row < assets; row++) {
    for (let column = 0; column < row; column++) checkPair(covariance, assets, row, column);
  }
  return mean ?? new Float64Array(assets);
}

function checkPair(covariance: Float64Array, assets: number, row: number, column: number): void {
  const lower = covariance[row * assets + column]!;
  const upper = covariance[column * assets + row]!;
  if (lower === upper) return;
  const scale = Math.sqrt(Math.abs(covariance[row * assets + row]! * covariance[column * assets + column]!));
  if (Math.abs(lower - upper) <= ASYMMETRY_MAX * scale) return;
  throw new MathArgumentError(`covariance[${row}, ${column}]`, lower, `covariance[${column}, ${row}], ${upper}`);
}

export function isMoments(source: Float64Array | ReturnMoments): source is ReturnMoments {
  if (source instanceof Float64Array) return false;
  if (typeof source === "object" && source !== null && "covariance" in source) return true;
  throw new MathTypeError("returns", source, "a Float64Array, a row a day, or an object with their covariance");
}

/** The sample's means, and its covariance with denominator T − 1, of T × N returns that have been checked. */
export function sampleMoments(returns: Float64Array, assets: number): Required<ReturnMoments> {
  const days = returns.length / assets;
  const scratch = new Scratch({ returns: returns.length, means: assets, correction: assets, dayWeights: days });
  scratch.put("returns", returns);
  findMeans(scratch, days, assets);
  return { mean: scratch.copy("means"), covariance: sampleCovariance(returns, { assets }) };
}

/** Leaves the mean return of each asset in `means`. The second pass takes away what rounding left of the first. */
export function findMeans(
  scratch: Scratch<"returns" | "means" | "correction" | "dayWeights">,
  days: number,
  assets: number,
): void {
  const { kernels, at } = scratch;
  const means = scratch.view("means").fill(0);
  scratch.view("dayWeights").fill(1 / days);
  for (let pass = 0; pass < 2; pass++) {
    kernels.columns(at.returns, days, assets, at.dayWeights, at.means, at.correction);
    scratch.view("correction").forEach((correction, asset) => {
      means[asset]! += correction;
    });
  }
}

type FactorRegion = "covariance" | "factor" | "order" | "rests";

/** Lengths of what `findFactor` works in; `covariance` is put there by the caller. */
export function factorRegions(assets: number): Record<FactorRegion, number> {
  return { covariance: assets * assets, factor: assets * assets, order: assets, rests: assets };
}

/**
 * Leaves L of Σ = L L' in `factor`, and in `order` the asset that each row of it is of. Throws MathArgumentError, which
 * names the row, for a matrix that has none.
 */
export function findFactor(scratch: Scratch<FactorRegion>, assets: number): void {
  const { kernels, at } = scratch;
  const row = kernels.choleskyFactor(at.covariance, assets, at.factor, at.order, at.rests);
  if (row < 0) return;
  throw new MathArgumentError(
    `the pivot of row ${row} of covariance`,
    scratch.view("rests")[row],
    "a positive semi-definite matrix, whose pivots are 0 or more; stats.covariance.nearest gives one",
  );
}
