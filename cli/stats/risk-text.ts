/** What `sluice stats var` says to people: methods side by side, or one method with what each asset has in it. */
import type { RiskFigures } from "../../wasm/stats/index.js";
import { figure } from "../chart/figures.js";
import { plural } from "../output.js";
import type { Found, RiskReport } from "../stats-var.js";
import { textTable } from "../text-table.js";

export function riskLines(report: RiskReport): string[] {
  const { panel, weights, confidences, results, horizon } = report;
  const head = ["method", ...confidences.flatMap((level) => [`VaR ${percent(level)}`, `ES ${percent(level)}`])];
  const rows = [...results].map(([method, found]) => [method, ...found.flatMap((each) => cellsOf(each, weights))]);
  const refused = [...results].flatMap(([method, found]) =>
    found.flatMap((each, at) =>
      "refused" in each ? [`${method} at ${percent(confidences[at])}: ${each.refused}`] : [],
    ),
  );
  const [[, [only]]] = results;
  const days = panel.returns.length / weights.length;
  const isOne = results.size === 1 && panel.columns.length > 1 && !("refused" in only);
  return [
    `value at risk over ${plural(horizon, "day")} · ${plural(days, "return")}${rangeOf(report)}`,
    `portfolio: ${panel.columns.map((column, asset) => `${column} ${weights[asset]}`).join(", ")}`,
    "",
    ...textTable(head, rows),
    ...(isOne ? ["", ...assetLines(report, only)] : []),
    ...(refused.length > 0 ? ["", ...refused] : []),
  ];
}

function rangeOf({ panel: { times } }: RiskReport): string {
  return times ? `, ${times.texts[0]} to ${times.texts[times.texts.length - 1]}` : "";
}

/** Losses are positive. */
function cellsOf(found: Found, weights: Float64Array): string[] {
  if ("refused" in found) return ["–", "–"];
  return [found.valueAtRisk, found.expectedShortfall].map((each) => amount(each, weights));
}

function assetLines({ panel, weights }: RiskReport, figures: RiskFigures): string[] {
  const { valueAtRisk, component, marginal } = figures;
  const rows = panel.columns.map((column, asset) => [
    ...[column, String(weights[asset]), amount(component[asset], weights)],
    ...[percent(component[asset] / valueAtRisk, 1), figure(marginal[asset], 6)],
  ]);
  return textTable(["asset", "weight", "component", "of the whole", "marginal"], rows);
}

/** Of fractions of capital in percent, of money as money. */
function amount(loss: number, weights: Float64Array): string {
  const isShare = weights.every((weight) => Math.abs(weight) <= 10);
  return isShare ? percent(loss, 3) : figure(loss, 2);
}

function percent(share: number, decimals = 0): string {
  const exact = decimals > 0 ? figure(100 * share, decimals) : String(Number((100 * share).toPrecision(12)));
  return `${exact} %`;
}
