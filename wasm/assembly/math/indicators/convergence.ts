/**
 * Differences of averages of one series, and a signal that averages them. Each value is ready when its averages are;
 * errors are those of the averages, and of a difference relative to the larger of them. Sources: TA-Lib 0.6 for MACD,
 * PPO and TRIX; StockCharts ChartSchool for TSI, KST and the awesome oscillator.
 */
import { Exponential, placeEma } from "../parts/exponential";
import { Lag, placeLag } from "../parts/lag";
import { next } from "../parts/part";
import { placeSum, SumWindow } from "../parts/sum-window";
import { first, Indicator, quotient } from "./indicator";

/**
 * EMA(fast) − EMA(slow), its EMA(signal), and their difference. By p3 the averages are seeded by their means, the
 * faster one late, so that both begin with the same input (0, TA-Lib), or each as soon as it can (1), or by the first
 * input (2). Warm-up: slow − 1, and signal − 1 more; by the first input: 0.
 */
export function macdInit(s: Indicator): void {
  const fast = placeEma(<i32>s.p0, s.p3 == 2 ? 1 : 0);
  const slow = placeEma(<i32>s.p1, s.p3 == 2 ? 1 : 0);
  placeEma(<i32>s.p2, s.p3 == 2 ? 1 : 0);
  if (s.p3 != 0) return;
  const longest = max(fast.capacity, slow.capacity);
  fast.age = longest - fast.capacity;
  slow.age = longest - slow.capacity;
}

export function macdPush(s: Indicator): void {
  const fast = first<Exponential>(s);
  const slow = next<Exponential>(fast);
  const quick = fast.push(s.in0);
  signal(s, quick - slow.push(s.in0), next<Exponential>(slow));
}

/** 100 (EMA(fast) − EMA(slow)) / EMA(slow), 0 where the slow one is 0; the rest as in MACD. */
export function ppoPush(s: Indicator): void {
  const fast = first<Exponential>(s);
  const slow = next<Exponential>(fast);
  const quick = fast.push(s.in0);
  const calm = slow.push(s.in0);
  signal(s, quotient(quick - calm, calm, 0) * 100, next<Exponential>(slow));
}

// @ts-ignore: decorator
@inline
function signal(s: Indicator, line: f64, average: Exponential): void {
  if (line != line) return;
  const calm = average.push(line);
  s.out0 = line;
  s.out1 = calm;
  s.out2 = line - calm;
}

/** 100 (e3 / e3 before − 1), three EMAs of one another. Warm-up: 3 (period − 1) + 1. */
export function trixInit(s: Indicator): void {
  placeEma(<i32>s.p0, s.p1);
  placeEma(<i32>s.p0, s.p2);
  placeEma(<i32>s.p0, s.p2);
}

export function trixPush(s: Indicator): void {
  const one = first<Exponential>(s);
  const two = next<Exponential>(one);
  const e1 = one.push(s.in0);
  if (e1 != e1) return;
  const e2 = two.push(e1);
  if (e2 != e2) return;
  const three = next<Exponential>(two);
  const isLate = three.count == three.capacity;
  const before = three.value;
  const e3 = three.push(e2);
  if (isLate) s.out0 = 100 * quotient(e3 - before, before, 0);
}

/** 100 × EMA(short) of EMA(long) of the changes / the same of their magnitudes, 0 of a flat series; EMA(signal). */
export function tsiInit(s: Indicator): void {
  placeEma(<i32>s.p0, 0);
  placeEma(<i32>s.p1, 0);
  placeEma(<i32>s.p0, 0);
  placeEma(<i32>s.p1, 0);
  placeEma(<i32>s.p2, 0);
}

export function tsiPush(s: Indicator): void {
  const change = s.in0 - s.r0;
  s.r0 = s.in0;
  if (s.count == 0) return;
  const long = first<Exponential>(s);
  const short = next<Exponential>(long);
  const longSize = next<Exponential>(short);
  const shortSize = next<Exponential>(longSize);
  const smooth = long.push(change);
  const size = longSize.push(abs(change));
  if (smooth != smooth) return;
  const way = short.push(smooth);
  const path = shortSize.push(size);
  if (way != way) return;
  s.out0 = path == 0 ? 0 : 100 * (way / path);
  s.out1 = next<Exponential>(shortSize).push(s.out0);
}

/** SMA(short) − SMA(long) of the middle of high and low. Warm-up: long − 1. */
export function awesomeInit(s: Indicator): void {
  placeSum(<i32>s.p0);
  placeSum(<i32>s.p1);
}

export function awesomePush(s: Indicator): void {
  const middle = (s.in0 + s.in1) / 2;
  const short = first<SumWindow>(s);
  const mean = short.push(middle) / s.p0;
  s.out0 = mean - next<SumWindow>(short).push(middle) / s.p1;
}

/** Σ i × SMA(n(i)) of ROC(m(i)), i = 1 … 4, and the SMA(signal) of that. Warm-up: the largest of m + n − 1. */
export function kstInit(s: Indicator): void {
  for (let index = 0; index < 4; ++index) {
    placeLag(<i32>parameter(s, index));
    placeSum(<i32>parameter(s, index + 4));
  }
  placeSum(<i32>s.p8);
}

// @ts-ignore: decorator
@inline
function parameter(s: Indicator, index: i32): f64 {
  return load<f64>(changetype<usize>(s) + (<usize>index << 3), offsetof<Indicator>("p0"));
}

export function kstPush(s: Indicator): void {
  const x = s.in0;
  let lag = first<Lag>(s);
  let total: f64 = 0;
  for (let index = 1; index <= 4; ++index) {
    const window = next<SumWindow>(lag);
    const old = lag.push(x);
    if (old == old) total += (<f64>index * window.push(100 * quotient(x - old, old, 0))) / <f64>window.capacity;
    else total = NaN;
    lag = next<Lag>(window);
  }
  if (total != total) return;
  s.out0 = total;
  s.out1 = changetype<SumWindow>(lag).push(total) / s.p8;
}
