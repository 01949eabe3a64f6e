/** What `sluice stats hmm` says to people: the regimes of a model, and how they followed one another. */
import type { HmmModel } from "../../wasm/hmm/model.js";
import type { Fit } from "../../wasm/stats/index.js";
import { figure } from "../chart/figures.js";
import { plural } from "../output.js";
import { textTable } from "../text-table.js";
import { type Regime, type Run, regimesOf } from "./regimes.js";
import type { Returns } from "./returns.js";

const RUNS_SHOWN = 10;

export function fitLines({ model, logLikelihood, iterations, converged, aic, bic }: Fit, returns: Returns): string[] {
  const how = converged ? "converged" : "not converged: allow more with --iterations";
  return [
    headLine(model, returns),
    `log-likelihood ${figure(logLikelihood, 3)} after ${plural(iterations, "round")} (${how})`,
    `AIC ${figure(aic, 2)} · BIC ${figure(bic, 2)}`,
    "",
    ...textTable(HEAD, regimesOf(model).map(regimeCells)),
  ];
}

export function decodingLines(model: HmmModel, runs: readonly Run[], returns: Returns): string[] {
  const regimes = regimesOf(model);
  const counts = regimes.map(({ state }) =>
    runs.filter(({ regime }) => regime.state === state).reduce((sum, { from, to }) => sum + to - from, 0),
  );
  const rows = regimes.map((regime, at) => [...regimeCells(regime), percent(counts[at] / returns.values.length, 1)]);
  const shown = runs.slice(-RUNS_SHOWN);
  return [
    headLine(model, returns),
    "",
    ...textTable([...HEAD, "of the time"], rows),
    "",
    `${plural(runs.length, "run")}, the newest${runs.length > RUNS_SHOWN ? ` ${RUNS_SHOWN}` : ""}:`,
    ...textTable(
      ["regime", "from", "to", "observations", "return"],
      shown.map((run) => runCells(run, returns)),
    ),
  ];
}

const HEAD = ["regime", "mean", "deviation", "stays", "mean stay"];

function headLine({ states }: HmmModel, { column, values, times }: Returns): string {
  const range = times ? `, ${times.texts[0]} to ${times.texts[times.texts.length - 1]}` : "";
  return `hidden Markov model of ${states} states · ${plural(values.length, "return")} of ${column}${range}`;
}

function regimeCells({ name, mean, deviation, stays }: Regime): string[] {
  return [name, percent(mean, 3), percent(deviation, 3), stays.toFixed(4), (1 / (1 - stays)).toFixed(1)];
}

function runCells({ regime, from, to }: Run, { values, times }: Returns): string[] {
  const total = values.subarray(from, to).reduce((product, each) => product * (1 + each), 1) - 1;
  const label = (at: number): string => times?.texts[at] ?? String(at + 1);
  return [regime.name, label(from), label(to - 1), String(to - from), percent(total, 2)];
}

const percent = (share: number, decimals: number): string => `${figure(100 * share, decimals)} %`;
