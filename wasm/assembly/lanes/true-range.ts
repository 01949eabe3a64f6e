/**
 * ATR of eight series: Wilder's average of max(high, close before) − min(low, close before). The steps are those of
 * atrPush in math/indicators/volatility, and so are bits and error. A seed is a plain sum: steps of weight 1 that let
 * nothing decay. Block: eight closes before, eight averages.
 */
import { copy, divide, Lanes, mostOf, SEEN, SUM, wilder } from "./state";

export const ATR_WIDTH = 8;
export const ATR_NUMBERS = 2;

export function atrBlock(s: Lanes, block: usize, bars: i32, high: usize, low: usize, close: usize, y: usize): void {
  const stride = s.stride;
  const end = y + <usize>bars * stride;
  const seeded = y + <usize>min(s.needed - s.count, bars) * stride;
  let done: usize = 0;
  if (s.isNew) {
    beginRow(s, block, high, low, close);
    done = stride;
  }
  if (s.count < s.needed) {
    rangeRows(block, high + done, low + done, close + done, y + done, seeded, stride, SUM);
    if (s.count + bars < s.needed) return;
    divide(block + 64, 4, s.p0);
    copy(seeded - stride, block + 64, 4);
    done = seeded - y;
  }
  const weights = changetype<usize>(s) + offsetof<Lanes>("alpha");
  rangeRows(block, high + done, low + done, close + done, y + done, end, stride, weights);
}

/** The first bar has its own high − low as its range, or (p1 = 0) none. */
function beginRow(s: Lanes, block: usize, high: usize, low: usize, close: usize): void {
  copy(block, close, 4);
  if (s.p1 == 0) return;
  for (let at: usize = 0; at < 64; at += 16) {
    const range = f64x2.sub(v128.load(high + at), v128.load(low + at));
    v128.store(block + at, f64x2.add(v128.load(block + at, 64), range), 64);
  }
}

/**
 * With `weights` for the newest range and for the others. Storing what was seen at once keeps V8 from putting it off
 * until there are no registers left.
 */
function rangeRows(
  block: usize, high: usize, low: usize, close: usize, y: usize, end: usize, stride: usize, weights: usize,
): void {
  const alpha = v128.load64_splat(weights);
  const decay = v128.load64_splat(weights, 8);
  let seen0 = v128.load(SEEN);
  let seen1 = seen0;
  let value0 = v128.load(block, 64);
  let value1 = v128.load(block, 80);
  let value2 = v128.load(block, 96);
  let value3 = v128.load(block, 112);
  let before = block;
  for (; y != end; y += stride) {
    const high0 = v128.load(high);
    const low0 = v128.load(low);
    const before0 = v128.load(before);
    seen0 = mostOf(seen0, mostOf(before0, mostOf(high0, low0)));
    v128.store(SEEN, seen0);
    value0 = wilder(value0, range(high0, low0, before0), alpha, decay);
    v128.store(y, value0);
    const high1 = v128.load(high, 16);
    const low1 = v128.load(low, 16);
    const before1 = v128.load(before, 16);
    seen1 = mostOf(seen1, mostOf(before1, mostOf(high1, low1)));
    v128.store(SEEN, seen1);
    value1 = wilder(value1, range(high1, low1, before1), alpha, decay);
    v128.store(y, value1, 16);
    const high2 = v128.load(high, 32);
    const low2 = v128.load(low, 32);
    const before2 = v128.load(before, 32);
    seen0 = mostOf(seen0, mostOf(before2, mostOf(high2, low2)));
    v128.store(SEEN, seen0);
    value2 = wilder(value2, range(high2, low2, before2), alpha, decay);
    v128.store(y, value2, 32);
    const high3 = v128.load(high, 48);
    const low3 = v128.load(low, 48);
    const before3 = v128.load(before, 48);
    seen1 = mostOf(seen1, mostOf(before3, mostOf(high3, low3)));
    v128.store(SEEN, seen1);
    value3 = wilder(value3, range(high3, low3, before3), alpha, decay);
    v128.store(y, value3, 48);
    before = close;
    high += stride;
    low += stride;
    close += stride;
  }
  for (let at: usize = 0; at < 64; at += 16) seen0 = mostOf(seen0, v128.load(before + at));
  v128.store(SEEN, mostOf(seen0, seen1));
  copy(block, before, 4);
  v128.store(block, value0, 64);
  v128.store(block, value1, 80);
  v128.store(block, value2, 96);
  v128.store(block, value3, 112);
}

// @ts-ignore: decorator
@inline
function range(high: v128, low: v128, before: v128): v128 {
  return f64x2.sub(f64x2.pmax(high, before), f64x2.pmin(low, before));
}
