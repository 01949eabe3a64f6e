/**
 * The slow and obvious pieces of the twins: each takes a whole series and looks at every window afresh. NaN in gives
 * NaN out until a whole window is there. Nothing here shares a line or a method with the kernels.
 */
export type Series = readonly number[];

/** `of` applied to the last `length` values, oldest first, wherever all of them are numbers. */
export function overWindows(x: Series, length: number, of: (window: number[], index: number) => number): number[] {
  return x.map((_, index) => {
    const window = x.slice(Math.max(0, index - length + 1), index + 1);
    return window.length < length || window.some(Number.isNaN) ? Number.NaN : of(window, index);
  });
}

/** Summed with the error carried along (Neumaier), so that it is right to the last digits. */
export function sum(values: Series): number {
  let total = 0;
  let lost = 0;
  for (const x of values) {
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  return total + lost;
}

export const mean = (values: Series): number => sum(values) / values.length;
export const sma = (x: Series, length: number): number[] => overWindows(x, length, mean);
export const rollingSum = (x: Series, length: number): number[] => overWindows(x, length, sum);
export const highest = (x: Series, length: number): number[] => overWindows(x, length, (w) => Math.max(...w));
export const lowest = (x: Series, length: number): number[] => overWindows(x, length, (w) => Math.min(...w));

/** Population variance, by two passes. */
export function variance(values: Series): number {
  const about = mean(values);
  return mean(values.map((x) => (x - about) ** 2));
}

export function wma(x: Series, length: number): number[] {
  return overWindows(x, length, (w) => sum(w.map((value, i) => value * (i + 1))) / sum(w.map((_, i) => i + 1)));
}

/** By weights 1 − alpha and alpha, begun by the mean of the `seed` numbers from the first, or the `skip`-th, on. */
export function exponential(x: Series, alpha: number, seed: number, skip = 0): number[] {
  const first = x.findIndex((value) => !Number.isNaN(value));
  const begin = first + skip + seed - 1;
  let value = Number.NaN;
  return x.map((each, index) => {
    if (first < 0 || index < begin) return Number.NaN;
    value = index === begin ? mean(x.slice(begin - seed + 1, begin + 1)) : alpha * each + (1 - alpha) * value;
    return value;
  });
}

export function ema(x: Series, length: number, seed: unknown = "sma", skip = 0): number[] {
  return exponential(x, 2 / (length + 1), seed === "first" ? 1 : length, skip);
}

export const wilder = (x: Series, length: number): number[] => exponential(x, 1 / length, length);

export function lag(x: Series, by: number): number[] {
  return x.map((_, index) => (index < by ? Number.NaN : x[index - by]!));
}

export const changes = (x: Series): number[] =>
  x.map((each, index) => (index === 0 ? Number.NaN : each - x[index - 1]!));

export function zip(of: (...values: number[]) => number, ...series: Series[]): number[] {
  return series[0]!.map((_, index) => of(...series.map((each) => each[index]!)));
}

/** a / b where there is something to divide by, else `otherwise`; NaN stays NaN. */
export function ratio(a: number, b: number, otherwise = 0): number {
  return b === 0 && !Number.isNaN(a) ? otherwise : a / b;
}

export function trueRange(high: Series, low: Series, close: Series, first: unknown = "skip"): number[] {
  return high.map((h, index) => {
    if (index === 0) return first === "range" ? h - low[0]! : Number.NaN;
    const before = close[index - 1]!;
    return Math.max(h - low[index]!, Math.abs(h - before), Math.abs(low[index]! - before));
  });
}
