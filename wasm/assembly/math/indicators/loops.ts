/**
 * Batches of the indicators that are made of averages, past their warm-up: what moves from input to input stays in
 * locals, because a value that goes through memory between one step and the next costs more than the step. Operations
 * and their order are those of the pushes, so that the bits are the same; the tests hold every one to that.
 */
import { Exponential } from "../parts/exponential";
import { HighestWindow } from "../parts/extreme-window";
import { Lag } from "../parts/lag";
import { next } from "../parts/part";
import { SumWindow } from "../parts/sum-window";
import { Wilder } from "../parts/wilder";
import {
  both, IN0, IN1, IN2, OUT0, OUT1, OUT2, OUT3, OUT4, OUT5, pair, quotients, rangesAt, setPair, trueRanges,
} from "./chunk";
import { first, Indicator, positivePart } from "./indicator";
import { runExtremes, standLoop } from "./window-loops";

/** All loops go from byte `at` of the chunk to byte `end`. */
export function exponentialLoop(s: Indicator, at: usize, end: usize): void {
  first<Exponential>(s).run(IN0 + at, IN0 + end, OUT0 - IN0);
}

export function rmaLoop(s: Indicator, at: usize, end: usize): void {
  first<Wilder>(s).run(IN0 + at, IN0 + end, OUT0 - IN0);
}

/** Three averages of one another, of `from` and into three chunks; `from` may be one of them. */
function runThree(one: Exponential, from: usize, to1: usize, to2: usize, to3: usize, at: usize, end: usize): void {
  const two = next<Exponential>(one);
  const three = next<Exponential>(two);
  const decay = one.decay;
  let distance1 = one.distance;
  let distance2 = two.distance;
  let distance3 = three.distance;
  let before1 = one.before;
  let before2 = two.before;
  let before3 = three.before;
  for (; at < end; at += 8) {
    const x = load<f64>(from + at);
    distance1 = decay * (distance1 + (before1 - x));
    before1 = x;
    const e1 = x + distance1;
    distance2 = decay * (distance2 + (before2 - e1));
    before2 = e1;
    const e2 = e1 + distance2;
    distance3 = decay * (distance3 + (before3 - e2));
    before3 = e2;
    store<f64>(to1 + at, e1);
    store<f64>(to2 + at, e2);
    store<f64>(to3 + at, e2 + distance3);
  }
  one.distance = distance1;
  two.distance = distance2;
  three.distance = distance3;
  one.before = before1;
  two.before = before2;
  three.before = before3;
}

export function demaLoop(s: Indicator, at: usize, end: usize): void {
  const one = first<Exponential>(s);
  const two = next<Exponential>(one);
  const decay = one.decay;
  let distance1 = one.distance;
  let distance2 = two.distance;
  let before1 = one.before;
  let before2 = two.before;
  for (; at < end; at += 8) {
    const x = load<f64>(IN0 + at);
    distance1 = decay * (distance1 + (before1 - x));
    before1 = x;
    const e1 = x + distance1;
    distance2 = decay * (distance2 + (before2 - e1));
    before2 = e1;
    store<f64>(OUT0 + at, 2 * e1 - (e1 + distance2));
  }
  one.distance = distance1;
  two.distance = distance2;
  one.before = before1;
  two.before = before2;
}

export function temaLoop(s: Indicator, at: usize, end: usize): void {
  runThree(first<Exponential>(s), IN0, OUT0, OUT1, OUT2, at, end);
  for (; at < end; at += 16) {
    const difference = f64x2.sub(f64x2.mul(both(3), pair(OUT0 + at)), f64x2.mul(both(3), pair(OUT1 + at)));
    setPair(OUT0 + at, f64x2.add(difference, pair(OUT2 + at)));
  }
}

export function t3Loop(s: Indicator, at: usize, end: usize): void {
  const one = first<Exponential>(s);
  const four = next<Exponential>(next<Exponential>(next<Exponential>(one)));
  runThree(one, IN0, OUT0, OUT1, OUT2, at, end);
  runThree(four, OUT2, OUT3, OUT4, OUT5, at, end);
  const v = s.p3;
  const squared = v * v;
  const cubed = squared * v;
  const weight6 = both(-cubed);
  const weight5 = both(3 * (squared + cubed));
  const weight4 = both(3 * (2 * squared + v + cubed));
  const weight3 = both(1 + 3 * v + cubed + 3 * squared);
  for (; at < end; at += 16) {
    const late = f64x2.add(f64x2.mul(weight6, pair(OUT5 + at)), f64x2.mul(weight5, pair(OUT4 + at)));
    const most = f64x2.sub(late, f64x2.mul(weight4, pair(OUT3 + at)));
    setPair(OUT0 + at, f64x2.add(most, f64x2.mul(weight3, pair(OUT2 + at))));
  }
}

export function trixLoop(s: Indicator, at: usize, end: usize): void {
  const one = first<Exponential>(s);
  const three = next<Exponential>(next<Exponential>(one));
  store<f64>(OUT2 + at - 8, three.value);
  runThree(one, IN0, OUT0, OUT1, OUT2, at, end);
  for (; at < end; at += 16) {
    const before = pair(OUT2 + at - 8);
    const change = f64x2.sub(pair(OUT2 + at), before);
    setPair(OUT0 + at, f64x2.mul(both(100), quotients(change, before, 0)));
  }
}

export function kamaLoop(s: Indicator, at: usize, end: usize): void {
  const lag = first<Lag>(s);
  store<f64>(IN0 + at - 8, s.r0);
  for (let from = at; from < end; from += 16) {
    setPair(OUT2 + from, f64x2.abs(f64x2.sub(pair(IN0 + from), pair(IN0 + from - 8))));
  }
  lag.run(IN0 + at, IN0 + end, OUT1 - IN0);
  next<SumWindow>(lag).run(OUT2 + at, OUT2 + end, 0);
  kamaDecays(s, at, end);
  let before = s.r0;
  let distance = s.r1;
  for (; at < end; at += 8) {
    const x = load<f64>(IN0 + at);
    distance = load<f64>(OUT1 + at) * (distance + (before - x));
    before = x;
    store<f64>(OUT0 + at, x + distance);
  }
  s.r0 = before;
  s.r1 = distance;
}

/** 1 − c² into OUT1, of the inputs of a period ago there and the paths since in OUT2. */
function kamaDecays(s: Indicator, at: usize, end: usize): void {
  const slow = 2 / (s.p2 + 1);
  const span = both(2 / (s.p1 + 1) - slow);
  for (; at < end; at += 16) {
    const way = f64x2.abs(f64x2.sub(pair(IN0 + at), pair(OUT1 + at)));
    const path = pair(OUT2 + at);
    const efficiency = v128.bitselect(both(1), f64x2.div(way, path), f64x2.le(path, way));
    const c = f64x2.add(f64x2.mul(efficiency, span), both(slow));
    setPair(OUT1 + at, f64x2.sub(both(1), f64x2.mul(c, c)));
  }
}

export function macdLoop(s: Indicator, at: usize, end: usize): void {
  const fast = first<Exponential>(s);
  const slow = next<Exponential>(fast);
  const signal = next<Exponential>(slow);
  const fastDecay = fast.decay;
  const slowDecay = slow.decay;
  const signalDecay = signal.decay;
  let quick = fast.distance;
  let heavy = slow.distance;
  let calm = signal.distance;
  let before = fast.before;
  let lineBefore = signal.before;
  for (; at < end; at += 8) {
    const x = load<f64>(IN0 + at);
    quick = fastDecay * (quick + (before - x));
    heavy = slowDecay * (heavy + (before - x));
    before = x;
    const line = x + quick - (x + heavy);
    calm = signalDecay * (calm + (lineBefore - line));
    lineBefore = line;
    store<f64>(OUT0 + at, line);
    store<f64>(OUT1 + at, line + calm);
    store<f64>(OUT2 + at, line - (line + calm));
  }
  fast.distance = quick;
  slow.distance = heavy;
  signal.distance = calm;
  fast.before = before;
  slow.before = before;
  signal.before = lineBefore;
}

export function ppoLoop(s: Indicator, at: usize, end: usize): void {
  const fast = first<Exponential>(s);
  const slow = next<Exponential>(fast);
  fast.run(IN0 + at, IN0 + end, OUT0 - IN0);
  slow.run(IN0 + at, IN0 + end, OUT1 - IN0);
  for (let from = at; from < end; from += 16) {
    const calm = pair(OUT1 + from);
    setPair(OUT0 + from, f64x2.mul(quotients(f64x2.sub(pair(OUT0 + from), calm), calm, 0), both(100)));
  }
  next<Exponential>(slow).run(OUT0 + at, OUT0 + end, OUT1 - OUT0);
  for (; at < end; at += 16) setPair(OUT2 + at, f64x2.sub(pair(OUT0 + at), pair(OUT1 + at)));
}

/** Wilder's averages of the rises and falls of IN0, into OUT0 and OUT1; the averages lie at `gains`. */
function runStrength(s: Indicator, gains: Wilder, at: usize, end: usize): void {
  const losses = next<Wilder>(gains);
  store<f64>(IN0 + at - 8, s.r0);
  s.r0 = load<f64>(IN0 + end - 8);
  if (gains.isBetween) {
    strengthAt(gains, at);
    at += 8;
  }
  const alpha = both(gains.alpha);
  const decay = both(gains.decay);
  const square = both(gains.square);
  let base = f64x2.replace_lane(both(gains.base), 1, losses.base);
  for (; at + 8 < end; at += 16) {
    const rises = f64x2.sub(pair(IN0 + at), pair(IN0 + at - 8));
    const ups = f64x2.pmax(f64x2.splat(0), rises);
    const downs = f64x2.sub(ups, rises);
    const carry = f64x2.mul(alpha, v128.shuffle<f64>(ups, downs, 0, 2));
    const odd = f64x2.add(f64x2.mul(decay, base), carry);
    const more = f64x2.mul(alpha, v128.shuffle<f64>(ups, downs, 1, 3));
    base = f64x2.add(f64x2.mul(square, base), f64x2.add(f64x2.mul(decay, carry), more));
    setPair(OUT0 + at, v128.shuffle<f64>(odd, base, 0, 2));
    setPair(OUT1 + at, v128.shuffle<f64>(odd, base, 1, 3));
  }
  gains.base = f64x2.extract_lane(base, 0);
  losses.base = f64x2.extract_lane(base, 1);
  if (at < end) strengthAt(gains, at);
}

function strengthAt(gains: Wilder, at: usize): void {
  const rise = load<f64>(IN0 + at) - load<f64>(IN0 + at - 8);
  store<f64>(OUT0 + at, gains.push(positivePart(rise)));
  store<f64>(OUT1 + at, next<Wilder>(gains).push(positivePart(-rise)));
}

/** 100 × a chunk / the sum of OUT0 and OUT1, 0 where that is 0, into OUT0. */
function shares(chunk: usize, at: usize, end: usize): void {
  for (; at < end; at += 16) {
    const sum = f64x2.add(pair(OUT0 + at), pair(OUT1 + at));
    const share = f64x2.mul(both(100), f64x2.div(pair(chunk + at), sum));
    setPair(OUT0 + at, v128.andnot(share, f64x2.eq(sum, both(0))));
  }
}

export function rsiLoop(s: Indicator, at: usize, end: usize): void {
  runStrength(s, first<Wilder>(s), at, end);
  shares(OUT0, at, end);
}

/** With plain sums instead of averages there is no loop. */
export function cmoLoop(s: Indicator, at: usize, end: usize): bool {
  if (s.p1 != 0) return false;
  runStrength(s, first<Wilder>(s), at, end);
  for (let from = at; from < end; from += 16) setPair(OUT2 + from, f64x2.sub(pair(OUT0 + from), pair(OUT1 + from)));
  shares(OUT2, at, end);
  return true;
}

export function stochasticRsiLoop(s: Indicator, at: usize, end: usize): void {
  const highs = first<HighestWindow>(s);
  const smooth = next<SumWindow>(next<HighestWindow>(highs));
  runStrength(s, next<Wilder>(next<SumWindow>(smooth)), at, end);
  shares(OUT0, at, end);
  memory.copy(IN1 + at, OUT0 + at, end - at);
  memory.copy(IN2 + at, OUT0 + at, end - at);
  runExtremes(highs, OUT0, IN1, at, end);
  standLoop(OUT0, smooth, 1e-10, at, end);
}

export function trueRangeLoop(s: Indicator, at: usize, end: usize): void {
  s.r0 = trueRanges(OUT0, at, end, s.r0);
}

export function atrLoop(s: Indicator, at: usize, end: usize): void {
  const average = first<Wilder>(s);
  store<f64>(IN2 + at - 8, s.r0);
  s.r0 = load<f64>(IN2 + end - 8);
  if (average.isBetween) {
    store<f64>(OUT0 + at, average.push(f64x2.extract_lane(rangesAt(at), 0)));
    at += 8;
  }
  const alpha = both(average.alpha);
  const decay = average.decay;
  const square = average.square;
  let base = average.base;
  for (; at + 8 < end; at += 16) {
    const parts = f64x2.mul(alpha, rangesAt(at));
    const carry = f64x2.extract_lane(parts, 0);
    store<f64>(OUT0 + at, decay * base + carry);
    base = square * base + (decay * carry + f64x2.extract_lane(parts, 1));
    store<f64>(OUT0 + at + 8, base);
  }
  average.base = base;
  if (at < end) store<f64>(OUT0 + at, average.push(f64x2.extract_lane(rangesAt(at), 0)));
}

export function natrLoop(s: Indicator, at: usize, end: usize): void {
  atrLoop(s, at, end);
  for (; at < end; at += 16) {
    setPair(OUT0 + at, f64x2.mul(both(100), quotients(pair(OUT0 + at), pair(IN2 + at), 0)));
  }
}
