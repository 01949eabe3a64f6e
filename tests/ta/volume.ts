/** The volume indicators as their definitions read. */
import type { Twin } from "./twin.js";
import { changes, ema, overWindows, ratio, rollingSum, type Series, sma, sum, zip } from "./windows.js";

const running = (x: Series): number[] => x.map((_, index) => sum(x.slice(0, index + 1)));
const typicalOf = (high: Series, low: Series, close: Series): number[] =>
  zip((a, b, c) => (a + b + c) / 3, high, low, close);

function moneyFlow([high, low, close, volume]: readonly Series[]): number[] {
  return zip((h, l, c, v) => ratio(c - l - (h - c), h - l) * v, high!, low!, close!, volume!);
}

/** 1000, times the relative change of x wherever the volume went the way of `sign`. */
function index(x: Series, volume: Series, sign: number): number[] {
  let value = 1000;
  return x.map((now, i) => {
    if (i > 0 && Math.sign(volume[i]! - volume[i - 1]!) === sign) value *= now / x[i - 1]!;
    return value;
  });
}

export const volumeTwins: Readonly<Record<string, Twin>> = {
  obv: ([x, v], p) => {
    const signed = changes(x!).map((d, i) => (i === 0 ? (p.start === "zero" ? 0 : v![0]!) : Math.sign(d) * v![i]!));
    return [running(signed)];
  },
  ad: (series) => [running(moneyFlow(series))],
  cmf: (series, p) => [
    zip((a, b) => ratio(a, b), rollingSum(moneyFlow(series), p.period), rollingSum(series[3]!, p.period)),
  ],
  chaikin: (series, p) => {
    const line = running(moneyFlow(series));
    return [zip((a, b) => a - b, ema(line, p.fast, p.seed), ema(line, p.slow, p.seed))];
  },
  mfi: ([high, low, close, volume], p) => {
    const typical = typicalOf(high!, low!, close!);
    const flow = (sign: number): number[] =>
      changes(typical).map((d, i) => (Number.isNaN(d) ? d : Math.sign(d) === sign ? typical[i]! * volume![i]! : 0));
    return [zip((a, b) => 100 * ratio(a, a + b), rollingSum(flow(1), p.period), rollingSum(flow(-1), p.period))];
  },
  forceIndex: ([x, v], p) => [
    ema(
      zip((d, volume) => d * volume, changes(x!), v!),
      p.period,
      p.seed,
    ),
  ],
  vwap: ([high, low, close, volume], p) => {
    const typical = typicalOf(high!, low!, close!);
    const rows = typical.map((_, i) => {
      const [t, v] = [typical.slice(0, i + 1), volume!.slice(0, i + 1)];
      // Before any volume the newest price counts alone.
      if (sum(v) === 0) return [t[i]!, 0];
      const weighted = (of: (x: number) => number): number => sum(t.map((x, at) => (v[at]! / sum(v)) * of(x)));
      const about = t[i]! + weighted((x) => x - t[i]!);
      return [about, p.deviations * Math.sqrt(weighted((x) => (x - about) ** 2))];
    });
    return [rows.map(([m]) => m!), rows.map(([m, w]) => m! + w!), rows.map(([m, w]) => m! - w!)];
  },
  rollingVwap: ([high, low, close, volume], p) => {
    const typical = typicalOf(high!, low!, close!);
    const products = rollingSum(
      zip((a, b) => a * b, typical, volume!),
      p.period,
    );
    return [zip((a, b, c) => ratio(a, b, c), products, rollingSum(volume!, p.period), sma(typical, p.period))];
  },
  emv: ([high, low, volume], p) => {
    const moves = changes(zip((a, b) => (a + b) / 2, high!, low!));
    const each = zip((d, h, l, v) => ratio(d * (h - l) * p.scale, v), moves, high!, low!, volume!);
    return [each, overWindows(each, p.period, (w) => sum(w) / w.length)];
  },
  volumeIndex: ([x, v]) => [index(x!, v!, -1), index(x!, v!, 1)],
};
