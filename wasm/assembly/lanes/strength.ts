/**
 * RSI of eight series: 100 × gain / (gain + loss), Wilder's averages of rises and falls, 0 where both are 0. The steps
 * are those of rsiPush in math/indicators/oscillators, and so are bits and error. A seed is a plain sum: steps of
 * weight 1 that let nothing decay. Block: eight of each, the price before, the average rise, the average fall.
 */
import { copy, divide, Lanes, mostOf, REPEAT, SEEN, SUM, wilder } from "./state";

export const RSI_WIDTH = 8;
export const RSI_NUMBERS = 3;

// @ts-ignore: decorator
@lazy const CONSTANTS: usize = memory.data<f64>([100, f64.MIN_VALUE]);

export function rsiBlock(s: Lanes, block: usize, bars: i32, x: usize, y: usize): void {
  const stride = s.stride;
  const end = x + <usize>bars * stride;
  let count = s.count;
  if (s.isNew) {
    copy(block, x, 4);
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
    divide(block + 64, 8, s.p0);
    strengthRows(block, x - stride, x, y - stride, stride, REPEAT);
  }
  strengthRows(block, x, end, y, stride, changetype<usize>(s) + offsetof<Lanes>("alpha"));
}

/** With `weights` for the newest price and for the others. */
function strengthRows(block: usize, x: usize, end: usize, y: usize, stride: usize, weights: usize): void {
  const alpha = v128.load64_splat(weights);
  const decay = v128.load64_splat(weights, 8);
  const hundred = v128.load64_splat(CONSTANTS);
  const least = v128.load64_splat(CONSTANTS, 8);
  let seen0 = v128.load(SEEN);
  let seen1 = seen0;
  let gain0 = v128.load(block, 64);
  let gain1 = v128.load(block, 80);
  let gain2 = v128.load(block, 96);
  let gain3 = v128.load(block, 112);
  let loss0 = v128.load(block, 128);
  let loss1 = v128.load(block, 144);
  let loss2 = v128.load(block, 160);
  let loss3 = v128.load(block, 176);
  let before = block;
  for (; x != end; x += stride) {
    const now0 = v128.load(x);
    const rise0 = f64x2.sub(now0, v128.load(before));
    const up0 = f64x2.pmax(f64x2.splat(0), rise0);
    seen0 = mostOf(seen0, now0);
    gain0 = wilder(gain0, up0, alpha, decay);
    loss0 = wilder(loss0, f64x2.sub(up0, rise0), alpha, decay);
    v128.store(y, share(gain0, loss0, hundred, least));
    const now1 = v128.load(x, 16);
    const rise1 = f64x2.sub(now1, v128.load(before, 16));
    const up1 = f64x2.pmax(f64x2.splat(0), rise1);
    seen1 = mostOf(seen1, now1);
    gain1 = wilder(gain1, up1, alpha, decay);
    loss1 = wilder(loss1, f64x2.sub(up1, rise1), alpha, decay);
    v128.store(y, share(gain1, loss1, hundred, least), 16);
    const now2 = v128.load(x, 32);
    const rise2 = f64x2.sub(now2, v128.load(before, 32));
    const up2 = f64x2.pmax(f64x2.splat(0), rise2);
    seen0 = mostOf(seen0, now2);
    gain2 = wilder(gain2, up2, alpha, decay);
    loss2 = wilder(loss2, f64x2.sub(up2, rise2), alpha, decay);
    v128.store(y, share(gain2, loss2, hundred, least), 32);
    const now3 = v128.load(x, 48);
    const rise3 = f64x2.sub(now3, v128.load(before, 48));
    const up3 = f64x2.pmax(f64x2.splat(0), rise3);
    seen1 = mostOf(seen1, now3);
    gain3 = wilder(gain3, up3, alpha, decay);
    loss3 = wilder(loss3, f64x2.sub(up3, rise3), alpha, decay);
    v128.store(y, share(gain3, loss3, hundred, least), 48);
    before = x;
    y += stride;
  }
  v128.store(SEEN, mostOf(seen0, seen1));
  copy(block, before, 4);
  v128.store(block, gain0, 64);
  v128.store(block, gain1, 80);
  v128.store(block, gain2, 96);
  v128.store(block, gain3, 112);
  v128.store(block, loss0, 128);
  v128.store(block, loss1, 144);
  v128.store(block, loss2, 160);
  v128.store(block, loss3, 176);
}

/** 0 / 0 counts as 0: `least`, above 0, takes the place of a sum of 0. */
// @ts-ignore: decorator
@inline
function share(gain: v128, loss: v128, hundred: v128, least: v128): v128 {
  return f64x2.mul(hundred, f64x2.div(gain, f64x2.pmax(least, f64x2.add(gain, loss))));
}
