/** The adaptive RSI and divergence as their definitions read. */
import type { Parameters, Twin } from "./twin.js";
import { changes, mean, overWindows, ratio, type Series, sma, variance, wilder, zip } from "./windows.js";

const rises = (x: Series): number[] => changes(x).map((d) => (Number.isNaN(d) ? d : Math.max(d, 0)));
const strength = (gain: number, loss: number): number => 100 * ratio(gain, gain + loss);

function lengths(x: Series, p: Parameters): number[] {
  const spread = overWindows(x, p.deviation, (w) => Math.sqrt(variance(w)));
  const wanted = zip(
    (usual, now) => (usual === 0 ? p.period : (p.period * usual) / now),
    sma(spread, p.smooth),
    spread,
  );
  return wanted.map((each, i) => {
    if (Number.isNaN(each)) return p.period;
    const isFlat = mean(spread.slice(i - p.smooth + 1, i + 1)) === 0;
    return isFlat ? p.period : Math.min(p.longest, Math.max(p.shortest, each));
  });
}

/** Wilder's average with a length for each input. */
function moving(x: Series, by: Series, seed: number): number[] {
  let value = Number.NaN;
  return x.map((each, i) => {
    if (i < seed) return Number.NaN;
    value = i === seed ? mean(x.slice(1, seed + 1)) : (1 - 1 / by[i]!) * value + each / by[i]!;
    return value;
  });
}

/** Divergences at highs, told at the input that confirms them. */
function bearish(x: Series, rsi: Series, p: Parameters): boolean[] {
  const told = x.map(() => false);
  let before = -1;
  for (let i = p.period + p.left; i + p.right < x.length; i++) {
    const isPast = x.slice(i - p.left, i).every((each) => each < x[i]!);
    if (!isPast || !x.slice(i + 1, i + p.right + 1).every((each) => each <= x[i]!)) continue;
    const isNear = before >= 0 && i - before <= p.within;
    told[i + p.right] = isNear && x[i]! > x[before]! && rsi[i]! < rsi[before]! - 1e-9;
    before = i;
  }
  return told;
}

export const strengthTwins: Readonly<Record<string, Twin>> = {
  adaptiveRsi: ([x], p) => {
    const by = lengths(x!, p);
    const begin = Math.max(p.period, p.deviation + p.smooth - 2);
    const average = (y: Series): number[] => moving(y, by, p.period);
    const value = zip(strength, average(rises(x!)), average(rises(x!.map((each) => -each))));
    return [value, by].map((each) => each.map((v, i) => (i < begin ? Number.NaN : v)));
  },
  divergence: ([x], p) => {
    const down = x!.map((each) => -each);
    const rsi = zip(strength, wilder(rises(x!), p.period), wilder(rises(down), p.period));
    const [highs, lows] = [
      bearish(x!, rsi, p),
      bearish(
        down,
        rsi.map((each) => -each),
        p,
      ),
    ];
    return [x!.map((_, i) => (i < p.period + p.left + p.right ? Number.NaN : highs[i] ? -1 : lows[i] ? 1 : 0))];
  },
};
