/**
 * The last `capacity` inputs, each kept twice, so that the window always lies in one piece, oldest first, and can be
 * summed in lanes: input number i goes into lane i modulo 4, and the sum is (lane 0 + lane 2) + (lane 1 + lane 3). Four
 * short chains of additions take a third of the time of a long one; the error is at most capacity × 2⁻⁵³ × the sum
 * of the magnitudes.
 */
import { Part, place } from "./part";

@unmanaged
export class MirrorWindow extends Part {
  /** Returns whether the window is full. */
  // @ts-ignore: decorator
  @inline
  push(x: f64): bool {
    const slot = changetype<usize>(this) + (<usize>this.position << 3);
    store<f64>(slot, x, offsetof<MirrorWindow>());
    store<f64>(slot + (<usize>this.capacity << 3), x, offsetof<MirrorWindow>());
    if (++this.position == this.capacity) this.position = 0;
    if (this.count != this.capacity) ++this.count;
    return this.count == this.capacity;
  }

  /** Where the oldest of a full window lies. */
  // @ts-ignore: decorator
  @inline
  get oldest(): usize {
    return changetype<usize>(this) + offsetof<MirrorWindow>() + (<usize>this.position << 3);
  }
}

export function placeMirror(capacity: i32): MirrorWindow {
  return place<MirrorWindow>(capacity, 2 * capacity);
}

/** Σ (x(i) − origin) of `count` doubles. */
export function sumFrom(at: usize, count: i32, origin: f64): f64 {
  return sumLanes(at, count, origin, 0, -1);
}

/** Σ |x(i) − origin − offset|, which is exact where the inputs are near to each other and far from 0. */
export function sumDistances(at: usize, count: i32, origin: f64, offset: f64): f64 {
  return sumLanes(at, count, origin, offset, i64.MAX_VALUE);
}

/** The sum, in four lanes, of `count` doubles less `origin` and less `offset`, of the bits in `mask`. */
// @ts-ignore: decorator
@inline
function sumLanes(at: usize, count: i32, origin: f64, offset: f64, mask: i64): f64 {
  const end = at + (<usize>count << 3);
  const whole = at + (<usize>(count & ~3) << 3);
  let lane0: f64 = 0;
  let lane1: f64 = 0;
  let lane2: f64 = 0;
  let lane3: f64 = 0;
  if (ASC_FEATURE_SIMD) {
    let lanes01 = f64x2.splat(0);
    let lanes23 = f64x2.splat(0);
    for (; at < whole; at += 32) {
      lanes01 = f64x2.add(lanes01, v128.and(apart(v128.load(at), origin, offset), i64x2.splat(mask)));
      lanes23 = f64x2.add(lanes23, v128.and(apart(v128.load(at, 16), origin, offset), i64x2.splat(mask)));
    }
    lane0 = f64x2.extract_lane(lanes01, 0);
    lane1 = f64x2.extract_lane(lanes01, 1);
    lane2 = f64x2.extract_lane(lanes23, 0);
    lane3 = f64x2.extract_lane(lanes23, 1);
  } else {
    for (; at < whole; at += 32) {
      lane0 += masked(load<f64>(at) - origin - offset, mask);
      lane1 += masked(load<f64>(at, 8) - origin - offset, mask);
      lane2 += masked(load<f64>(at, 16) - origin - offset, mask);
      lane3 += masked(load<f64>(at, 24) - origin - offset, mask);
    }
  }
  if (at < end) lane0 += masked(load<f64>(at) - origin - offset, mask);
  if (at + 8 < end) lane1 += masked(load<f64>(at, 8) - origin - offset, mask);
  if (at + 16 < end) lane2 += masked(load<f64>(at, 16) - origin - offset, mask);
  return lane0 + lane2 + (lane1 + lane3);
}

// @ts-ignore: decorator
@inline
function apart(x: v128, origin: f64, offset: f64): v128 {
  return f64x2.sub(f64x2.sub(x, f64x2.splat(origin)), f64x2.splat(offset));
}

// @ts-ignore: decorator
@inline
function masked(x: f64, mask: i64): f64 {
  return reinterpret<f64>(reinterpret<i64>(x) & mask);
}
