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

  /** Once full: pushes each double from `at` to `end` and writes its result, and `sums` bytes on its plain sum. */
  run(at: usize, end: usize, shift: usize, sums: usize): void {
    while (at < end) {
      const stop = min(at + (<usize>(this.capacity - this.position - 1) << 3), end);
      let slot = changetype<usize>(this) + (<usize>this.position << 4);
      let filling = this.filling;
      let weighted = this.fillingWeighted;
      let weight = <f64>this.position;
      const whole = <f64>this.capacity;
      this.position += <i32>((stop - at) >> 3);
      for (; at < stop; at += 8) {
        const x = load<f64>(at);
        weight += 1;
        filling += x;
        weighted += weight * x;
        store<f64>(slot, x, offsetof<WeightedWindow>());
        slot += 16;
        store<f64>(at + sums, load<f64>(slot, offsetof<WeightedWindow>()) + filling);
        const tail = load<f64>(slot, offsetof<WeightedWindow>() + 8);
        store<f64>(at + shift, tail + (weighted + (whole - weight) * filling));
      }
      this.filling = filling;
      this.fillingWeighted = weighted;
      if (at == end) return;
      store<f64>(at + shift, this.push(load<f64>(at)));
      store<f64>(at + sums, this.sum);
      at += 8;
    }
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
