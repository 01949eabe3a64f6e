/**
 * The mean of the last `capacity` inputs, by blocks as in SumWindow, of distances from a pivot: the newest input of the
 * last whole block. Every window has the pivot among its inputs. So the error comes from these alone, is at most about
 * capacity × 2⁻⁵² × the largest magnitude, and shrinks with the distances; the mean of equal inputs is exactly theirs,
 * though nothing is divided. NaN until full. A push is O(1), the one that fills a block O(capacity).
 */
import { CANONICAL_NAN } from "../number";
import { Part, place } from "./part";

@unmanaged
export class MeanWindow extends Part {
  /** 1 / capacity. */
  inverse: f64;
  pivot: f64;
  filling: f64;

  // @ts-ignore: decorator
  @inline
  push(x: f64): f64 {
    const slot = changetype<usize>(this) + (<usize>this.position << 3);
    const after = this.position + 1;
    if (after == this.capacity) return this.turn(x);
    const filling = this.filling + (x - this.pivot);
    store<f64>(slot, x, offsetof<MeanWindow>());
    this.position = after;
    this.filling = filling;
    if (this.count == 0) return CANONICAL_NAN;
    return this.pivot + (load<f64>(slot, offsetof<MeanWindow>() + 8) + filling) * this.inverse;
  }

  /** Once full: pushes each double from `at` to `end` and writes its result `shift` bytes further on. */
  run(at: usize, end: usize, shift: usize): void {
    const inverse = this.inverse;
    while (at < end) {
      const stop = min(at + (<usize>(this.capacity - this.position - 1) << 3), end);
      const slots = changetype<usize>(this) + offsetof<MeanWindow>() + (<usize>this.position << 3) - at;
      const pivot = this.pivot;
      let filling = this.filling;
      this.position += <i32>((stop - at) >> 3);
      for (; at < stop; at += 8) {
        const x = load<f64>(at);
        filling += x - pivot;
        store<f64>(slots + at, x);
        store<f64>(at + shift, pivot + (load<f64>(slots + at, 8) + filling) * inverse);
      }
      this.filling = filling;
      if (at == end) return;
      store<f64>(at + shift, this.turn(load<f64>(at)));
      at += 8;
    }
  }

  /**
   * The block is whole with `last`, the next pivot: each slot becomes the sum of the distances from it to the end. The
   * last slot, where that is the distance of the pivot from itself, is always 0.
   */
  turn(last: f64): f64 {
    const slots = changetype<usize>(this) + offsetof<MeanWindow>();
    let sum: f64 = 0;
    for (let slot = slots + (<usize>(this.capacity - 1) << 3); slot != slots; ) {
      slot -= 8;
      sum += load<f64>(slot) - last;
      store<f64>(slot, sum);
    }
    this.position = 0;
    this.count = this.capacity;
    this.pivot = last;
    this.filling = 0;
    return last + sum * this.inverse;
  }
}

export function placeMean(capacity: i32): MeanWindow {
  const part = place<MeanWindow>(capacity, capacity);
  part.inverse = 1 / <f64>capacity;
  return part;
}
