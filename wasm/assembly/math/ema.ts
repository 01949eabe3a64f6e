/**
 * Exponential moving average. Definition: value += alpha × (x − value), alpha = 2 / (period + 1). Seed: the mean of the
 * first `period` inputs, summed in order; NaN before that. Warm-up: period − 1 inputs. Error, to first order:
 * each push adds at most half an ulp of the new value and 1.5 ulp of alpha × (x − value), and shrinks older errors by
 * 1 − alpha. Source: TA-Lib `EMA`, unstable period 0.
 */
import {
  EMA_ALPHA, EMA_BYTES, EMA_SUM, KIND_EMA, STATE_BYTES, STATE_COUNT, STATE_INPUT, STATE_KIND, STATE_PERIOD, STATE_VALUE,
} from "../../layout";
import { CANONICAL_NAN, isAccepted } from "./number";

export function emaInit(state: usize, period: i32): void {
  store<i32>(state, KIND_EMA, STATE_KIND);
  store<i32>(state, EMA_BYTES, STATE_BYTES);
  store<i32>(state, period, STATE_PERIOD);
  store<i32>(state, 0, STATE_COUNT);
  store<f64>(state, 0, STATE_INPUT);
  store<f64>(state, CANONICAL_NAN, STATE_VALUE);
  store<f64>(state, 2 / (<f64>period + 1), EMA_ALPHA);
  store<f64>(state, 0, EMA_SUM);
}

/** Takes the input slot into the state. The count stops at the period. */
export function emaPush(state: usize): void {
  const x = load<f64>(state, STATE_INPUT);
  const count = load<i32>(state, STATE_COUNT);
  if (count < load<i32>(state, STATE_PERIOD)) {
    seed(state, x, count + 1);
  } else {
    const value = load<f64>(state, STATE_VALUE);
    store<f64>(state, value + load<f64>(state, EMA_ALPHA) * (x - value), STATE_VALUE);
  }
}

/** Pushes `length` inputs and writes the value after each; returns the index of the first input refused, or −1. */
export function emaBatch(state: usize, input: usize, output: usize, length: i32): i32 {
  for (let index = 0; index < length; ++index) {
    const offset = <usize>index << 3;
    const x = load<f64>(input + offset);
    if (!isAccepted(x)) return index;
    store<f64>(state, x, STATE_INPUT);
    emaPush(state);
    store<f64>(output + offset, load<f64>(state, STATE_VALUE));
  }
  return -1;
}

function seed(state: usize, x: f64, count: i32): void {
  const sum = load<f64>(state, EMA_SUM) + x;
  store<f64>(state, sum, EMA_SUM);
  store<i32>(state, count, STATE_COUNT);
  const period = load<i32>(state, STATE_PERIOD);
  if (count == period) store<f64>(state, sum / <f64>period, STATE_VALUE);
}
