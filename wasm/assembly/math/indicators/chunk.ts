/**
 * The chunks that a batch works on, and arithmetic on two neighbouring doubles of one at a time. Loops over pairs may
 * go one double beyond the end of a chunk, into the gap behind it. Each operation gives the bits of its scalar twin.
 */
import { CHUNK_INPUTS, CHUNK_OUTPUTS, CHUNK_STRIDE } from "../../../layout";
import { INPUT_MAX } from "../number";

// @ts-ignore: decorator
@inline export const IN0: usize = CHUNK_INPUTS;
// @ts-ignore: decorator
@inline export const IN1: usize = CHUNK_INPUTS + CHUNK_STRIDE;
// @ts-ignore: decorator
@inline export const IN2: usize = CHUNK_INPUTS + 2 * CHUNK_STRIDE;
// @ts-ignore: decorator
@inline export const IN3: usize = CHUNK_INPUTS + 3 * CHUNK_STRIDE;
// @ts-ignore: decorator
@inline export const IN4: usize = CHUNK_INPUTS + 4 * CHUNK_STRIDE;
// Outputs that an indicator has not are there for what it computes on the way; so are inputs once they are used.
// @ts-ignore: decorator
@inline export const OUT0: usize = CHUNK_OUTPUTS;
// @ts-ignore: decorator
@inline export const OUT1: usize = CHUNK_OUTPUTS + CHUNK_STRIDE;
// @ts-ignore: decorator
@inline export const OUT2: usize = CHUNK_OUTPUTS + 2 * CHUNK_STRIDE;
// @ts-ignore: decorator
@inline export const OUT3: usize = CHUNK_OUTPUTS + 3 * CHUNK_STRIDE;
// @ts-ignore: decorator
@inline export const OUT4: usize = CHUNK_OUTPUTS + 4 * CHUNK_STRIDE;
// @ts-ignore: decorator
@inline export const OUT5: usize = CHUNK_OUTPUTS + 5 * CHUNK_STRIDE;

// @ts-ignore: decorator
@inline
export function pair(at: usize): v128 {
  return v128.load(at);
}

// @ts-ignore: decorator
@inline
export function setPair(at: usize, value: v128): void {
  v128.store(at, value);
}

// @ts-ignore: decorator
@inline
export function both(x: f64): v128 {
  return f64x2.splat(x);
}

/** As `larger`. */
// @ts-ignore: decorator
@inline
export function largerOf(a: v128, b: v128): v128 {
  return f64x2.pmax(a, b);
}

/** As `smaller`. */
// @ts-ignore: decorator
@inline
export function smallerOf(a: v128, b: v128): v128 {
  return f64x2.pmin(a, b);
}

/** As `quotient`. */
// @ts-ignore: decorator
@inline
export function quotients(a: v128, b: v128, otherwise: f64): v128 {
  const bounded = f64x2.pmax(f64x2.pmin(f64x2.div(a, b), both(INPUT_MAX)), both(-INPUT_MAX));
  return v128.bitselect(both(otherwise), bounded, f64x2.eq(b, both(0)));
}

/** As `positivePart`. */
// @ts-ignore: decorator
@inline
export function positiveParts(x: v128): v128 {
  return f64x2.mul(f64x2.add(f64x2.abs(x), x), both(0.5));
}

/** Negates the doubles of a chunk from byte `at` to byte `end`. */
export function negate(chunk: usize, at: usize, end: usize): void {
  for (; at < end; at += 16) setPair(chunk + at, f64x2.neg(pair(chunk + at)));
}

/** Divides them by `n`. */
export function divide(chunk: usize, at: usize, end: usize, n: f64): void {
  for (; at < end; at += 16) setPair(chunk + at, f64x2.div(pair(chunk + at), both(n)));
}

/** Two of the ranges that `trueRange` gives: of highs in IN0, lows in IN1 and the closes before those in IN2. */
// @ts-ignore: decorator
@inline
export function rangesAt(at: usize): v128 {
  const close = pair(IN2 + at - 8);
  return f64x2.sub(largerOf(pair(IN0 + at), close), smallerOf(pair(IN1 + at), close));
}

/** All of them, into chunk `to`, the close before the first being `before`. Returns the last close. */
export function trueRanges(to: usize, at: usize, end: usize, before: f64): f64 {
  store<f64>(IN2 + at - 8, before);
  for (let from = at; from < end; from += 16) setPair(to + from, rangesAt(from));
  return load<f64>(IN2 + end - 8);
}

/** Into chunk `to`, the means of highs, lows and closes in IN0 to IN2. */
export function typicals(to: usize, at: usize, end: usize): void {
  for (; at < end; at += 16) {
    const sum = f64x2.add(f64x2.add(pair(IN0 + at), pair(IN1 + at)), pair(IN2 + at));
    setPair(to + at, f64x2.div(sum, both(3)));
  }
}
