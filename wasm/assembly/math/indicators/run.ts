/**
 * How indicators of any kind are made, pushed and run over a chunk. A state is made in the workspace, where its size
 * shows, and is copied to its place by the host; a batch leaves it there.
 */
import { CHUNK_INPUTS, CHUNK_OUTPUTS, CHUNK_STRIDE, OUTPUTS_MAX, WORKSPACE } from "../../../layout";
import { CANONICAL_NAN, INPUT_MAX } from "../number";
import { endOfParts } from "../parts/part";
import { beginIndicator, Indicator } from "./indicator";
import { loop, placeParts, push } from "./kernels";

/** Makes a state of `kind` in the workspace, of the parameters in the call slots; returns its bytes, 0 of no kind. */
export function indicatorInit(kind: i32, needed: i32): i32 {
  const s = beginIndicator(WORKSPACE, kind, needed);
  if (!placeParts(s, kind)) return 0;
  s.bytes = <i32>(endOfParts() - WORKSPACE);
  return s.bytes;
}

/** Takes the inputs of the state into it, calling nothing on the way: a call costs as much as a short kernel. */
export function indicatorPush(at: usize): void {
  const s = changetype<Indicator>(at);
  push(s, s.kind);
  if (s.count != s.needed) countInput(s);
}

/** Takes `length` inputs of the chunk into the state in the workspace and writes what it gives after each. */
export function indicatorBatch(inputs: i32, outputs: i32, length: i32): void {
  const s = changetype<Indicator>(WORKSPACE);
  const end = <usize>length << 3;
  const warm = min(<usize>(s.needed - s.count) << 3, end);
  pushChunk(0, warm, inputs, outputs);
  // The loops take vectors, which plain JavaScript has not.
  if (ASC_FEATURE_SIMD) {
    if (warm == end || loop(s, s.kind, warm, end)) return;
  }
  pushChunk(warm, end, inputs, outputs);
}

function pushChunk(from: usize, end: usize, inputs: i32, outputs: i32): void {
  for (let index = from; index < end; index += 8) {
    for (let input = 0; input < inputs; ++input) {
      const x = load<f64>(CHUNK_INPUTS + <usize>input * CHUNK_STRIDE + index);
      store<f64>(WORKSPACE + (<usize>input << 3), x, offsetof<Indicator>("in0"));
    }
    indicatorPush(WORKSPACE);
    for (let output = 0; output < outputs; ++output) {
      const y = load<f64>(WORKSPACE + (<usize>output << 3), offsetof<Indicator>("out0"));
      store<f64>(CHUNK_OUTPUTS + <usize>output * CHUNK_STRIDE + index, y);
    }
  }
}

/** The first of `length` doubles of input number `input` that is not accepted or, if it must be, above 0; else −1. */
export function firstRefused(input: i32, length: i32, positive: bool): i32 {
  const from = CHUNK_INPUTS + <usize>input * CHUNK_STRIDE;
  if (ASC_FEATURE_SIMD) {
    if (areAccepted(from, from + (<usize>length << 3), positive)) return -1;
  }
  const least = positive ? f64.MIN_VALUE : -INPUT_MAX;
  for (let index = 0; index < length; ++index) {
    const x = load<f64>(from + (<usize>index << 3));
    if (!(x >= least && x <= INPUT_MAX)) return index;
  }
  return -1;
}

/**
 * Whether all are, and some behind them: doubles of one sign are ordered as their bits are, NaN above all, so one sign
 * bit tells of any that is out of range.
 */
function areAccepted(from: usize, end: usize, positive: bool): bool {
  let out = i64x2.splat(0);
  for (let at = from; at < end; at += 64) {
    out = v128.or(out, v128.or(excess(at), excess(at + 16)));
    out = v128.or(out, v128.or(excess(at + 32), excess(at + 48)));
  }
  if (positive) {
    for (let at = from; at < end; at += 16) {
      const bits = v128.load(at);
      out = v128.or(out, v128.or(bits, i64x2.sub(bits, i64x2.splat(1))));
    }
  }
  return i64x2.bitmask(out) == 0;
}

/** Negative where a magnitude is above what is accepted. */
// @ts-ignore: decorator
@inline
function excess(at: usize): v128 {
  const magnitudes = v128.and(v128.load(at), i64x2.splat(i64.MAX_VALUE));
  return i64x2.sub(i64x2.splat(reinterpret<i64>(INPUT_MAX)), magnitudes);
}

/** While warming up: a NaN that arithmetic made may have either sign, one that is kept has not. */
function countInput(s: Indicator): void {
  ++s.count;
  for (let offset: usize = 0; offset < <usize>OUTPUTS_MAX << 3; offset += 8) {
    const y = load<f64>(changetype<usize>(s) + offset, offsetof<Indicator>("out0"));
    if (y != y) store<f64>(changetype<usize>(s) + offset, CANONICAL_NAN, offsetof<Indicator>("out0"));
  }
}
