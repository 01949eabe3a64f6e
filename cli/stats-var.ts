/**
 * `sluice stats var`: value at risk and expected shortfall of a portfolio, by one method or by all of them side by
 * side, from the prices or returns in a file.
 */
import { ConfigError } from "../engine/index.js";
import { MathArgumentError } from "../wasm/index.js";
import { type RiskFigures, stats } from "../wasm/stats/index.js";
import { Bars } from "./csv/bars.js";
import { readCsv } from "./csv/csv-file.js";
import type { Output } from "./output.js";
import { type Kind, METHODS, type Method } from "./stats/methods.js";
import { noteOn, type Panel, panelOf } from "./stats/returns.js";
import { riskLines } from "./stats/risk-text.js";

export interface VarOptions {
  readonly csv: string;
  readonly column?: readonly string[];
  readonly values?: Kind;
  readonly method?: Method;
  /** One for each column; by default equal parts of 1. */
  readonly weights?: readonly number[];
  readonly confidence: number;
  readonly horizon: number;
  readonly decay?: number;
  readonly freedom: number;
  readonly paths: number;
  readonly seed: number;
  readonly json: boolean;
}

/** What a method found at a confidence, or why it could not. */
export type Found = RiskFigures | { readonly refused: string };

export interface RiskReport {
  readonly panel: Panel;
  readonly weights: Float64Array;
  readonly horizon: number;
  readonly confidences: readonly number[];
  /** For each method what it found at each confidence. */
  readonly results: ReadonlyMap<Method, readonly Found[]>;
}

/** Printed beside the one that was asked for. */
const SECOND_CONFIDENCE = 0.99;

export function runVar(options: VarOptions, output: Output): void {
  const { csv, column = [], values, method, confidence, horizon, json } = options;
  const bars = new Bars(readCsv(csv));
  const panel = panelOf(bars, column, values);
  const weights = weightsOf(panel, options.weights);
  const confidences = json || method !== undefined ? [confidence] : [...new Set([confidence, SECOND_CONFIDENCE])];
  const results = new Map(
    (method === undefined ? METHODS : [method]).map((each) => [
      each,
      confidences.map((level) => compute(each, panel.returns, { ...options, confidence: level }, weights)),
    ]),
  );
  const report: RiskReport = { panel, weights, horizon, confidences, results };
  for (const note of bars.notes) output.note(`sluice: ${note}`);
  if (json) return output.json(jsonOf(report));
  output.note(`sluice: ${noteOn(panel.columns.join(", "), panel.isOfPrices)}`);
  for (const line of riskLines(report)) output.line(line);
}

function weightsOf({ columns }: Panel, given: readonly number[] | undefined): Float64Array {
  if (given === undefined) return new Float64Array(columns.length).fill(1 / columns.length);
  if (given.length === columns.length) return Float64Array.from(given);
  throw new ConfigError(
    `--weights has ${given.length} numbers; there are the columns ${columns.join(", ")}: give one for each`,
  );
}

/** One method alone says why it cannot; beside others it leaves a gap. */
function compute(method: Method, returns: Float64Array, options: VarOptions, weights: Float64Array): Found {
  try {
    return figuresOf(method, returns, options, weights);
  } catch (error) {
    if (!(error instanceof MathArgumentError) || options.method !== undefined) throw error;
    return { refused: error.message };
  }
}

function figuresOf(method: Method, returns: Float64Array, options: VarOptions, weights: Float64Array): RiskFigures {
  const { confidence, horizon, freedom, paths, seed } = options;
  const common = { weights, confidence, horizon };
  const decay = options.decay === undefined ? {} : { decay: options.decay };
  // biome-ignore format: one arm a line
  switch (method) {
    case "parametric": return stats.var.parametric(returns, common);
    case "student": return stats.var.parametric(returns, { ...common, distribution: "student", freedom });
    case "cornish-fisher": return stats.var.cornishFisher(returns, common);
    case "historical": return stats.var.historical(returns, { ...common, ...decay });
    case "ewma": return stats.var.ewma(returns, { ...common, ...decay });
    case "monte-carlo": return stats.var.monteCarlo(returns, { ...common, paths, seed });
  }
}

function jsonOf({ panel, weights, horizon, confidences, results }: RiskReport) {
  const { columns, isOfPrices, returns, times } = panel;
  const found = [...results].map(([method, [figures]]) => [method, "refused" in figures ? figures : plain(figures)]);
  return {
    ...{ columns, values: isOfPrices ? "simple returns of prices" : "returns", weights: [...weights] },
    ...{ rows: returns.length / columns.length, from: times?.texts[0] ?? null, to: times?.texts.at(-1) ?? null },
    ...{ confidence: confidences[0], horizon, results: Object.fromEntries(found) },
  };
}

function plain({ valueAtRisk, expectedShortfall, marginal, component, shortfallComponent }: RiskFigures) {
  return {
    ...{ valueAtRisk, expectedShortfall, marginal: [...marginal], component: [...component] },
    shortfallComponent: [...shortfallComponent],
  };
}
