/** The momentum indicators as their definitions read. */
import type { Parameters, Twin } from "./twin.js";
import {
  changes,
  ema,
  exponential,
  highest,
  lag,
  lowest,
  mean,
  overWindows,
  ratio,
  rollingSum,
  type Series,
  sma,
  sum,
  trueRange,
  wilder,
  zip,
} from "./windows.js";

const up = (x: Series): number[] => changes(x).map((d) => (Number.isNaN(d) ? d : Math.max(d, 0)));
const down = (x: Series): number[] => changes(x).map((d) => (Number.isNaN(d) ? d : Math.max(-d, 0)));

function strength(x: Series, { period, seed }: Parameters): number[] {
  const average = (y: Series): number[] => {
    if (seed !== "zero") return wilder(y, period);
    return exponential([0, ...y.slice(1)], 1 / period, 1)
      .map((each, index) => (index === 0 ? Number.NaN : each))
      .slice(0, y.length);
  };
  return zip((gain, loss) => 100 * ratio(gain, gain + loss), average(up(x)), average(down(x)));
}

function withSignal(line: Series, length: number, seed: string): number[][] {
  const signal = ema(line, length, seed);
  return [[...line], signal, zip((a, b) => a - b, line, signal)];
}

function convergence(x: Series, p: Parameters): number[][] {
  const longest = Math.max(p.fast, p.slow);
  const average = (length: number): number[] => ema(x, length, p.seed, p.seed === "together" ? longest - length : 0);
  return [average(p.fast), average(p.slow)];
}

/** A range up to `least` is rounding, and none. */
function stand(high: Series, low: Series, x: Series, length: number, p: Parameters, least = 0): number[][] {
  const [top, bottom] = [highest(high, length), lowest(low, length)];
  const k = sma(
    zip((a, b, c) => (a - b > least ? (100 * (c - b)) / (a - b) : Number.isNaN(a) ? a : 0), top, bottom, x),
    p.smooth,
  );
  return [k, sma(k, p.signal)];
}

/** Inputs since the extreme of each window, the newest or the oldest of equal ones. */
function since(x: Series, length: number, extreme: (...values: number[]) => number, ties: string): number[] {
  return overWindows(x, length, (w) => {
    const value = extreme(...w);
    return length - 1 - (ties === "oldest" ? w.indexOf(value) : w.lastIndexOf(value));
  });
}

function directional([high, low, close]: readonly Series[], { period: n, convention }: Parameters): number[][] {
  const isTalib = convention === "talib";
  const rise = changes(high!);
  const fall = changes(low!).map((d) => -d);
  const smooth = (x: Series): number[] => {
    let total = Number.NaN;
    const seed = isTalib ? n - 1 : n;
    return x.map((each, index) => {
      if (index < seed) return Number.NaN;
      total = index === seed ? sum(x.slice(1, seed + 1)) : total - total / n + each;
      return index < n ? Number.NaN : total;
    });
  };
  const range = smooth(trueRange(high!, low!, close!));
  const plus = smooth(zip((a, b) => (a > b && a > 0 ? a : 0), rise, fall));
  const minus = smooth(zip((a, b) => (b > a && b > 0 ? b : 0), rise, fall));
  const adx = overWindows(high!, 1, () => Number.NaN);
  let [dx, average] = [0, 0];
  const every = plus.map((p, index) => {
    const both = p + minus[index]!;
    const moved = both > 0;
    if (moved) dx = (100 * Math.abs(p - minus[index]!)) / both;
    if (index >= n && index < 2 * n) average += moved ? dx / n : 0;
    else if (index >= 2 * n && moved) average = (average * (n - 1) + dx) / n;
    if (index >= 2 * n - 1) adx[index] = average;
    return Number.isNaN(p) ? Number.NaN : dx;
  });
  const share = (x: Series): number[] => zip((a, b) => 100 * ratio(a, b), x, range);
  return [share(plus), share(minus), every, adx, zip((a, b) => (a + b) / 2, adx, lag(adx, isTalib ? n - 1 : n))];
}

const rate = (x: Series, length: number): number[] => zip((a, b) => 100 * ratio(a - b, b), x, lag(x, length));

export const momentumTwins: Readonly<Record<string, Twin>> = {
  rsi: ([x], p) => [strength(x!, p)],
  macd: ([x], p) =>
    withSignal(
      zip((a, b) => a - b, ...convergence(x!, p)),
      p.signal,
      p.seed,
    ),
  ppo: ([x], p) =>
    withSignal(
      zip((a, b) => 100 * ratio(a - b, b), ...convergence(x!, p)),
      p.signal,
      p.seed,
    ),
  roc: ([x], p) => [rate(x!, p.period)],
  momentum: ([x], p) => [zip((a, b) => a - b, x!, lag(x!, p.period))],
  stochastic: ([high, low, close], p) => stand(high!, low!, close!, p.period, p),
  stochasticRsi: ([x], p) => {
    const rsi = strength(x!, p);
    return stand(rsi, rsi, rsi, p.stochastic, p, 1e-10);
  },
  cci: ([high, low, close], p) => {
    const typical = zip((a, b, c) => (a + b + c) / 3, high!, low!, close!);
    return [
      overWindows(typical, p.period, (w) => {
        // Distances from one of them, whose mean keeps its digits however far the prices are from 0.
        const distances = w.map((each) => each - w.at(-1)!);
        const middle = mean(distances);
        return ratio(-middle, 0.015 * mean(distances.map((each) => Math.abs(each - middle))));
      }),
    ];
  },
  williamsR: ([high, low, close], p) => [
    zip((a, b, c) => -100 * ratio(a - c, a - b), highest(high!, p.period), lowest(low!, p.period), close!),
  ],
  cmo: ([x], p) => {
    const average = p.average === "wilder" ? wilder : rollingSum;
    return [zip((a, b) => 100 * ratio(a - b, a + b), average(up(x!), p.period), average(down(x!), p.period))];
  },
  tsi: ([x], p) => {
    const twice = (y: Series): number[] => ema(ema(y, p.long), p.short);
    const line = zip((a, b) => 100 * ratio(a, b), twice(changes(x!)), twice(changes(x!).map(Math.abs)));
    return [line, ema(line, p.signal)];
  },
  trix: ([x], p) => [rate(ema(ema(ema(x!, p.period, p.seed), p.period, p.stages), p.period, p.stages), 1)],
  ultimate: ([high, low, close], p) => {
    const floor = zip(Math.min, low!, lag(close!, 1));
    const pressure = zip((c, f) => c - f, close!, floor);
    const range = trueRange(high!, low!, close!);
    const share = (n: number): number[] => zip((a, b) => ratio(a, b), rollingSum(pressure, n), rollingSum(range, n));
    return [zip((a, b, c) => (100 * (4 * a + 2 * b + c)) / 7, share(p.short), share(p.middle), share(p.long))];
  },
  awesome: ([high, low], p) => {
    const middle = zip((a, b) => (a + b) / 2, high!, low!);
    return [zip((a, b) => a - b, sma(middle, p.short), sma(middle, p.long))];
  },
  aroon: ([high, low], p) => {
    const share = (ago: number): number => 100 * (1 - ago / p.period);
    const above = since(high!, p.period + 1, Math.max, p.ties).map(share);
    const below = since(low!, p.period + 1, Math.min, p.ties).map(share);
    return [above, below, zip((a, b) => a - b, above, below)];
  },
  adx: directional,
  vortex: ([high, low, close], p) => {
    const range = rollingSum(trueRange(high!, low!, close!), p.period);
    const reach = (a: Series, b: Series): number[] =>
      rollingSum(
        zip((x, y) => Math.abs(x - y), a, lag(b, 1)),
        p.period,
      );
    return [reach(high!, low!), reach(low!, high!)].map((x) => zip((a, b) => ratio(a, b), x, range));
  },
  kst: ([x], p) => {
    const part = (i: number): number[] => sma(rate(x!, p[`roc${i}`]), p[`sma${i}`]);
    const line = zip((a, b, c, d) => a + 2 * b + 3 * c + 4 * d, part(1), part(2), part(3), part(4));
    return [line, sma(line, p.signal)];
  },
};
