/**
 * Means of the last `period` prices of eight series, by the blocks and pivots of math/parts/mean-window, whose sums,
 * order and error these are. Block: eight sums of the block that is filling, eight pivots, then `period` slots of
 * eight, of which the last stays 0, as it does there.
 */
import { clear, copy, Lanes, mostOf, SEEN } from "./state";

export const SMA_WIDTH = 8;

// @ts-ignore: decorator
@inline const SLOT: usize = 64;
// @ts-ignore: decorator
@inline const PIVOTS: usize = 64;
// @ts-ignore: decorator
@inline const SLOTS: usize = 128;

/** Numbers a series. */
export function smaNumbers(period: i32): i32 {
  return 2 + period;
}

export function smaBlock(s: Lanes, block: usize, bars: i32, x: usize, y: usize): void {
  const stride = s.stride;
  const end = x + <usize>bars * stride;
  let position = s.position;
  while (x != end) {
    const last = x + <usize>(s.period - position - 1) * stride;
    const stop = min(last, end);
    meanRows(s, block, block + SLOTS + <usize>position * SLOT, x, stop, y);
    if (stop == end) return;
    y += last - x;
    turn(s, block, last, y);
    x = last + stride;
    y += stride;
    position = 0;
  }
}

function meanRows(s: Lanes, block: usize, slot: usize, x: usize, end: usize, y: usize): void {
  const stride = s.stride;
  const inverse = v128.load64_splat(changetype<usize>(s), offsetof<Lanes>("alpha"));
  const pivot0 = v128.load(block, PIVOTS);
  const pivot1 = v128.load(block, PIVOTS + 16);
  const pivot2 = v128.load(block, PIVOTS + 32);
  const pivot3 = v128.load(block, PIVOTS + 48);
  let seen = v128.load(SEEN);
  let filling0 = v128.load(block);
  let filling1 = v128.load(block, 16);
  let filling2 = v128.load(block, 32);
  let filling3 = v128.load(block, 48);
  for (; x != end; x += stride) {
    const now0 = v128.load(x);
    seen = mostOf(seen, now0);
    filling0 = f64x2.add(filling0, f64x2.sub(now0, pivot0));
    v128.store(slot, now0);
    v128.store(y, meanOf(pivot0, f64x2.add(v128.load(slot, 64), filling0), inverse));
    const now1 = v128.load(x, 16);
    seen = mostOf(seen, now1);
    filling1 = f64x2.add(filling1, f64x2.sub(now1, pivot1));
    v128.store(slot, now1, 16);
    v128.store(y, meanOf(pivot1, f64x2.add(v128.load(slot, 80), filling1), inverse), 16);
    const now2 = v128.load(x, 32);
    seen = mostOf(seen, now2);
    filling2 = f64x2.add(filling2, f64x2.sub(now2, pivot2));
    v128.store(slot, now2, 32);
    v128.store(y, meanOf(pivot2, f64x2.add(v128.load(slot, 96), filling2), inverse), 32);
    const now3 = v128.load(x, 48);
    seen = mostOf(seen, now3);
    filling3 = f64x2.add(filling3, f64x2.sub(now3, pivot3));
    v128.store(slot, now3, 48);
    v128.store(y, meanOf(pivot3, f64x2.add(v128.load(slot, 112), filling3), inverse), 48);
    slot += SLOT;
    y += stride;
  }
  v128.store(SEEN, seen);
  v128.store(block, filling0);
  v128.store(block, filling1, 16);
  v128.store(block, filling2, 32);
  v128.store(block, filling3, 48);
}

// @ts-ignore: decorator
@inline
function meanOf(pivot: v128, sum: v128, inverse: v128): v128 {
  return f64x2.add(pivot, f64x2.mul(sum, inverse));
}

/** The block is whole with the row `x`, the next pivots: each slot becomes the sum of the distances to the end. */
function turn(s: Lanes, block: usize, x: usize, y: usize): void {
  const first = block + SLOTS;
  const inverse = v128.load64_splat(changetype<usize>(s), offsetof<Lanes>("alpha"));
  const pivot0 = v128.load(x);
  const pivot1 = v128.load(x, 16);
  const pivot2 = v128.load(x, 32);
  const pivot3 = v128.load(x, 48);
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let sum2 = f64x2.splat(0);
  let sum3 = f64x2.splat(0);
  for (let slot = first + <usize>(s.period - 1) * SLOT; slot != first; ) {
    slot -= SLOT;
    sum0 = f64x2.add(sum0, f64x2.sub(v128.load(slot), pivot0));
    sum1 = f64x2.add(sum1, f64x2.sub(v128.load(slot, 16), pivot1));
    sum2 = f64x2.add(sum2, f64x2.sub(v128.load(slot, 32), pivot2));
    sum3 = f64x2.add(sum3, f64x2.sub(v128.load(slot, 48), pivot3));
    v128.store(slot, sum0);
    v128.store(slot, sum1, 16);
    v128.store(slot, sum2, 32);
    v128.store(slot, sum3, 48);
  }
  v128.store(SEEN, mostOf(mostOf(mostOf(mostOf(v128.load(SEEN), pivot0), pivot1), pivot2), pivot3));
  clear(block, 4);
  copy(block + PIVOTS, x, 4);
  v128.store(y, meanOf(pivot0, sum0, inverse));
  v128.store(y, meanOf(pivot1, sum1, inverse), 16);
  v128.store(y, meanOf(pivot2, sum2, inverse), 32);
  v128.store(y, meanOf(pivot3, sum3, inverse), 48);
}
