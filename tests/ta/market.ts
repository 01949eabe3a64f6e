/** Pivot points, the volume profile and what trades cost, as their definitions read. */
import type { Parameters, Twin } from "./twin.js";
import {
  changes,
  highest,
  lag,
  lowest,
  mean,
  overWindows,
  ratio,
  type Series,
  sma,
  sum,
  variance,
  zip,
} from "./windows.js";

/** Pivot, resistances and supports. */
function levels(method: string, h: number, l: number, c: number): number[] {
  const range = h - l;
  const around = (middle: number, shares: number[]): number[] => [
    (h + l + c) / 3,
    ...shares.map((share) => middle + share * range),
    ...shares.map((share) => middle - share * range),
  ];
  if (method === "fibonacci") return around((h + l + c) / 3, [0.382, 0.618, 1, 1.618]);
  if (method === "camarilla") return around(c, [1.1 / 12, 1.1 / 6, 1.1 / 4, 1.1 / 2]);
  const p = method === "woodie" ? (h + l + c + c) / 4 : (h + l + c) / 3;
  const [r3, s3] = [h + 2 * (p - l), l - 2 * (h - p)];
  const fourth = method === "woodie" ? [r3 + range, s3 - range] : [h + 3 * (p - l), l - 3 * (h - p)];
  return [p, 2 * p - l, p + range, r3, fourth[0]!, 2 * p - h, p - range, s3, fourth[1]!];
}

/** The share of a bar that lies in a bin, for every bin: how much of its stretch overlaps the bin's. */
function shares(from: number, to: number, bins: number): number[] {
  const first = Math.min(Math.floor(from), bins - 1);
  const isInOne = Math.min(Math.floor(to), bins - 1) === first;
  return Array.from({ length: bins }, (_, bin) => {
    if (isInOne) return bin === first ? 1 : 0;
    return Math.max(0, Math.min(to, bin + 1) - Math.max(from, bin)) / (to - from);
  });
}

function profile(high: Series, low: Series, volume: Series, { bins, share }: Parameters): number[] {
  const [top, bottom] = [Math.max(...high), Math.min(...low)];
  const whole = sum(volume);
  if (top === bottom || whole === 0) return [(top + bottom) / 2, top, bottom];
  const place = (price: number): number => ((price - bottom) * bins) / (top - bottom);
  const bars = high.map((h, i) => shares(place(low[i]!), place(h), bins).map((each) => each * volume[i]!));
  const held = Array.from({ length: bins }, (_, bin) => sum(bars.map((bar) => bar[bin]!)));
  const equal = 1e-9 * Math.max(...held);
  const control = held.findIndex((each) => each >= Math.max(...held) - equal);
  let [from, to] = [control, control + 1];
  while (sum(held.slice(from, to)) < (share - 1e-9) * whole && to - from < bins) {
    if ((held[to] ?? Number.NEGATIVE_INFINITY) >= (held[from - 1] ?? Number.NEGATIVE_INFINITY) - equal) to++;
    else from--;
  }
  const edge = (bin: number): number => bottom + (bin * (top - bottom)) / bins;
  return [edge(control + 0.5), edge(to), edge(from)];
}

/** erf by Kummer's series, whose terms have one sign. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  const terms = [x];
  while (Math.abs(terms.at(-1)!) > 1e-30) terms.push((terms.at(-1)! * 2 * x * x) / (2 * terms.length + 1));
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum(terms);
}

/** Poured bucket by bucket; of a volume that fills more than are counted, the first ones are left out. */
function vpin(price: Series, signed: Series, p: Parameters): number[][] {
  const moves = changes(price);
  const bulk = zip(
    (move, of) => erf(ratio(move, Math.sqrt(of)) / Math.SQRT2),
    moves,
    overWindows(moves, p.period, variance),
  );
  const sides = p.classification === "bulk" ? bulk : signed.map(Math.sign);
  const full: number[] = [];
  let [filled, flow] = [0, 0];
  const rows = sides.map((side, index) => {
    if (Number.isNaN(side)) return [side, side];
    let left = Math.abs(signed[index]!);
    while (left >= p.bucket - filled) {
      full.push(Math.abs(flow + (p.bucket - filled) * side) / p.bucket);
      left -= p.bucket - filled;
      [filled, flow] = [0, 0];
      const skipped = Math.floor(left / p.bucket) - p.buckets;
      if (skipped > 0) left = (left % p.bucket) + p.buckets * p.bucket;
    }
    filled += left;
    flow += left * side;
    const counted = full.slice(-p.buckets);
    return [counted.length === 0 ? 0 : mean(counted), counted.length];
  });
  return [rows.map(([value]) => value!), rows.map(([, count]) => count!)];
}

export const marketTwins: Readonly<Record<string, Twin>> = {
  pivotPoints: ([high, low, close], p) => {
    const [h, l, c] = [highest(high!, p.period), lowest(low!, p.period), close!].map((x) => lag(x!, p.offset));
    const rows = h!.map((each, i) => levels(p.method, each, l![i]!, c![i]!));
    return Array.from({ length: 9 }, (_, at) => rows.map((row, i) => (Number.isNaN(h![i]!) ? Number.NaN : row[at]!)));
  },
  volumeProfile: ([high, low, volume], p) => {
    const rows = high!.map((_, i) => {
      const window = (x: Series): Series => x.slice(Math.max(0, i + 1 - p.period), i + 1);
      if (i + 1 < p.period) return [Number.NaN, Number.NaN, Number.NaN];
      return profile(window(high!), window(low!), window(volume!), p);
    });
    return [0, 1, 2].map((at) => rows.map((row) => row[at]!));
  },
  vpin: ([price, signed], p) => vpin(price!, signed!, p),
  realisedSpread: ([price, side, bid, ask], p) => {
    const middle = zip((b, a) => (b + a) / 2, bid!, ask!);
    const [was, of, then] = [price!, side!.map(Math.sign), middle].map((x) => lag(x, p.horizon));
    const paid = (m: Series): number[] =>
      sma(
        zip((x, d, about) => 2 * d * (x - about), was!, of!, m),
        p.period,
      );
    const impact = sma(
      zip((d, now, before) => 2 * d * (now - before), of!, middle, then!),
      p.period,
    );
    return [paid(middle), paid(then!), impact];
  },
};
