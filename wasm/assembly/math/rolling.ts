/**
 * Mean and population variance of the last `period` inputs; NaN until there are as many. With n = period, the pivot p
 * near the mean at the last fresh sum, and drift = mean − p, a full window slides by
 *
 *     drift' = drift + (x − old) / n,   squares' = squares + (x − old) × ((x − p − drift') + (old − p − drift))
 *
 * so that a level far above the spread costs no digits. It is summed afresh, oldest input first, by the corrected
 * two-pass method
 *   - when it first fills, and then once in max(1024, period) pushes,
 *   - when the sum of squares has fallen below 2⁻²⁰ of its peak since the last fresh sum: a large input has left, and
 *     what remains would keep its rounding error,
 *   - at every push, for windows shorter than 16.
 *
 * Error, to first order and with u = 2⁻⁵³: the variance is within n u relative after a fresh sum and, k pushes later,
 * within about 4 k u (peak / squares + k |drift| / n σ), where peak / squares is at most 2²⁰ and near 1 in a steady
 * series. The mean is within about u (|mean| + k |drift|). The tests hold both to 1e-8 over series with jumps.
 * Source: Welford 1962; Chan, Golub and LeVeque 1983 for the corrected two-pass sum.
 */
import {
  KIND_ROLLING, RESUM_ALWAYS_BELOW, RESUM_PUSHES, ROLLING_AGE, ROLLING_DRIFT, ROLLING_PEAK, ROLLING_PIVOT,
  ROLLING_POSITION, ROLLING_SQUARES, ROLLING_VARIANCE, ROLLING_WINDOW,
  STATE_BYTES, STATE_COUNT, STATE_INPUT, STATE_KIND, STATE_PERIOD, STATE_VALUE,
} from "../../layout";
import { CANONICAL_NAN, isAccepted } from "./number";

// @ts-ignore: decorator
@inline const PEAK_FRACTION: f64 = 9.5367431640625e-7; // 2⁻²⁰

export function rollingInit(state: usize, period: i32): void {
  const bytes = ROLLING_WINDOW + (period << 3);
  memory.fill(state, 0, bytes);
  store<i32>(state, KIND_ROLLING, STATE_KIND);
  store<i32>(state, bytes, STATE_BYTES);
  store<i32>(state, period, STATE_PERIOD);
  store<f64>(state, CANONICAL_NAN, STATE_VALUE);
  store<f64>(state, CANONICAL_NAN, ROLLING_VARIANCE);
}

/** Takes the input slot into the window. The count stops at the period. */
export function rollingPush(state: usize): void {
  const x = load<f64>(state, STATE_INPUT);
  const period = load<i32>(state, STATE_PERIOD);
  const position = load<i32>(state, ROLLING_POSITION);
  const slot = state + (<usize>position << 3);
  const old = load<f64>(slot, ROLLING_WINDOW);
  store<f64>(slot, x, ROLLING_WINDOW);
  store<i32>(state, position + 1 == period ? 0 : position + 1, ROLLING_POSITION);

  const count = load<i32>(state, STATE_COUNT);
  if (count == period) {
    slide(state, period, x, old);
  } else {
    store<i32>(state, count + 1, STATE_COUNT);
    if (count + 1 == period) resum(state, period);
  }
}

/**
 * Pushes `length` inputs and writes the double at `result` of the state after each; returns the index of the first
 * input refused, or −1.
 */
export function rollingBatch(state: usize, input: usize, output: usize, length: i32, result: usize): i32 {
  for (let index = 0; index < length; ++index) {
    const offset = <usize>index << 3;
    const x = load<f64>(input + offset);
    if (!isAccepted(x)) return index;
    store<f64>(state, x, STATE_INPUT);
    rollingPush(state);
    store<f64>(output + offset, load<f64>(state + result));
  }
  return -1;
}

function slide(state: usize, period: i32, x: f64, old: f64): void {
  const age = load<i32>(state, ROLLING_AGE) + 1;
  if (period < RESUM_ALWAYS_BELOW || age >= max(RESUM_PUSHES, period)) {
    resum(state, period);
    return;
  }
  const pivot = load<f64>(state, ROLLING_PIVOT);
  const drift = load<f64>(state, ROLLING_DRIFT);
  const change = x - old;
  const moved = drift + change / <f64>period;
  const spread = x - pivot - moved + (old - pivot - drift);
  const squares = max<f64>(load<f64>(state, ROLLING_SQUARES) + change * spread, 0);
  const peak = max<f64>(load<f64>(state, ROLLING_PEAK), squares);
  if (squares < peak * PEAK_FRACTION) {
    resum(state, period);
    return;
  }
  store<i32>(state, age, ROLLING_AGE);
  store<f64>(state, peak, ROLLING_PEAK);
  settle(state, period, pivot, moved, squares);
}

function resum(state: usize, period: i32): void {
  const n = <f64>period;
  const about = sum(state, period) / n;
  let first: f64 = 0;
  let second: f64 = 0;
  let position = load<i32>(state, ROLLING_POSITION);
  for (let index = 0; index < period; ++index) {
    const deviation = load<f64>(state + (<usize>position << 3), ROLLING_WINDOW) - about;
    first += deviation;
    second += deviation * deviation;
    if (++position == period) position = 0;
  }
  const squares = max<f64>(second - (first * first) / n, 0);
  store<i32>(state, 0, ROLLING_AGE);
  store<f64>(state, squares, ROLLING_PEAK);
  settle(state, period, about, first / n, squares);
}

function sum(state: usize, period: i32): f64 {
  let total: f64 = 0;
  let position = load<i32>(state, ROLLING_POSITION);
  for (let index = 0; index < period; ++index) {
    total += load<f64>(state + (<usize>position << 3), ROLLING_WINDOW);
    if (++position == period) position = 0;
  }
  return total;
}

// @ts-ignore: decorator
@inline
function settle(state: usize, period: i32, pivot: f64, drift: f64, squares: f64): void {
  store<f64>(state, pivot, ROLLING_PIVOT);
  store<f64>(state, drift, ROLLING_DRIFT);
  store<f64>(state, pivot + drift, STATE_VALUE);
  store<f64>(state, squares, ROLLING_SQUARES);
  store<f64>(state, squares / <f64>period, ROLLING_VARIANCE);
}
