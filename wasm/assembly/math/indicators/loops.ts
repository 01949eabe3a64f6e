/**
 * Batches of the indicators used most, past their warm-up: what moves from input to input stays in locals, because a
 * value that goes through memory between one step and the next costs more than the step. Each is its kernel's push, in
 * the same order of operations, so that the bits are the same; the tests hold every one to that.
 */
import { CHUNK_INPUTS, CHUNK_OUTPUTS, CHUNK_STRIDE } from "../../../layout";
import { larger, smaller } from "../number";
import { Exponential } from "../parts/exponential";
import { MomentsWindow, PIVOT_FRACTION } from "../parts/moments-window";
import { next } from "../parts/part";
import { SumWindow } from "../parts/sum-window";
import { Wilder } from "../parts/wilder";
import { first, Indicator, positivePart, quotient } from "./indicator";
import { share } from "./oscillators";
import { bollingerPush } from "./volatility";

// @ts-ignore: decorator
@inline
function input(at: usize, number: usize): f64 {
  return load<f64>(CHUNK_INPUTS + number * CHUNK_STRIDE + at);
}

// @ts-ignore: decorator
@inline
function output(at: usize, number: usize, value: f64): void {
  store<f64>(CHUNK_OUTPUTS + number * CHUNK_STRIDE + at, value);
}

/** All loops go from byte `at` of the chunk to byte `end`. */
export function exponentialLoop(s: Indicator, at: usize, end: usize): void {
  const average = first<Exponential>(s);
  const alpha = average.alpha;
  let value = average.value;
  for (; at < end; at += 8) {
    value += alpha * (input(at, 0) - value);
    output(at, 0, value);
  }
  average.value = value;
}

export function rmaLoop(s: Indicator, at: usize, end: usize): void {
  const average = first<Wilder>(s);
  const alpha = average.alpha;
  const decay = average.decay;
  let value = average.value;
  for (; at < end; at += 8) {
    value = decay * value + alpha * input(at, 0);
    output(at, 0, value);
  }
  average.value = value;
}

export function rsiLoop(s: Indicator, at: usize, end: usize): void {
  const gains = first<Wilder>(s);
  const losses = next<Wilder>(gains);
  const alpha = gains.alpha;
  const decay = gains.decay;
  let gain = gains.value;
  let loss = losses.value;
  let before = s.r0;
  for (; at < end; at += 8) {
    const x = input(at, 0);
    const rise = x - before;
    before = x;
    gain = decay * gain + alpha * positivePart(rise);
    loss = decay * loss + alpha * positivePart(-rise);
    output(at, 0, share(gain, loss));
  }
  gains.value = gain;
  losses.value = loss;
  s.r0 = before;
}

export function macdLoop(s: Indicator, at: usize, end: usize): void {
  const fast = first<Exponential>(s);
  const slow = next<Exponential>(fast);
  const calm = next<Exponential>(slow);
  const fastAlpha = fast.alpha;
  const slowAlpha = slow.alpha;
  const calmAlpha = calm.alpha;
  let quick = fast.value;
  let heavy = slow.value;
  let signal = calm.value;
  for (; at < end; at += 8) {
    const x = input(at, 0);
    quick += fastAlpha * (x - quick);
    heavy += slowAlpha * (x - heavy);
    const line = quick - heavy;
    signal += calmAlpha * (line - signal);
    output(at, 0, line);
    output(at, 1, signal);
    output(at, 2, line - signal);
  }
  fast.value = quick;
  slow.value = heavy;
  calm.value = signal;
}

export function atrLoop(s: Indicator, at: usize, end: usize): void {
  const average = first<Wilder>(s);
  const alpha = average.alpha;
  const decay = average.decay;
  let value = average.value;
  let before = s.r0;
  for (; at < end; at += 8) {
    value = decay * value + alpha * (larger(input(at, 0), before) - smaller(input(at, 1), before));
    before = input(at, 2);
    output(at, 0, value);
  }
  average.value = value;
  s.r0 = before;
}

export function natrLoop(s: Indicator, at: usize, end: usize): void {
  const average = first<Wilder>(s);
  const alpha = average.alpha;
  const decay = average.decay;
  let value = average.value;
  let before = s.r0;
  for (; at < end; at += 8) {
    value = decay * value + alpha * (larger(input(at, 0), before) - smaller(input(at, 1), before));
    before = input(at, 2);
    output(at, 0, 100 * quotient(value, before, 0));
  }
  average.value = value;
  s.r0 = before;
}

/** Block by block; the input that fills one goes through the window's own push. */
export function smaLoop(s: Indicator, at: usize, end: usize): void {
  const window = first<SumWindow>(s);
  const period = s.p0;
  while (at < end) {
    const left = <usize>(window.capacity - window.position - 1) << 3;
    const stop = min(at + left, end);
    let slot = changetype<usize>(window) + offsetof<SumWindow>() + (<usize>window.position << 3);
    let filling = window.filling;
    window.position += <i32>((stop - at) >> 3);
    for (; at < stop; at += 8) {
      const x = input(at, 0);
      filling += x;
      store<f64>(slot, x);
      slot += 8;
      output(at, 0, (load<f64>(slot) + filling) / period);
    }
    window.filling = filling;
    if (at < end) {
      output(at, 0, window.push(input(at, 0)) / period);
      at += 8;
    }
  }
}

/** As above; and an input that calls for another pivot goes through the push as well. */
export function bollingerLoop(s: Indicator, at: usize, end: usize): void {
  const window = first<MomentsWindow>(s);
  while (at < end) {
    at = bollingerBlock(window, s.p1, at, min(at + (<usize>(window.capacity - window.position - 1) << 3), end));
    if (at == end) return;
    s.in0 = input(at, 0);
    bollingerPush(s);
    output(at, 0, s.out0);
    output(at, 1, s.out1);
    output(at, 2, s.out2);
    at += 8;
  }
}

function bollingerBlock(window: MomentsWindow, deviations: f64, at: usize, stop: usize): usize {
  const begin = at;
  const pivot = window.pivot;
  const inverse = window.inverse;
  let slot = changetype<usize>(window) + offsetof<MomentsWindow>() + <usize>window.position * 24;
  let filling = window.filling;
  let squares = window.fillingSquares;
  for (; at < stop; at += 8) {
    const x = input(at, 0);
    const distance = x - pivot;
    const more = filling + distance;
    const moreSquares = squares + distance * distance;
    const sum = load<f64>(slot, 32) + more;
    const total = load<f64>(slot, 40) + moreSquares;
    const drift = sum * inverse;
    const spread = total - drift * sum;
    if (spread < total * PIVOT_FRACTION && pivot + drift != pivot) break;
    store<f64>(slot, x);
    slot += 24;
    filling = more;
    squares = moreSquares;
    const mean = pivot + drift;
    const width = deviations * sqrt(spread > 0 ? spread * inverse : 0);
    output(at, 0, mean + width);
    output(at, 1, mean);
    output(at, 2, mean - width);
  }
  window.position += <i32>((at - begin) >> 3);
  window.filling = filling;
  window.fillingSquares = squares;
  return at;
}
