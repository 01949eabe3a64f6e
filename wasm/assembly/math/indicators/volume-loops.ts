/**
 * Batches of the indicators that weigh prices by volume, past their warm-up: what no input hands on to the next is
 * computed two at a time, the rest in locals. Operations and their order are those of the pushes, and so are the bits.
 */
import { Exponential } from "../parts/exponential";
import { next } from "../parts/part";
import { SumWindow } from "../parts/sum-window";
import { both, IN0, IN1, IN2, IN3, OUT0, OUT1, OUT2, OUT3, pair, quotients, setPair, typicals } from "./chunk";
import { first, Indicator } from "./indicator";

export function obvLoop(s: Indicator, at: usize, end: usize): void {
  store<f64>(IN0 + at - 8, s.r0);
  s.r0 = load<f64>(IN0 + end - 8);
  for (let from = at; from < end; from += 16) {
    const now = pair(IN0 + from);
    const before = pair(IN0 + from - 8);
    const volume = pair(IN1 + from);
    const bought = v128.and(volume, f64x2.gt(now, before));
    setPair(OUT0 + from, f64x2.sub(bought, v128.and(volume, f64x2.lt(now, before))));
  }
  s.r1 = accumulate(OUT0, at, end, s.r1);
}

export function adLoop(s: Indicator, at: usize, end: usize): void {
  let line = s.r0;
  for (; at < end; at += 16) {
    const flows = flowsAt(at);
    line += f64x2.extract_lane(flows, 0);
    store<f64>(OUT0 + at, line);
    if (at + 8 == end) break;
    line += f64x2.extract_lane(flows, 1);
    store<f64>(OUT0 + at + 8, line);
  }
  s.r0 = line;
}

/** Each double of a chunk becomes the sum of `total` and all up to it; returns the last. */
function accumulate(chunk: usize, at: usize, end: usize, total: f64): f64 {
  for (; at < end; at += 8) {
    total += load<f64>(chunk + at);
    store<f64>(chunk + at, total);
  }
  return total;
}

/** Two of what `moneyFlow` gives. */
// @ts-ignore: decorator
@inline
function flowsAt(at: usize): v128 {
  const high = pair(IN0 + at);
  const low = pair(IN1 + at);
  const close = pair(IN2 + at);
  const place = f64x2.sub(f64x2.sub(close, low), f64x2.sub(high, close));
  return f64x2.mul(quotients(place, f64x2.sub(high, low), 0), pair(IN3 + at));
}

export function cmfLoop(s: Indicator, at: usize, end: usize): void {
  const flows = first<SumWindow>(s);
  for (let from = at; from < end; from += 16) setPair(OUT0 + from, flowsAt(from));
  flows.run(OUT0 + at, OUT0 + end, 0);
  next<SumWindow>(flows).run(IN3 + at, IN3 + end, 0);
  for (; at < end; at += 16) setPair(OUT0 + at, quotients(pair(OUT0 + at), pair(IN3 + at), 0));
}

export function chaikinLoop(s: Indicator, at: usize, end: usize): void {
  adLoop(s, at, end);
  const fast = first<Exponential>(s);
  const slow = next<Exponential>(fast);
  const fastDecay = fast.decay;
  const slowDecay = slow.decay;
  let quick = fast.distance;
  let calm = slow.distance;
  let before = fast.before;
  for (; at < end; at += 8) {
    const line = load<f64>(OUT0 + at);
    quick = fastDecay * (quick + (before - line));
    calm = slowDecay * (calm + (before - line));
    before = line;
    store<f64>(OUT0 + at, line + quick - (line + calm));
  }
  fast.distance = quick;
  slow.distance = calm;
  fast.before = before;
  slow.before = before;
}

export function mfiLoop(s: Indicator, at: usize, end: usize): void {
  typicals(OUT3, at, end);
  store<f64>(OUT3 + at - 8, s.r0);
  s.r0 = load<f64>(OUT3 + end - 8);
  for (let from = at; from < end; from += 16) {
    const typical = pair(OUT3 + from);
    const before = pair(OUT3 + from - 8);
    const flow = f64x2.mul(typical, pair(IN3 + from));
    setPair(OUT1 + from, v128.and(flow, f64x2.gt(typical, before)));
    setPair(OUT2 + from, v128.and(flow, f64x2.lt(typical, before)));
  }
  const rises = first<SumWindow>(s);
  rises.run(OUT1 + at, OUT1 + end, 0);
  next<SumWindow>(rises).run(OUT2 + at, OUT2 + end, 0);
  for (; at < end; at += 16) {
    const rising = pair(OUT1 + at);
    setPair(OUT0 + at, f64x2.mul(both(100), quotients(rising, f64x2.add(rising, pair(OUT2 + at)), 0)));
  }
}
