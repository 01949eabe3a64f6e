/**
 * Wilder's average: value = (1 − 1 / n) value + x / n, seeded by the mean of its first `capacity` inputs; NaN before.
 * It steps in pairs, so that a batch waits for one product and one sum for every two inputs: `base` is the value after
 * the last whole pair, and `carry` what the inputs since add to it. Written as products, which take less time one after
 * another than a difference does. Error, to first order: the first of a pair adds at most 1.5 ulp of the new value,
 * which is not carried on; the whole pair adds at most 2 ulp and shrinks older errors by (1 − 1 / n)².
 */
import { CANONICAL_NAN } from "../number";
import { Part, place } from "./part";

@unmanaged
export class Wilder extends Part {
  /** 1 / n. */
  alpha: f64;
  /** 1 − 1 / n. */
  decay: f64;
  /** Its square. */
  square: f64;
  /** The sum of the seed until it is whole. */
  base: f64;
  carry: f64;

  /** Whether the next input is the second of a pair. Kept as the age, which unlike places may be 1 in a part of one. */
  // @ts-ignore: decorator
  @inline
  get isBetween(): bool {
    return this.age != 0;
  }

  // @ts-ignore: decorator
  @inline
  push(x: f64): f64 {
    if (this.count != this.capacity) return this.seed(x);
    if (this.isBetween) {
      this.base = this.square * this.base + (this.decay * this.carry + this.alpha * x);
      this.age = 0;
      return this.base;
    }
    this.carry = this.alpha * x;
    this.age = 1;
    return this.decay * this.base + this.carry;
  }

  /** Once full: pushes each double from `at` to `end` and writes its result `shift` bytes further on. */
  run(at: usize, end: usize, shift: usize): void {
    if (this.isBetween && at < end) {
      store<f64>(at + shift, this.push(load<f64>(at)));
      at += 8;
    }
    const alpha = this.alpha;
    const decay = this.decay;
    const square = this.square;
    let base = this.base;
    for (; at + 8 < end; at += 16) {
      const carry = alpha * load<f64>(at);
      store<f64>(at + shift, decay * base + carry);
      base = square * base + (decay * carry + alpha * load<f64>(at + 8));
      store<f64>(at + shift + 8, base);
    }
    this.base = base;
    if (at < end) store<f64>(at + shift, this.push(load<f64>(at)));
  }

  private seed(x: f64): f64 {
    this.base += x;
    if (++this.count < this.capacity) return CANONICAL_NAN;
    this.base /= <f64>this.capacity;
    return this.base;
  }
}

/** Of n = `period`, seeded by the mean of `seed` inputs; 1 starts from the first. */
export function placeWilder(period: i32, seed: i32): Wilder {
  const part = place<Wilder>(seed, 0);
  part.alpha = 1 / <f64>period;
  part.decay = 1 - part.alpha;
  part.square = part.decay * part.decay;
  return part;
}
