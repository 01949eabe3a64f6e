/**
 * Value at risk by simulation: profits of the portfolio in many scenarios of correlated returns, their quantile and
 * the mean below it. The same seed gives the same scenarios, to the bit, on every machine.
 */
import { type DistributionOptions, daysOf, freedomOf, hasDrift, portfolioOf, type RiskOptions } from "./arguments.js";
import { ellipticalTail, spreadOf, withoutDrift } from "./elliptical.js";
import { checkInteger } from "./estimator-arguments.js";
import { figuresOf, type RiskFigures } from "./figures.js";
import { Scratch, STATE_LENGTH, TABLE_LENGTH } from "./kernels.js";
import { checkMoments, factorRegions, findFactor, isMoments, type ReturnMoments, sampleMoments } from "./moments.js";
import { rankOf } from "./rank.js";

export interface MonteCarloOptions extends RiskOptions, DistributionOptions {
  /** An integer from 0 to 2⁵³ − 1. */
  readonly seed: number;
  /** Scenarios, 100 to 10⁷; default 10⁵. */
  readonly paths?: number;
  /** "sample" (the default) or "zero". */
  readonly mean?: "sample" | "zero";
}

const PATHS_MAX = 10_000_000;
/** Of one block of scenarios; its shocks take so many doubles an asset. */
const BLOCK = 32;
/** In one call: enough to hide its cost, few enough that V8 soon runs the optimised code. */
const BLOCKS_A_CALL = 32;
/** With more assets, the returns of a scenario would take longer to form than its shocks take to draw. */
const ASSETS_APART_MAX = 16;

/**
 * Each scenario's returns are mean + s L z with z independent normals, Σ = L L' and s = 1, or √((ν − 2) / χ²) for
 * Student's distribution; the quantile of the profits is of type 7, the shortfall their mean at or below it. An asset's
 * share is what its return is expected to be given the profit, which is on a line for these distributions, so that no
 * scenario's accident is in it. `source`: T × N simple returns, a row a day, or their moments. Time ∝ paths × N.
 * Throws MathTypeError and MathArgumentError, as `parametric` does.
 * Glasserman, Monte Carlo Methods in Financial Engineering, 2003, §2.3, §9.1 and §9.3.
 */
export function monteCarlo(source: Float64Array | ReturnMoments, options: MonteCarloOptions): RiskFigures {
  const portfolio = portfolioOf(options, ["distribution", "freedom", "mean", "seed", "paths"]);
  const freedom = freedomOf(options);
  const isDrifting = hasDrift(options.mean);
  const { seed, paths = 100_000 } = options;
  checkInteger("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  checkInteger("paths", paths, 100, PATHS_MAX);
  const { weights, assets, confidence } = portfolio;
  const { covariance, means } = momentsOf(source, assets);
  const scratch = openScratch(assets, paths);
  scratch.put("covariance", covariance);
  scratch.put("weights", weights);
  findFactor(scratch, assets);
  const spread = spreadOf(scratch, means);
  simulate(scratch, assets, paths, freedom, seed);
  const { kernels, at } = scratch;
  const { rank, fraction } = rankOf(paths, confidence);
  const quantile = kernels.quantile(at.profits, paths, rank, fraction, at.profits);
  const shortfall = kernels.tailMean(at.profits, paths, quantile);
  const inDeviations = (profit: number): number => (spread.deviation === 0 ? 0 : profit / spread.deviation);
  return figuresOf(
    portfolio,
    ellipticalTail(isDrifting ? spread : withoutDrift(spread), inDeviations(quantile), inDeviations(shortfall)),
  );
}

function momentsOf(source: Float64Array | ReturnMoments, assets: number) {
  if (isMoments(source)) return { covariance: source.covariance, means: checkMoments(source, assets) };
  daysOf(source, assets);
  const { covariance, mean } = sampleMoments(source, assets);
  return { covariance, means: mean };
}

function openScratch(assets: number, paths: number) {
  return new Scratch({
    ...factorRegions(assets),
    weights: assets,
    products: assets,
    ordered: assets,
    zeros: assets,
    row: assets,
    one: 1,
    table: TABLE_LENGTH,
    state: STATE_LENGTH,
    shocks: BLOCK * assets,
    profits: BLOCK * Math.ceil(paths / BLOCK),
  });
}

/** Leaves in `profits` what each scenario adds to or takes from the mean profit. */
function simulate(
  scratch: ReturnType<typeof openScratch>,
  assets: number,
  paths: number,
  freedom: number,
  seed: number,
): void {
  const { kernels, at } = scratch;
  orderWeights(scratch);
  const isApart = assets <= ASSETS_APART_MAX;
  if (!isApart) weighFactor(scratch, assets);
  const [factor, weights, rows] = isApart ? [at.factor, at.ordered, assets] : [at.row, at.one, 1];
  kernels.prepareStreams(at.table, at.state, seed);
  for (let path = 0; path < paths; path += BLOCK * BLOCKS_A_CALL) {
    const blocks = Math.min(BLOCKS_A_CALL, Math.ceil((paths - path) / BLOCK));
    const into = at.profits + 8 * path;
    kernels.simulate(at.table, at.state, factor, weights, rows, assets, freedom, at.shocks, into, blocks);
  }
}

/** Leaves in `ordered` the weights of the assets that the rows of the factor are of. */
function orderWeights(scratch: ReturnType<typeof openScratch>): void {
  const weights = scratch.view("weights");
  scratch.view("ordered").set(scratch.view("order").map((asset) => weights[asset]!));
}

/** Leaves L'w in `row`: the profit of a scenario is its product with the shocks, as w' (L z) = (L'w)' z. */
function weighFactor(scratch: ReturnType<typeof openScratch>, assets: number): void {
  const { kernels, at } = scratch;
  scratch.view("zeros").fill(0);
  scratch.view("one").fill(1);
  kernels.columns(at.factor, assets, assets, at.ordered, at.zeros, at.row);
}
