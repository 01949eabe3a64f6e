/**
 * An exponential average: value += alpha × (x − value), seeded by the mean of its first `capacity` inputs after `age`
 * inputs that it lets pass; NaN before. It is kept as its distance from the newest input, which shrinks to
 * (1 − alpha) × (distance + the input before − x): one push waits for the last by a sum and a product alone, a flat
 * series is its own average, and no rounding of the value is carried on. Error, to first order: each push adds at most
 * 2 ulp of the distance and shrinks older errors by 1 − alpha; the value is the sum, rounded once.
 */
import { CANONICAL_NAN } from "../number";
import { Part, place } from "./part";

@unmanaged
export class Exponential extends Part {
  /** 1 − alpha. */
  decay: f64;
  /** The last input. */
  before: f64;
  /** From the last input to the average; until the seed is whole, its sum. */
  distance: f64;

  // @ts-ignore: decorator
  @inline
  push(x: f64): f64 {
    if (this.count != this.capacity) return this.seed(x);
    const distance = this.decay * (this.distance + (this.before - x));
    this.distance = distance;
    this.before = x;
    return x + distance;
  }

  /** Once seeded: pushes each double from `at` to `end` and writes its result `shift` bytes further on. */
  run(at: usize, end: usize, shift: usize): void {
    const decay = this.decay;
    let distance = this.distance;
    let before = this.before;
    for (; at < end; at += 8) {
      const x = load<f64>(at);
      distance = decay * (distance + (before - x));
      before = x;
      store<f64>(at + shift, x + distance);
    }
    this.distance = distance;
    this.before = before;
  }

  /** The average, once there is one. */
  // @ts-ignore: decorator
  @inline
  get value(): f64 {
    return this.before + this.distance;
  }

  private seed(x: f64): f64 {
    if (this.age > 0) {
      --this.age;
      return CANONICAL_NAN;
    }
    this.distance += x;
    if (++this.count < this.capacity) return CANONICAL_NAN;
    this.distance = this.distance / <f64>this.capacity - x;
    this.before = x;
    return this.value;
  }
}

/** Seeded by `seed` inputs; 1 starts from the first. */
export function placeExponential(alpha: f64, seed: i32): Exponential {
  const part = place<Exponential>(seed, 0);
  part.decay = 1 - alpha;
  return part;
}

/** The usual alpha of a period, and the seed that an option names: 0 is the mean of the period, 1 the first input. */
export function placeEma(period: i32, seedOption: f64): Exponential {
  return placeExponential(2 / (<f64>period + 1), seedOption == 1 ? 1 : period);
}
