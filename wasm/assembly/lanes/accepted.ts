/** Which numbers are accepted: those of magnitude up to INPUT_MAX, as for one series. */
import { INPUT_MAX } from "../math/number";
import { mostOf } from "./state";

/** The place of the first refused of `length` doubles, else −1. */
export function lanesRefused(at: usize, length: i32): i32 {
  if (isBelowLimit(largestOf(at, length))) return -1;
  for (let index = 0; index < length; ++index) {
    if (!(abs(load<f64>(at + (<usize>index << 3))) <= INPUT_MAX)) return index;
  }
  return -1;
}

function largestOf(at: usize, length: i32): v128 {
  const end = at + (<usize>length << 3);
  let seen0 = i64x2.splat(0);
  let seen1 = i64x2.splat(0);
  for (const last = end - (<usize>(length & 3) << 3); at != last; at += 32) {
    seen0 = mostOf(seen0, f64x2.abs(v128.load(at)));
    seen1 = mostOf(seen1, f64x2.abs(v128.load(at, 16)));
  }
  for (; at != end; at += 8) seen0 = mostOf(seen0, f64x2.abs(v128.load64_zero(at)));
  return mostOf(seen0, seen1);
}

/** Of what `mostOf` gives; false also for magnitudes up to 2⁻²⁰ below the limit, and for negative numbers. */
export function isBelowLimit(high: v128): bool {
  const limit = <u32>(reinterpret<i64>(INPUT_MAX) >> 32);
  return <u32>i32x4.extract_lane(high, 1) < limit && <u32>i32x4.extract_lane(high, 3) < limit;
}
