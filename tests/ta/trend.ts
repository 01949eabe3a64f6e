/** The trend indicators as their definitions read. */
import type { Parameters, Twin } from "./twin.js";
import { highest, lag, lowest, mean, overWindows, ratio, type Series, sum, trueRange, wilder, zip } from "./windows.js";

/** Wilder's rules, told apart for the long and the short side. */
function parabolic([high, low]: readonly Series[], { acceleration, maximum, rules }: Parameters): number[] {
  const results = high!.map(() => Number.NaN);
  if (high!.length < 2) return results;
  const isStrict = rules === "strict";
  const fall = low![0]! - low![1]!;
  let isLong = isStrict || !(fall > 0 && fall > high![1]! - high![0]!);
  let sar = isLong ? low![0]! : high![0]!;
  let extreme = isLong ? high![isStrict ? 0 : 1]! : low![1]!;
  if (isStrict) sar += acceleration * (extreme - sar);
  let a = acceleration;
  for (let i = 1; i < high!.length; i++) {
    const before = Math.max(i - 1, isStrict ? 0 : 1);
    const top = Math.max(high![i]!, high![before]!);
    const bottom = Math.min(low![i]!, low![before]!);
    const isAt = !isStrict && (isLong ? low![i]! === sar : high![i]! === sar);
    const isTouched = isAt || (isLong ? low![i]! < sar : high![i]! > sar);
    if (isTouched) {
      if (isStrict) sar = extreme;
      else sar = isLong ? Math.max(extreme, top) : Math.min(extreme, bottom);
      extreme = isLong ? low![i]! : high![i]!;
      a = acceleration;
      isLong = !isLong;
    }
    results[i] = sar;
    const isNew = !isTouched && (isLong ? high![i]! > extreme : low![i]! < extreme);
    if (isNew) {
      extreme = isLong ? high![i]! : low![i]!;
      a = Math.min(a + acceleration, maximum);
    }
    sar += a * (extreme - sar);
    sar = isLong ? Math.min(sar, bottom) : Math.max(sar, top);
  }
  return results;
}

function superTrend([high, low, close]: readonly Series[], p: Parameters): number[][] {
  const ranges = wilder(trueRange(high!, low!, close!), p.period);
  let [upper, lower, isUp] = [Number.NaN, Number.NaN, false];
  const rows = ranges.map((range, i): [number, number] => {
    if (Number.isNaN(range)) return [Number.NaN, Number.NaN];
    const middle = (high![i]! + low![i]!) / 2;
    const [above, below] = [middle + p.multiplier * range, middle - p.multiplier * range];
    if (Number.isNaN(upper)) [upper, lower, isUp] = [above, below, close![i]! >= middle];
    if (above < upper || close![i - 1]! > upper) upper = above;
    if (below > lower || close![i - 1]! < lower) lower = below;
    isUp = close![i]! > (isUp ? lower : upper);
    return [isUp ? lower : upper, isUp ? 1 : -1];
  });
  return [rows.map(([level]) => level), rows.map(([, direction]) => direction)];
}

function line(y: Series): [number, number, number] {
  const n = y.length;
  const distances = y.map((each) => each - y.at(-1)!);
  const middle = mean(distances);
  const products = sum(distances.map((each, i) => (each - middle) * (i - (n - 1) / 2)));
  const across = sum(y.map((_, i) => (i - (n - 1) / 2) ** 2));
  const squares = sum(distances.map((each) => (each - middle) ** 2));
  const slope = products / across;
  return [slope, y.at(-1)! + middle - (slope * (n - 1)) / 2, ratio((products / across) * products, squares)];
}

export const trendTwins: Readonly<Record<string, Twin>> = {
  parabolicSar: (series, p) => [parabolic(series, p)],
  superTrend,
  ichimoku: ([high, low], p) => {
    const middle = (n: number): number[] => zip((a, b) => (a + b) / 2, highest(high!, n), lowest(low!, n));
    const [tenkan, kijun] = [middle(p.tenkan), middle(p.kijun)];
    const both = zip((a, b) => (a + b) / 2, tenkan, kijun);
    return [tenkan, kijun, lag(both, p.displacement), lag(middle(p.span), p.displacement)];
  },
  linearRegression: ([x], p) => [0, 1, 2].map((at) => overWindows(x!, p.period, (w) => line(w)[at]!)),
  heikinAshi: ([open, high, low, close]) => {
    const mid = zip((a, b, c, d) => (a + b + c + d) / 4, open!, high!, low!, close!);
    const begin: number[] = [];
    open!.forEach((o, i) => {
      begin.push(i === 0 ? (o + close![0]!) / 2 : (begin[i - 1]! + mid[i - 1]!) / 2);
    });
    return [begin, zip(Math.max, high!, begin, mid), zip(Math.min, low!, begin, mid), mid];
  },
};
