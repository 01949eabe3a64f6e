/** The averages as their definitions read. */
import type { Parameters, Twin } from "./twin.js";
import {
  changes,
  ema,
  exponential,
  lag,
  overWindows,
  ratio,
  rollingSum,
  type Series,
  sma,
  sum,
  wma,
  zip,
} from "./windows.js";

/** `count` averages, each of the one before. */
function stages(x: Series, p: Parameters, count: number): number[][] {
  const all = [ema(x, p.period, p.seed)];
  while (all.length < count) all.push(ema(all.at(-1)!, p.period, p.stages));
  return all;
}

function kama(x: Series, { period, fast, slow, seed }: Parameters): number[] {
  const path = rollingSum(changes(x).map(Math.abs), period);
  const [quick, calm] = [2 / (fast + 1), 2 / (slow + 1)];
  let value = Number.NaN;
  return x.map((each, index) => {
    if (index < period) {
      value = each;
      return seed === "own" && index === period - 1 ? each : Number.NaN;
    }
    const way = Math.abs(each - x[index - period]!);
    const efficiency = path[index]! <= way ? 1 : way / path[index]!;
    value += (efficiency * (quick - calm) + calm) ** 2 * (each - value);
    return value;
  });
}

/** Ehlers' listing with its own names, delays as differences of indices, averages by lists that begin with zeros. */
function mama(x: Series, { fastLimit, slowLimit, start }: Parameters): number[][] {
  const begin = start === "mean" ? 6 : 12;
  const rows: Record<string, number>[] = [];
  const at = (index: number, name: string): number => rows[index]?.[name] ?? 0;
  const taps = (i: number, now: number, name: string): number =>
    0.0962 * now + 0.5769 * at(i - 2, name) - 0.5769 * at(i - 4, name) - 0.0962 * at(i - 6, name);
  const degrees = 180 / Math.PI;
  const seed = start === "mean" ? sum(x.slice(0, 6)) / 6 : 0;
  const averages: number[][] = [];
  x.forEach((price, i) => {
    const row: Record<string, number> = {};
    if (i >= begin) {
      const gain = 0.075 * at(i - 1, "period") + 0.54;
      row.smooth = (4 * price + 3 * x[i - 1]! + 2 * x[i - 2]! + x[i - 3]!) * 0.1;
      row.detrender = taps(i, row.smooth, "smooth") * gain;
      row.q1 = taps(i, row.detrender, "detrender") * gain;
      row.i1 = at(i - 3, "detrender");
      row.i2 = 0.2 * (row.i1 - taps(i, row.q1, "q1") * gain) + 0.8 * at(i - 1, "i2");
      row.q2 = 0.2 * (row.q1 + taps(i, row.i1, "i1") * gain) + 0.8 * at(i - 1, "q2");
      row.re = 0.2 * (row.i2 * at(i - 1, "i2") + row.q2 * at(i - 1, "q2")) + 0.8 * at(i - 1, "re");
      row.im = 0.2 * (row.i2 * at(i - 1, "q2") - row.q2 * at(i - 1, "i2")) + 0.8 * at(i - 1, "im");
      const before = at(i - 1, "period");
      const measured = row.re !== 0 && row.im !== 0 ? 360 / (Math.atan(row.im / row.re) * degrees) : before;
      const bounded = Math.min(50, Math.max(6, Math.max(0.67 * before, Math.min(1.5 * before, measured))));
      row.period = 0.2 * bounded + 0.8 * before;
      row.phase = row.i1 === 0 ? 0 : Math.atan(row.q1 / row.i1) * degrees;
      const fall = at(i - 1, "phase") - row.phase;
      const a = fall > 1 ? Math.max(fastLimit / fall, slowLimit) : fastLimit;
      const [m, f] = i === begin ? [seed, seed] : [at(i - 1, "mama"), at(i - 1, "fama")];
      row.mama = a * price + (1 - a) * m;
      row.fama = 0.5 * a * row.mama + (1 - 0.5 * a) * f;
    }
    rows.push(row);
    const ready = start === "mean" ? i >= 5 : i >= 32;
    averages.push(ready ? (i === 5 ? [seed, seed] : [row.mama!, row.fama!]) : [Number.NaN, Number.NaN]);
  });
  return [averages.map(([m]) => m!), averages.map(([, f]) => f!)];
}

export const averageTwins: Readonly<Record<string, Twin>> = {
  sma: ([x], p) => [sma(x!, p.period)],
  ema: ([x], p) => [ema(x!, p.period, p.seed)],
  rma: ([x], p) => [exponential(x!, 1 / p.period, p.seed === "first" ? 1 : p.period)],
  wma: ([x], p) => [wma(x!, p.period)],
  dema: ([x], p) => [zip((e1, e2) => 2 * e1 - e2, ...stages(x!, p, 2))],
  tema: ([x], p) => [zip((e1, e2, e3) => 3 * e1 - 3 * e2 + e3, ...stages(x!, p, 3))],
  t3: ([x], p) => {
    const v = p.volume;
    // The generalised double average three times over, (1 + v) e − v e', multiplied out.
    const weights = [0, 0, (1 + v) ** 3, -3 * v * (1 + v) ** 2, 3 * v ** 2 * (1 + v), -(v ** 3)];
    return [zip((...e) => sum(e.map((each, i) => each * weights[i]!)), ...stages(x!, p, 6))];
  },
  trima: ([x], p) => {
    const one = Math.ceil(p.period / 2);
    return [sma(sma(x!, one), p.period + 1 - one)];
  },
  hma: ([x], p) => {
    const difference = zip((a, b) => 2 * a - b, wma(x!, Math.floor(p.period / 2)), wma(x!, p.period));
    return [wma(difference, Math.floor(Math.sqrt(p.period)))];
  },
  kama: ([x], p) => [kama(x!, p)],
  zlema: ([x], p) => [
    ema(
      zip((now, old) => 2 * now - old, x!, lag(x!, Math.floor((p.period - 1) / 2))),
      p.period,
      p.seed,
    ),
  ],
  alma: ([x], p) => {
    const weight = (i: number): number =>
      Math.exp(-((i - p.offset * (p.period - 1)) ** 2) / (2 * (p.period / p.sigma) ** 2));
    return [overWindows(x!, p.period, (w) => sum(w.map((v, i) => v * weight(i))) / sum(w.map((_, i) => weight(i))))];
  },
  vwma: ([x, v], p) => [
    zip(
      ratio3,
      rollingSum(
        zip((a, b) => a * b, x!, v!),
        p.period,
      ),
      rollingSum(v!, p.period),
      sma(x!, p.period),
    ),
  ],
  lsma: ([x], p) => [overWindows(x!, p.period, endOfLine)],
  mama: ([x], p) => mama(x!, p),
};

function ratio3(a: number, b: number, otherwise: number): number {
  return ratio(a, b, otherwise);
}

/** The least-squares line at the newest value. */
function endOfLine(y: Series): number {
  const n = y.length;
  const [middleX, middleY] = [(n - 1) / 2, sum(y) / n];
  const covariance = sum(y.map((value, i) => (i - middleX) * (value - middleY)));
  const slope = ratio(covariance, sum(y.map((_, i) => (i - middleX) ** 2)));
  return middleY + slope * (n - 1 - middleX);
}
