/**
 * The scaled recursions from both ends of a series to its middle, where the two shares make the likelihood. Every
 * observation is read once. A row holds the densities of two observations and the shares of both chains after them;
 * with rows of length 0 each overwrites the last, which is all that a likelihood needs.
 *
 * Densities are relative to the first state's, whose logarithm joins the scale: that saves its exponential. Where one
 * passes it more than 2^200 times, they are relative to the largest.
 */
import { log2 } from "../math/libm";
import { ROW_STATE_BYTES } from "../../hmm/layout";
import { gathered, loadIf, outgrown, rescale, RUNNING, SCALE, storeLine, total } from "./chain";
import { both, distance, logDensity, logDensityOf } from "./density";
import { exp2, exp2Of, EXPONENT_MIN } from "./exp2";
import { LINE, LOG_STARTS, STEPS, vectorAt, zero } from "./tables";

const EXCESS_MAX: usize = memory.data<f64>([200, 200], 16);
const ONE: usize = memory.data<f64>([1, 1], 16);

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

/** The rows from the second to the last in which the chains take different observations. */
// @ts-ignore: decorator
@inline
function advance(K: i32, features: i32, x: usize, length: i32, rows: usize, rowBytes: usize): void {
  const width = <usize>features << 3, shares = <usize>K << 4;
  let front = x + width, back = x + <usize>(length - 2) * width, row = rows + rowBytes;
  let scale = zero();
  let r0 = v128.load(RUNNING), r1 = v128.load(RUNNING, 16);
  let r2 = loadIf(K > 2, RUNNING + 32), r3 = loadIf(K > 3, RUNNING + 48);
  let r4 = loadIf(K > 4, RUNNING + 64), r5 = loadIf(K > 5, RUNNING + 80);
  for (; front < back; front += width, back -= width, row += rowBytes) {
    scale = f64x2.add(scale, densities(K, features, front, back, row));
    const u0 = arriving(K, 0, row, r0, r1, r2, r3, r4, r5), u1 = arriving(K, 1, row, r0, r1, r2, r3, r4, r5);
    const u2 = arriving(K, 2, row, r0, r1, r2, r3, r4, r5), u3 = arriving(K, 3, row, r0, r1, r2, r3, r4, r5);
    const u4 = arriving(K, 4, row, r0, r1, r2, r3, r4, r5), u5 = arriving(K, 5, row, r0, r1, r2, r3, r4, r5);
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

/** Shares in state `to` after the row's observations. */
// @ts-ignore: decorator
@inline
function arriving(
  K: i32, to: i32, row: usize, r0: v128, r1: v128, r2: v128, r3: v128, r4: v128, r5: v128,
): v128 {
  if (K <= to) return zero();
  return f64x2.mul(gathered(K, STEPS + <usize>to * LINE, 16, r0, r1, r2, r3, r4, r5), v128.load(row + <usize>to * 16));
}

/** Writes the densities of both observations into the row; returns the logarithm of what they are relative to. */
// @ts-ignore: decorator
@inline
function densities(K: i32, features: i32, front: usize, back: usize, row: usize): v128 {
  const x = both(front, back);
  let d0 = distance(x, 0, 0), d1 = distance(x, 0, 1);
  let d2 = K > 2 ? distance(x, 0, 2) : zero(), d3 = K > 3 ? distance(x, 0, 3) : zero();
  let d4 = K > 4 ? distance(x, 0, 4) : zero(), d5 = K > 5 ? distance(x, 0, 5) : zero();
  for (let feature = 1, table: usize = LINE; feature < features; ++feature, table += LINE) {
    const x = both(front + (<usize>feature << 3), back + (<usize>feature << 3));
    d0 = f64x2.add(d0, distance(x, table, 0));
    d1 = f64x2.add(d1, distance(x, table, 1));
    if (K > 2) d2 = f64x2.add(d2, distance(x, table, 2));
    if (K > 3) d3 = f64x2.add(d3, distance(x, table, 3));
    if (K > 4) d4 = f64x2.add(d4, distance(x, table, 4));
    if (K > 5) d5 = f64x2.add(d5, distance(x, table, 5));
  }
  const e0 = logDensity(d0, 0), e1 = logDensity(d1, 1);
  const e2 = K > 2 ? logDensity(d2, 2) : e0, e3 = K > 3 ? logDensity(d3, 3) : e0;
  const e4 = K > 4 ? logDensity(d4, 4) : e0, e5 = K > 5 ? logDensity(d5, 5) : e0;
  let first = v128.load(ONE), base = e0;
  const largest = largestOf(K, e0, e1, e2, e3, e4, e5);
  if (v128.any_true(f64x2.gt(f64x2.sub(largest, e0), v128.load(EXCESS_MAX)))) {
    first = exp2(f64x2.sub(e0, largest));
    base = largest;
  }
  v128.store(row, first);
  v128.store(row, exp2(f64x2.sub(e1, base)), 16);
  if (K > 2) v128.store(row, exp2(f64x2.sub(e2, base)), 32);
  if (K > 3) v128.store(row, exp2(f64x2.sub(e3, base)), 48);
  if (K > 4) v128.store(row, exp2(f64x2.sub(e4, base)), 64);
  if (K > 5) v128.store(row, exp2(f64x2.sub(e5, base)), 80);
  return base;
}

// @ts-ignore: decorator
@inline
function largestOf(K: i32, e0: v128, e1: v128, e2: v128, e3: v128, e4: v128, e5: v128): v128 {
  let largest = f64x2.pmax(e0, e1);
  if (K > 2) largest = f64x2.pmax(largest, e2);
  if (K > 3) largest = f64x2.pmax(largest, e3);
  if (K > 4) largest = f64x2.pmax(largest, e4);
  if (K > 5) largest = f64x2.pmax(largest, e5);
  return largest;
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
