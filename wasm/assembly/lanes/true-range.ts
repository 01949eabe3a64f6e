/**
 * ATR of eight series: Wilder's average of max(high, close before) − min(low, close before). The steps are those of
 * atrPush in math/indicators/volatility, and so are bits and error. Block: eight of each, the close before, the average
 * after the last pair of bars, until it is seeded its sum, and its carry.
 */
import { copy, divide, Lanes, mostOf, productAndSum, SEEN, stepWilder } from "./state";

export const ATR_WIDTH = 8;
export const ATR_NUMBERS = 3;

// @ts-ignore: decorator
@inline const AVERAGES = 64;
// @ts-ignore: decorator
@inline const CARRIES = 64;

export function atrBlock(s: Lanes, block: usize, bars: i32, high: usize, low: usize, close: usize, y: usize): void {
  const stride = s.stride;
  let done = 0;
  if (s.count < s.needed) {
    done = min(s.needed - s.count, bars);
    sumRows(s, block, high, low, close, done);
    if (s.count + done < s.needed) return;
    divide(block + AVERAGES, 4, s.p0);
    copy(y + <usize>(done - 1) * stride, block + AVERAGES, 4);
  }
  let at = <usize>done * stride;
  if (done != bars && s.isBetween(done, s.needed)) {
    rangeRow(s, block, high + at, low + at, close + at, y + at, true);
    at += stride;
    ++done;
  }
  const pairs = <usize>((bars - done) >> 1);
  rangePairs(s, block, high + at, low + at, close + at, y + at, pairs);
  if (((bars - done) & 1) == 0) return;
  at += 2 * pairs * stride;
  rangeRow(s, block, high + at, low + at, close + at, y + at, false);
}

/** Sums of ranges. The first bar has its own high − low as its range, or (p1 = 0) none. */
function sumRows(s: Lanes, block: usize, high: usize, low: usize, close: usize, bars: i32): void {
  const stride = s.stride;
  for (let bar = 0; bar < bars; ++bar) {
    const isFirst = s.isNew && bar == 0;
    for (let at: usize = 0; at < 64; at += 16) {
      const top = v128.load(high + at);
      const bottom = v128.load(low + at);
      const one = isFirst ? f64x2.sub(top, bottom) : range(top, bottom, v128.load(block + at));
      if (!isFirst || s.p1 != 0) v128.store(block + at, f64x2.add(v128.load(block + at, AVERAGES), one), AVERAGES);
    }
    copy(block, close, 4);
    high += stride;
    low += stride;
    close += stride;
  }
}

/** One bar, the first or the second of a pair. */
function rangeRow(s: Lanes, block: usize, high: usize, low: usize, close: usize, y: usize, isSecond: bool): void {
  const fields = changetype<usize>(s);
  const alpha = v128.load64_splat(fields, offsetof<Lanes>("alpha"));
  const decay = v128.load64_splat(fields, offsetof<Lanes>("decay"));
  const square = v128.load64_splat(fields, offsetof<Lanes>("square"));
  let seen = v128.load(SEEN);
  for (let at: usize = 0; at < 64; at += 16) {
    const top = v128.load(high + at);
    const bottom = v128.load(low + at);
    const last = v128.load(close + at);
    seen = mostOf(mostOf(seen, last), mostOf(top, bottom));
    const one = range(top, bottom, v128.load(block + at));
    v128.store(y + at, stepWilder(block + at + AVERAGES, CARRIES, one, isSecond, alpha, decay, square));
    v128.store(block + at, last);
  }
  v128.store(SEEN, seen);
}

/**
 * Storing what was seen at once keeps V8 from putting it off until there are no registers left. The second bars of
 * pairs are written last: of fewer than eight series the first ones reach into their rows.
 */
function rangePairs(
  s: Lanes, block: usize, high: usize, low: usize, close: usize, y: usize, pairs: usize,
): void {
  const stride = s.stride;
  const fields = changetype<usize>(s);
  const alpha = v128.load64_splat(fields, offsetof<Lanes>("alpha"));
  const decay = v128.load64_splat(fields, offsetof<Lanes>("decay"));
  const square = v128.load64_splat(fields, offsetof<Lanes>("square"));
  let seen0 = v128.load(SEEN);
  let seen1 = seen0;
  let value0 = v128.load(block, 64);
  let value1 = v128.load(block, 80);
  let value2 = v128.load(block, 96);
  let value3 = v128.load(block, 112);
  let before = block;
  for (; pairs != 0; --pairs) {
    const high0 = v128.load(high);
    const low0 = v128.load(low);
    const before0 = v128.load(before);
    seen0 = mostOf(seen0, mostOf(before0, mostOf(high0, low0)));
    const carry0 = f64x2.mul(alpha, range(high0, low0, before0));
    v128.store(y, productAndSum(decay, value0, carry0));
    const top0 = v128.load(high + stride);
    const bottom0 = v128.load(low + stride);
    const close0 = v128.load(close);
    seen0 = mostOf(seen0, mostOf(close0, mostOf(top0, bottom0)));
    v128.store(SEEN, seen0);
    const part0 = f64x2.mul(alpha, range(top0, bottom0, close0));
    value0 = productAndSum(square, value0, productAndSum(decay, carry0, part0));
    const high1 = v128.load(high, 16);
    const low1 = v128.load(low, 16);
    const before1 = v128.load(before, 16);
    seen1 = mostOf(seen1, mostOf(before1, mostOf(high1, low1)));
    const carry1 = f64x2.mul(alpha, range(high1, low1, before1));
    v128.store(y, productAndSum(decay, value1, carry1), 16);
    const top1 = v128.load(high + stride, 16);
    const bottom1 = v128.load(low + stride, 16);
    const close1 = v128.load(close, 16);
    seen1 = mostOf(seen1, mostOf(close1, mostOf(top1, bottom1)));
    v128.store(SEEN, seen1);
    const part1 = f64x2.mul(alpha, range(top1, bottom1, close1));
    value1 = productAndSum(square, value1, productAndSum(decay, carry1, part1));
    const high2 = v128.load(high, 32);
    const low2 = v128.load(low, 32);
    const before2 = v128.load(before, 32);
    seen0 = mostOf(seen0, mostOf(before2, mostOf(high2, low2)));
    const carry2 = f64x2.mul(alpha, range(high2, low2, before2));
    v128.store(y, productAndSum(decay, value2, carry2), 32);
    const top2 = v128.load(high + stride, 32);
    const bottom2 = v128.load(low + stride, 32);
    const close2 = v128.load(close, 32);
    seen0 = mostOf(seen0, mostOf(close2, mostOf(top2, bottom2)));
    v128.store(SEEN, seen0);
    const part2 = f64x2.mul(alpha, range(top2, bottom2, close2));
    value2 = productAndSum(square, value2, productAndSum(decay, carry2, part2));
    const high3 = v128.load(high, 48);
    const low3 = v128.load(low, 48);
    const before3 = v128.load(before, 48);
    seen1 = mostOf(seen1, mostOf(before3, mostOf(high3, low3)));
    const carry3 = f64x2.mul(alpha, range(high3, low3, before3));
    v128.store(y, productAndSum(decay, value3, carry3), 48);
    const top3 = v128.load(high + stride, 48);
    const bottom3 = v128.load(low + stride, 48);
    const close3 = v128.load(close, 48);
    seen1 = mostOf(seen1, mostOf(close3, mostOf(top3, bottom3)));
    v128.store(SEEN, seen1);
    const part3 = f64x2.mul(alpha, range(top3, bottom3, close3));
    value3 = productAndSum(square, value3, productAndSum(decay, carry3, part3));
    v128.store(y + stride, value0);
    v128.store(y + stride, value1, 16);
    v128.store(y + stride, value2, 32);
    v128.store(y + stride, value3, 48);
    before = close + stride;
    high += 2 * stride;
    low += 2 * stride;
    close += 2 * stride;
    y += 2 * stride;
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
