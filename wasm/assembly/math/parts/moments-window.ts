/**
 * Mean and population variance of the last `capacity` inputs, by blocks as in SumWindow: sums and sums of squares of
 * the distances from a pivot, the mean of the last whole block. Where the pivot is so far off that the squares about
 * it pass 2¹⁰ times those about the mean, all sums are taken afresh about the mean; hence the relative error of the
 * variance is at most about capacity × 2⁻⁴², and capacity × 2⁻⁵² in a steady series. NaN until full.
 */
import { CANONICAL_NAN, larger } from "../number";
import { Part, place } from "./part";

// @ts-ignore: decorator
@inline export const PIVOT_FRACTION: f64 = 0.0009765625; // 2⁻¹⁰

@unmanaged
export class MomentsWindow extends Part {
  /** 1 / capacity. */
  inverse: f64;
  pivot: f64;
  filling: f64;
  fillingSquares: f64;
  mean: f64;
  variance: f64;

  push(x: f64): void {
    const position = this.position;
    const slot = changetype<usize>(this) + <usize>position * 24;
    if (position == 0 && this.count == 0) this.pivot = x;
    const distance = x - this.pivot;
    const filling = this.filling + distance;
    const squares = this.fillingSquares + distance * distance;
    store<f64>(slot, x, offsetof<MomentsWindow>());
    const after = position + 1;
    if (after == this.capacity) {
      this.turn(filling, squares);
      return;
    }
    this.position = after;
    this.filling = filling;
    this.fillingSquares = squares;
    if (this.count == 0) return;
    this.settle(
      load<f64>(slot, offsetof<MomentsWindow>() + 32) + filling,
      load<f64>(slot, offsetof<MomentsWindow>() + 40) + squares,
    );
  }

  /**
   * Once full: pushes each double from `at` to `end` and writes the mean `means` and the variance `variances` bytes
   * further on.
   */
  run(at: usize, end: usize, means: usize, variances: usize): void {
    while (at < end) {
      at = this.slide(at, min(at + (<usize>(this.capacity - this.position - 1) << 3), end), means, variances);
      if (at == end) return;
      this.push(load<f64>(at));
      store<f64>(at + means, this.mean);
      store<f64>(at + variances, this.variance);
      at += 8;
    }
  }

  /** The same inside a block, up to an input that calls for another pivot; returns where it came to. */
  private slide(at: usize, stop: usize, means: usize, variances: usize): usize {
    const begin = at;
    const pivot = this.pivot;
    const inverse = this.inverse;
    let slot = changetype<usize>(this) + <usize>this.position * 24;
    let filling = this.filling;
    let squares = this.fillingSquares;
    for (; at < stop; at += 8) {
      const x = load<f64>(at);
      const distance = x - pivot;
      const more = filling + distance;
      const moreSquares = squares + distance * distance;
      const sum = load<f64>(slot, offsetof<MomentsWindow>() + 32) + more;
      const total = load<f64>(slot, offsetof<MomentsWindow>() + 40) + moreSquares;
      const drift = sum * inverse;
      const spread = total - drift * sum;
      if (spread < total * PIVOT_FRACTION && pivot + drift != pivot) break;
      store<f64>(slot, x, offsetof<MomentsWindow>());
      slot += 24;
      filling = more;
      squares = moreSquares;
      store<f64>(at + means, pivot + drift);
      store<f64>(at + variances, larger(0, spread) * inverse);
    }
    this.position += <i32>((at - begin) >> 3);
    this.filling = filling;
    this.fillingSquares = squares;
    return at;
  }

  // @ts-ignore: decorator
  @inline
  settle(sum: f64, squares: f64): void {
    const drift = sum * this.inverse;
    const spread = squares - drift * sum;
    if (spread < squares * PIVOT_FRACTION && this.pivot + drift != this.pivot) {
      this.rebuild(this.pivot + drift);
      return;
    }
    this.mean = this.pivot + drift;
    this.variance = spread > 0 ? spread * this.inverse : 0;
  }

  /** The block is whole, and the next pivot is its mean. */
  turn(filling: f64, squares: f64): void {
    this.count = this.capacity;
    this.position = this.capacity;
    this.settle(filling, squares);
    this.position = 0;
    this.filling = 0;
    this.fillingSquares = 0;
    this.sumTail(this.mean);
  }

  /** Takes every sum afresh about another pivot, and then the moments, once: rounding must not send it here again. */
  rebuild(pivot: f64): void {
    const slots = changetype<usize>(this) + offsetof<MomentsWindow>();
    this.sumTail(pivot);
    let sum: f64 = 0;
    let squares: f64 = 0;
    for (let index = 0; index < this.position; ++index) {
      const distance = load<f64>(slots + <usize>index * 24) - pivot;
      sum += distance;
      squares += distance * distance;
    }
    this.filling = sum;
    this.fillingSquares = squares;
    if (this.position < this.capacity) {
      sum += load<f64>(slots + <usize>this.position * 24, 8);
      squares += load<f64>(slots + <usize>this.position * 24, 16);
    }
    const drift = sum * this.inverse;
    const spread = squares - drift * sum;
    this.mean = pivot + drift;
    this.variance = spread > 0 ? spread * this.inverse : 0;
  }

  /** The sums from each slot of the older block to its end, about `pivot`. */
  sumTail(pivot: f64): void {
    const slots = changetype<usize>(this) + offsetof<MomentsWindow>();
    this.pivot = pivot;
    let sum: f64 = 0;
    let squares: f64 = 0;
    for (let index = this.capacity - 1; index >= this.position; --index) {
      const slot = slots + <usize>index * 24;
      const distance = load<f64>(slot) - pivot;
      sum += distance;
      squares += distance * distance;
      store<f64>(slot, sum, 8);
      store<f64>(slot, squares, 16);
    }
  }
}

export function placeMoments(capacity: i32): MomentsWindow {
  const part = place<MomentsWindow>(capacity, 3 * capacity);
  part.inverse = 1 / <f64>capacity;
  part.mean = CANONICAL_NAN;
  part.variance = CANONICAL_NAN;
  return part;
}
