/**
 * Densities of two observations under every state, for the quick recursions. They are relative to the first state's,
 * whose logarithm goes to the scale: that saves its exponential. Where one passes it more than 2^200 times, they are
 * relative to the largest. Only the first logarithm need be finite: beside it, −∞ is a density that counts for nothing.
 */
import { storeLine } from "./chain";
import { both, distance, finiteLogDensity, logDensity } from "./density";
import { exp2 } from "./exp2";
import { LINE, zero } from "./tables";

/** A vector for each state. */
export const DENSITIES: usize = memory.data(96, 16);

const EXCESS_MAX: usize = memory.data<f64>([200, 200], 16);
const ONE: usize = memory.data<f64>([1, 1], 16);

/** Takes one observation forwards and one backwards; returns the logarithm of what the densities are relative to. */
// @ts-ignore: decorator
@inline
export function prepareDensities(K: i32, features: i32, front: usize, back: usize): v128 {
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
  const e0 = finiteLogDensity(d0, 0), e1 = logDensity(d1, 1);
  const e2 = K > 2 ? logDensity(d2, 2) : e0, e3 = K > 3 ? logDensity(d3, 3) : e0;
  const e4 = K > 4 ? logDensity(d4, 4) : e0, e5 = K > 5 ? logDensity(d5, 5) : e0;
  let first = v128.load(ONE), base = e0;
  const largest = largestOf(K, e0, e1, e2, e3, e4, e5);
  if (v128.any_true(f64x2.gt(f64x2.sub(largest, e0), v128.load(EXCESS_MAX)))) {
    first = exp2(f64x2.sub(e0, largest));
    base = largest;
  }
  const b1 = exp2(f64x2.sub(e1, base)), b2 = K > 2 ? exp2(f64x2.sub(e2, base)) : first;
  const b3 = K > 3 ? exp2(f64x2.sub(e3, base)) : first, b4 = K > 4 ? exp2(f64x2.sub(e4, base)) : first;
  const b5 = K > 5 ? exp2(f64x2.sub(e5, base)) : first;
  storeLine(K, DENSITIES, first, b1, b2, b3, b4, b5);
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
