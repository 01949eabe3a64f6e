/** Return to the mean, the rescaled range and the rank of volatility as their definitions read. */
import type { Parameters, Twin } from "./twin.js";
import { changes, mean, overWindows, ratio, type Series, sum, variance } from "./windows.js";

const logReturns = (x: Series): number[] => changes(x.map(Math.log));

/** κ of a window of inputs. */
function reversion(w: Series): number {
  const before = w.slice(0, -1).map((each) => each - w.at(-1)!);
  const moves = changes(w).slice(1);
  const products = sum(before.map((each, i) => (each - mean(before)) * (moves[i]! - mean(moves))));
  return -ratio(products, sum(before.map((each) => (each - mean(before)) ** 2)));
}

function rescaled(r: Series): number {
  const deviation = Math.sqrt(variance(r));
  const path = r.map((_, i) => sum(r.slice(0, i + 1).map((each) => each - mean(r))));
  return deviation <= 1e-12 ? 0 : (Math.max(0, ...path) - Math.min(0, ...path)) / deviation;
}

/** Γ((m − 1) / 2) / Γ(m / 2) by their products from Γ(1/2) and Γ(1) on. */
function gammas(m: number): number {
  if (m === 2) return Math.sqrt(Math.PI);
  return m === 3 ? 2 / Math.sqrt(Math.PI) : (gammas(m - 2) * (m - 3)) / (m - 2);
}

function expected(m: number): number {
  const roots = sum(Array.from({ length: m - 1 }, (_, i) => Math.sqrt((m - i - 1) / (i + 1))));
  return ((m <= 340 ? gammas(m) : Math.sqrt(2 / m)) / Math.sqrt(Math.PI)) * roots;
}

function hurst(r: Series): [number, number] {
  const points: number[][] = [];
  for (let count = 1; Math.floor(r.length / count) >= 8; count *= 2) {
    const m = Math.floor(r.length / count);
    const kept = r.slice(r.length - m * count);
    const range = mean(Array.from({ length: count }, (_, i) => rescaled(kept.slice(i * m, i * m + m))));
    points.push([Math.log(m), Math.log(range), Math.log(range - expected(m) + Math.sqrt((Math.PI * m) / 2))]);
  }
  if (points.some((point) => point[1] === Number.NEGATIVE_INFINITY)) return [0.5, 0.5];
  const slope = (at: number): number => {
    const [x, y] = [points.map((point) => point[0]!), points.map((point) => point[at]!)];
    const products = sum(x.map((each, i) => (each - mean(x)) * (y[i]! - mean(y))));
    return products / sum(x.map((each) => (each - mean(x)) ** 2));
  };
  return [slope(1), slope(2)];
}

function regimes(x: Series, p: Parameters): number[][] {
  const ranks = overWindows(overWindows(logReturns(x), p.period, variance), p.history, (w) => {
    const equal = 1e-9 * Math.max(...w);
    const others = w.slice(0, -1);
    const below = others.filter((each) => each < w.at(-1)! - equal).length;
    const same = others.filter((each) => Math.abs(each - w.at(-1)!) <= equal).length;
    return (below + same / 2) / others.length;
  });
  let regime = 0;
  const states = ranks.map((rank) => {
    if (Number.isNaN(rank)) return rank;
    const staysHigh = regime === 1 && rank >= p.high - p.hysteresis;
    const staysLow = regime === -1 && rank <= p.low + p.hysteresis;
    if (!staysHigh && !staysLow) regime = rank > p.high ? 1 : rank < p.low ? -1 : 0;
    return regime;
  });
  return [states, ranks];
}

export const persistenceTwins: Readonly<Record<string, Twin>> = {
  halfLife: ([x], p) => {
    const speed = overWindows(x!, p.period + 1, reversion);
    return [speed.map((each) => (each <= 0 ? 1e6 : Math.min(Math.log(2) / each, 1e6))), speed];
  },
  hurst: ([x], p) => [0, 1].map((at) => overWindows(logReturns(x!), p.period, (w) => hurst(w)[at]!)),
  volatilityRegime: ([x], p) => regimes(x!, p),
};
