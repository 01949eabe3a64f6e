/**
 * Covariance matrices of returns. `returns` holds T rows of N assets, row after row; a matrix is a Float64Array of
 * N × N, symmetric. N is at most 1 000, and 200 where eigenvalues are wanted.
 */
import { MathArgumentError } from "../errors.js";
import { checkNumber, checkReturns, checkSymmetric } from "./estimator-arguments.js";
import { estimators } from "./estimator-module.js";

/** RiskMetrics' decay of daily data. */
const DECAY = 0.94;
const REPAIR_MAX = 200;

export interface CovarianceOptions {
  /** N; default 1. */
  readonly assets?: number;
  /** T − what: 1 for the unbiased estimate, 0 for the likeliest. Default 1. */
  readonly lost?: 0 | 1;
}

/** Σ (x − m)(x − m)ᵀ / (T − lost). Throws MathTypeError, MathArgumentError and MathInputError. */
export function sampleCovariance(
  returns: Float64Array,
  { assets = 1, lost = 1 }: CovarianceOptions = {},
): Float64Array {
  const rows = checkReturns(returns, assets, 2);
  if (lost !== 0 && lost !== 1) throw new MathArgumentError("lost", lost, "0 or 1");
  return compute(returns, rows, assets, ({ kernels }, at) => {
    kernels.sampleCovariance(at.returns, rows, assets, rows - lost, at.means, at.work, at.matrix);
  });
}

export interface DecayedCovarianceOptions {
  readonly assets?: number;
  /** λ, above 0 and below 1; default 0.94. */
  readonly decay?: number;
}

/**
 * Σ wₜ xₜ xₜᵀ with weights that fall by λ a row into the past and sum to 1; the mean is taken to be 0, as RiskMetrics
 * does. Throws MathTypeError, MathArgumentError and MathInputError.
 */
export function ewmaCovariance(
  returns: Float64Array,
  { assets = 1, decay = DECAY }: DecayedCovarianceOptions = {},
): Float64Array {
  const rows = checkReturns(returns, assets, 1);
  checkNumber("decay", decay, 1e-6, 1 - 1e-9);
  return compute(returns, rows, assets, ({ kernels }, at) => {
    kernels.decayedCovariance(at.returns, rows, assets, decay, at.matrix);
  });
}

export interface ShrunkCovariance {
  readonly matrix: Float64Array;
  /** How far the matrix was drawn to the mean variance times the identity, 0 to 1. */
  readonly intensity: number;
}

/**
 * Ledoit and Wolf's well-conditioned estimator of 2004: positive definite also when there are more assets than rows.
 * Throws MathTypeError, MathArgumentError and MathInputError.
 */
export function ledoitWolf(returns: Float64Array, { assets = 1 }: { readonly assets?: number } = {}): ShrunkCovariance {
  const rows = checkReturns(returns, assets, 2);
  let intensity = 0;
  const matrix = compute(returns, rows, assets, ({ kernels }, at) => {
    intensity = kernels.shrunkCovariance(at.returns, rows, assets, at.means, at.work, at.matrix);
  });
  return { matrix, intensity };
}

export interface RepairedCovariance {
  /** The nearest matrix, in the Frobenius norm, whose eigenvalues are all at least `least`. */
  readonly matrix: Float64Array;
  /** Of the matrix that was given, smallest first. */
  readonly eigenvalues: Float64Array;
}

/**
 * Makes a symmetric matrix positive semidefinite, or definite with `least` above 0 (default 0), as Higham showed in
 * 1988: eigenvalues below it are raised to it. Throws MathTypeError and MathArgumentError.
 */
export function nearestCovariance(
  matrix: Float64Array,
  { least = 0 }: { readonly least?: number } = {},
): RepairedCovariance {
  const size = checkSymmetric("matrix", matrix, REPAIR_MAX);
  checkNumber("least", least, 0, 1e100);
  const room = estimators.room(24 * matrix.length);
  const vectors = room.start + 8 * matrix.length;
  const into = vectors + 8 * matrix.length;
  const values = room.doubles(room.start, matrix.length);
  values.set(matrix);
  if (!room.kernels.diagonalise(room.start, size, vectors)) {
    throw new MathArgumentError("matrix", "one whose eigenvalues were not found", "entries of more equal magnitude");
  }
  room.kernels.rebuild(room.start, size, vectors, least, into);
  const eigenvalues = Float64Array.from({ length: size }, (_, index) => values[index * (size + 1)]!).sort();
  return { matrix: room.doubles(into, matrix.length).slice(), eigenvalues };
}

type EstimatorRoom = ReturnType<typeof estimators.room>;

interface Addresses {
  readonly returns: number;
  readonly means: number;
  readonly work: number;
  readonly matrix: number;
}

function compute(
  returns: Float64Array,
  rows: number,
  assets: number,
  kernel: (room: EstimatorRoom, at: Addresses) => void,
): Float64Array {
  const entries = assets * assets;
  const room = estimators.room(8 * (rows * assets + 2 * assets + entries));
  const means = room.start + 8 * returns.length;
  const work = means + 8 * assets;
  const matrix = work + 8 * assets;
  room.doubles(room.start, returns.length).set(returns);
  kernel(room, { returns: room.start, means, work, matrix });
  return room.doubles(matrix, entries).slice();
}
