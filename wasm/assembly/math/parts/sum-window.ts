/**
 * The sum of the last `capacity` inputs, with nothing ever subtracted: inputs come in blocks of `capacity`; a window is
 * the tail of the last whole block, whose sums from each slot to its end were taken when it filled, and the block that
 * is filling. So the error never grows with age: it is at most capacity × 2⁻⁵³ × the sum of the magnitudes in the
 * window. NaN until full. A push is O(1), the one that fills a block O(capacity).
 */
import { CANONICAL_NAN } from "../number";
import { Part, place } from "./part";

@unmanaged
export class SumWindow extends Part {
  filling: f64;

  // @ts-ignore: decorator
  @inline
  push(x: f64): f64 {
    const slot = changetype<usize>(this) + (<usize>this.position << 3);
    const filling = this.filling + x;
    store<f64>(slot, x, offsetof<SumWindow>());
    const after = this.position + 1;
    if (after == this.capacity) return this.turn(filling);
    this.position = after;
    this.filling = filling;
    return this.count == 0 ? CANONICAL_NAN : load<f64>(slot, offsetof<SumWindow>() + 8) + filling;
  }

  /** Once full: pushes each double from `at` to `end` and writes its result `shift` bytes further on. */
  run(at: usize, end: usize, shift: usize): void {
    while (at < end) {
      const stop = min(at + (<usize>(this.capacity - this.position - 1) << 3), end);
      const slots = changetype<usize>(this) + offsetof<SumWindow>() + (<usize>this.position << 3) - at;
      let filling = this.filling;
      this.position += <i32>((stop - at) >> 3);
      for (; at < stop; at += 8) {
        const x = load<f64>(at);
        filling += x;
        store<f64>(slots + at, x);
        store<f64>(at + shift, load<f64>(slots + at, 8) + filling);
      }
      this.filling = filling;
      if (at == end) return;
      store<f64>(at + shift, this.push(load<f64>(at)));
      at += 8;
    }
  }

  /** The block is whole: each slot becomes the sum from it to the end. */
  turn(filling: f64): f64 {
    const slots = changetype<usize>(this) + offsetof<SumWindow>();
    let sum: f64 = 0;
    for (let slot = slots + (<usize>(this.capacity - 1) << 3); slot >= slots; slot -= 8) {
      sum += load<f64>(slot);
      store<f64>(slot, sum);
    }
    this.position = 0;
    this.count = this.capacity;
    this.filling = 0;
    return filling;
  }
}

export function placeSum(capacity: i32): SumWindow {
  return place<SumWindow>(capacity, capacity);
}
