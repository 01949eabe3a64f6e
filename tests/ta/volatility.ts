/** The volatility indicators as their definitions read. */
import type { Parameters, Twin } from "./twin.js";
import {
  ema,
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
  variance,
  wilder,
  zip,
} from "./windows.js";

function bands(x: Series, p: Parameters): number[][] {
  const middle = sma(x, p.period);
  const width = overWindows(x, p.period, (w) => p.deviations * Math.sqrt(variance(w)));
  return [zip((a, b) => a + b, middle, width), middle, zip((a, b) => a - b, middle, width)];
}

const logOf = (a: Series, b: Series): number[] => zip((x, y) => Math.log(x) - Math.log(y), a, b);
const annual = (x: Series, p: Parameters): number[] => x.map((each) => Math.sqrt(p.perYear * Math.max(each, 0)));
const meanOver = (x: Series, p: Parameters): number[] => overWindows(x, p.period, mean);
const sampleVariance = (w: Series): number => (variance(w) * w.length) / (w.length - 1);

function rogersSatchell([open, high, low, close]: readonly Series[]): number[] {
  return zip(
    (a, b, c, d) => a * b + c * d,
    logOf(high!, close!),
    logOf(high!, open!),
    logOf(low!, close!),
    logOf(low!, open!),
  );
}

export const volatilityTwins: Readonly<Record<string, Twin>> = {
  trueRange: ([high, low, close], p) => [trueRange(high!, low!, close!, p.first)],
  atr: ([high, low, close], p) => [wilder(trueRange(high!, low!, close!, p.first), p.period)],
  natr: ([high, low, close], p) => [
    zip((a, c) => 100 * ratio(a, c), wilder(trueRange(high!, low!, close!, p.first), p.period), close!),
  ],
  bollinger: ([x], p) => bands(x!, p),
  percentB: ([x], p) => [
    overWindows(x!, p.period, (w) => 0.5 + ratio(w.at(-1)! - mean(w), 2 * p.deviations * Math.sqrt(variance(w)))),
  ],
  bandwidth: ([x], p) => [overWindows(x!, p.period, (w) => ratio(2 * p.deviations * Math.sqrt(variance(w)), mean(w)))],
  keltner: ([high, low, close], p) => {
    const middle = ema(close!, p.period, p.seed);
    const width = wilder(trueRange(high!, low!, close!, p.first), p.atrPeriod).map((each) => each * p.multiplier);
    const both = zip((a, b) => (Number.isNaN(b) ? b : a), middle, width);
    return [zip((a, b) => a + b, middle, width), both, zip((a, b) => a - b, middle, width)];
  },
  donchian: ([high, low], p) => {
    const by = p.window === "previous" ? 1 : 0;
    const [upper, lower] = [lag(highest(high!, p.period), by), lag(lowest(low!, p.period), by)];
    return [upper, zip((a, b) => (a + b) / 2, upper, lower), lower];
  },
  deviation: ([x], p) => {
    const of = p.of === "sample" && p.period > 1 ? sampleVariance : variance;
    return [overWindows(x!, p.period, (w) => p.factor * Math.sqrt(of(w)))];
  },
  choppiness: ([high, low, close], p) => {
    const before = lag(close!, 1);
    const ranges = rollingSum(trueRange(high!, low!, close!), p.period);
    const top = highest(zip(Math.max, high!, before), p.period);
    const bottom = lowest(zip(Math.min, low!, before), p.period);
    const chop = (r: number, t: number, b: number): number =>
      r === 0 || t <= b ? 0 : (100 * Math.log10(r / (t - b))) / Math.log10(p.period);
    return [zip(chop, ranges, top, bottom)];
  },
  ulcer: ([x], p) => [
    overWindows(x!, p.period, (w) => {
      const falls = w.map((value, i) => {
        const peak = Math.max(...w.slice(0, i + 1));
        return 100 * ratio(value - peak, peak);
      });
      return Math.sqrt(mean(falls.map((fall) => fall ** 2)));
    }),
  ],
  realisedVolatility: ([x], p) => {
    const of = p.mean === "zero" ? (w: Series) => mean(w.map((each) => each ** 2)) : sampleVariance;
    return [annual(overWindows(logOf(x!, lag(x!, 1)), p.period, of), p)];
  },
  parkinson: ([high, low], p) => {
    const squares = logOf(high!, low!).map((each) => each ** 2 / (4 * Math.log(2)));
    return [annual(meanOver(squares, p), p)];
  },
  garmanKlass: ([open, high, low, close], p) => {
    const each = zip((a, b) => a ** 2 / 2 - (2 * Math.log(2) - 1) * b ** 2, logOf(high!, low!), logOf(close!, open!));
    return [annual(meanOver(each, p), p)];
  },
  rogersSatchell: (series, p) => [annual(meanOver(rogersSatchell(series), p), p)],
  yangZhang: (series, p) => {
    const [open, , , close] = series;
    const n = p.period;
    const k = 0.34 / (1.34 + (n + 1) / (n - 1));
    const nights = overWindows(logOf(open!, lag(close!, 1)), n, sampleVariance);
    const days = overWindows(logOf(close!, open!), n, sampleVariance);
    const ranges = meanOver(rogersSatchell(series), p);
    const whole = zip((a, b, c) => sum([a, k * b, (1 - k) * c]), nights, days, ranges);
    return [annual(whole, p)];
  },
};
