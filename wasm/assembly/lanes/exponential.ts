/**
 * Exponential averages of eight series, begun with the mean of `needed` prices, by way of their distances from the
 * newest prices. The steps are those of math/parts/exponential, and so are bits and error. Block: eight prices before,
 * eight distances; until the seed is whole, its sums.
 */
import { copy, divide, Lanes, mostOf, SEEN } from "./state";

export const EMA_WIDTH = 8;
export const EMA_NUMBERS = 2;

export function emaBlock(s: Lanes, block: usize, bars: i32, x: usize, y: usize): void {
  const seeds = min(s.needed - s.count, bars);
  const stride = s.stride;
  const done = <usize>seeds * stride;
  if (seeds > 0) {
    sumRows(block + 64, x, x + done, stride);
    if (s.count + seeds < s.needed) return;
    divide(block + 64, 4, <f64>s.needed);
    seedRow(block, x + done - stride, y + done - stride);
  }
  averageRows(s, block, x + done, x + <usize>bars * stride, y + done);
}

function sumRows(sums: usize, x: usize, end: usize, stride: usize): void {
  for (; x != end; x += stride) {
    for (let at: usize = 0; at < 64; at += 16) {
      v128.store(sums + at, f64x2.add(v128.load(sums + at), v128.load(x + at)));
    }
  }
}

/** The last bar of the seed, whose means take the place of the distances from it. */
function seedRow(block: usize, x: usize, y: usize): void {
  copy(block, x, 4);
  for (let at: usize = 0; at < 64; at += 16) {
    const now = v128.load(x + at);
    const distance = f64x2.sub(v128.load(block + at, 64), now);
    v128.store(block + at, distance, 64);
    v128.store(y + at, f64x2.add(now, distance));
  }
}

function averageRows(s: Lanes, block: usize, x: usize, end: usize, y: usize): void {
  const stride = s.stride;
  const decay = v128.load64_splat(changetype<usize>(s), offsetof<Lanes>("decay"));
  let seen0 = v128.load(SEEN);
  let seen1 = seen0;
  let distance0 = v128.load(block, 64);
  let distance1 = v128.load(block, 80);
  let distance2 = v128.load(block, 96);
  let distance3 = v128.load(block, 112);
  let before = block;
  for (; x != end; x += stride) {
    const now0 = v128.load(x);
    seen0 = mostOf(seen0, now0);
    distance0 = follow(distance0, v128.load(before), now0, decay);
    v128.store(y, f64x2.add(now0, distance0));
    const now1 = v128.load(x, 16);
    seen1 = mostOf(seen1, now1);
    distance1 = follow(distance1, v128.load(before, 16), now1, decay);
    v128.store(y, f64x2.add(now1, distance1), 16);
    const now2 = v128.load(x, 32);
    seen0 = mostOf(seen0, now2);
    distance2 = follow(distance2, v128.load(before, 32), now2, decay);
    v128.store(y, f64x2.add(now2, distance2), 32);
    const now3 = v128.load(x, 48);
    seen1 = mostOf(seen1, now3);
    distance3 = follow(distance3, v128.load(before, 48), now3, decay);
    v128.store(y, f64x2.add(now3, distance3), 48);
    before = x;
    y += stride;
  }
  v128.store(SEEN, mostOf(seen0, seen1));
  copy(block, before, 4);
  v128.store(block, distance0, 64);
  v128.store(block, distance1, 80);
  v128.store(block, distance2, 96);
  v128.store(block, distance3, 112);
}

/** What an average is away from the price `now`, once it has taken that in. */
// @ts-ignore: decorator
@inline
function follow(distance: v128, before: v128, now: v128, decay: v128): v128 {
  return f64x2.mul(decay, f64x2.add(distance, f64x2.sub(before, now)));
}
