/**
 * The fields that the state of every indicator of the table begins with; its parts lie behind them. Inputs, outputs and
 * parameters are in the table's order, an option being the number of its choice. Outputs are NaN until they are ready.
 *
 *   0 kind · 4 bytes · 8 inputs needed before the last output is ready · 12 inputs so far, which stops there
 *   16 inputs, 5 · 56 outputs, 9 · 128 parameters, 10 · 208 registers of the kernel's own, 4 · 240 parts …
 */
import { CALL, OUTPUTS_MAX } from "../../../layout";
import { CANONICAL_NAN, INPUT_MAX } from "../number";
import { beginParts } from "../parts/part";

@unmanaged
export class Indicator {
  kind: i32;
  bytes: i32;
  needed: i32;
  count: i32;
  in0: f64;
  in1: f64;
  in2: f64;
  in3: f64;
  in4: f64;
  out0: f64;
  out1: f64;
  out2: f64;
  out3: f64;
  out4: f64;
  out5: f64;
  out6: f64;
  out7: f64;
  out8: f64;
  p0: f64;
  p1: f64;
  p2: f64;
  p3: f64;
  p4: f64;
  p5: f64;
  p6: f64;
  p7: f64;
  p8: f64;
  p9: f64;
  r0: f64;
  r1: f64;
  r2: f64;
  r3: f64;
}

/** Zeroes the fields, takes the parameters from the call slots, and begins the parts. */
export function beginIndicator(at: usize, kind: i32, needed: i32): Indicator {
  memory.fill(at, 0, offsetof<Indicator>());
  const s = changetype<Indicator>(at);
  s.kind = kind;
  s.needed = needed;
  for (let output = 0; output < OUTPUTS_MAX; ++output) {
    store<f64>(at + (<usize>output << 3), CANONICAL_NAN, offsetof<Indicator>("out0"));
  }
  memory.copy(at + offsetof<Indicator>("p0"), CALL, 80);
  beginParts(at + offsetof<Indicator>());
  return s;
}

// @ts-ignore: decorator
@inline
export function first<T>(s: Indicator): T {
  return changetype<T>(changetype<usize>(s) + offsetof<Indicator>());
}

/**
 * a / b for the indicators whose quotient has no bound: `otherwise` when b is 0, and at most 1e150 in magnitude, so
 * that what follows stays finite.
 */
export function quotient(a: f64, b: f64, otherwise: f64): f64 {
  if (b == 0) return otherwise;
  const q = a / b;
  if (q > INPUT_MAX) return INPUT_MAX;
  return q < -INPUT_MAX ? -INPUT_MAX : q;
}

/** x if it is above 0, else 0, exactly; without a branch, which signs that come at random would make slow. */
// @ts-ignore: decorator
@inline
export function positivePart(x: f64): f64 {
  return (abs(x) + x) * 0.5;
}

/** x where something holds, else 0; without a branch as well. */
// @ts-ignore: decorator
@inline
export function onlyIf(holds: bool, x: f64): f64 {
  return reinterpret<f64>(reinterpret<i64>(x) & -(<i64>holds));
}
