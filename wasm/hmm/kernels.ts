/**
 * The module of hidden Markov models as its bindings call it: observations and a model in, addresses of results out.
 * The workspace is this thread's; whatever is read from it is copied before the next call.
 */
import { MathArgumentError, MathInputError, MathTypeError } from "../errors.js";
import { hmmWasm } from "../generated/hmm.js";
import { embeddedModule } from "../module.js";
import { type Room, Workspace, type WorkspaceExports } from "../workspace.js";
import { MODEL_MEANS, MODEL_START, MODEL_TRANSITION, MODEL_VARIANCES, ROW_STATE_BYTES } from "./layout.js";
import type { HmmModel } from "./model.js";

/** K states, F features, the address of the observations and their number, then addresses of scratch and results. */
interface HmmExports extends WorkspaceExports {
  modelStart(): number;
  floorStart(): number;
  varianceStart(): number;
  firstRefused(x: number, count: number): number;
  moments(features: number, x: number, length: number): void;
  start(
    states: number,
    features: number,
    x: number,
    length: number,
    seed: number,
    attempt: number,
    scratch: number,
  ): void;
  likelihood(states: number, features: number, x: number, length: number, rows: number): number;
  improve(states: number, features: number, x: number, length: number, rows: number): number;
  posterior(states: number, features: number, x: number, length: number, rows: number, results: number): number;
  path(states: number, features: number, x: number, length: number, rows: number, results: number): number;
  filterGiven(states: number, likelihoods: number, length: number, probabilities: number, sums: number): number;
  logarithm(value: number): number;
}

const workspace = new Workspace<HmmExports>(embeddedModule(hmmWasm));

/** The largest number of observations that a call takes. */
const LENGTH_MAX = 2 ** 27;

/** A series in the workspace, with scratch and room for results behind it. */
export interface Series {
  readonly room: Room<HmmExports>;
  readonly kernels: HmmExports;
  /** Observations. */
  readonly length: number;
  readonly x: number;
  readonly scratch: number;
  readonly results: number;
}

/**
 * Copies observations of F numbers each into the workspace. Throws MathTypeError for what is not a Float64Array,
 * MathArgumentError for a length that is no multiple of F or too short or long, MathInputError with the index of a
 * number that is not finite or above 1e150.
 */
export function load(
  observations: Float64Array,
  { states, features }: { readonly states: number; readonly features: number },
  { least = 1, resultBytesEach = 0 } = {},
): Series {
  const length = checkLength(observations, features, least);
  const scratchBytes = (length + 1) * states * (ROW_STATE_BYTES / 2);
  const room = workspace.room(aligned(observations.byteLength) + aligned(scratchBytes) + length * resultBytesEach);
  const x = room.start;
  const scratch = x + aligned(observations.byteLength);
  room.doubles(x, observations.length).set(observations);
  const refused = room.kernels.firstRefused(x, observations.length);
  if (refused >= 0) throw new MathInputError(observations[refused], refused);
  return { room, kernels: room.kernels, length, x, scratch, results: scratch + aligned(scratchBytes) };
}

export function writeModel({ room, kernels }: Series, model: HmmModel): void {
  const parts = partsAt(room, kernels.modelStart(), model);
  for (const part of PARTS) parts[part].set(model[part]);
}

/** A copy. */
export function readModel({ room, kernels }: Series, size: Pick<HmmModel, "states" | "features">): HmmModel {
  const { start, transition, means, variances } = partsAt(room, kernels.modelStart(), size);
  const { states, features } = size;
  return {
    states,
    features,
    start: start.slice(),
    transition: transition.slice(),
    means: means.slice(),
    variances: variances.slice(),
  };
}

const PARTS = ["start", "transition", "means", "variances"] as const;

function partsAt(room: Room<HmmExports>, at: number, { states, features }: Pick<HmmModel, "states" | "features">) {
  return {
    start: room.doubles(at + MODEL_START, states),
    transition: room.doubles(at + MODEL_TRANSITION, states * states),
    means: room.doubles(at + MODEL_MEANS, states * features),
    variances: room.doubles(at + MODEL_VARIANCES, states * features),
  };
}

function checkLength(observations: Float64Array, features: number, least: number): number {
  if (!(observations instanceof Float64Array)) {
    throw new MathTypeError("observations", observations, "a Float64Array, the numbers of each observation together");
  }
  const length = observations.length / features;
  if (!Number.isInteger(length)) {
    throw new MathArgumentError("observations.length", observations.length, `a multiple of the ${features} features`);
  }
  if (length < least || length > LENGTH_MAX) {
    const allowed = `${least} to 2^27 observations of ${features === 1 ? "one number" : `${features} numbers`}`;
    throw new MathArgumentError("observations.length", observations.length, allowed);
  }
  return length;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
