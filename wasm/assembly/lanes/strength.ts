/**
 * RSI of four series: 100 × gain / (gain + loss), Wilder's averages of rises and falls, 0 where both are 0. The steps
 * are those of rsiPush in math/indicators/oscillators, and so are bits and error. A seed is a plain sum: steps of
 * weight 1 that let nothing decay. Block: four of each, the price before, the average rise, the average fall.
 */
import { copy, divide, Lanes, mostOf, REPEAT, SEEN, SUM, wilder } from "./state";

export const RSI_WIDTH = 4;
export const RSI_NUMBERS = 3;

// @ts-ignore: decorator
@lazy const HUNDRED: usize = memory.data<f64>([100]);

export function rsiBlock(s: Lanes, block: usize, bars: i32, x: usize, y: usize): void {
  const stride = s.stride;
  const end = x + <usize>bars * stride;
  let count = s.count;
  if (s.isNew) {
    copy(block, x, 2);
    count = 1;
    x += stride;
    y += stride;
  }
  if (s.p1 == 0 && count < s.needed) {
    const seeded = min(x + <usize>(s.needed - count) * stride, end);
    strengthRows(block, x, seeded, y, stride, SUM);
    if (count + <i32>((seeded - x) / stride) < s.needed) return;
    y += seeded - x;
    x = seeded;
    divide(block + 32, 4, s.p0);
    strengthRows(block, x - stride, x, y - stride, stride, REPEAT);
  }
  strengthRows(block, x, end, y, stride, changetype<usize>(s) + offsetof<Lanes>("alpha"));
}

/** With `weights` for the newest price and for the others. */
function strengthRows(block: usize, x: usize, end: usize, y: usize, stride: usize, weights: usize): void {
  const alpha = v128.load64_splat(weights);
  const decay = v128.load64_splat(weights, 8);
  const hundred = v128.load64_splat(HUNDRED);
  let seen = v128.load(SEEN);
  let gain0 = v128.load(block, 32);
  let gain1 = v128.load(block, 48);
  let loss0 = v128.load(block, 64);
  let loss1 = v128.load(block, 80);
  let before = block;
  for (; x != end; x += stride) {
    const now0 = v128.load(x);
    const before0 = v128.load(before);
    seen = mostOf(seen, now0);
    gain0 = wilder(gain0, excess(now0, before0), alpha, decay);
    loss0 = wilder(loss0, excess(before0, now0), alpha, decay);
    v128.store(y, share(gain0, loss0, hundred));
    const now1 = v128.load(x, 16);
    const before1 = v128.load(before, 16);
    seen = mostOf(seen, now1);
    gain1 = wilder(gain1, excess(now1, before1), alpha, decay);
    loss1 = wilder(loss1, excess(before1, now1), alpha, decay);
    v128.store(y, share(gain1, loss1, hundred), 16);
    before = x;
    y += stride;
  }
  v128.store(SEEN, seen);
  copy(block, before, 2);
  v128.store(block, gain0, 32);
  v128.store(block, gain1, 48);
  v128.store(block, loss0, 64);
  v128.store(block, loss1, 80);
}

/** By how much a is above b, else 0. */
// @ts-ignore: decorator
@inline
function excess(a: v128, b: v128): v128 {
  return f64x2.pmax(f64x2.splat(0), f64x2.sub(a, b));
}

/** The mask makes 0 of the NaN that 0 / 0 is. */
// @ts-ignore: decorator
@inline
function share(gain: v128, loss: v128, hundred: v128): v128 {
  const sum = f64x2.add(gain, loss);
  return v128.and(f64x2.mul(hundred, f64x2.div(gain, sum)), f64x2.ne(sum, f64x2.splat(0)));
}
