/**
 * Implementation shortfall: the trajectory of Almgren and Chriss (2000), which trades impact against the risk of
 * waiting. Times in the model are days of 86 400 seconds; prices may be in any unit, here called ticks.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { checkOptions, integer, number, parentLots, windowUs } from "./arguments.js";
import { kernels } from "./kernels.js";
import { SCHEDULE_LOTS, SCHEDULE_TOTALS, SLICES_MAX } from "./layout.js";
import { type Plan, planOf, slicesThatFit } from "./plan.js";

export interface ImpactModel {
  /** σ, ticks per √day: the standard deviation of a day's price change. */
  readonly volatility: number;
  /** η, ticks per (lot a day): what a rate of trading costs while it lasts. Above 0. */
  readonly temporaryImpact: number;
  /** γ, ticks a lot: by how much each lot moves the price for good. Default 0. */
  readonly permanentImpact?: number;
  /** ε, ticks a lot: half the spread and fees. Default 0; it moves no lot, as all lots pay it. */
  readonly fixedCost?: number;
}

export interface ShortfallWindow extends ImpactModel {
  /** X, of the parent, an integer of at least `lotsMin`. */
  readonly lots: number;
  /** N, 1 to 10 000. Fewer are planned when the lots do not give each the minimum. */
  readonly slices: number;
  /** Integer microseconds. */
  readonly startUs: number;
  /** Integer microseconds, later than the start by one for each slice at least. */
  readonly endUs: number;
  /** The least that a child may have, an integer of 1 (the default) or more. */
  readonly lotsMin?: number;
}

export interface ShortfallOptions extends ShortfallWindow {
  /** λ, per (tick × lot): how much expected cost one would pay to be rid of one unit of variance. 0 gives TWAP. */
  readonly riskAversion: number;
}

export interface ShortfallPlan extends Plan {
  /** The trajectory before rounding: lots still held at the start and after each slice, N + 1 of them. */
  readonly holdings: Float64Array;
  /** Of the plan in whole lots, ticks × lots. */
  readonly expectedCost: number;
  /** Of its cost, (ticks × lots)². */
  readonly variance: number;
  /** κ, per day: holdings fall like e^(−κt). */
  readonly urgency: number;
}

export interface Frontier {
  /** Each of the trajectory before rounding, for each λ that was asked for. */
  readonly expectedCost: Float64Array;
  readonly variance: Float64Array;
  readonly urgency: Float64Array;
}

const DAY_US = 86_400e6;
const MODEL = ["volatility", "temporaryImpact", "permanentImpact", "fixedCost"];
const WINDOW = ["lots", "slices", "startUs", "endUs", "lotsMin", ...MODEL];
const FRONTIER_MAX = 10_000;

/**
 * The plan of least E + λV, where E and V are expectation and variance of the cost against the arrival price. The
 * trades of the trajectory are rounded to whole lots by largest remainder, so holdings never rise and the sum is exact;
 * slices with fewer than `lotsMin` hand them on to later ones.
 *
 * Throws MathTypeError and MathArgumentError, also when η is not above γτ/2, where the model has no best plan.
 */
export function shortfall(options: ShortfallOptions): ShortfallPlan {
  checkOptions(options, [...WINDOW, "riskAversion"]);
  const lambda = number("riskAversion", options.riskAversion, 0, 1e100);
  const problem = problemOf(options);
  const { run, lots, holdings } = kernels();
  const { count, lotsMin } = problem;
  const urgency = trajectoryOf(problem, lambda);
  const ideal = holdings.slice(0, count + 1).map((part) => part * options.lots);
  run.apportion(options.lots, count);
  run.mergeSmall(count, lotsMin);
  run.sliceTimes(count, options.startUs, options.endUs - options.startUs);

  holdings[0] = options.lots;
  for (let slice = 0; slice < count; slice += 1) holdings[slice + 1] = holdings[slice]! - lots[slice]!;
  const { expectedCost, variance } = costs(problem, 1);
  return { ...planOf(count), holdings: ideal, expectedCost, variance, urgency: urgency / problem.stepDays };
}

/**
 * The efficient frontier: expected cost and variance of the best trajectory for each of 1 to 10 000 risk aversions.
 * Cost rises with λ, variance falls, and cost is a convex function of variance. Throws as `shortfall` does.
 */
export function shortfallFrontier(options: ShortfallWindow & { readonly riskAversions: Float64Array }): Frontier {
  checkOptions(options, [...WINDOW, "riskAversions"]);
  const problem = problemOf(options);
  const lambdas = checkAversions(options.riskAversions);
  const [expectedCost, variance, urgency] = [lambdas, lambdas, lambdas].map(({ length }) => new Float64Array(length));
  lambdas.forEach((lambda, index) => {
    urgency![index] = trajectoryOf(problem, lambda) / problem.stepDays;
    const point = idealCosts(problem);
    expectedCost![index] = point.expectedCost;
    variance![index] = point.variance;
  });
  return { expectedCost: expectedCost!, variance: variance!, urgency: urgency! };
}

interface Problem {
  readonly lots: number;
  readonly lotsMin: number;
  /** Slices that are planned. */
  readonly count: number;
  /** τ. */
  readonly stepDays: number;
  /** σ. */
  readonly volatility: number;
  /** η̃ = η − γτ/2. */
  readonly impact: number;
  readonly permanent: number;
  readonly fixed: number;
}

function problemOf(options: ShortfallWindow): Problem {
  const lotsMin = integer("lotsMin", options.lotsMin ?? 1, 1);
  const lots = parentLots(options.lots, lotsMin);
  const slices = integer("slices", options.slices, 1, SLICES_MAX);
  const width = windowUs(options.startUs, options.endUs, slices);
  const volatility = number("volatility", options.volatility, 0, 1e100);
  const temporary = number("temporaryImpact", options.temporaryImpact, 1e-100, 1e100);
  const permanent = number("permanentImpact", options.permanentImpact ?? 0, 0, 1e100);
  const fixed = number("fixedCost", options.fixedCost ?? 0, 0, 1e100);
  const count = slicesThatFit(slices, lots, lotsMin);
  const stepDays = width / count / DAY_US;
  const impact = temporary - 0.5 * permanent * stepDays;
  if (!(impact > 0)) {
    const least = `more than permanentImpact × τ / 2, ${0.5 * permanent * stepDays}; use more slices`;
    throw new MathArgumentError("temporaryImpact", temporary, least);
  }
  return { lots, lotsMin, count, stepDays, volatility, impact, permanent, fixed };
}

/** Leaves weights and holdings in the kernels' memory; returns κτ. */
function trajectoryOf({ count, stepDays, volatility, impact }: Problem, lambda: number): number {
  const { run } = kernels();
  const step = run.urgency(lambda, volatility, impact, stepDays);
  run.trajectory(count, step);
  return step;
}

/** Of the trajectory in the kernels' memory, whose holdings are fractions of X. */
function idealCosts(problem: Problem): { readonly expectedCost: number; readonly variance: number } {
  const { weights, lots } = kernels();
  let sum = 0;
  for (let slice = 0; slice < problem.count; slice += 1) sum += weights[slice]!;
  for (let slice = 0; slice < problem.count; slice += 1) lots[slice] = weights[slice]! / sum;
  return costs(problem, problem.lots);
}

/**
 * E = ½γX² + εX + η̃ Σ n² / τ and V = σ²τ Σ x², with trades n and holdings x after each, both in units of `unit` lots.
 */
function costs(problem: Problem, unit: number): { readonly expectedCost: number; readonly variance: number } {
  const { run } = kernels();
  const { lots, count, stepDays, volatility, impact, permanent, fixed } = problem;
  const trades = run.sumSquares(SCHEDULE_LOTS, count) * unit * unit;
  const held = run.sumSquares(SCHEDULE_TOTALS + 8, count) * unit * unit;
  return {
    expectedCost: 0.5 * permanent * lots * lots + fixed * lots + (impact / stepDays) * trades,
    variance: volatility * volatility * stepDays * held,
  };
}

function checkAversions(values: unknown): Float64Array {
  if (!(values instanceof Float64Array)) throw new MathTypeError("riskAversions", values, "a Float64Array");
  if (values.length < 1 || values.length > FRONTIER_MAX) {
    throw new MathArgumentError("riskAversions.length", values.length, `1 to ${FRONTIER_MAX}`);
  }
  values.forEach((lambda, index) => {
    number(`riskAversions[${index}]`, lambda, 0, 1e100);
  });
  return values;
}
