/** The microstructure measures as their definitions read. */
import type { Twin } from "./twin.js";
import { changes, lag, mean, overWindows, ratio, rollingSum, type Series, zip } from "./windows.js";

/** The sign of the last change that was one. */
function tickRule(x: Series): number[] {
  const signs = changes(x).map((d) => (Number.isNaN(d) ? 0 : Math.sign(d)));
  return signs.map((_, index) => signs.slice(0, index + 1).findLast((sign) => sign !== 0) ?? 0);
}

export const microstructureTwins: Readonly<Record<string, Twin>> = {
  imbalance: ([bid, ask]) => [zip((a, b) => ratio(a - b, a + b), bid!, ask!)],
  microprice: ([bid, bidSize, ask, askSize]) => [
    zip((b, m, a, n) => ratio(b * n + a * m, m + n, (a + b) / 2), bid!, bidSize!, ask!, askSize!),
  ],
  spread: ([bid, ask]) => [zip((b, a) => a - b, bid!, ask!), zip((b, a) => (2 * (a - b)) / (a + b), bid!, ask!)],
  orderFlowImbalance: ([bid, bidSize, ask, askSize], p) => {
    const events = bid!.map((b, i) => {
      if (i === 0) return Number.NaN;
      const [b0, m0, a0, n0] = [bid![i - 1]!, bidSize![i - 1]!, ask![i - 1]!, askSize![i - 1]!];
      const [m, a, n] = [bidSize![i]!, ask![i]!, askSize![i]!];
      const bought = b > b0 ? m : b < b0 ? -m0 : m - m0;
      const sold = a < a0 ? n : a > a0 ? -n0 : n - n0;
      return bought - sold;
    });
    return [rollingSum(events, p.period)];
  },
  kyleLambda: ([x, q], p) => {
    const moves = changes(x!);
    const products = rollingSum(
      zip((d, v) => d * v, moves, q!),
      p.period,
    );
    const squares = rollingSum(
      zip((d, v) => (Number.isNaN(d) ? d : v * v), moves, q!),
      p.period,
    );
    return [zip((a, b) => ratio(a, b), products, squares)];
  },
  amihud: ([x, v], p) => {
    const each = zip(
      (d, before, now, volume) => ratio(Math.abs(d / before), now * volume),
      changes(x!),
      lag(x!, 1),
      x!,
      v!,
    );
    return [overWindows(each, p.period, mean)];
  },
  tickRule: ([x]) => [tickRule(x!)],
  leeReady: ([x, bid, ask]) => [
    zip((price, b, a, tick) => Math.sign(price - (a + b) / 2) || tick, x!, bid!, ask!, tickRule(x!)),
  ],
};
