/**
 * Value at risk by simulation against numpy: a million paths of five correlated assets, the portfolio's loss on each,
 * its quantile and the mean beyond. numpy's user draws, multiplies and asks for the quantile; one thread computes.
 */
import { createMathCore } from "../../wasm/index.js";
import { monteCarlo } from "../../wasm/risk/monte-carlo.js";
import { type Goal, type GoalRow, judge, judgeFigure, type UnmeasuredGoal } from "../goal.js";
import { median, type Ratio, ratioOf } from "../statistics.js";
import { Contest, type MathPlan } from "./contest.js";
import type { MathPeers } from "./peers.js";

const PATHS = 1_000_000;
const CONFIDENCE = 0.95;
/** As in bench/peers/python/risk.py. */
const VOLATILITIES = [0.02, 0.025, 0.03, 0.035, 0.04];
const CORRELATION = 0.5;
const WEIGHTS = Float64Array.of(0.3, 0.25, 0.2, 0.15, 0.1);
const ASSETS = WEIGHTS.length;

const FASTER: GoalRow = { id: "G13", row: "a million paths of five assets, over numpy", goal: 3, better: "higher" };
const EXACT: GoalRow = { id: "G13", row: "standard errors from the closed form", goal: 3, better: "lower" };

export interface RiskResult {
  /** Milliseconds for all paths. */
  readonly ms: number;
  readonly numpyMs: number | null;
  readonly ratio: Ratio | null;
  readonly valueAtRisk: number;
  readonly numpyValueAtRisk: number | null;
  /** By the quantile of the normal distribution. */
  readonly closedForm: number;
  /** Of the simulated quantile. */
  readonly standardError: number;
  readonly goals: readonly (Goal | UnmeasuredGoal)[];
}

export async function measureRisk(plan: MathPlan, peers: MathPeers, note: (text: string) => void): Promise<RiskResult> {
  const moments = { mean: new Float64Array(ASSETS), covariance: covariance() };
  let valueAtRisk = 0;
  let theirs = Number.NaN;
  const ours = {
    elements: PATHS,
    call: () => {
      const options = { weights: WEIGHTS, confidence: CONFIDENCE, paths: PATHS, seed: 7 };
      const figures = monteCarlo(moments, options);
      valueAtRisk = figures.valueAtRisk;
      return [Float64Array.of(figures.valueAtRisk), Float64Array.of(figures.expectedShortfall)];
    },
  };
  const contest = new Contest(plan);
  const costs = await contest.run(async (round) => {
    note(`math: risk, round ${round} of ${plan.rounds}`);
    contest.ours("sluice", ours);
    if (peers.present) [theirs] = (await contest.peers("numpy", peers, "numpy-monte-carlo")).sums;
  });
  const mine = costs.get("sluice")!;
  const numpy = costs.get("numpy");
  const ratio = numpy ? ratioOf(numpy, mine) : null;
  const { closedForm, standardError } = closedFormOf(moments.covariance);
  const away = Math.abs(valueAtRisk - closedForm) / standardError;
  return {
    ...{ ratio, valueAtRisk, closedForm, standardError },
    ms: (median(mine) * PATHS) / 1e6,
    numpyMs: numpy ? (median(numpy) * PATHS) / 1e6 : null,
    numpyValueAtRisk: numpy ? theirs : null,
    goals: [ratio ? judge(FASTER, ratio) : { ...FASTER, reason: peers.missing.join("; ") }, judgeFigure(EXACT, away)],
  };
}

function covariance(): Float64Array {
  return Float64Array.from({ length: ASSETS * ASSETS }, (_, at) => {
    const [row, column] = [Math.floor(at / ASSETS), at % ASSETS];
    return (row === column ? 1 : CORRELATION) * VOLATILITIES[row] * VOLATILITIES[column];
  });
}

/** The quantile of the loss, and the standard error of one found among so many paths: √(c (1 − c) / n) / density. */
function closedFormOf(matrix: Float64Array): { readonly closedForm: number; readonly standardError: number } {
  const { normalQuantile, normalDensity } = createMathCore().special;
  const variance = matrix.reduce((sum, value, at) => {
    return sum + value * WEIGHTS[Math.floor(at / ASSETS)] * WEIGHTS[at % ASSETS];
  }, 0);
  const deviation = Math.sqrt(variance);
  const quantile = normalQuantile(CONFIDENCE);
  const spread = Math.sqrt((CONFIDENCE * (1 - CONFIDENCE)) / PATHS);
  return { closedForm: quantile * deviation, standardError: (spread / normalDensity(quantile)) * deviation };
}
