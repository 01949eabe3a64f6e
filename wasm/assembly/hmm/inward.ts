/**
 * The scaled recursions from both ends of a series to its middle, where the two shares make the likelihood. Every
 * observation is read once. A row holds the densities of two observations and the shares of both chains after them;
 * with rows of length 0 each overwrites the last, which is all that a likelihood needs.
 */
import { log2 } from "../math/libm";
import { ROW_STATE_BYTES } from "../../hmm/layout";
import { gathered, loadIf, outgrown, rescale, RUNNING, SCALE, storeLine, total } from "./chain";
import { DENSITIES, prepareDensities } from "./densities";
import { logDensityOf } from "./density";
import { exp2, exp2Of, EXPONENT_MIN } from "./exp2";
import { LINE, LOG_STARTS, STEPS, vectorAt, zero } from "./tables";

/** The logarithm of the likelihood, to base 2. */
export function inward(K: i32, features: i32, x: usize, length: i32, rows: usize, rowBytes: usize): f64 {
  const width = <usize>features << 3;
  enter(K, features, x, x + <usize>(length - 1) * width, rows);
  if (length == 1) return alone(K, rows);
  advanceOf(K, features, x, length, rows, rowBytes);
  const middle = <usize>(length >> 1);
  return length & 1 ? meetAt(K, features, x + middle * width, rows + middle * rowBytes) : meet(K);
}

/** Every number of states has code of its own, and functions of its own, lest the optimiser join it again. */
function advanceOf(K: i32, features: i32, x: usize, length: i32, rows: usize, rowBytes: usize): void {
  if (K == 2) advance2(features, x, length, rows, rowBytes);
  else if (K == 3) advance3(features, x, length, rows, rowBytes);
  else if (K == 4) advance4(features, x, length, rows, rowBytes);
  else if (K == 5) advance5(features, x, length, rows, rowBytes);
  else advance6(features, x, length, rows, rowBytes);
}

function advance2(features: i32, x: usize, length: i32, rows: usize, rowBytes: usize): void {
  advance(2, features, x, length, rows, rowBytes);
}
function advance3(features: i32, x: usize, length: i32, rows: usize, rowBytes: usize): void {
  advance(3, features, x, length, rows, rowBytes);
}
function advance4(features: i32, x: usize, length: i32, rows: usize, rowBytes: usize): void {
  advance(4, features, x, length, rows, rowBytes);
}
function advance5(features: i32, x: usize, length: i32, rows: usize, rowBytes: usize): void {
  advance(5, features, x, length, rows, rowBytes);
}
function advance6(features: i32, x: usize, length: i32, rows: usize, rowBytes: usize): void {
  advance(6, features, x, length, rows, rowBytes);
}

/** The first row, in which the start takes part: a state that fits best may be one that no series begins in. */
function enter(K: i32, features: i32, front: usize, back: usize, row: usize): void {
  let largest = f64x2.splat(-Infinity);
  for (let state = 0; state < K; ++state) {
    const log = f64x2.add(logDensityOf(features, state, front, back), v128.load(vectorAt(LOG_STARTS, 0, state)));
    v128.store(vectorAt(RUNNING, 0, state), log);
    largest = f64x2.pmax(largest, log);
  }
  v128.store(SCALE, largest);
  const shares = row + <usize>K * (ROW_STATE_BYTES / 2);
  for (let state = 0; state < K; ++state) {
    const log = f64x2.sub(v128.load(vectorAt(RUNNING, 0, state)), largest);
    const share = v128.and(exp2(log), f64x2.gt(log, f64x2.splat(EXPONENT_MIN)));
    v128.store(vectorAt(RUNNING, 0, state), share);
    v128.store(vectorAt(shares, 0, state), share);
  }
}

/**
 * The rows from the second to the last in which the chains take different observations. While one row is taken the next
 * gets its densities, because the way from an observation to its densities is longer than a processor looks ahead. (The
 * row past the last gets them for nothing.)
 */
// @ts-ignore: decorator
@inline
function advance(K: i32, features: i32, x: usize, length: i32, rows: usize, rowBytes: usize): void {
  const width = <usize>features << 3, shares = <usize>K << 4;
  let front = x + width, back = x + <usize>(length - 2) * width, row = rows + rowBytes;
  let base = prepareDensities(K, features, front, back);
  let scale = zero();
  let r0 = v128.load(RUNNING), r1 = v128.load(RUNNING, 16);
  let r2 = loadIf(K > 2, RUNNING + 32), r3 = loadIf(K > 3, RUNNING + 48);
  let r4 = loadIf(K > 4, RUNNING + 64), r5 = loadIf(K > 5, RUNNING + 80);
  for (; front < back; front += width, back -= width, row += rowBytes) {
    const b0 = v128.load(DENSITIES), b1 = v128.load(DENSITIES, 16);
    const b2 = loadIf(K > 2, DENSITIES + 32), b3 = loadIf(K > 3, DENSITIES + 48);
    const b4 = loadIf(K > 4, DENSITIES + 64), b5 = loadIf(K > 5, DENSITIES + 80);
    storeLine(K, row, b0, b1, b2, b3, b4, b5);
    scale = f64x2.add(scale, base);
    base = prepareDensities(K, features, front + width, back - width);
    const u0 = arriving(K, 0, b0, r0, r1, r2, r3, r4, r5), u1 = arriving(K, 1, b1, r0, r1, r2, r3, r4, r5);
    const u2 = arriving(K, 2, b2, r0, r1, r2, r3, r4, r5), u3 = arriving(K, 3, b3, r0, r1, r2, r3, r4, r5);
    const u4 = arriving(K, 4, b4, r0, r1, r2, r3, r4, r5), u5 = arriving(K, 5, b5, r0, r1, r2, r3, r4, r5);
    const sum = total(K, u0, u1, u2, u3, u4, u5);
    r0 = u0, r1 = u1, r2 = u2, r3 = u3, r4 = u4, r5 = u5;
    if (outgrown(sum)) {
      const factor = rescale(sum);
      r0 = f64x2.mul(r0, factor), r1 = f64x2.mul(r1, factor), r2 = f64x2.mul(r2, factor);
      r3 = f64x2.mul(r3, factor), r4 = f64x2.mul(r4, factor), r5 = f64x2.mul(r5, factor);
    }
    storeLine(K, row + shares, r0, r1, r2, r3, r4, r5);
  }
  storeLine(K, RUNNING, r0, r1, r2, r3, r4, r5);
  v128.store(SCALE, f64x2.add(v128.load(SCALE), scale));
}

/** Shares in state `to` after observations of that density in it. */
// @ts-ignore: decorator
@inline
function arriving(
  K: i32, to: i32, density: v128, r0: v128, r1: v128, r2: v128, r3: v128, r4: v128, r5: v128,
): v128 {
  return K > to ? f64x2.mul(gathered(K, STEPS + <usize>to * LINE, 16, r0, r1, r2, r3, r4, r5), density) : zero();
}

/** Of a length of 1: β is 1. */
function alone(K: i32, row: usize): f64 {
  let sum: f64 = 0;
  for (let state = 0; state < K; ++state) {
    const taken = f64x2.extract_lane(v128.load(vectorAt(RUNNING, 0, state)), 0);
    sum += taken;
    v128.store(vectorAt(row, 0, K + state), f64x2.replace_lane(f64x2.splat(1), 0, taken));
  }
  return f64x2.extract_lane(v128.load(SCALE), 0) + log2(sum);
}

/** Of an even length: the chains meet between two observations. */
function meet(K: i32): f64 {
  let sum: f64 = 0;
  for (let state = 0; state < K; ++state) {
    const arrived = f64x2.extract_lane(gatheredAt(K, state), 0);
    sum += arrived * f64x2.extract_lane(v128.load(vectorAt(RUNNING, 0, state)), 1);
  }
  return scaled(v128.load(SCALE), sum);
}

/**
 * Of an odd length: both chains take the observation in the middle. Its row gets α and β, so that they make the
 * posterior; running on are α and v.
 */
function meetAt(K: i32, features: i32, x: usize, row: usize): f64 {
  let largest: f64 = -Infinity;
  for (let state = 0; state < K; ++state) {
    largest = max(largest, f64x2.extract_lane(logDensityOf(features, state, x, x), 0));
  }
  let sum: f64 = 0;
  for (let state = 0; state < K; ++state) {
    const log = f64x2.extract_lane(logDensityOf(features, state, x, x), 0);
    const arrived = gatheredAt(K, state);
    const taken = f64x2.mul(arrived, f64x2.splat(exp2Of(log - largest)));
    sum += f64x2.extract_lane(taken, 0) * f64x2.extract_lane(arrived, 1);
    v128.store(vectorAt(row, 0, state), taken);
    v128.store(vectorAt(row, 0, K + state), f64x2.replace_lane(arrived, 0, f64x2.extract_lane(taken, 0)));
  }
  memory.copy(RUNNING, row, <usize>K << 4);
  return scaled(v128.load(SCALE), sum) + largest;
}

function gatheredAt(K: i32, to: i32): v128 {
  let sum = zero();
  for (let from = 0; from < K; ++from) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(vectorAt(STEPS, to, from)), v128.load(vectorAt(RUNNING, 0, from))));
  }
  return sum;
}

function scaled(scale: v128, sum: f64): f64 {
  return f64x2.extract_lane(scale, 0) + f64x2.extract_lane(scale, 1) + log2(sum);
}
