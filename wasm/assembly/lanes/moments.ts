/**
 * Bollinger bands of four series, by the moments of math/parts/moments-window, whose sums, pivots, order and error
 * these are. A series whose pivot is too far off gets another by itself, as it does there; the others go on. Block:
 * four pivots, four sums and four sums of squares of the block that is filling, then `period` slots of four prices, the
 * four sums from there to the end of their block, and the four sums of squares, and one slot that stays 0, which is all
 * that the block before adds to a whole one.
 */
import { PIVOT_FRACTION } from "../math/parts/moments-window";
import { clear, copy, Lanes, mostOf, SEEN } from "./state";

export const BOLLINGER_WIDTH = 4;

// @ts-ignore: decorator
@inline const SLOT: usize = 96;
// @ts-ignore: decorator
@inline const SLOTS: usize = 96;
// @ts-ignore: decorator
@lazy const FRACTION: usize = memory.data<f64>([PIVOT_FRACTION]);

/** Numbers a series. */
export function bollingerNumbers(period: i32): i32 {
  return 6 + 3 * period;
}

export function bollingerBlock(
  s: Lanes, block: usize, bars: i32, x: usize, upper: usize, middle: usize, lower: usize,
): void {
  const stride = s.stride;
  const end = x + <usize>bars * stride;
  let position = s.position;
  if (s.isNew) copy(block, x, 2);
  if (s.count < s.needed) {
    const seeds = min(s.needed - s.count, bars);
    const passed = <usize>seeds * stride;
    fill(block, position, x, x + passed, stride);
    position += seeds;
    if (position != s.period) return;
    const last = passed - stride;
    settleRow(s, block, position, upper + last, middle + last, lower + last);
    turn(block, s.period, middle + last);
    position = 0;
    x += passed;
    upper += passed;
    middle += passed;
    lower += passed;
  }
  while (x != end) {
    const stop = min(x + <usize>(s.period - position) * stride, end);
    const passed = bandRows(s, block, position, x, stop, upper, middle, lower) - x;
    const last = passed - stride;
    position += <i32>(passed / stride);
    if (isAnyFar) settleRow(s, block, position, upper + last, middle + last, lower + last);
    if (position == s.period) {
      turn(block, s.period, middle + last);
      position = 0;
    }
    x += passed;
    upper += passed;
    middle += passed;
    lower += passed;
  }
}

/** Takes the prices of the first block, which has no values before it is whole. */
function fill(block: usize, position: i32, x: usize, end: usize, stride: usize): void {
  let slot = block + SLOTS + <usize>position * SLOT;
  for (; x != end; x += stride) {
    take(block, slot, x);
    slot += SLOT;
  }
}

/** Takes four prices into a slot and into the sums of the block that is filling. */
function take(block: usize, slot: usize, x: usize): void {
  for (const half = block + 32; block != half; block += 16) {
    const now = v128.load(x);
    const distance = f64x2.sub(now, v128.load(block));
    v128.store(slot, now);
    v128.store(block, f64x2.add(v128.load(block, 32), distance), 32);
    v128.store(block, f64x2.add(v128.load(block, 64), f64x2.mul(distance, distance)), 64);
    slot += 16;
    x += 16;
  }
}

/** Whether the last bar of `bandRows` has moments that are not to be trusted, because a pivot may be too far off. */
let isAnyFar = false;

/** Takes bars up to `end` or to the first such one, and returns where it ends. */
function bandRows(
  s: Lanes, block: usize, position: i32, x: usize, end: usize, upper: usize, middle: usize, lower: usize,
): usize {
  const stride = s.stride;
  const alpha = v128.load64_splat(changetype<usize>(s), offsetof<Lanes>("alpha"));
  const deviations = v128.load64_splat(changetype<usize>(s), offsetof<Lanes>("p1"));
  const fraction = v128.load64_splat(FRACTION);
  const pivot0 = v128.load(block);
  const pivot1 = v128.load(block, 16);
  let seen = v128.load(SEEN);
  let filling0 = v128.load(block, 32);
  let filling1 = v128.load(block, 48);
  let squares0 = v128.load(block, 64);
  let squares1 = v128.load(block, 80);
  let slot = block + SLOTS + <usize>position * SLOT;
  isAnyFar = false;
  while (x != end) {
    const now0 = v128.load(x);
    seen = mostOf(seen, now0);
    const distance0 = f64x2.sub(now0, pivot0);
    filling0 = f64x2.add(filling0, distance0);
    squares0 = f64x2.add(squares0, f64x2.mul(distance0, distance0));
    const sum0 = f64x2.add(v128.load(slot, 128), filling0);
    const total0 = f64x2.add(v128.load(slot, 160), squares0);
    const drift0 = f64x2.mul(sum0, alpha);
    const spread0 = f64x2.sub(total0, f64x2.mul(drift0, sum0));
    const far0 = f64x2.lt(spread0, f64x2.mul(total0, fraction));
    const mean0 = f64x2.add(pivot0, drift0);
    const width0 = widthOf(spread0, alpha, deviations);
    v128.store(slot, now0);
    v128.store(upper, f64x2.add(mean0, width0));
    v128.store(middle, mean0);
    v128.store(lower, f64x2.sub(mean0, width0));
    const now1 = v128.load(x, 16);
    seen = mostOf(seen, now1);
    const distance1 = f64x2.sub(now1, pivot1);
    filling1 = f64x2.add(filling1, distance1);
    squares1 = f64x2.add(squares1, f64x2.mul(distance1, distance1));
    const sum1 = f64x2.add(v128.load(slot, 144), filling1);
    const total1 = f64x2.add(v128.load(slot, 176), squares1);
    const drift1 = f64x2.mul(sum1, alpha);
    const spread1 = f64x2.sub(total1, f64x2.mul(drift1, sum1));
    const far1 = f64x2.lt(spread1, f64x2.mul(total1, fraction));
    const mean1 = f64x2.add(pivot1, drift1);
    const width1 = widthOf(spread1, alpha, deviations);
    v128.store(slot, now1, 16);
    v128.store(upper, f64x2.add(mean1, width1), 16);
    v128.store(middle, mean1, 16);
    v128.store(lower, f64x2.sub(mean1, width1), 16);
    slot += SLOT;
    upper += stride;
    middle += stride;
    lower += stride;
    x += stride;
    if (v128.any_true(v128.or(far0, far1))) {
      isAnyFar = true;
      break;
    }
  }
  v128.store(SEEN, seen);
  v128.store(block, filling0, 32);
  v128.store(block, filling1, 48);
  v128.store(block, squares0, 64);
  v128.store(block, squares1, 80);
  return x;
}

// @ts-ignore: decorator
@inline
function widthOf(spread: v128, inverse: v128, deviations: v128): v128 {
  const variance = f64x2.mul(f64x2.pmax(f64x2.splat(0), spread), inverse);
  return f64x2.mul(deviations, f64x2.sqrt(variance));
}

/** The bands after a bar that is taken, series by series, any of which may move to another pivot. */
function settleRow(s: Lanes, block: usize, position: i32, upper: usize, middle: usize, lower: usize): void {
  const next = block + SLOTS + <usize>position * SLOT;
  for (let at: usize = 0; at < 32; at += 8) {
    const lane = block + at;
    const sum = load<f64>(next + at, 32) + load<f64>(lane, 32);
    const squares = load<f64>(next + at, 64) + load<f64>(lane, 64);
    settle(s, lane, position, sum, squares, true, upper + at, middle + at, lower + at);
  }
}

/** Writes the bands of one series; `mayMove` until it has been given another pivot: rounding must not do so twice. */
function settle(
  s: Lanes, lane: usize, position: i32, sum: f64, squares: f64, mayMove: bool,
  upper: usize, middle: usize, lower: usize,
): void {
  const pivot = load<f64>(lane);
  const inverse = s.alpha;
  const drift = sum * inverse;
  const spread = squares - drift * sum;
  const mean = pivot + drift;
  if (mayMove && spread < squares * PIVOT_FRACTION && mean != pivot) {
    move(s, lane, position, mean, upper, middle, lower);
    return;
  }
  const width = s.p1 * sqrt(spread > 0 ? spread * inverse : 0);
  store<f64>(upper, mean + width);
  store<f64>(middle, mean);
  store<f64>(lower, mean - width);
}

/** Takes every sum of one series afresh about another pivot, in the order in which its moments window does. */
function move(s: Lanes, lane: usize, position: i32, pivot: f64, upper: usize, middle: usize, lower: usize): void {
  const slots = lane + SLOTS;
  const next = slots + <usize>position * SLOT;
  const end = slots + <usize>s.period * SLOT;
  let sum: f64 = 0;
  let squares: f64 = 0;
  for (let slot = end; slot != next; ) {
    slot -= SLOT;
    const distance = load<f64>(slot) - pivot;
    sum += distance;
    squares += distance * distance;
    store<f64>(slot, sum, 32);
    store<f64>(slot, squares, 64);
  }
  let filling: f64 = 0;
  let fillingSquares: f64 = 0;
  for (let slot = slots; slot != next; slot += SLOT) {
    const distance = load<f64>(slot) - pivot;
    filling += distance;
    fillingSquares += distance * distance;
  }
  store<f64>(lane, pivot);
  store<f64>(lane, filling, 32);
  store<f64>(lane, fillingSquares, 64);
  settle(s, lane, position, filling + sum, fillingSquares + squares, false, upper, middle, lower);
}

/** The block is whole, its means are the next pivots, and each slot gets the sums from it to the end about those. */
function turn(block: usize, period: i32, means: usize): void {
  copy(block, means, 2);
  clear(block + 32, 4);
  const first = block + SLOTS;
  const pivot0 = v128.load(block);
  const pivot1 = v128.load(block, 16);
  let sum0 = v128.load(block, 32);
  let sum1 = v128.load(block, 48);
  let squares0 = v128.load(block, 64);
  let squares1 = v128.load(block, 80);
  for (let slot = first + <usize>period * SLOT; slot != first; ) {
    slot -= SLOT;
    const distance0 = f64x2.sub(v128.load(slot), pivot0);
    sum0 = f64x2.add(sum0, distance0);
    squares0 = f64x2.add(squares0, f64x2.mul(distance0, distance0));
    v128.store(slot, sum0, 32);
    v128.store(slot, squares0, 64);
    const distance1 = f64x2.sub(v128.load(slot, 16), pivot1);
    sum1 = f64x2.add(sum1, distance1);
    squares1 = f64x2.add(squares1, f64x2.mul(distance1, distance1));
    v128.store(slot, sum1, 48);
    v128.store(slot, squares1, 80);
  }
}
