/** What is drawn inside a pane: candles, lines, columns and dots, each bar in its place; a NaN leaves a gap. */
import type { Scale } from "./scale.js";
import { coordinate, element } from "./svg.js";

export interface Candles {
  readonly kind: "candles";
  readonly name: string;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

export interface Curve {
  readonly kind: "line" | "columns" | "dots";
  readonly name: string;
  readonly values: Float64Array;
  /** A class of the style sheet. */
  readonly colour: string;
}

export type Mark = Candles | Curve;

/** Where bars stand. */
export interface Span {
  readonly left: number;
  readonly width: number;
  readonly bars: number;
}

/** Bars closer than this are not told apart, and are drawn as the extent of those that share a place. */
const PIXELS_MIN = 0.6;
/** Candles narrower than this are a line of closes. */
const CANDLE_PIXELS_MIN = 2;

export function centre({ left, width, bars }: Span, bar: number): number {
  return left + ((bar + 0.5) * width) / bars;
}

export function seriesOf(mark: Mark): readonly Float64Array[] {
  return mark.kind === "candles" ? [mark.high, mark.low] : [mark.values];
}

/** The series whose newest value stands for the mark. */
export function valuesOf(mark: Mark): Float64Array {
  return mark.kind === "candles" ? mark.close : mark.values;
}

export function draw(mark: Mark, span: Span, scale: Scale): string {
  if (mark.kind === "candles") {
    return span.width / span.bars < CANDLE_PIXELS_MIN
      ? linePath(mark.close, "price", span, scale)
      : candles(mark, span, scale);
  }
  if (mark.kind === "columns") return columns(mark, span, scale);
  return mark.kind === "dots" ? dots(mark, span, scale) : linePath(mark.values, mark.colour, span, scale);
}

/** Two paths for each direction: wicks and bodies. */
function candles({ open, high, low, close }: Candles, span: Span, scale: Scale): string {
  const half = Math.max(0.8, (span.width / span.bars) * 0.35);
  const wicks = { up: "", down: "" };
  const bodies = { up: "", down: "" };
  for (let bar = 0; bar < close.length; bar += 1) {
    if (Number.isNaN(close[bar])) continue;
    const way = close[bar] >= open[bar] ? "up" : "down";
    const x = centre(span, bar);
    const [top, bottom] = [Math.max(open[bar], close[bar]), Math.min(open[bar], close[bar])].map(scale.at);
    wicks[way] += `M${coordinate(x)} ${coordinate(scale.at(high[bar]))}V${coordinate(scale.at(low[bar]))}`;
    const height = Math.max(0.8, bottom - top);
    bodies[way] +=
      `M${coordinate(x - half)} ${coordinate(top)}h${coordinate(2 * half)}v${coordinate(height)}h${coordinate(-2 * half)}z`;
  }
  return (["up", "down"] as const)
    .map(
      (way) =>
        element("path", { class: `wick ${way}`, d: wicks[way] }) +
        element("path", { class: `body ${way}`, d: bodies[way] }),
    )
    .join("");
}

function linePath(values: Float64Array, colour: string, span: Span, scale: Scale): string {
  let d = "";
  let isOpen = false;
  for (const [x, value] of points(values, span)) {
    if (!Number.isNaN(value)) d += `${isOpen ? "L" : "M"}${coordinate(x)} ${coordinate(scale.at(value))}`;
    isOpen = !Number.isNaN(value);
  }
  return element("path", { class: `line ${colour}`, d });
}

/** Every bar, or where many share a place their first, lowest, highest and last. */
function* points(values: Float64Array, span: Span): Generator<[x: number, value: number]> {
  const share = Math.ceil((span.bars * PIXELS_MIN) / span.width);
  if (share <= 1) {
    for (let bar = 0; bar < values.length; bar += 1) yield [centre(span, bar), values[bar]];
    return;
  }
  for (let first = 0; first < values.length; first += share) {
    const x = centre(span, first);
    for (const value of extent(values.subarray(first, first + share))) yield [x, value];
  }
}

function extent(values: Float64Array): number[] {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return [Number.NaN];
  return [
    known[0],
    known.reduce((a, b) => Math.min(a, b)),
    known.reduce((a, b) => Math.max(a, b)),
    known[known.length - 1],
  ];
}

/** From zero, or from the edge that is nearest to it. */
function columns({ values, colour }: Curve, span: Span, scale: Scale): string {
  const half = Math.max(0.3, (span.width / span.bars) * 0.35);
  const base = scale.at(Math.min(scale.max, Math.max(scale.min, 0)));
  const paths = { up: "", down: "" };
  values.forEach((value, bar) => {
    if (Number.isNaN(value)) return;
    paths[value >= 0 ? "up" : "down"] +=
      `M${coordinate(centre(span, bar) - half)} ${coordinate(base)}h${coordinate(2 * half)}V${coordinate(scale.at(value))}h${coordinate(-2 * half)}z`;
  });
  return (["up", "down"] as const)
    .map((way) => element("path", { class: `column ${colour} ${way}`, d: paths[way] }))
    .join("");
}

function dots({ values, colour }: Curve, span: Span, scale: Scale): string {
  const radius = Math.min(1.8, Math.max(0.7, (span.width / span.bars) * 0.35));
  let d = "";
  values.forEach((value, bar) => {
    if (Number.isNaN(value)) return;
    const x = centre(span, bar);
    d += `M${coordinate(x - radius)} ${coordinate(scale.at(value))}a${coordinate(radius)} ${coordinate(radius)} 0 1 0 ${coordinate(2 * radius)} 0a${coordinate(radius)} ${coordinate(radius)} 0 1 0 ${coordinate(-2 * radius)} 0`;
  });
  return element("path", { class: `dots ${colour}`, d });
}
