/**
 * `sluice stats hmm fit` estimates a hidden Markov model of a file's returns; `decode` says which regime each one was
 * of, by a model fitted then and there or read from a file.
 */
import type { HmmModel } from "../wasm/hmm/model.js";
import { type FitOptions, stats } from "../wasm/stats/index.js";
import { Bars } from "./csv/bars.js";
import { readCsv } from "./csv/csv-file.js";
import type { Output } from "./output.js";
import type { Kind } from "./stats/methods.js";
import { modelJson, readModel } from "./stats/model-file.js";
import { regimeChart } from "./stats/regime-chart.js";
import { decodingLines, fitLines } from "./stats/regime-text.js";
import { regimesOf, runsOf } from "./stats/regimes.js";
import { noteOn, type Returns, returnsOf } from "./stats/returns.js";
import { writeOutput } from "./write-output.js";

export interface HmmOptions {
  readonly csv: string;
  readonly column?: string;
  readonly values?: Kind;
  readonly states: number;
  readonly seed: number;
  readonly restarts: number;
  readonly iterations: number;
  readonly json: boolean;
}

export interface DecodeOptions extends HmmOptions {
  readonly model?: string;
  readonly csvOut?: string;
  readonly plot?: string;
}

export function runHmmFit(options: HmmOptions, output: Output): void {
  const returns = read(options, output);
  const fit = stats.hmm.fit(returns.values, fitOptions(options));
  if (!options.json) {
    for (const line of fitLines(fit, returns)) output.line(line);
    return;
  }
  const { model, logLikelihood, iterations, converged, aic, bic } = fit;
  const observations = { column: returns.column, count: returns.values.length };
  output.json({
    ...{ model: modelJson(model), names: stats.hmm.names(model) },
    ...{ logLikelihood, iterations, converged, aic, bic, observations, seed: options.seed },
  });
}

export function runHmmDecode(options: DecodeOptions, output: Output): void {
  const { json, csvOut, plot } = options;
  const returns = read(options, output);
  const model =
    options.model === undefined ? stats.hmm.fit(returns.values, fitOptions(options)).model : readModel(options.model);
  const { states, logProbability } = stats.hmm.decode(model, returns.values);
  const posterior = stats.hmm.posterior(model, returns.values);
  const runs = runsOf(states, regimesOf(model));
  const chart = plot === undefined ? "" : regimeChart(model, runs, posterior, returns);
  if (csvOut !== undefined) writeOutput("--csv-out", csvOut, csvText(model, states, posterior, returns));
  if (plot !== undefined) writeOutput("--plot", plot, chart);
  if (json) return output.json(decodingJson(model, states, logProbability, returns));
  const files = [csvOut, plot].filter((path) => path !== undefined);
  for (const path of files) output.line(`wrote ${path}`);
  if (files.length === 0) for (const line of decodingLines(model, runs, returns)) output.line(line);
}

function read({ csv, column, values, json }: HmmOptions, output: Output): Returns {
  const bars = new Bars(readCsv(csv));
  const returns = returnsOf(bars, column, values);
  for (const note of bars.notes) output.note(`sluice: ${note}`);
  if (!json) output.note(`sluice: ${noteOn(returns.column, returns.prices !== null)}`);
  return returns;
}

function fitOptions({ states, seed, restarts, iterations }: HmmOptions): FitOptions {
  return { states, seed, restarts, iterationsMax: iterations };
}

function decodingJson(
  model: HmmModel,
  states: Uint8Array,
  logProbability: number,
  { column, values, prices, times }: Returns,
) {
  return {
    ...{ model: modelJson(model), names: stats.hmm.names(model), logProbability },
    ...{ column, values: prices === null ? "returns" : "simple returns of prices" },
    ...{ rows: values.length, times: times?.texts ?? null, states: [...states] },
  };
}

/** A line for each return: its time, itself, its regime and the probability of each. */
function csvText(model: HmmModel, states: Uint8Array, posterior: Float64Array, { values, times }: Returns): string {
  const regimes = regimesOf(model);
  const nameOf = (state: number): string => regimes.find((each) => each.state === state)!.name;
  const head = [...(times ? ["time"] : []), "return", "state", "regime", ...regimes.map(({ name }) => `p(${name})`)];
  const lines = [head.join(",")];
  values.forEach((value, at) => {
    const shares = regimes.map(({ state }) => posterior[at * model.states + state]);
    lines.push([...(times ? [times.texts[at]] : []), value, states[at], nameOf(states[at]), ...shares].join(","));
  });
  return `${lines.join("\n")}\n`;
}
