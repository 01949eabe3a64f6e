/** What is drawn inside a pane: candles, lines and columns, each bar in its place; a NaN leaves a gap. */
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
  readonly kind: "line" | "columns";
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
  return linePath(mark.values, mark.colour, span, scale);
}

/** A path of wicks and one of bodies for each direction. */
function candles({ open, high, low, close }: Candles, span: Span, scale: Scale): string {
  const half = halfWidth(span, 0.8);
  const wicks = { up: "", down: "" };
  const bodies = { up: "", down: "" };
  for (let bar = 0; bar < close.length; bar += 1) {
    const way = close[bar] >= open[bar] ? "up" : "down";
    const x = centre(span, bar);
    const [top, bottom] = [Math.max(open[bar], close[bar]), Math.min(open[bar], close[bar])].map(scale.at);
    wicks[way] += `M${coordinate(x)} ${coordinate(scale.at(high[bar]))}V${coordinate(scale.at(low[bar]))}`;
    bodies[way] += box(x, half, top, Math.max(bottom, top + 0.8));
  }
  return pathsOf("wick", wicks) + pathsOf("body", bodies);
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
  const half = halfWidth(span, 0.3);
  const base = scale.at(Math.min(scale.max, Math.max(scale.min, 0)));
  const paths = { up: "", down: "" };
  values.forEach((value, bar) => {
    if (!Number.isNaN(value)) paths[value >= 0 ? "up" : "down"] += box(centre(span, bar), half, base, scale.at(value));
  });
  return pathsOf(`column ${colour}`, paths);
}

function pathsOf(name: string, paths: { readonly up: string; readonly down: string }): string {
  return Object.entries(paths)
    .map(([way, d]) => element("path", { class: `${name} ${way}`, d }))
    .join("");
}

/** Half of what a bar may take, and at least so much. */
function halfWidth({ width, bars }: Span, least: number): number {
  return Math.max(least, (width / bars) * 0.35);
}

function box(x: number, half: number, top: number, bottom: number): string {
  const [left, right] = [coordinate(x - half), coordinate(x + half)];
  return `M${left} ${coordinate(top)}H${right}V${coordinate(bottom)}H${left}z`;
}
