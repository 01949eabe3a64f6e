/** The math core's benchmark as tables. */
import { NOTHING, times } from "../figures.js";
import type { Ratio } from "../statistics.js";
import type { Table } from "../table.js";
import type { IndicatorResult } from "./indicators.js";
import type { LaneResult } from "./lanes.js";
import type { MathResult } from "./math.js";
import { WINDOW } from "./npm-streams.js";
import type { RegimeResult } from "./regimes.js";
import type { RiskResult } from "./risk.js";
import type { StreamResult } from "./streams.js";

export function mathTables({ versions, indicators, lanes, streams, regimes, risk }: MathResult): Table[] {
  return [
    indicatorTable(indicators, versions),
    laneTable(lanes),
    libraryTable(streams),
    streamTable(streams),
    regimeTable(regimes, versions),
    riskTable(risk, versions),
  ];
}

function indicatorTable({ rows, all }: IndicatorResult, versions: MathResult["versions"]): Table {
  return {
    title: "Indicators over one series of 100 000 bars, ns a bar",
    head: ["indicator", "sluice", "TA-Lib", "times faster", "95 % interval"],
    words: 1,
    rows: [
      ...rows.map(({ name, ns, taLibNs, ratio }) => [name, tenths(ns), tenths(taLibNs), ...ratioCells(ratio)]),
      ["geometric mean of all", NOTHING, NOTHING, ...ratioCells(all)],
    ],
    notes: [
      `TA-Lib ${versions["TA-Lib"] ?? "was not measured"}, called from Python and timed there, around the call. ` +
        "Ours fill arrays that the caller keeps; TA-Lib's wrapper gets the memory of its last call back from the " +
        "allocator.",
      "Where ours has more outputs (ADX: +DI, −DI, DX and ADXR besides), all are computed in that time.",
    ],
  };
}

function laneTable({ rows }: LaneResult): Table {
  return {
    title: "Indicators over many series at once, ns an element",
    head: ["indicator", "series", "sluice", "copied in and out", "TA-Lib", "times faster", "95 % interval"],
    words: 1,
    rows: rows.map(({ name, series, ns, copiedNs, taLibNs, ratio }) => [
      ...[name, String(series), ns.toFixed(2), copiedNs.toFixed(2), taLibNs === null ? NOTHING : taLibNs.toFixed(2)],
      ...ratioCells(ratio),
    ]),
    notes: [
      "Ten thousand bars of each series, a row a bar, in tables of the module's own memory; copied: in arrays of the " +
        "user's. TA-Lib is called once a series, on arrays of one series each.",
    ],
  };
}

function libraryTable({ libraries, plainLoopNs }: StreamResult): Table {
  return {
    title: "Indicators bar by bar, ns a bar",
    head: ["indicator", "than", "sluice", "it", "times faster", "95 % interval"],
    words: 2,
    rows: libraries.map(({ indicator, library, ns, libraryNs, ratio }) => [
      ...[indicator, library, tenths(ns), tenths(libraryNs)],
      ...ratioCells(ratio),
    ]),
    notes: [
      `indicatorts has no streams: it computes the last ${WINDOW} bars anew at each.`,
      `An exponential average as a plain loop over an array in JavaScript, without calls: ${tenths(plainLoopNs)} ns.`,
    ],
  };
}

function streamTable({ indicators }: StreamResult): Table {
  return {
    title: "Every indicator, ns a bar",
    head: ["indicator", "batch", "stream", "stream / batch"],
    words: 1,
    rows: indicators.map(({ indicator, batchNs, streamNs }) => [
      ...[indicator, tenths(batchNs), tenths(streamNs)],
      times(streamNs / batchNs),
    ]),
    notes: ["With the table's defaults; a push takes one bar and returns the first output."],
  };
}

function regimeTable({ rows, online }: RegimeResult, versions: MathResult["versions"]): Table {
  const steps = online.map(({ states, ns }) => `${tenths(ns)} ns with ${states} states`).join(", ");
  return {
    title: "Hidden Markov models, ns an observation (of a fit: and a round)",
    head: ["task", "states", "hmmlearn's form", "sluice", "hmmlearn", "times faster", "95 % interval"],
    words: 3,
    rows: rows.map(({ task, states, form, ns, hmmlearnNs, ratio }) => [
      ...[task, String(states), form, tenths(ns), tenths(hmmlearnNs)],
      ...ratioCells(ratio),
    ]),
    notes: [
      `hmmlearn ${versions.hmmlearn ?? "was not measured"}, without its prior. All start alike and do the same ` +
        "rounds; the models they arrive at are compared.",
      `The filter, observation by observation: ${steps}.`,
    ],
  };
}

function riskTable(risk: RiskResult, versions: MathResult["versions"]): Table {
  const { ms, numpyMs, ratio, valueAtRisk, numpyValueAtRisk, closedForm, standardError } = risk;
  const digits = (value: number | null): string => (value === null ? NOTHING : value.toFixed(7));
  return {
    title: "Value at risk by a million paths of five assets",
    head: ["by", "ms", "value at risk", "times slower", "95 % interval"],
    words: 1,
    rows: [
      ["sluice", tenths(ms), digits(valueAtRisk), "1", NOTHING],
      ["numpy", tenths(numpyMs), digits(numpyValueAtRisk), ...ratioCells(ratio)],
      ["closed form", NOTHING, digits(closedForm), NOTHING, NOTHING],
    ],
    notes: [
      `numpy ${versions.numpy ?? "was not measured"}, one thread: normals, times the factor, times the weights, ` +
        `quantile, mean beyond. The standard error of the quantile is ${standardError.toExponential(1)}.`,
    ],
  };
}

const tenths = (ns: number | null): string => (ns === null ? NOTHING : ns.toFixed(1));

function ratioCells(ratio: Ratio | null): string[] {
  if (!ratio) return [NOTHING, NOTHING];
  return [times(ratio.median), `${times(ratio.low)} – ${times(ratio.high)}`];
}
