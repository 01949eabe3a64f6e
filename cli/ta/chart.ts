/**
 * The chart of an indicator: prices as candles where the file has whole bars, else as a line; over them the outputs
 * that are prices, and below, in a pane of their own, the others.
 */
import { chartSvg, type Pane } from "../chart/chart.js";
import type { Mark } from "../chart/marks.js";
import { CURVE_COLOURS } from "../chart/style.js";
import type { Bars, Series } from "../csv/bars.js";
import type { Computed } from "./compute.js";
import { kebab } from "./names.js";

const PRICE_HEIGHT = 380;
const ALONE_HEIGHT = 540;
const OWN_HEIGHT = 190;
const BAR = ["open", "high", "low", "close"] as const;

/** Of the newest `last` bars, or all. */
export function taChart(result: Computed, bars: Bars, last = bars.length): string {
  const from = Math.max(0, bars.length - last);
  const { spec, outputs, times, warmUp } = result;
  const [over, own] = [true, false].map((isPrice) =>
    Object.keys(outputs).filter((name) => (spec.prices ?? []).includes(name) === isPrice),
  );
  const marksOf = (names: readonly string[], used: number): Mark[] =>
    names.map((name, index) => ({
      ...{ kind: kindOf(name), name: nameOf(name), values: outputs[name].subarray(from) },
      colour: kindOf(name) === "columns" ? "grey" : CURVE_COLOURS[(used + index) % CURVE_COLOURS.length],
    }));
  const left = Math.max(0, warmUp - from);
  const pricePane: Pane = {
    title: over.length > 0 ? titleOf(result) : "",
    height: own.length > 0 ? PRICE_HEIGHT : ALONE_HEIGHT,
    marks: [priceMark(bars, result, from), ...marksOf(over, 0)],
    warmUp: over.length > 0 ? left : 0,
    decimals: Math.max(2, priced(result).decimals),
  };
  const ownPane: Pane = {
    ...{ title: titleOf(result), height: OWN_HEIGHT, levels: spec.levels ?? [], warmUp: left },
    marks: marksOf(own, over.length),
  };
  return chartSvg({
    title: spec.meaning,
    subtitle: subtitleOf(result, from),
    bars: bars.length - from,
    times: times === null ? null : times.ms.subarray(from),
    panes: own.length > 0 ? [pricePane, ownPane] : [pricePane],
  });
}

/** Candles of a file of whole bars; of any other the close, or the first input. */
function priceMark(bars: Bars, result: Computed, from: number): Mark {
  const isPriced = Object.keys(result.inputs).some((input) => ["close", "high", "value"].includes(input));
  if (isPriced && BAR.every((name) => bars.has(name))) {
    const [open, high, low, close] = BAR.map((name) => bars.series(name).values.subarray(from));
    return { kind: "candles", name: bars.series("close").column, open, high, low, close };
  }
  const { column, values } = priced(result);
  return { kind: "line", name: column, values: values.subarray(from), colour: "price" };
}

/** The input that stands for the price. */
function priced({ inputs }: Computed): Series {
  return inputs.close ?? Object.values(inputs)[0];
}

/** `macd 12 26 9`, as traders write it; a choice is said when it is not the usual one. */
function titleOf({ indicator, spec, parameters }: Computed): string {
  const said = Object.entries(parameters).filter(
    ([name, value]) => typeof value === "number" || value !== spec.parameters[name].default,
  );
  return [kebab(indicator), ...said.map(([, value]) => value)].join(" ");
}

/** An output that is alone is named by the pane's title. */
const nameOf = (output: string): string => (output === "value" ? "" : kebab(output));

function kindOf(output: string): "line" | "columns" {
  return output === "histogram" ? "columns" : "line";
}

function subtitleOf({ rows, times, warmUp }: Computed, from: number): string {
  const bars = from > 0 ? `newest ${rows - from} of ${rows} bars` : `${rows} bars`;
  if (times === null) return `${bars}; warm-up ${warmUp}`;
  const zone = times.texts[rows - 1].includes("T") ? " UTC" : "";
  const range = [times.texts[from], times.texts[rows - 1]].map((text) =>
    text.replace("T", " ").replace(/(:00)?Z$/, ""),
  );
  return `${range.join(" to ")}${zone}; ${bars}; warm-up ${warmUp}`;
}
