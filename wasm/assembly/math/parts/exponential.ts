/**
 * An exponential average: value += alpha × (x − value), seeded by the mean of its first `capacity` inputs after `age`
 * inputs that it lets pass. NaN before the seed. Error, to first order: each push adds at most half an ulp of the new
 * value and 1.5 ulp of alpha × (x − value), and shrinks older errors by 1 − alpha.
 */
import { CANONICAL_NAN } from "../number";
import { Part, place } from "./part";

@unmanaged
export class Exponential extends Part {
  alpha: f64;
  /** The sum of the seed until it is whole. */
  value: f64;

  // @ts-ignore: decorator
  @inline
  push(x: f64): f64 {
    if (this.count != this.capacity) return this.seed(x);
    const value = this.value + this.alpha * (x - this.value);
    this.value = value;
    return value;
  }

  private seed(x: f64): f64 {
    if (this.age > 0) {
      --this.age;
      return CANONICAL_NAN;
    }
    this.value += x;
    if (++this.count < this.capacity) return CANONICAL_NAN;
    this.value /= <f64>this.capacity;
    return this.value;
  }
}

/** Seeded by `seed` inputs; 1 starts from the first. */
export function placeExponential(alpha: f64, seed: i32): Exponential {
  const part = place<Exponential>(seed, 0);
  part.alpha = alpha;
  return part;
}

/** The usual alpha of a period, and the seed that an option names: 0 is the mean of the period, 1 the first input. */
export function placeEma(period: i32, seedOption: f64): Exponential {
  return placeExponential(2 / (<f64>period + 1), seedOption == 1 ? 1 : period);
}
