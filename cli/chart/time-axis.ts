/** Which bars get a date under them: the first of a year, a month, a day or an hour, whichever leaves room to read. */

export interface TimeLabel {
  readonly bar: number;
  readonly text: string;
  /** Whether it begins something larger than its neighbours do. */
  readonly isStrong: boolean;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Of the place that each label would have among `count`, what it needs. */
const ROOM = 0.6;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** From coarse to fine: which part of time a bar lies in, as a number, and how the first bar of it is labelled. */
const UNITS: readonly { readonly partOf: (ms: number) => number; readonly label: (date: Date) => string }[] = [
  { partOf: (ms) => Math.floor(new Date(ms).getUTCFullYear() / 10), label: year },
  { partOf: (ms) => Math.floor(new Date(ms).getUTCFullYear() / 5), label: year },
  { partOf: (ms) => new Date(ms).getUTCFullYear(), label: year },
  { partOf: (ms) => Math.floor(monthOf(ms) / 3), label: monthName },
  { partOf: monthOf, label: monthName },
  { partOf: (ms) => Math.floor((ms / DAY_MS + 3) / 7), label: day },
  { partOf: (ms) => Math.floor(ms / DAY_MS), label: day },
  ...[360, 180, 60, 30, 15, 5, 1].map((minutes) => ({
    partOf: (ms: number) => Math.floor(ms / (minutes * MINUTE_MS)),
    label: clock,
  })),
];

/** At most `count` labels, with room between them. Without times, round numbers of bars. */
export function timeLabels(times: ArrayLike<number> | null, length: number, count: number): TimeLabel[] {
  const labels = times === null ? barLabels(length, count) : dateLabels(times, count);
  const room = (length / count) * ROOM;
  return labels.filter(
    ({ bar, isStrong }, index) =>
      isStrong ||
      !labels.some((other, at) => at !== index && (at < index || other.isStrong) && Math.abs(other.bar - bar) < room),
  );
}

function dateLabels(times: ArrayLike<number>, count: number): TimeLabel[] {
  let chosen: TimeLabel[] = [];
  for (let unit = 0; unit < UNITS.length; unit += 1) {
    const bars = startsOf(times, UNITS[unit].partOf);
    if (bars.length > count) break;
    const coarser = new Map(chosen.map((label) => [label.bar, label]));
    chosen = bars.map((bar) => labelOf(bar, times[bar], unit, coarser));
  }
  return chosen;
}

/** A bar that begins a larger part keeps the larger part's label. */
function labelOf(bar: number, ms: number, unit: number, coarser: ReadonlyMap<number, TimeLabel>): TimeLabel {
  const larger = coarser.get(bar);
  const own = UNITS[unit].label(new Date(ms));
  if (larger === undefined) return { bar, text: own, isStrong: false };
  return { bar, text: larger.text, isStrong: larger.isStrong || larger.text !== own };
}

/** The bars that lie in another part than the bar before. */
function startsOf(times: ArrayLike<number>, partOf: (ms: number) => number): number[] {
  const bars: number[] = [];
  for (let bar = 1; bar < times.length; bar += 1) if (partOf(times[bar]) !== partOf(times[bar - 1])) bars.push(bar);
  return bars;
}

function barLabels(length: number, count: number): TimeLabel[] {
  const step = [1, 2, 5].flatMap((each) => [
    each,
    each * 10,
    each * 100,
    each * 1e3,
    each * 1e4,
    each * 1e5,
    each * 1e6,
  ]);
  const size = step.sort((a, b) => a - b).find((each) => length / each <= count) ?? length;
  return Array.from({ length: Math.floor((length - 1) / size) }, (_, index) => {
    const bar = (index + 1) * size;
    return { bar, text: String(bar), isStrong: false };
  });
}

function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function year(date: Date): string {
  return String(date.getUTCFullYear());
}

function monthName(date: Date): string {
  return date.getUTCMonth() < 1 ? year(date) : MONTHS[date.getUTCMonth()];
}

function day(date: Date): string {
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

function clock(date: Date): string {
  const text = date.toISOString().slice(11, 16);
  return text === "00:00" ? day(date) : text;
}
