/**
 * Estimates a hidden Markov model from observations by the Baum–Welch algorithm (Baum et al. 1970): each round makes
 * them likelier, up to a maximum that is the highest only nearby, so several starts are tried. The same arguments give
 * the same bits on every machine.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { align } from "./align.js";
import { load, readModel, type Series, writeModel } from "./kernels.js";
import { checkCount, checkModel, FEATURES_MAX, type HmmModel, STATES_MAX, STATES_MIN } from "./model.js";

/** Rounds that each start is given before the likeliest alone goes on. */
const TRIAL_ROUNDS = 20;
const SEED_MAX = Number.MAX_SAFE_INTEGER;
const RESTARTS_MAX = 100;
const ITERATIONS_MAX = 100_000;

/** What keeps the variances and means of every model within those that `checkModel` allows. */
const VARIANCE_MIN = 1e-180;
const VARIANCE_MAX = 1e180;
const FLOOR_MIN = 1e-200;

export interface FitOptions {
  /** K, 2 to 6. */
  readonly states: number;
  /** F, numbers in an observation, 1 to 4; default 1. */
  readonly features?: number;
  /** Of the random starts, an integer from 0 to 2^53 − 1; default 1. */
  readonly seed?: number;
  /** Random starts, 1 to 100; default 4. */
  readonly restarts?: number;
  /** Rounds at most, 0 to 100 000; default 200. */
  readonly iterationsMax?: number;
  /** It has converged when a round adds less than this part of the log-likelihood; default 1e-9, 0 for never. */
  readonly tolerance?: number;
  /** The least variance of a state, as a part of the variance of the feature, up to 1; default 1e-6. */
  readonly varianceFloor?: number;
  /** The one start, instead of random ones. */
  readonly initial?: HmmModel;
  /** A model fitted before: another start, and the order that the states are to have. */
  readonly previous?: HmmModel;
}

export interface Fit {
  readonly model: HmmModel;
  /** Of the observations under the model. */
  readonly logLikelihood: number;
  /** Rounds from the start that won. */
  readonly iterations: number;
  readonly converged: boolean;
  /** 2 p − 2 log-likelihood, with the p = K² − 1 + 2 K F free parameters (Akaike 1974). */
  readonly aic: number;
  /** p ln T − 2 log-likelihood, with T observations (Schwarz 1978). */
  readonly bic: number;
  /** Under the start, and after each round. */
  readonly logLikelihoods: Float64Array;
}

/** A model on its way, one round ahead of the last likelihood. */
interface Attempt {
  readonly model: HmmModel;
  readonly logLikelihoods: readonly number[];
  readonly converged: boolean;
}

interface Settings extends Required<Omit<FitOptions, "initial" | "previous">> {
  readonly initial: HmmModel | undefined;
  readonly previous: HmmModel | undefined;
}

/**
 * Fits a model with K states to T observations of F numbers, T at least K + 1. States keep a variance above the floor,
 * without which one state on one observation would make it infinitely likely; transitions that are possible in the
 * start stay at least 1e-60. Throws MathTypeError or MathArgumentError for options, lengths and models that are not
 * allowed and for a feature that is the same in all observations, MathInputError for an observation.
 */
export function fit(observations: Float64Array, options: FitOptions): Fit {
  const settings = checkOptions(options);
  const series = load(observations, settings, { least: settings.states + 1 });
  writeFloors(series, settings);
  const best = advance(series, settings, bestStart(series, settings), settings.iterationsMax);
  return resultOf(series, settings, best);
}

function checkOptions(options: FitOptions): Settings {
  if (typeof options !== "object" || options === null) throw new MathTypeError("options", options, "{ states, … }");
  const { states, features = 1, seed = 1, restarts = 4, iterationsMax = 200, initial, previous } = options;
  const { tolerance = 1e-9, varianceFloor = 1e-6 } = options;
  checkCount("states", states, STATES_MIN, STATES_MAX);
  checkCount("features", features, 1, FEATURES_MAX);
  checkCount("seed", seed, 0, SEED_MAX);
  checkCount("restarts", restarts, 1, RESTARTS_MAX);
  checkCount("iterationsMax", iterationsMax, 0, ITERATIONS_MAX);
  checkPart("tolerance", tolerance);
  checkPart("varianceFloor", varianceFloor);
  if (initial) checkSize("initial", initial, states, features);
  if (previous) checkSize("previous", previous, states, features);
  return { states, features, seed, restarts, iterationsMax, tolerance, varianceFloor, initial, previous };
}

function checkPart(name: string, value: unknown): void {
  if (typeof value !== "number") throw new MathTypeError(name, value, "a number from 0 to 1");
  if (!(value >= 0 && value <= 1)) throw new MathArgumentError(name, value, "a number from 0 to 1");
}

function checkSize(name: string, model: HmmModel, states: number, features: number): void {
  checkModel(model);
  if (model.states !== states) throw new MathArgumentError(`${name}.states`, model.states, `the ${states} of the fit`);
  if (model.features !== features) {
    throw new MathArgumentError(`${name}.features`, model.features, `the ${features} of the fit`);
  }
}

/** A feature without variance would have no floor, and its likelihood no bound. */
function writeFloors({ kernels, room, x, length }: Series, { features, varianceFloor }: Settings): void {
  kernels.moments(features, x, length);
  const variances = room.doubles(kernels.varianceStart(), features);
  variances.forEach((variance, feature) => {
    const name = `the variance of feature ${feature} of observations`;
    const allowed = "observations that vary: under a state on a constant they are infinitely likely";
    if (variance === 0) throw new MathArgumentError(name, variance, allowed);
    if (!(variance >= VARIANCE_MIN && variance <= VARIANCE_MAX)) {
      throw new MathArgumentError(name, variance, `a unit in which it is from ${VARIANCE_MIN} to ${VARIANCE_MAX}`);
    }
  });
  room.doubles(kernels.floorStart(), features).set(variances.map((each) => Math.max(each * varianceFloor, FLOOR_MIN)));
}

/** The likeliest start after its first rounds, of equals the first. */
function bestStart(series: Series, settings: Settings): Attempt {
  const { initial, previous, iterationsMax, restarts } = settings;
  if (initial) return { model: initial, logLikelihoods: [], converged: false };
  const starts = Array.from({ length: restarts }, (_, index) => () => randomStart(series, settings, index));
  if (previous) starts.push(() => previous);
  const rounds = Math.min(TRIAL_ROUNDS, iterationsMax);
  const attempts = starts.map((start) => {
    return advance(series, settings, { model: start(), logLikelihoods: [], converged: false }, rounds);
  });
  return attempts.reduce((best, each) => (reached(each) > reached(best) ? each : best));
}

function reached({ logLikelihoods }: Attempt): number {
  return logLikelihoods.at(-1) ?? Number.NEGATIVE_INFINITY;
}

function randomStart(series: Series, settings: Settings, index: number): HmmModel {
  const { kernels, x, length, scratch } = series;
  kernels.start(settings.states, settings.features, x, length, settings.seed, index, scratch);
  return readModel(series, settings);
}

/** Rounds until it has converged or had as many as that. */
function advance(series: Series, settings: Settings, attempt: Attempt, rounds: number): Attempt {
  const { states, features, tolerance } = settings;
  const { kernels, x, length, scratch } = series;
  const logLikelihoods = [...attempt.logLikelihoods];
  let converged = attempt.converged;
  writeModel(series, attempt.model);
  while (!converged && logLikelihoods.length < rounds) {
    const before = logLikelihoods.at(-1);
    const after = kernels.improve(states, features, x, length, scratch);
    logLikelihoods.push(after);
    converged = before !== undefined && tolerance > 0 && after - before <= tolerance * Math.abs(after);
  }
  return { model: readModel(series, settings), logLikelihoods, converged };
}

function resultOf(series: Series, settings: Settings, { model, logLikelihoods, converged }: Attempt): Fit {
  const { states, features, previous } = settings;
  const { kernels, x, length, scratch } = series;
  writeModel(series, model);
  const logLikelihood = kernels.likelihood(states, features, x, length, scratch);
  const parameters = states * states - 1 + 2 * states * features;
  return {
    model: previous ? align(model, previous) : model,
    logLikelihood,
    iterations: logLikelihoods.length,
    converged,
    aic: 2 * parameters - 2 * logLikelihood,
    bic: parameters * kernels.logarithm(length) - 2 * logLikelihood,
    logLikelihoods: Float64Array.of(...logLikelihoods, logLikelihood),
  };
}
