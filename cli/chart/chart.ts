/**
 * A chart of bars as an SVG document: panes above each other on one time axis, values on the right, a legend in each
 * pane with the newest values. It needs no script, and looks the same wherever it is opened.
 */
import { decimalsOf } from "../csv/number-cell.js";
import { decimalsFor, figure } from "./figures.js";
import { centre, draw, type Mark, type Span, seriesOf, valuesOf } from "./marks.js";
import { type Scale, scaleOf } from "./scale.js";
import { styleSheet } from "./style.js";
import { element, escaped, text } from "./svg.js";
import { type TimeLabel, timeLabels } from "./time-axis.js";

export interface Pane {
  /** What it shows, before the legend; a unit belongs here. */
  readonly title: string;
  readonly height: number;
  readonly marks: readonly Mark[];
  /** Values that readers watch. */
  readonly levels?: readonly number[];
  /** Bars without a value at the beginning. */
  readonly warmUp?: number;
  /** Coloured grounds, such as regimes. */
  readonly bands?: readonly Band[];
  /** Digits of its prices; by default what their size needs. */
  readonly decimals?: number;
}

/** From a bar to another, the second not included. */
export interface Band {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly colour: string;
}

export interface Chart {
  readonly title: string;
  readonly subtitle: string;
  readonly bars: number;
  /** Milliseconds since the epoch. */
  readonly times: Float64Array | null;
  readonly panes: readonly Pane[];
}

const WIDTH = 1200;
const LEFT = 16;
const RIGHT = 84;
const HEAD = 58;
const GAP = 10;
const FOOT = 34;
const LABEL_PIXELS = 84;
const TAG_HEIGHT = 18;
/** Of each pane, above its values. */
const LEGEND_HEIGHT = 24;

export function chartSvg(chart: Chart): string {
  const { title, subtitle, bars, panes } = chart;
  const span: Span = { left: LEFT, width: WIDTH - LEFT - RIGHT, bars };
  const bottom = HEAD + panes.reduce((sum, { height }) => sum + height + GAP, 0) - GAP;
  const height = bottom + FOOT;
  const labels = timeLabels(chart.times, bars, Math.floor(span.width / LABEL_PIXELS));
  let top = HEAD;
  const drawn = panes.map((pane) => {
    const paned = drawPane(pane, span, labels, top);
    top += pane.height + GAP;
    return paned;
  });
  const inside = [
    element("title", {}, escaped(title)),
    element("desc", {}, escaped(subtitle)),
    `<style>${styleSheet()}</style>`,
    element("rect", { class: "ground", width: WIDTH, height }),
    text(LEFT, 26, title, { class: "title" }),
    text(LEFT, 45, subtitle, { class: "dim" }),
    ...drawn,
    ...labels.map(({ bar, text: label, isStrong }) =>
      text(centre(span, bar), bottom + 20, label, { class: isStrong ? "middle strong" : "middle dim" }),
    ),
  ];
  const box = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
    role: "img",
  };
  return `${element("svg", box, `\n${inside.join("\n")}\n`)}\n`;
}

function drawPane(pane: Pane, span: Span, labels: readonly TimeLabel[], top: number): string {
  const { marks, levels = [], height } = pane;
  const bottom = top + height;
  const series = marks.flatMap(seriesOf);
  const crossesZero = marks.some(({ kind }) => kind === "columns");
  const scale = scaleOf(series, crossesZero ? [...levels, 0] : levels, top + LEGEND_HEIGHT, bottom);
  const right = LEFT + span.width;
  const across = (className: string, value: number): string =>
    element("path", { class: className, d: `M${LEFT} ${Math.round(scale.at(value)) + 0.5}H${right}` });
  return [
    element("rect", { class: "panel", x: LEFT, y: top, width: span.width, height }),
    ...drawBands(pane, span, top),
    ...scale.ticks.map((tick) => across("rule", tick)),
    ...labels.map(({ bar }) => upright("rule", centre(span, bar), top, bottom)),
    ...levels.map((level) => across("level", level)),
    ...drawWarmUp(pane, span, top),
    ...marks.map((mark) => draw(mark, span, scale)),
    ...drawAxis(pane, scale, right, bottom),
    drawLegend(pane, top),
  ].join("\n");
}

const upright = (className: string, x: number, top: number, bottom: number): string =>
  element("path", { class: className, d: `M${Math.round(x) + 0.5} ${top}V${bottom}` });

function drawBands({ bands = [], height }: Pane, span: Span, top: number): string[] {
  const wide = span.width / span.bars;
  return bands.map(({ from, to, colour }) =>
    element("rect", { class: `band ${colour}`, x: LEFT + from * wide, y: top, width: (to - from) * wide, height }),
  );
}

function drawWarmUp({ warmUp = 0, height }: Pane, span: Span, top: number): string[] {
  if (warmUp === 0) return [];
  const width = (Math.min(warmUp, span.bars) * span.width) / span.bars;
  const label = warmUp < span.bars ? `warm-up, ${warmUp} bars` : `warm-up: the first value needs ${warmUp + 1} bars`;
  return [
    element("rect", { class: "warm-up", x: LEFT, y: top, width, height }),
    upright("edge", LEFT + width, top, top + height),
    text(LEFT + (width < span.width / 2 ? width + 6 : 8), top + height - 8, label, { class: "dim" }),
  ];
}

/** The newest value of each curve on a ground of its colour, levels, and ticks where there is room left. */
function drawAxis({ marks, decimals, levels = [] }: Pane, scale: Scale, right: number, bottom: number): string[] {
  const tags = marks
    .map((mark) => ({ value: lastOf(valuesOf(mark)), colour: colourOf(mark), values: valuesOf(mark) }))
    .filter(({ value }) => !Number.isNaN(value))
    .map((tag) => ({ ...tag, y: scale.at(tag.value) }))
    .sort((a, b) => a.y - b.y);
  for (let index = 1; index < tags.length; index += 1) {
    tags[index].y = Math.max(tags[index].y, tags[index - 1].y + TAG_HEIGHT + 1);
  }
  for (let index = tags.length - 1, lowest = bottom - TAG_HEIGHT / 2; index >= 0; index -= 1) {
    tags[index].y = Math.min(tags[index].y, lowest);
    lowest = tags[index].y - TAG_HEIGHT - 1;
  }
  const taken = tags.map(({ y }) => y);
  const marked = levels.map((level) => ({ at: level, word: figure(level, decimalsOf(String(level))) }));
  const round = scale.ticks.map((tick) => ({ at: tick, word: figure(tick, scale.decimals) }));
  const ticks = [...marked, ...round].flatMap(({ at, word }) => {
    const y = scale.at(at);
    if (taken.some((other) => Math.abs(other - y) < TAG_HEIGHT)) return [];
    taken.push(y);
    return text(right + 8, y + 4, word, { class: "dim" });
  });
  const written = tags.flatMap(({ value, colour, values, y }) => [
    element("rect", {
      ...{ class: `tag ${colour}`, x: right + 2, y: y - TAG_HEIGHT / 2, width: RIGHT - 8, height: TAG_HEIGHT, rx: 2 },
    }),
    text(right + 8, y + 4, figure(value, decimals ?? decimalsFor(values)), { class: "on-tag" }),
  ]);
  return [...ticks, ...written];
}

/** The pane's title, then each curve and ground that has a name, in its colour. */
function drawLegend({ title, marks, bands = [] }: Pane, top: number): string {
  const grounds = new Map(bands.map(({ name, colour }) => [name, colour]));
  const words = [
    { word: title, colour: "strong" },
    ...marks.map((mark) => ({ word: mark.name, colour: `key ${colourOf(mark)}` })),
    ...[...grounds].map(([word, colour]) => ({ word, colour: `key ${colour}` })),
  ].filter(({ word }) => word !== "");
  const spans = words.map(({ word, colour }, index) =>
    element("tspan", { class: colour, dx: index === 0 ? undefined : 12 }, escaped(word)),
  );
  return element("text", { class: "legend", x: LEFT + 10, y: top + 18 }, spans.join(""));
}

function colourOf(mark: Mark): string {
  return mark.kind === "candles" ? "price" : mark.colour;
}

function lastOf(values: Float64Array): number {
  return values.length === 0 ? Number.NaN : values[values.length - 1];
}
