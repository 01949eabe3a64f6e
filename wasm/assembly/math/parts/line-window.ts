/**
 * What a least-squares line through the last `capacity` inputs is made of, by blocks as in SumWindow: sums of the
 * distances from a pivot, plain, squared and weighted by place, the oldest weighing 1. As in MomentsWindow the pivot is
 * the mean of the last whole block, and where it is too far off all sums are taken afresh about the mean. Hence the
 * errors are at most about capacity × 2⁻⁴² of the largest they can be, and capacity × 2⁻⁵² in a steady series. A
 * series that stands still has squares and products of exactly 0.
 */
import { larger } from "../number";
import { PIVOT_FRACTION } from "./moments-window";
import { Part, place } from "./part";

/** Of a slot: the input, and the three sums from it to the end of the block, weights beginning with 1 there. */
// @ts-ignore: decorator
@inline const SLOT: usize = 32;

@unmanaged
export class LineWindow extends Part {
  /** How many of the last inputs are the same, the capacity at most. */
  still: i32;
  /** 1 / capacity. */
  inverse: f64;
  /** The middle of the weights. */
  middle: f64;
  pivot: f64;
  last: f64;
  filling: f64;
  fillingSquares: f64;
  fillingWeighted: f64;
  mean: f64;
  /** Of the distances from the mean. */
  squares: f64;
  /** Of the distances from the mean and from the middle of the weights. */
  products: f64;

  /** Returns whether the window is full, and so the sums are ready. */
  push(x: f64): bool {
    if (this.count == 0 && this.position == 0) this.pivot = x;
    this.still = min(x == this.last ? this.still + 1 : 1, this.capacity);
    this.last = x;
    const slot = this.slot(this.position);
    store<f64>(slot, x);
    ++this.position;
    this.add(x - this.pivot, this.position);
    if (this.position == this.capacity) this.turn();
    else if (this.count == 0) return false;
    else this.settle(slot + SLOT);
    return true;
  }

  /**
   * Once full: pushes each double from `at` to `end` and writes products, squares and mean a `stride` apart, from
   * `shift` bytes further on.
   */
  run(at: usize, end: usize, shift: usize, stride: usize): void {
    while (at < end) {
      at = this.slide(at, min(at + (<usize>(this.capacity - this.position - 1) << 3), end), shift, stride);
      if (at == end) return;
      this.push(load<f64>(at));
      store<f64>(at + shift, this.products);
      store<f64>(at + shift + stride, this.squares);
      store<f64>(at + shift + 2 * stride, this.mean);
      at += 8;
    }
  }

  /** The same inside a block, up to an input that calls for another pivot or stands still; returns where it came to. */
  private slide(at: usize, stop: usize, shift: usize, stride: usize): usize {
    const begin = at;
    const pivot = this.pivot;
    const inverse = this.inverse;
    const middle = this.middle;
    const whole = <f64>this.capacity;
    let weight = <f64>this.position;
    let slot = this.slot(this.position);
    let last = this.last;
    let filling = this.filling;
    let squares = this.fillingSquares;
    let weighted = this.fillingWeighted;
    for (; at < stop; at += 8) {
      const x = load<f64>(at);
      const distance = x - pivot;
      const more = filling + distance;
      const moreSquares = squares + distance * distance;
      const sum = more + load<f64>(slot, SLOT + 8);
      const total = moreSquares + load<f64>(slot, SLOT + 16);
      const drift = sum * inverse;
      const spread = total - drift * sum;
      if (spread < total * PIVOT_FRACTION || x == last) break;
      last = x;
      weight += 1;
      filling = more;
      squares = moreSquares;
      weighted += weight * distance;
      store<f64>(slot, x);
      slot += SLOT;
      const moment = weighted + (whole - weight) * filling + load<f64>(slot, 24);
      store<f64>(at + shift, moment - middle * sum);
      store<f64>(at + shift + stride, spread);
      store<f64>(at + shift + 2 * stride, pivot + drift);
    }
    this.filling = filling;
    this.fillingSquares = squares;
    this.fillingWeighted = weighted;
    if (at == begin) return at;
    this.last = last;
    this.still = 1;
    this.position += <i32>((at - begin) >> 3);
    return at;
  }

  // @ts-ignore: decorator
  @inline
  private slot(index: i32): usize {
    return changetype<usize>(this) + offsetof<LineWindow>() + <usize>index * SLOT;
  }

  // @ts-ignore: decorator
  @inline
  private add(distance: f64, weight: i32): void {
    this.filling += distance;
    this.fillingSquares += distance * distance;
    this.fillingWeighted += <f64>weight * distance;
  }

  /** Of the block that is filling and the older one from `tail` on. */
  private settle(tail: usize): void {
    if (this.isSettled(tail)) return;
    this.rebuild(this.mean);
    this.isSettled(tail);
  }

  /** Takes the sums about the mean; false where the pivot is too far off for that. */
  private isSettled(tail: usize): bool {
    const sum = this.filling + load<f64>(tail, 8);
    const total = this.fillingSquares + load<f64>(tail, 16);
    const drift = sum * this.inverse;
    const spread = total - drift * sum;
    const later = <f64>this.capacity - <f64>this.position;
    const isStill = this.still == this.capacity;
    this.mean = isStill ? this.last : this.pivot + drift;
    this.squares = isStill ? 0 : larger(0, spread);
    const moment = this.fillingWeighted + later * this.filling + load<f64>(tail, 24);
    this.products = isStill ? 0 : moment - this.middle * sum;
    return isStill || !(spread < total * PIVOT_FRACTION && this.mean != this.pivot);
  }

  /** The block is whole, and the next pivot is its mean. */
  private turn(): void {
    this.count = this.capacity;
    // The slot behind the last one stays 0: there is no older block any more.
    this.settle(this.slot(this.capacity));
    this.sumTail(this.mean, 0);
    this.position = 0;
    this.clear();
  }

  private clear(): void {
    this.filling = 0;
    this.fillingSquares = 0;
    this.fillingWeighted = 0;
  }

  /** Takes every sum afresh about another pivot. */
  private rebuild(pivot: f64): void {
    this.sumTail(pivot, this.position);
    this.clear();
    for (let index = 0; index < this.position; ++index) this.add(load<f64>(this.slot(index)) - pivot, index + 1);
  }

  /** The sums from each slot of the older block, from number `from` on, to its end. */
  private sumTail(pivot: f64, from: i32): void {
    this.pivot = pivot;
    let sum: f64 = 0;
    let squares: f64 = 0;
    let weighted: f64 = 0;
    for (let index = this.capacity - 1; index >= from; --index) {
      const slot = this.slot(index);
      const distance = load<f64>(slot) - pivot;
      sum += distance;
      squares += distance * distance;
      weighted += sum;
      store<f64>(slot, sum, 8);
      store<f64>(slot, squares, 16);
      store<f64>(slot, weighted, 24);
    }
  }
}

export function placeLine(capacity: i32): LineWindow {
  const part = place<LineWindow>(capacity, 4 * (capacity + 1));
  part.inverse = 1 / <f64>capacity;
  part.middle = (<f64>capacity + 1) / 2;
  return part;
}
