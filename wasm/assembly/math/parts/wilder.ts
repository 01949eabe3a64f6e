/**
 * Wilder's average: value = (1 − 1 / n) value + x / n, seeded by the mean of its first `capacity` inputs; NaN before.
 * Written as two products, which take less time one after another than a difference does. Error, to first order: each
 * push adds at most 1.5 ulp of the new value, and shrinks older errors by 1 − 1 / n.
 */
import { CANONICAL_NAN } from "../number";
import { Part, place } from "./part";

@unmanaged
export class Wilder extends Part {
  /** 1 / n. */
  alpha: f64;
  /** 1 − 1 / n. */
  decay: f64;
  /** The sum of the seed until it is whole. */
  value: f64;

  // @ts-ignore: decorator
  @inline
  push(x: f64): f64 {
    if (this.count != this.capacity) return this.seed(x);
    const value = this.decay * this.value + this.alpha * x;
    this.value = value;
    return value;
  }

  /** Once full: pushes each double from `at` to `end` and writes its result `shift` bytes further on. */
  run(at: usize, end: usize, shift: usize): void {
    const alpha = this.alpha;
    const decay = this.decay;
    let value = this.value;
    for (; at < end; at += 8) {
      value = decay * value + alpha * load<f64>(at);
      store<f64>(at + shift, value);
    }
    this.value = value;
  }

  private seed(x: f64): f64 {
    this.value += x;
    if (++this.count < this.capacity) return CANONICAL_NAN;
    this.value /= <f64>this.capacity;
    return this.value;
  }
}

/** Of n = `period`, seeded by the mean of `seed` inputs; 1 starts from the first. */
export function placeWilder(period: i32, seed: i32): Wilder {
  const part = place<Wilder>(seed, 0);
  part.alpha = 1 / <f64>period;
  part.decay = 1 - part.alpha;
  return part;
}
