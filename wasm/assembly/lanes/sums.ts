/**
 * Means of the last `period` prices of eight series, by the blocks of math/parts/sum-window, whose sums, order and
 * error these are. Block: eight sums of the block that is filling, then `period` slots of eight, and one that stays 0,
 * which is all that the block before adds to a whole one.
 */
import { clear, Lanes, mostOf, SEEN } from "./state";

export const SMA_WIDTH = 8;

// @ts-ignore: decorator
@inline const SLOT: usize = 64;
// @ts-ignore: decorator
@inline const SLOTS: usize = 64;

/** Numbers a series. */
export function smaNumbers(period: i32): i32 {
  return 2 + period;
}

export function smaBlock(s: Lanes, block: usize, bars: i32, x: usize, y: usize): void {
  const stride = s.stride;
  const end = x + <usize>bars * stride;
  let position = s.position;
  while (x != end) {
    const whole = x + <usize>(s.period - position) * stride;
    const stop = min(whole, end);
    meanRows(s, block, block + SLOTS + <usize>position * SLOT, x, stop, y);
    if (stop != whole) return;
    turn(block, s.period);
    y += whole - x;
    x = whole;
    position = 0;
  }
}

function meanRows(s: Lanes, block: usize, slot: usize, x: usize, end: usize, y: usize): void {
  const stride = s.stride;
  const period = v128.load64_splat(changetype<usize>(s), offsetof<Lanes>("p0"));
  let seen = v128.load(SEEN);
  let filling0 = v128.load(block);
  let filling1 = v128.load(block, 16);
  let filling2 = v128.load(block, 32);
  let filling3 = v128.load(block, 48);
  for (; x != end; x += stride) {
    const now0 = v128.load(x);
    seen = mostOf(seen, now0);
    filling0 = f64x2.add(filling0, now0);
    v128.store(slot, now0);
    v128.store(y, f64x2.div(f64x2.add(v128.load(slot, 64), filling0), period));
    const now1 = v128.load(x, 16);
    seen = mostOf(seen, now1);
    filling1 = f64x2.add(filling1, now1);
    v128.store(slot, now1, 16);
    v128.store(y, f64x2.div(f64x2.add(v128.load(slot, 80), filling1), period), 16);
    const now2 = v128.load(x, 32);
    seen = mostOf(seen, now2);
    filling2 = f64x2.add(filling2, now2);
    v128.store(slot, now2, 32);
    v128.store(y, f64x2.div(f64x2.add(v128.load(slot, 96), filling2), period), 32);
    const now3 = v128.load(x, 48);
    seen = mostOf(seen, now3);
    filling3 = f64x2.add(filling3, now3);
    v128.store(slot, now3, 48);
    v128.store(y, f64x2.div(f64x2.add(v128.load(slot, 112), filling3), period), 48);
    slot += SLOT;
    y += stride;
  }
  v128.store(SEEN, seen);
  v128.store(block, filling0);
  v128.store(block, filling1, 16);
  v128.store(block, filling2, 32);
  v128.store(block, filling3, 48);
}

/** The block is whole: each slot becomes the sum from it to the end. */
function turn(block: usize, period: i32): void {
  const first = block + SLOTS;
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let sum2 = f64x2.splat(0);
  let sum3 = f64x2.splat(0);
  for (let slot = first + <usize>period * SLOT; slot != first; ) {
    slot -= SLOT;
    sum0 = f64x2.add(sum0, v128.load(slot));
    sum1 = f64x2.add(sum1, v128.load(slot, 16));
    sum2 = f64x2.add(sum2, v128.load(slot, 32));
    sum3 = f64x2.add(sum3, v128.load(slot, 48));
    v128.store(slot, sum0);
    v128.store(slot, sum1, 16);
    v128.store(slot, sum2, 32);
    v128.store(slot, sum3, 48);
  }
  clear(block, 4);
}
