/**
 * How the bytes of a filter are laid out, and what makes them those of a filter: nothing else may be taken up from a
 * snapshot, because the kernel trusts them.
 */
import { MathStateError, MathTypeError } from "../errors.js";
import {
  HMM_CAPACITY,
  HMM_FEATURES,
  HMM_LENGTH,
  HMM_LOG_LIKELIHOOD,
  HMM_MODEL,
  HMM_MODELLED,
  HMM_POSITION,
  HMM_PRODUCT,
  HMM_STATE,
  HMM_STATES,
  PERIOD_MAX,
  STATE_COUNT,
} from "../layout.js";
import { checkCount, checkModel, FEATURES_MAX, type HmmModel, STATES_MAX, STATES_MIN } from "./model.js";

/** Of a model that is not known yet. */
export type HmmShape = Pick<HmmModel, "states" | "features">;

export interface FilterShape extends HmmShape {
  /** Observations that are kept. */
  readonly window: number;
}

/** Where the parts of a state stand, in doubles. */
export function partsOf({ states, features, window }: FilterShape) {
  const transition = (HMM_MODEL >> 3) + states;
  const means = transition + states * states;
  const variances = means + states * features;
  const constants = variances + states * features;
  const probabilities = constants + states + states * features;
  const circle = probabilities + 2 * states;
  return { transition, means, variances, constants, probabilities, circle, end: circle + window * features };
}

export const filterBytes = (shape: FilterShape): number => partsOf(shape).end * 8;

export function isModel(model: HmmModel | HmmShape): model is HmmModel {
  return ["start", "transition", "means", "variances"].some((member) => member in model);
}

/** Throws MathTypeError or MathArgumentError for what no filter can have. */
export function checkShape(model: HmmModel | HmmShape, window: number): FilterShape {
  if (typeof model !== "object" || model === null) {
    throw new MathTypeError("model", model, "a hidden Markov model, or its states and features");
  }
  if (isModel(model)) checkModel(model);
  const { states, features } = model;
  checkCount("states", states, STATES_MIN, STATES_MAX);
  checkCount("features", features, 1, FEATURES_MAX);
  checkCount("window", window, 0, PERIOD_MAX);
  return { states, features, window };
}

/** States, features and window that the bytes of a state tell of; empty when they end before that. */
export function shapeAt(words: DataView, at: number): number[] {
  if (at + HMM_MODEL > words.byteLength) return [];
  return [HMM_STATES, HMM_FEATURES, HMM_CAPACITY].map((word) => words.getUint32(at + word, true));
}

/** Bytes of a filter of such a shape; 0 when there is none. */
export function measureFilter([states = 0, features = 0, window = 0]: readonly number[]): number {
  const isFilter = states >= STATES_MIN && states <= STATES_MAX && features >= 1 && features <= FEATURES_MAX;
  return isFilter && window <= PERIOD_MAX ? filterBytes({ states, features, window }) : 0;
}

/** Throws MathStateError unless `incoming` holds a state of the same shape that pushes can have left. */
export function assertSameFilter(present: DataView, incoming: DataView, offset: number): void {
  const [own, given] = [shapeAt(present, offset), shapeAt(incoming, offset)];
  if (own.some((each, index) => each !== given[index])) {
    throw new MathStateError(`the filter's states, features and window were ${given}; this one's are ${own}`);
  }
  const [states, features, window] = given as [number, number, number];
  assertPlaces(incoming, offset, states, window);
  const { probabilities, circle, end } = partsOf({ states, features, window });
  if (incoming.getUint32(offset + HMM_MODELLED, true) === 1)
    assertModel(incoming, offset, { states, features, window });
  else requireThat(incoming.getUint32(offset + STATE_COUNT, true) === 0, "probabilities without a model");
  let sum = 0;
  for (let at = probabilities; at < probabilities + states; at += 1) {
    const probability = incoming.getFloat64(offset + 8 * at, true);
    requireThat(probability >= 0 && probability <= 1, `a probability of ${probability}`);
    sum += probability;
  }
  const isStarted = incoming.getUint32(offset + STATE_COUNT, true) > 0;
  requireThat(!isStarted || Math.abs(sum - 1) < 1e-9, `probabilities that sum to ${sum}`);
  for (let at = circle; at < end; at += 1) {
    const kept = incoming.getFloat64(offset + 8 * at, true);
    requireThat(Math.abs(kept) <= 1e150, `an observation of ${kept}`);
  }
}

function assertPlaces(incoming: DataView, offset: number, states: number, window: number): void {
  const word = (name: number) => incoming.getInt32(offset + name, true);
  const [length, position] = [word(HMM_LENGTH), word(HMM_POSITION)];
  requireThat(length >= 0 && length <= window, `${length} observations in a window of ${window}`);
  const isPlace = length < window ? position === length : position >= 0 && position < Math.max(1, window);
  requireThat(isPlace, `its next observation at ${position}`);
  const state = word(HMM_STATE);
  requireThat(state >= -1 && state < states && state >= 0 === word(STATE_COUNT) > 0, `state ${state}`);
  requireThat(word(HMM_MODELLED) === 0 || word(HMM_MODELLED) === 1, "neither a model nor none");
  const logLikelihood = incoming.getFloat64(offset + HMM_LOG_LIKELIHOOD, true);
  requireThat(Number.isFinite(logLikelihood), `a log-likelihood of ${logLikelihood}`);
  const product = incoming.getFloat64(offset + HMM_PRODUCT, true);
  requireThat(product >= 1e-100 && product < Number.POSITIVE_INFINITY, `a product of densities of ${product}`);
}

function assertModel(incoming: DataView, offset: number, shape: FilterShape): void {
  const { transition, means, variances, constants, probabilities } = partsOf(shape);
  const slice = (from: number, to: number): Float64Array =>
    Float64Array.from({ length: to - from }, (_, index) => incoming.getFloat64(offset + 8 * (from + index), true));
  const { states, features } = shape;
  const arrays = { start: slice(HMM_MODEL >> 3, transition), transition: slice(transition, means) };
  try {
    checkModel({ states, features, ...arrays, means: slice(means, variances), variances: slice(variances, constants) });
  } catch (error) {
    throw new MathStateError(`the filter's bytes hold no model: ${(error as Error).message}`);
  }
  const derived = slice(constants, probabilities);
  const isDerived = derived.every((each, at) => {
    return at < states
      ? Math.abs(each) < 1e4
      : each === 0.5 / incoming.getFloat64(offset + 8 * (variances + at - states), true);
  });
  requireThat(isDerived, "terms that are not of its model");
}

function requireThat(holds: boolean, what: string): void {
  if (!holds) throw new MathStateError(`the filter's bytes have ${what}, which no push leaves`);
}
