/** The functions that are in no table, by the sections of the page. */
import { execReference } from "../../wasm/exec/reference.js";
import { filterReference } from "../../wasm/hmm/filter-reference.js";
import { hmmReference } from "../../wasm/hmm/reference.js";
import { lanesReference } from "../../wasm/lanes/reference.js";
import type { FunctionReference } from "../../wasm/reference.js";
import { estimatorReference } from "../../wasm/risk/estimator-reference.js";
import { riskReference } from "../../wasm/risk/reference.js";
import { distributionReference } from "../../wasm/stats/distribution-reference.js";
import { taReference } from "../../wasm/ta/reference.js";

export interface Section {
  readonly title: string;
  readonly entries: readonly FunctionReference[];
}

const starting = (prefix: string): FunctionReference[] =>
  estimatorReference.filter(({ name }) => name.startsWith(prefix));

export const references: readonly Section[] = [
  { title: "Beside the indicators", entries: taReference },
  { title: "Indicators over many series", entries: lanesReference },
  { title: "Hidden Markov models", entries: [...hmmReference, ...filterReference] },
  { title: "Value at risk", entries: riskReference },
  { title: "Backtests of a value at risk", entries: starting("stats.backtest.") },
  { title: "Covariance", entries: starting("stats.covariance.") },
  { title: "GARCH", entries: starting("stats.garch.") },
  { title: "Distributions and special functions", entries: distributionReference },
  { title: "Execution", entries: execReference },
];
