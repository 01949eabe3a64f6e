/**
 * The highest of the last `capacity` inputs, exactly, by blocks as in SumWindow; the lowest is the highest of the
 * negated inputs, negated. NaN until full. A push is O(1), the one that fills a block O(capacity), whatever the inputs.
 */
import { CANONICAL_NAN, larger } from "../number";
import { Part, place } from "./part";

@unmanaged
export class HighestWindow extends Part {
  filling: f64;

  // @ts-ignore: decorator
  @inline
  push(x: f64): f64 {
    const position = this.position;
    const slot = changetype<usize>(this) + (<usize>position << 3);
    const filling = position == 0 ? x : larger(x, this.filling);
    store<f64>(slot, x, offsetof<HighestWindow>());
    const after = position + 1;
    if (after == this.capacity) return this.turn(filling);
    this.position = after;
    this.filling = filling;
    if (this.count == 0) return CANONICAL_NAN;
    const older = load<f64>(slot, offsetof<HighestWindow>() + 8);
    return larger(older, filling);
  }

  /** Once full: pushes each double from `at` to `end` and writes its result `shift` bytes further on. */
  run(at: usize, end: usize, shift: usize): void {
    while (at < end) {
      const stop = min(at + (<usize>(this.capacity - this.position - 1) << 3), end);
      const slots = changetype<usize>(this) + offsetof<HighestWindow>() + (<usize>this.position << 3) - at;
      let filling = this.position == 0 ? -Infinity : this.filling;
      this.position += <i32>((stop - at) >> 3);
      for (; at < stop; at += 8) {
        const x = load<f64>(at);
        filling = larger(x, filling);
        store<f64>(slots + at, x);
        store<f64>(at + shift, larger(load<f64>(slots + at, 8), filling));
      }
      this.filling = filling;
      if (at == end) return;
      store<f64>(at + shift, this.push(load<f64>(at)));
      at += 8;
    }
  }

  /** The block is whole: each slot becomes the highest from it to the end. */
  turn(filling: f64): f64 {
    const slots = changetype<usize>(this) + offsetof<HighestWindow>();
    let slot = slots + (<usize>(this.capacity - 1) << 3);
    let highest = load<f64>(slot);
    for (; slot >= slots; slot -= 8) {
      const x = load<f64>(slot);
      highest = larger(highest, x);
      store<f64>(slot, highest);
    }
    this.position = 0;
    this.count = this.capacity;
    return filling;
  }
}

export function placeHighest(capacity: i32): HighestWindow {
  return place<HighestWindow>(capacity, capacity);
}
