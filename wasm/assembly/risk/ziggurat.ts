/**
 * Standard normal numbers by the ziggurat of Marsaglia and Tsang (2000) with 1024 layers, two at a time. The layer and
 * the place in it come from bits that do not overlap (Doornik, 2005), the tail is drawn exactly, and the 0.4 % that the
 * layers do not settle at once draw on from a stream of their own, so the order of the others does not depend on them.
 * With fewer layers, what is not settled at once costs more than the smaller table saves.
 *
 * The table has 1024 entries [xᵢ, xᵢ₊₁ / xᵢ] and 1025 of exp(−xᵢ²/2); layer i reaches from the axis to xᵢ, and x₀ is
 * the width that the base with its tail would have as a rectangle.
 */
import { normalCdf } from "../math/normal";
import { nextUniform, nextWord, rotateLanes } from "./xoshiro";

// @ts-ignore: decorator
@inline const LAYERS: i32 = 1024;
/** Where the tail begins: with this x₁ the layers, which have one area, end at x = 0. */
// @ts-ignore: decorator
@inline const TAIL_FROM: f64 = 4.038849846109504;
// @ts-ignore: decorator
@inline const HEIGHTS: usize = 16384;
// @ts-ignore: decorator
@inline const SQRT_TWO_PI: f64 = 2.5066282746310002;
/** Bits of 2.0; with 52 random bits below, a double of [2, 4). */
// @ts-ignore: decorator
@inline const TWO: u64 = 0x4000000000000000;

/** Writes the table: 24 584 bytes. */
export function buildZiggurat(table: usize): void {
  const area = TAIL_FROM * heightAt(TAIL_FROM) + SQRT_TWO_PI * normalCdf(-TAIL_FROM);
  let width = area / heightAt(TAIL_FROM);
  let next = TAIL_FROM;
  for (let layer = 0; layer < LAYERS; ++layer) {
    store<f64>(table + (<usize>layer << 4), width);
    store<f64>(table + (<usize>layer << 4), next / width, 8);
    store<f64>(table + HEIGHTS + (<usize>layer << 3), heightAt(width));
    width = next;
    // The last layer closes at the top of the curve, where rounding might have left a little.
    next = layer < LAYERS - 2 ? NativeMath.sqrt(-2 * NativeMath.log(area / width + heightAt(width))) : 0;
  }
  store<f64>(table + HEIGHTS + (<usize>LAYERS << 3), 1);
}

/** Writes `count` standard normal numbers, an even number of them: the lanes' in turn. */
export function fillNormals(table: usize, state: usize, into: usize, count: i32): void {
  let s0 = v128.load(state);
  let s1 = v128.load(state, 16);
  let s2 = v128.load(state, 32);
  let s3 = v128.load(state, 48);
  for (const end = into + (<usize>count << 3); into < end; into += 16) {
    const words = i64x2.add(rotateLanes(i64x2.add(s0, s3), 23), s0);
    const shifted = i64x2.shl(s1, 17);
    s2 = v128.xor(s2, s0);
    s3 = v128.xor(s3, s1);
    s1 = v128.xor(s1, s2);
    s0 = v128.xor(s0, s3);
    s2 = v128.xor(s2, shifted);
    s3 = rotateLanes(s3, 45);

    const places = f64x2.sub(v128.or(i64x2.shr_u(words, 12), i64x2.splat(TWO)), f64x2.splat(3));
    const left = v128.load(layerOf(table, i64x2.extract_lane(words, 0)));
    const right = v128.load(layerOf(table, i64x2.extract_lane(words, 1)));
    const settled = f64x2.lt(f64x2.abs(places), v128.shuffle<f64>(left, right, 1, 3));
    v128.store(into, f64x2.mul(places, v128.shuffle<f64>(left, right, 0, 2)));
    if (i64x2.all_true(settled)) continue;
    if (i64x2.extract_lane(settled, 0) == 0) store<f64>(into, settle(table, state, i64x2.extract_lane(words, 0)));
    if (i64x2.extract_lane(settled, 1) == 0) store<f64>(into, settle(table, state, i64x2.extract_lane(words, 1)), 8);
  }
  v128.store(state, s0);
  v128.store(state, s1, 16);
  v128.store(state, s2, 32);
  v128.store(state, s3, 48);
}

/** One standard normal number from the single stream. */
export function nextNormal(table: usize, state: usize): f64 {
  return settle(table, state, nextWord(state));
}

/** The number that `word`, and then whatever else it takes of the single stream, stand for. */
function settle(table: usize, state: usize, word: u64): f64 {
  while (true) {
    const place = reinterpret<f64>((word >> 12) | TWO) - 3;
    const layer = layerOf(table, word);
    const x = place * load<f64>(layer);
    if (abs(place) < load<f64>(layer, 8)) return x;
    if (layer == table) return copysign<f64>(beyond(state), place);
    const height = table + HEIGHTS + ((layer - table) >> 1);
    const lower = load<f64>(height);
    if (lower + nextUniform(state) * (load<f64>(height, 8) - lower) < heightAt(x)) return x;
    word = nextWord(state);
  }
}

/** From the tail beyond TAIL_FROM: Marsaglia's method of 1964. */
function beyond(state: usize): f64 {
  while (true) {
    const x = -NativeMath.log(nextUniform(state)) / TAIL_FROM;
    if (-2 * NativeMath.log(nextUniform(state)) > x * x) return TAIL_FROM + x;
  }
}

/** The address of the entry that the lowest ten bits choose. */
// @ts-ignore: decorator
@inline
function layerOf(table: usize, word: u64): usize {
  return table + ((<usize>word & 1023) << 4);
}

/** The density without its constant. */
// @ts-ignore: decorator
@inline
function heightAt(x: f64): f64 {
  return NativeMath.exp(-0.5 * x * x);
}
