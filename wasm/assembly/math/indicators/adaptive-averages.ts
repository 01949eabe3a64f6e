/**
 * Averages whose weights are not those of plain sums: KAMA and MAMA follow the market, ALMA has a bell of weights.
 * Sources: TA-Lib 0.6 for KAMA and MAMA; Legoux and Kouzis-Loukas 2009 for ALMA.
 */
import { Lag, placeLag } from "../parts/lag";
import { next } from "../parts/part";
import { placeSum, SumWindow } from "../parts/sum-window";
import { first, Indicator } from "./indicator";

/**
 * value += c² (x − value), c = e (f − s) + s with f, s = 2 / (fast + 1), 2 / (slow + 1), and the efficiency
 * e = |x − x(period)| / Σ |changes| over the period, 1 when nothing changed. Seed: the input before the first value,
 * warm-up period; or that input is itself the first value, period − 1. Kept, as exponential averages are, as its
 * distance from the newest input (register 1). Error: 3 ulp of the distance a push, shrunk by 1 − c² afterwards.
 */
export function kamaInit(s: Indicator): void {
  placeLag(<i32>s.p0);
  placeSum(<i32>s.p0);
}

export function kamaPush(s: Indicator): void {
  const x = s.in0;
  const lag = first<Lag>(s);
  const old = lag.push(x);
  const path = s.count == 0 ? NaN : next<SumWindow>(lag).push(abs(x - s.r0));
  const previous = s.r0;
  s.r0 = x;
  if (old != old) {
    if (s.p3 == 1 && lag.isFull) s.out0 = x;
    return;
  }
  const way = abs(x - old);
  const efficiency = path <= way ? 1 : way / path;
  const slow = 2 / (s.p2 + 1);
  const c = efficiency * (2 / (s.p1 + 1) - slow) + slow;
  s.r1 = (1 - c * c) * (s.r1 + (previous - x));
  s.out0 = x + s.r1;
}

/** Σ w(i) x(i), w(i) = exp(−(i − m)² / (2 d²)) / Σ …, m = offset × (n − 1), d = n / sigma. Warm-up: n − 1. O(n). */
export function almaInit(s: Indicator): void {
  const period = <i32>s.p0;
  placeLag(period);
  const weights = placeLag(period);
  const middle = s.p1 * <f64>(period - 1);
  const width = s.p0 / s.p2;
  let total: f64 = 0;
  for (let index = 0; index < period; ++index) {
    const distance = <f64>index - middle;
    const weight = NativeMath.exp(-(distance * distance) / (2 * width * width));
    weights.push(weight);
    total += weight;
  }
  s.r0 = total;
}

export function almaPush(s: Indicator): void {
  const lag = first<Lag>(s);
  const weights = next<Lag>(lag);
  lag.push(s.in0);
  if (!lag.isFull) return;
  let sum: f64 = 0;
  for (let index = 0; index < lag.capacity; ++index) sum += weights.at(index) * lag.at(index);
  s.out0 = sum / s.r0;
}
