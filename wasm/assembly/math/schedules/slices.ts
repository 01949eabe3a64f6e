/**
 * When the slices of a window begin, and how a seed moves them: times within their own slices, lots between neighbours.
 * So the order of times, the window, the sum and the minimum hold whatever is drawn.
 */
import { SCHEDULE_LOTS, SCHEDULE_TIMES } from "../../../exec/layout";
import { floored } from "../mul-div";
import { below } from "./draw";

/** Slice i of n begins at start + ⌊i × width / n⌋; the host guarantees a width of at least n. */
export function sliceTimes(count: i32, startUs: f64, widthUs: f64): void {
  for (let index = 0; index < count; ++index) {
    store<f64>(<usize>index << 3, beginning(index, count, startUs, widthUs), SCHEDULE_TIMES);
  }
}

/** The same, each later by a random time below that part of its slice. */
export function jitterTimes(count: i32, startUs: f64, widthUs: f64, part: f64, seed: f64): void {
  let time = startUs;
  for (let index = 0; index < count; ++index) {
    const next = beginning(index + 1, count, startUs, widthUs);
    const span = floor((next - time) * part);
    store<f64>(<usize>index << 3, span > 0 ? time + below(span, seed, index) : time, SCHEDULE_TIMES);
    time = next;
  }
}

/**
 * Each pair of neighbours exchanges a random number of lots, either way, up to half of that part of what the giver has
 * above the minimum. A child exchanges with two, so it differs from its even share by at most that part of it.
 */
export function jitterLots(count: i32, lotsMin: f64, part: f64, seed: f64): void {
  let spare = spareOf(0, lotsMin, part);
  for (let index = 1; index < count; ++index) {
    const slot = <usize>index << 3;
    const nextSpare = spareOf(slot, lotsMin, part);
    const given = below(spare + nextSpare + 1, seed, count + index) - nextSpare;
    store<f64>(slot - 8, load<f64>(slot - 8, SCHEDULE_LOTS) - given, SCHEDULE_LOTS);
    store<f64>(slot, load<f64>(slot, SCHEDULE_LOTS) + given, SCHEDULE_LOTS);
    spare = nextSpare;
  }
}

// @ts-ignore: decorator
@inline
function beginning(index: i32, count: i32, startUs: f64, widthUs: f64): f64 {
  return startUs + floored(<f64>index, widthUs, <f64>count);
}

// @ts-ignore: decorator
@inline
function spareOf(slot: usize, lotsMin: f64, part: f64): f64 {
  return floor((load<f64>(slot, SCHEDULE_LOTS) - lotsMin) * 0.5 * part);
}
