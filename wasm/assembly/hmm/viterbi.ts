/**
 * The most probable states of a series as a whole (Viterbi), in logarithms to base 2. As with the likelihood, one
 * search goes from each end to the middle in the lanes of the same vectors: forwards it keeps the best state before
 * each, backwards the best state after. They are joined where they meet and followed back to both ends. Of equally
 * probable states the one of the lower index is kept.
 */
import { logDensityOf } from "./density";
import { LOG_STARTS, LOG_STEPS, vectorAt, zero } from "./tables";

/** Logarithms of the best ways so far to be in each state; before the observation at hand, and after it. */
const ARRIVED: usize = memory.data(96, 16);
const BEST: usize = memory.data(96, 16);

/**
 * Writes a byte for each observation to `states`, and returns the logarithm of the probability of these states and the
 * observations. `choices` is scratch of K × length bytes and 2 K more.
 */
export function decode(K: i32, features: i32, x: usize, length: i32, choices: usize, states: usize): f64 {
  const width = <usize>features << 3;
  const rows = (length + 1) >> 1;
  let front = x, back = x + <usize>(length - 1) * width;
  memory.copy(ARRIVED, LOG_STARTS, 96);
  for (let row = 0; row < rows; ++row, front += width, back -= width) {
    if (row > 0) arrive(K, choices + <usize>(row * K) * 2);
    for (let state = 0; state < K; ++state) {
      const log = f64x2.add(v128.load(vectorAt(ARRIVED, 0, state)), logDensityOf(features, state, front, back));
      v128.store(vectorAt(BEST, 0, state), log);
    }
  }
  const probability = length & 1 ? meetAt(K, states + <usize>(rows - 1)) : meet(K, states + <usize>(rows - 1));
  follow(K, length, rows, choices, states);
  return probability;
}

/** The best way into every state, and from where. */
function arrive(K: i32, choices: usize): void {
  for (let to = 0; to < K; ++to) {
    let best = f64x2.add(v128.load(BEST), v128.load(vectorAt(LOG_STEPS, to, 0)));
    let choice = zero();
    for (let from = 1; from < K; ++from) {
      const log = f64x2.add(v128.load(vectorAt(BEST, 0, from)), v128.load(vectorAt(LOG_STEPS, to, from)));
      choice = v128.bitselect(i64x2.splat(from), choice, f64x2.gt(log, best));
      best = f64x2.pmax(best, log);
    }
    v128.store(vectorAt(ARRIVED, 0, to), best);
    store<u8>(choices + <usize>to * 2, <u8>i64x2.extract_lane(choice, 0));
    store<u8>(choices + <usize>to * 2, <u8>i64x2.extract_lane(choice, 1), 1);
  }
}

/** Of an odd length: both searches have the observation in the middle, which counts once. */
function meetAt(K: i32, middle: usize): f64 {
  let best: f64 = -Infinity;
  for (let state = 0; state < K; ++state) {
    const log = load<f64>(vectorAt(BEST, 0, state)) + load<f64>(vectorAt(ARRIVED, 0, state), 8);
    if (log > best) {
      best = log;
      store<u8>(middle, <u8>state);
    }
  }
  return best;
}

/** Of an even length: the best transition from one half to the other. */
function meet(K: i32, before: usize): f64 {
  let best: f64 = -Infinity;
  for (let from = 0; from < K; ++from) {
    for (let to = 0; to < K; ++to) {
      const log = load<f64>(vectorAt(BEST, 0, from)) + load<f64>(vectorAt(LOG_STEPS, to, from))
        + load<f64>(vectorAt(BEST, 0, to), 8);
      if (log > best) {
        best = log;
        store<u8>(before, <u8>from);
        store<u8>(before, <u8>to, 1);
      }
    }
  }
  return best;
}

function follow(K: i32, length: i32, rows: i32, choices: usize, states: usize): void {
  for (let row = rows - 1; row > 0; --row) {
    const front = states + <usize>row, back = states + <usize>(length - 1 - row);
    store<u8>(front - 1, load<u8>(choices + <usize>(row * K + load<u8>(front)) * 2));
    store<u8>(back + 1, load<u8>(choices + <usize>(row * K + load<u8>(back)) * 2, 1));
  }
}
