/** The rolling statistics as their definitions read. */
import type { Parameters, Twin } from "./twin.js";
import { highest, lowest, mean, overWindows, ratio, type Series, sum, variance, zip } from "./windows.js";

const divisor = (p: Parameters): number => (p.of === "sample" && p.period > 1 ? p.period - 1 : p.period);

/** Distances from the mean, by way of distances from the newest, which keep their digits. */
function centred(w: Series): number[] {
  const distances = w.map((each) => each - w.at(-1)!);
  return distances.map((each) => each - mean(distances));
}

/** The standardised moment of an order; powers of distances over their largest, which are doubles. */
function moment(w: Series, order: number): number {
  const distances = centred(w);
  const largest = Math.max(...distances.map(Math.abs)) || 1;
  const scaled = distances.map((each) => each / largest);
  const second = mean(scaled.map((each) => each ** 2));
  return ratio(mean(scaled.map((each) => each ** order)), second ** (order / 2));
}

function quantile(w: Series, share: number): number {
  const sorted = [...w].sort((a, b) => a - b);
  const h = (w.length - 1) * share;
  const below = sorted[Math.floor(h)]!;
  return below + (h - Math.floor(h)) * ((sorted[Math.floor(h) + 1] ?? below) - below);
}

/** `of` applied to the windows of two series. */
function overPairs(x: Series, y: Series, length: number, of: (a: Series, b: Series) => number): number[] {
  return overWindows(x, length, (w, index) => of(w, y.slice(index - length + 1, index + 1)));
}

const dot = (a: Series, b: Series): number => sum(zip((x, y) => x * y, a, b));

function slope(a: Series, b: Series): number {
  return ratio(dot(centred(a), centred(b)), dot(centred(b), centred(b)));
}

export const statisticsTwins: Readonly<Record<string, Twin>> = {
  variance: ([x], p) => [overWindows(x!, p.period, (w) => (variance(w) * p.period) / divisor(p))],
  zScore: ([x], p) => [
    overWindows(x!, p.period, (w) => ratio(centred(w).at(-1)!, Math.sqrt(dot(centred(w), centred(w)) / divisor(p)))),
  ],
  skewness: ([x], p) => [overWindows(x!, p.period, (w) => moment(w, 3))],
  kurtosis: ([x], p) => [overWindows(x!, p.period, (w) => (new Set(w).size === 1 ? 0 : moment(w, 4) - 3))],
  quantile: ([x], p) => [overWindows(x!, p.period, (w) => quantile(w, p.share))],
  extremes: ([x], p) => {
    const [top, bottom] = [highest(x!, p.period), lowest(x!, p.period)];
    return [top, bottom, zip((a, b) => (a + b) / 2, top, bottom)];
  },
  covariance: ([x, y], p) => [overPairs(x!, y!, p.period, (a, b) => dot(centred(a), centred(b)) / divisor(p))],
  correlation: ([x, y], p) => [
    overPairs(x!, y!, p.period, (a, b) => {
      const [one, two] = [centred(a), centred(b)];
      return ratio(dot(one, two), Math.sqrt(dot(one, one)) * Math.sqrt(dot(two, two)));
    }),
  ],
  beta: ([x, y], p) => [
    overPairs(x!, y!, p.period, slope),
    overPairs(x!, y!, p.period, (a, b) => mean(a) - slope(a, b) * mean(b)),
  ],
  autocorrelation: ([x], p) => [
    overWindows(x!, p.period, (w) => {
      const distances = centred(w);
      return ratio(sum(distances.slice(p.lag).map((each, i) => each * distances[i]!)), dot(distances, distances));
    }),
  ],
  ewmaVariance: ([x], p) => {
    let value = Number.NaN;
    return [
      x!.map((each, index) => {
        value = index === 0 ? each ** 2 : p.lambda * value + (1 - p.lambda) * each ** 2;
        return value;
      }),
    ];
  },
};
