/**
 * Batches of the indicators made of windows, past their warm-up: each window runs over the whole chunk, and what its
 * results go into is computed two at a time. Operations and their order are those of the pushes, and so are the bits.
 */
import { HighestWindow } from "../parts/extreme-window";
import { Lag } from "../parts/lag";
import { LineWindow } from "../parts/line-window";
import { MeanWindow } from "../parts/mean-window";
import { MirrorWindow } from "../parts/mirror-window";
import { MomentsWindow } from "../parts/moments-window";
import { PairWindow } from "../parts/pair-window";
import { next } from "../parts/part";
import { SumWindow } from "../parts/sum-window";
import { WeightedWindow, weightsOf } from "../parts/weighted-window";
import {
  both, divide, IN0, IN1, IN2, largerOf, negate, OUT0, OUT1, OUT2, OUT3, OUT4, OUT5, pair, quotients, setPair,
  smallerOf, typicals,
} from "./chunk";
import { first, Indicator } from "./indicator";
import { standing } from "./oscillators";
import { squaredPlaces } from "./trend";

export function smaLoop(s: Indicator, at: usize, end: usize): void {
  first<MeanWindow>(s).run(IN0 + at, IN0 + end, OUT0 - IN0);
}

export function trimaLoop(s: Indicator, at: usize, end: usize): void {
  const one = first<SumWindow>(s);
  const two = next<SumWindow>(one);
  one.run(IN0 + at, IN0 + end, 0);
  divide(IN0, at, end, <f64>one.capacity);
  two.run(IN0 + at, IN0 + end, OUT0 - IN0);
  divide(OUT0, at, end, <f64>two.capacity);
}

export function wmaLoop(s: Indicator, at: usize, end: usize): void {
  first<WeightedWindow>(s).run(IN0 + at, IN0 + end, OUT0 - IN0, OUT1 - IN0);
  divide(OUT0, at, end, weightsOf(s.p0));
}

export function lsmaLoop(s: Indicator, at: usize, end: usize): void {
  first<WeightedWindow>(s).run(IN0 + at, IN0 + end, OUT0 - IN0, OUT1 - IN0);
  const weights = both(weightsOf(s.p0));
  const period = both(s.p0);
  for (; at < end; at += 16) {
    const weighted = f64x2.mul(both(3), f64x2.div(pair(OUT0 + at), weights));
    setPair(OUT0 + at, f64x2.sub(weighted, f64x2.mul(both(2), f64x2.div(pair(OUT1 + at), period))));
  }
}

export function momentumLoop(s: Indicator, at: usize, end: usize): void {
  first<Lag>(s).run(IN0 + at, IN0 + end, OUT0 - IN0);
  for (; at < end; at += 16) setPair(OUT0 + at, f64x2.sub(pair(IN0 + at), pair(OUT0 + at)));
}

export function rocLoop(s: Indicator, at: usize, end: usize): void {
  first<Lag>(s).run(IN0 + at, IN0 + end, OUT0 - IN0);
  for (; at < end; at += 16) {
    const old = pair(OUT0 + at);
    setPair(OUT0 + at, f64x2.mul(both(100), quotients(f64x2.sub(pair(IN0 + at), old), old, 0)));
  }
}

/** Runs both windows of extremes; leaves the highest in `highs` and the lowest, negated, in `lows`. */
export function runExtremes(window: HighestWindow, highs: usize, lows: usize, at: usize, end: usize): void {
  negate(lows, at, end);
  window.run(highs + at, highs + end, 0);
  next<HighestWindow>(window).run(lows + at, lows + end, 0);
}

export function extremesLoop(s: Indicator, at: usize, end: usize): void {
  memory.copy(IN1 + at, IN0 + at, end - at);
  runExtremes(first<HighestWindow>(s), IN0, IN1, at, end);
  for (; at < end; at += 16) {
    const high = pair(IN0 + at);
    const low = f64x2.neg(pair(IN1 + at));
    setPair(OUT0 + at, high);
    setPair(OUT1 + at, low);
    setPair(OUT2 + at, f64x2.mul(f64x2.add(high, low), both(0.5)));
  }
}

export function williamsLoop(s: Indicator, at: usize, end: usize): void {
  runExtremes(first<HighestWindow>(s), IN0, IN1, at, end);
  for (; at < end; at += 16) {
    const high = pair(IN0 + at);
    const range = f64x2.sub(high, f64x2.neg(pair(IN1 + at)));
    setPair(OUT0 + at, f64x2.mul(both(-100), quotients(f64x2.sub(high, pair(IN2 + at)), range, 0)));
  }
}

export function stochasticLoop(s: Indicator, at: usize, end: usize): void {
  const highs = first<HighestWindow>(s);
  runExtremes(highs, IN0, IN1, at, end);
  standLoop(IN0, next<SumWindow>(next<HighestWindow>(highs)), 0, at, end);
}

/** `stand`, of the highest in a chunk, the lowest, negated, in IN1, and the values in IN2. */
export function standLoop(highs: usize, smooth: SumWindow, least: f64, at: usize, end: usize): void {
  const signal = next<SumWindow>(smooth);
  for (let from = at; from < end; from += 16) {
    const low = f64x2.neg(pair(IN1 + from));
    const range = f64x2.sub(pair(highs + from), low);
    const counted = v128.and(range, f64x2.gt(range, both(least)));
    setPair(IN2 + from, f64x2.mul(both(100), quotients(f64x2.sub(pair(IN2 + from), low), counted, 0)));
  }
  smooth.run(IN2 + at, IN2 + end, OUT0 - IN2);
  divide(OUT0, at, end, <f64>smooth.capacity);
  signal.run(OUT0 + at, OUT0 + end, OUT1 - OUT0);
  divide(OUT1, at, end, <f64>signal.capacity);
}

/** Windows that lie in the chunk are taken from there: to load in pairs what was just stored singly is slow. */
export function cciLoop(s: Indicator, at: usize, end: usize): void {
  typicals(OUT1, 0, end);
  const window = first<MirrorWindow>(s);
  const older = <usize>(window.capacity - 1) << 3;
  for (; at < min(older, end); at += 8) {
    const typical = load<f64>(OUT1 + at);
    window.push(typical);
    store<f64>(OUT0 + at, standing(window.oldest, window.capacity, typical));
  }
  if (at == end) return;
  for (let next = max(at, end - older - 8); next < end; next += 8) window.push(load<f64>(OUT1 + next));
  for (; at < end; at += 8) {
    store<f64>(OUT0 + at, standing(OUT1 + at - older, window.capacity, load<f64>(OUT1 + at)));
  }
}

/** Runs the moments of IN0; leaves means in OUT1 and variances in OUT0. */
// @ts-ignore: decorator
@inline
function runMoments(s: Indicator, at: usize, end: usize): void {
  first<MomentsWindow>(s).run(IN0 + at, IN0 + end, OUT1 - IN0, OUT0 - IN0);
}

export function bollingerLoop(s: Indicator, at: usize, end: usize): void {
  runMoments(s, at, end);
  for (; at < end; at += 16) {
    const mean = pair(OUT1 + at);
    const width = f64x2.mul(both(s.p1), f64x2.sqrt(pair(OUT0 + at)));
    setPair(OUT0 + at, f64x2.add(mean, width));
    setPair(OUT2 + at, f64x2.sub(mean, width));
  }
}

export function deviationLoop(s: Indicator, at: usize, end: usize): void {
  varianceOf(s, s.p2 == 1, at, end);
  for (; at < end; at += 16) setPair(OUT0 + at, f64x2.mul(both(s.p1), f64x2.sqrt(pair(OUT0 + at))));
}

export function varianceLoop(s: Indicator, at: usize, end: usize): void {
  varianceOf(s, s.p1 == 1, at, end);
}

function varianceOf(s: Indicator, isSample: bool, at: usize, end: usize): void {
  runMoments(s, at, end);
  if (!isSample || s.p0 == 1) return;
  const share = both(s.p0 / (s.p0 - 1));
  for (; at < end; at += 16) setPair(OUT0 + at, f64x2.mul(pair(OUT0 + at), share));
}

export function ultimateLoop(s: Indicator, at: usize, end: usize): void {
  ultimateParts(s, at, end);
  let gains = first<SumWindow>(s);
  let ranges = next<SumWindow>(next<SumWindow>(next<SumWindow>(gains)));
  for (let from = at; from < end; from += 16) setPair(OUT0 + from, both(0));
  for (let weight: f64 = 4; weight >= 1; weight /= 2) {
    gains.run(OUT5 + at, OUT5 + end, OUT3 - OUT5);
    ranges.run(OUT4 + at, OUT4 + end, OUT2 - OUT4);
    for (let from = at; from < end; from += 16) {
      const share = f64x2.mul(both(weight), quotients(pair(OUT3 + from), pair(OUT2 + from), 0));
      setPair(OUT0 + from, f64x2.add(pair(OUT0 + from), share));
    }
    gains = next<SumWindow>(gains);
    ranges = next<SumWindow>(ranges);
  }
  for (; at < end; at += 16) setPair(OUT0 + at, f64x2.div(f64x2.mul(both(100), pair(OUT0 + at)), both(7)));
}

/** Buying pressures into OUT5, true ranges into OUT4. */
function ultimateParts(s: Indicator, at: usize, end: usize): void {
  store<f64>(IN2 + at - 8, s.r0);
  s.r0 = load<f64>(IN2 + end - 8);
  for (; at < end; at += 16) {
    const before = pair(IN2 + at - 8);
    const low = smallerOf(pair(IN1 + at), before);
    setPair(OUT5 + at, f64x2.sub(pair(IN2 + at), low));
    setPair(OUT4 + at, f64x2.sub(largerOf(pair(IN0 + at), before), low));
  }
}

/** Runs the pairs; leaves products in OUT1, squares in OUT2 and OUT3, means in OUT4 and OUT5. */
// @ts-ignore: decorator
@inline
function runPairs(s: Indicator, at: usize, end: usize): void {
  first<PairWindow>(s).run(IN0 + at, IN0 + end, IN1 - IN0, OUT1 - IN0, OUT2 - OUT1);
}

export function covarianceLoop(s: Indicator, at: usize, end: usize): void {
  runPairs(s, at, end);
  const n = both(s.p1 == 1 && s.p0 > 1 ? s.p0 - 1 : s.p0);
  for (; at < end; at += 16) setPair(OUT0 + at, f64x2.div(pair(OUT1 + at), n));
}

export function correlationLoop(s: Indicator, at: usize, end: usize): void {
  runPairs(s, at, end);
  for (; at < end; at += 16) {
    const spread = f64x2.mul(f64x2.sqrt(pair(OUT2 + at)), f64x2.sqrt(pair(OUT3 + at)));
    const share = quotients(pair(OUT1 + at), spread, 0);
    setPair(OUT0 + at, largerOf(both(-1), smallerOf(both(1), share)));
  }
}

export function betaLoop(s: Indicator, at: usize, end: usize): void {
  runPairs(s, at, end);
  for (; at < end; at += 16) {
    const slope = quotients(pair(OUT1 + at), pair(OUT3 + at), 0);
    setPair(OUT0 + at, slope);
    setPair(OUT1 + at, f64x2.sub(pair(OUT4 + at), f64x2.mul(slope, pair(OUT5 + at))));
  }
}

export function regressionLoop(s: Indicator, at: usize, end: usize): void {
  first<LineWindow>(s).run(IN0 + at, IN0 + end, OUT0 - IN0, OUT1 - OUT0);
  const places = both(squaredPlaces(s.p0));
  const half = both((s.p0 - 1) / 2);
  for (; at < end; at += 16) {
    const products = pair(OUT0 + at);
    const slope = f64x2.div(products, places);
    const explained = quotients(f64x2.mul(slope, products), pair(OUT1 + at), 0);
    setPair(OUT0 + at, slope);
    setPair(OUT1 + at, f64x2.sub(pair(OUT2 + at), f64x2.mul(slope, half)));
    setPair(OUT2 + at, smallerOf(explained, both(1)));
  }
}
