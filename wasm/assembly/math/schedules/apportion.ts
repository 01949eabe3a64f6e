/**
 * Whole lots in proportion to weights, by largest remainder and exact: each slice has its quota rounded down, and the
 * lots left over go one each to the largest remainders. Where remainders are equal at the edge, the lots are spread
 * evenly among them, so that equal weights track a straight line within half a lot.
 *
 * Weights are first scaled by a power of two to a sum near 2⁵² and rounded to integers, so integer weights of such a
 * sum are taken as they are. From there on all is integer: quotas, remainders and their comparison.
 * Source: Hamilton's method; Balinski and Young 1982.
 */
import {
  MILLION, SCHEDULE_CAPS, SCHEDULE_LOTS, SCHEDULE_REMAINDERS, SCHEDULE_TOTALS, SCHEDULE_WEIGHTS,
} from "../../../exec/layout";
import { floored, floorQuotient } from "../mul-div";

/** Divides `lots` among `count` slices. The host guarantees weights of 0 or 1e-150 to 1e150, and one above 0. */
export function apportion(lots: f64, count: i32): void {
  const whole = scaleWeights(count);
  const total = <i64>lots;
  let left = total;
  for (let index = 0; index < count; ++index) {
    const offset = <usize>index << 3;
    const weight = load<i64>(offset, SCHEDULE_REMAINDERS);
    const quota = floorQuotient(total, weight, whole);
    store<f64>(offset, <f64>quota, SCHEDULE_LOTS);
    store<i64>(offset, total * weight - quota * whole, SCHEDULE_REMAINDERS);
    left -= quota;
  }
  if (left > 0) handOut(left, count, whole);
}

/**
 * The same under the caps; returns the lots for which they leave no room. What does not fit is apportioned again among
 * the slices that have room. Each round fits everything or closes a slice, so there are at most `count` of them, and
 * in a plan whose caps follow its weights two or three.
 */
export function apportionCapped(lots: f64, count: i32): f64 {
  memory.fill(SCHEDULE_TOTALS, 0, <usize>count << 3);
  let left = lots;
  while (left > 0 && closeFull(count)) {
    apportion(left, count);
    left = takeWhatFits(count);
  }
  memory.copy(SCHEDULE_LOTS, SCHEDULE_TOTALS, <usize>count << 3);
  return left;
}

/** Caps each slice at what its market lots allow: own / (own + market) of at most `millionths`, below a million. */
export function capParticipation(count: i32, millionths: f64): void {
  for (let offset: usize = 0; offset < <usize>count << 3; offset += 8) {
    const cap = floored(load<f64>(offset, SCHEDULE_LOTS), millionths, <f64>MILLION - millionths);
    store<f64>(offset, cap == cap ? cap : Infinity, SCHEDULE_CAPS);
  }
}

/**
 * Moves lots so that no slice has some but fewer than `lotsMin`, which their sum must reach. Lots only move to later
 * slices, so a plan never runs ahead of what it was. A small end is filled up from the child before it, or takes that
 * child over when it would itself fall below the minimum.
 */
export function mergeSmall(count: i32, lotsMin: f64): void {
  let carried: f64 = 0;
  let child: usize = 0;
  let tail: usize = 0;
  for (let offset: usize = 0; offset < <usize>count << 3; offset += 8) {
    const lots = load<f64>(offset, SCHEDULE_LOTS);
    if (lots == 0) continue;
    carried += lots;
    const isChild = carried >= lotsMin;
    store<f64>(offset, isChild ? carried : 0, SCHEDULE_LOTS);
    if (isChild) {
      child = offset;
      carried = 0;
    } else tail = offset;
  }
  if (carried > 0) finishTail(child, tail, carried, lotsMin);
}

// @ts-ignore: decorator
@inline
function finishTail(child: usize, tail: usize, carried: f64, lotsMin: f64): void {
  const spared = load<f64>(child, SCHEDULE_LOTS) - (lotsMin - carried);
  const isEnough = spared >= lotsMin;
  store<f64>(child, isEnough ? spared : 0, SCHEDULE_LOTS);
  store<f64>(tail, isEnough ? lotsMin : spared + lotsMin, SCHEDULE_LOTS);
}

/** Writes the weights as integers where the remainders will be, and returns their sum, below 2⁵³. */
function scaleWeights(count: i32): i64 {
  let sum: f64 = 0;
  for (let offset: usize = 0; offset < <usize>count << 3; offset += 8) sum += load<f64>(offset, SCHEDULE_WEIGHTS);
  const scale = powerOfTwo(51 - exponentOf(sum));
  let whole: i64 = 0;
  for (let offset: usize = 0; offset < <usize>count << 3; offset += 8) {
    const weight = <i64>nearest(load<f64>(offset, SCHEDULE_WEIGHTS) * scale);
    store<i64>(offset, weight, SCHEDULE_REMAINDERS);
    whole += weight;
  }
  return whole;
}

// @ts-ignore: decorator
@inline
function exponentOf(x: f64): i64 {
  return <i64>((reinterpret<u64>(x) >>> 52) & 0x7ff) - 1023;
}

// @ts-ignore: decorator
@inline
function powerOfTwo(exponent: i64): f64 {
  return reinterpret<f64>((exponent + 1023) << 52);
}

/**
 * One lot each to the `left` largest remainders. They sum to left × whole and each is below whole, so more than `left`
 * are above 0, and a slice without weight has none.
 */
function handOut(left: i64, count: i32, whole: i64): void {
  const edge = edgeOf(left, count, whole);
  const above = countFrom(edge + 1, count);
  const tied = countFrom(edge, count) - above;
  const even = 2 * (left - above);
  let spread = tied;
  for (let offset: usize = 0; offset < <usize>count << 3; offset += 8) {
    const remainder = load<i64>(offset, SCHEDULE_REMAINDERS);
    if (remainder < edge) continue;
    let extra = remainder > edge;
    if (!extra) {
      // Of the k-th of t equals, whether the rounded (k + 1) e / t passes the rounded k e / t, without a division.
      spread += even;
      extra = spread >= 2 * tied;
      if (extra) spread -= 2 * tied;
    }
    if (extra) store<f64>(offset, load<f64>(offset, SCHEDULE_LOTS) + 1, SCHEDULE_LOTS);
  }
}

/** The largest remainder that at least `left` slices reach. */
function edgeOf(left: i64, count: i32, whole: i64): i64 {
  let low: i64 = 1;
  let high = whole - 1;
  while (low < high) {
    const middle = low + ((high - low + 1) >> 1);
    if (countFrom(middle, count) >= left) low = middle;
    else high = middle - 1;
  }
  return low;
}

function countFrom(remainder: i64, count: i32): i64 {
  let found: i64 = 0;
  for (let offset: usize = 0; offset < <usize>count << 3; offset += 8) {
    found += i64(load<i64>(offset, SCHEDULE_REMAINDERS) >= remainder);
  }
  return found;
}

/** Takes the weight of slices that are full; whether any weight is left. */
function closeFull(count: i32): bool {
  let isOpen = false;
  for (let offset: usize = 0; offset < <usize>count << 3; offset += 8) {
    if (load<f64>(offset, SCHEDULE_TOTALS) >= load<f64>(offset, SCHEDULE_CAPS)) {
      store<f64>(offset, 0, SCHEDULE_WEIGHTS);
    }
    isOpen = isOpen || load<f64>(offset, SCHEDULE_WEIGHTS) > 0;
  }
  return isOpen;
}

/** Adds the round's lots to the totals as far as the caps let it; returns the others. */
function takeWhatFits(count: i32): f64 {
  let left: f64 = 0;
  for (let offset: usize = 0; offset < <usize>count << 3; offset += 8) {
    const total = load<f64>(offset, SCHEDULE_TOTALS);
    const lots = load<f64>(offset, SCHEDULE_LOTS);
    const fitting = min(lots, load<f64>(offset, SCHEDULE_CAPS) - total);
    store<f64>(offset, total + fitting, SCHEDULE_TOTALS);
    left += lots - fitting;
  }
  return left;
}
