/**
 * The sum and the linearly weighted sum of the last `capacity` inputs, the oldest weighing 1 and the newest `capacity`,
 * by blocks as in SumWindow: nothing is subtracted, so for inputs of one sign the relative error is at most
 * 2 × capacity × 2⁻⁵³ at any age. `push` returns the weighted sum, NaN until full; `sum` is the plain one.
 */
import { CANONICAL_NAN } from "../number";
import { Part, place } from "./part";

@unmanaged
export class WeightedWindow extends Part {
  filling: f64;
  fillingWeighted: f64;
  sum: f64;

  push(x: f64): f64 {
    const capacity = this.capacity;
    const position = this.position;
    const after = position + 1;
    const slot = changetype<usize>(this) + (<usize>position << 4);
    const filling = this.filling + x;
    const weighted = this.fillingWeighted + <f64>after * x;
    store<f64>(slot, x, offsetof<WeightedWindow>());
    if (after == capacity) {
      this.turn();
      this.sum = filling;
      return weighted;
    }
    this.position = after;
    this.filling = filling;
    this.fillingWeighted = weighted;
    if (this.count == 0) return CANONICAL_NAN;
    this.sum = load<f64>(slot, offsetof<WeightedWindow>() + 16) + filling;
    return load<f64>(slot, offsetof<WeightedWindow>() + 24) + (weighted + <f64>(capacity - after) * filling);
  }

  /** Each pair of slots becomes the sum from it to the end of the block, and the sum whose weights begin at 1 there. */
  turn(): void {
    const slots = changetype<usize>(this) + offsetof<WeightedWindow>();
    let sum: f64 = 0;
    let weighted: f64 = 0;
    for (let slot = slots + (<usize>(this.capacity - 1) << 4); slot >= slots; slot -= 16) {
      const x = load<f64>(slot);
      weighted += sum + x;
      sum += x;
      store<f64>(slot, sum);
      store<f64>(slot, weighted, 8);
    }
    this.position = 0;
    this.count = this.capacity;
    this.filling = 0;
    this.fillingWeighted = 0;
  }
}

export function placeWeighted(capacity: i32): WeightedWindow {
  return place<WeightedWindow>(capacity, 2 * capacity);
}

/** What the weights 1 … n add up to. */
// @ts-ignore: decorator
@inline
export function weightsOf(n: f64): f64 {
  return (n * (n + 1)) / 2;
}
