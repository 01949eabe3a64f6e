/**
 * The recursions from the middle of a series back to both its ends, after `inward` has filled the rows: where the
 * forward chain now comes by, the row holds the backward shares, and the other way round. Their products are the
 * posteriors, which take the place of the shares in the row, and all that an estimate needs is summed on the way.
 *
 * The chains have changed lanes: lane 0 is now the backward one, on its way to the first observation.
 */
import { ROW_STATE_BYTES } from "../../hmm/layout";
import { gathered, loadIf, outgrown, rescale, RUNNING, storeLine, total } from "./chain";
import { both } from "./density";
import { addShare, clearSums, EXPECTED, FIRST, SHIFTS, SQUARES, WEIGHTS } from "./sums";
import { CENTRES, LINE, STEPS, transitionOf, vectorAt, zero } from "./tables";

/** Σ αᵢ vⱼ / likelihood in line i at j; lane 1 holds those of j and i. Times aᵢⱼ they are transitions expected. */
const CROSSINGS: usize = memory.data(576, 16);

/** Fills the sums and leaves the posteriors of both observations in each row. */
export function outward(K: i32, features: i32, x: usize, length: i32, rows: usize): void {
  clearSums();
  memory.fill(CROSSINGS, 0, 576);
  if (length & 1) takeMiddle(K, features, x, length, rows);
  for (let state = 0; state < K; ++state) {
    const shares = v128.load(vectorAt(RUNNING, 0, state));
    v128.store(vectorAt(RUNNING, 0, state), v128.shuffle<f64>(shares, shares, 1, 0));
  }
  retreatOf(K, features, x, length, rows);
  for (let from = 0; from < K; ++from) {
    store<f64>(FIRST + (<usize>from << 3), load<f64>(vectorAt(rows, 0, K + from)));
    for (let to = 0; to < K; ++to) store<f64>(EXPECTED + (<usize>(from * K + to) << 3), expectedOf(K, from, to));
  }
}

function expectedOf(K: i32, from: i32, to: i32): f64 {
  const forth = load<f64>(vectorAt(CROSSINGS, from, to)), back = load<f64>(vectorAt(CROSSINGS, to, from), 8);
  return transitionOf(K, from, to) * (forth + back);
}

/** Every number of states has code of its own, and functions of its own, lest the optimiser join it again. */
function retreatOf(K: i32, features: i32, x: usize, length: i32, rows: usize): void {
  if (K == 2) retreat2(features, x, length, rows);
  else if (K == 3) retreat3(features, x, length, rows);
  else if (K == 4) retreat4(features, x, length, rows);
  else if (K == 5) retreat5(features, x, length, rows);
  else retreat6(features, x, length, rows);
}

function retreat2(features: i32, x: usize, length: i32, rows: usize): void {
  retreat(2, features, x, length, rows);
}
function retreat3(features: i32, x: usize, length: i32, rows: usize): void {
  retreat(3, features, x, length, rows);
}
function retreat4(features: i32, x: usize, length: i32, rows: usize): void {
  retreat(4, features, x, length, rows);
}
function retreat5(features: i32, x: usize, length: i32, rows: usize): void {
  retreat(5, features, x, length, rows);
}
function retreat6(features: i32, x: usize, length: i32, rows: usize): void {
  retreat(6, features, x, length, rows);
}

/** The observation that both chains took: its posterior counts once. */
function takeMiddle(K: i32, features: i32, x: usize, length: i32, rows: usize): void {
  const middle = length >> 1;
  const shares = rows + <usize>(middle * K) * ROW_STATE_BYTES + (<usize>K << 4);
  const front = x + (<usize>(middle * features) << 3);
  let sum: f64 = 0;
  for (let state = 0; state < K; ++state) {
    const at = vectorAt(shares, 0, state);
    sum += load<f64>(at) * load<f64>(at, 8);
  }
  for (let state = 0; state < K; ++state) {
    const at = vectorAt(shares, 0, state);
    const share = (load<f64>(at) * load<f64>(at, 8)) / sum;
    store<f64>(at, share);
    addShare(features, state, front, front, f64x2.replace_lane(zero(), 0, share));
  }
}

// @ts-ignore: decorator
@inline
function retreat(K: i32, features: i32, x: usize, length: i32, rows: usize): void {
  const width = <usize>features << 3;
  const pairs = length >> 1;
  let front = x + <usize>(pairs - 1) * width, back = x + <usize>(length - pairs) * width;
  let row = rows + <usize>(pairs - 1) * <usize>K * ROW_STATE_BYTES;
  let r0 = v128.load(RUNNING), r1 = v128.load(RUNNING, 16);
  let r2 = loadIf(K > 2, RUNNING + 32), r3 = loadIf(K > 3, RUNNING + 48);
  let r4 = loadIf(K > 4, RUNNING + 64), r5 = loadIf(K > 5, RUNNING + 80);
  // Of an even length, both chains cross the middle by the same transition, which counts once.
  let counted = length & 1 ? i64x2.splat(-1) : i64x2(-1, 0);
  for (; front >= x; front -= width, back += width, row -= <usize>K * ROW_STATE_BYTES) {
    const u0 = leaving(K, 0, r0, r1, r2, r3, r4, r5), u1 = leaving(K, 1, r0, r1, r2, r3, r4, r5);
    const u2 = leaving(K, 2, r0, r1, r2, r3, r4, r5), u3 = leaving(K, 3, r0, r1, r2, r3, r4, r5);
    const u4 = leaving(K, 4, r0, r1, r2, r3, r4, r5), u5 = leaving(K, 5, r0, r1, r2, r3, r4, r5);
    const shares = row + (<usize>K << 4);
    const w0 = v128.load(shares), w1 = v128.load(shares, 16);
    const w2 = loadIf(K > 2, shares + 32), w3 = loadIf(K > 3, shares + 48);
    const w4 = loadIf(K > 4, shares + 64), w5 = loadIf(K > 5, shares + 80);
    let g0 = f64x2.mul(u0, w0), g1 = f64x2.mul(u1, w1), g2 = f64x2.mul(u2, w2);
    let g3 = f64x2.mul(u3, w3), g4 = f64x2.mul(u4, w4), g5 = f64x2.mul(u5, w5);
    const unit = f64x2.div(f64x2.splat(1), total(K, g0, g1, g2, g3, g4, g5));
    g0 = f64x2.mul(g0, unit), g1 = f64x2.mul(g1, unit), g2 = f64x2.mul(g2, unit);
    g3 = f64x2.mul(g3, unit), g4 = f64x2.mul(g4, unit), g5 = f64x2.mul(g5, unit);
    storeLine(K, shares, g0, g1, g2, g3, g4, g5);
    addMoments(K, features, front, back, g0, g1, g2, g3, g4, g5);

    const crossing = v128.and(unit, counted);
    counted = i64x2.splat(-1);
    r0 = f64x2.mul(r0, crossing), r1 = f64x2.mul(r1, crossing), r2 = f64x2.mul(r2, crossing);
    r3 = f64x2.mul(r3, crossing), r4 = f64x2.mul(r4, crossing), r5 = f64x2.mul(r5, crossing);
    addLine(K, CROSSINGS, w0, r0, r1, r2, r3, r4, r5);
    addLine(K, CROSSINGS + LINE, w1, r0, r1, r2, r3, r4, r5);
    if (K > 2) addLine(K, CROSSINGS + 2 * LINE, w2, r0, r1, r2, r3, r4, r5);
    if (K > 3) addLine(K, CROSSINGS + 3 * LINE, w3, r0, r1, r2, r3, r4, r5);
    if (K > 4) addLine(K, CROSSINGS + 4 * LINE, w4, r0, r1, r2, r3, r4, r5);
    if (K > 5) addLine(K, CROSSINGS + 5 * LINE, w5, r0, r1, r2, r3, r4, r5);

    r0 = f64x2.mul(u0, v128.load(row)), r1 = f64x2.mul(u1, v128.load(row, 16));
    if (K > 2) r2 = f64x2.mul(u2, v128.load(row, 32));
    if (K > 3) r3 = f64x2.mul(u3, v128.load(row, 48));
    if (K > 4) r4 = f64x2.mul(u4, v128.load(row, 64));
    if (K > 5) r5 = f64x2.mul(u5, v128.load(row, 80));
    const sum = total(K, r0, r1, r2, r3, r4, r5);
    if (outgrown(sum)) {
      const factor = rescale(sum);
      r0 = f64x2.mul(r0, factor), r1 = f64x2.mul(r1, factor), r2 = f64x2.mul(r2, factor);
      r3 = f64x2.mul(r3, factor), r4 = f64x2.mul(r4, factor), r5 = f64x2.mul(r5, factor);
    }
  }
}

/** Shares of state `to` before the row's observations: the tables by columns, since the lanes are exchanged. */
// @ts-ignore: decorator
@inline
function leaving(K: i32, to: i32, r0: v128, r1: v128, r2: v128, r3: v128, r4: v128, r5: v128): v128 {
  return K > to ? gathered(K, STEPS + (<usize>to << 4), LINE, r0, r1, r2, r3, r4, r5) : zero();
}

// @ts-ignore: decorator
@inline
function addMoments(
  K: i32, features: i32, front: usize, back: usize,
  g0: v128, g1: v128, g2: v128, g3: v128, g4: v128, g5: v128,
): void {
  addLine(K, WEIGHTS, f64x2.splat(1), g0, g1, g2, g3, g4, g5);
  addMomentsOf(K, front, back, 0, g0, g1, g2, g3, g4, g5);
  for (let feature = 1, table: usize = LINE; feature < features; ++feature, table += LINE) {
    const offset = <usize>feature << 3;
    addMomentsOf(K, front + offset, back + offset, table, g0, g1, g2, g3, g4, g5);
  }
}

// @ts-ignore: decorator
@inline
function addMomentsOf(
  K: i32, front: usize, back: usize, table: usize, g0: v128, g1: v128, g2: v128, g3: v128, g4: v128, g5: v128,
): void {
  const x = both(front, back);
  addMoment(x, table, 0, g0);
  addMoment(x, table, 16, g1);
  if (K > 2) addMoment(x, table, 32, g2);
  if (K > 3) addMoment(x, table, 48, g3);
  if (K > 4) addMoment(x, table, 64, g4);
  if (K > 5) addMoment(x, table, 80, g5);
}

// @ts-ignore: decorator
@inline
function addMoment(x: v128, table: usize, offset: usize, share: v128): void {
  const deviation = f64x2.sub(x, v128.load(CENTRES + table + offset));
  const moment = f64x2.mul(share, deviation);
  add(SHIFTS + table + offset, moment);
  add(SQUARES + table + offset, f64x2.mul(moment, deviation));
}

/** Adds to the line each of the first K, times `factor`. */
// @ts-ignore: decorator
@inline
function addLine(
  K: i32, line: usize, factor: v128, r0: v128, r1: v128, r2: v128, r3: v128, r4: v128, r5: v128,
): void {
  add(line, f64x2.mul(factor, r0));
  add(line + 16, f64x2.mul(factor, r1));
  if (K > 2) add(line + 32, f64x2.mul(factor, r2));
  if (K > 3) add(line + 48, f64x2.mul(factor, r3));
  if (K > 4) add(line + 64, f64x2.mul(factor, r4));
  if (K > 5) add(line + 80, f64x2.mul(factor, r5));
}

// @ts-ignore: decorator
@inline
function add(at: usize, amount: v128): void {
  v128.store(at, f64x2.add(v128.load(at), amount));
}
