/**
 * Sums over the last `capacity` pairs of inputs, by blocks as in SumWindow: of the products and squares of the
 * distances from the means. They are kept about pivots, the means of the last whole block; where those are so far off
 * that the squares about them pass 2¹⁰ times those about the means, all sums are taken afresh about the means. Hence
 * the error of each is at most about capacity × 2⁻⁴² of √(squares × squares), and capacity × 2⁻⁵² in steady series. A
 * series that does not move in the window has squares of exactly 0.
 */
import { larger } from "../number";
import { PIVOT_FRACTION } from "./moments-window";
import { Part, place } from "./part";

/** Of a slot: the pair, and the sums from it to the end of the block. */
// @ts-ignore: decorator
@inline const SLOT: usize = 56;

@unmanaged
export class PairWindow extends Part {
  /** 1 / capacity. */
  inverse: f64;
  pivotX: f64;
  pivotY: f64;
  x: f64;
  y: f64;
  /** Of each series how many of the last inputs are the same, the capacity at most. */
  stillX: i32;
  stillY: i32;
  fillingX: f64;
  fillingY: f64;
  fillingXX: f64;
  fillingYY: f64;
  fillingXY: f64;
  meanX: f64;
  meanY: f64;
  squaresX: f64;
  squaresY: f64;
  products: f64;

  /** Returns whether the window is full, and so the sums are ready. */
  push(x: f64, y: f64): bool {
    if (this.count == 0 && this.position == 0) {
      this.pivotX = x;
      this.pivotY = y;
    }
    this.stillX = min(x == this.x ? this.stillX + 1 : 1, this.capacity);
    this.stillY = min(y == this.y ? this.stillY + 1 : 1, this.capacity);
    this.x = x;
    this.y = y;
    const slot = this.slot(this.position);
    store<f64>(slot, x);
    store<f64>(slot, y, 8);
    this.add(x - this.pivotX, y - this.pivotY);
    if (++this.position == this.capacity) this.turn();
    else if (this.count == 0) return false;
    else this.settle(slot + SLOT);
    return true;
  }

  /**
   * Once full: pushes the doubles from `at` to `end`, each with the one `other` bytes further on, and writes products,
   * squares and means a `stride` apart, from `shift` bytes further on.
   */
  run(at: usize, end: usize, other: usize, shift: usize, stride: usize): void {
    while (at < end) {
      const stop = min(at + (<usize>(this.capacity - this.position - 1) << 3), end);
      at = this.slide(at, stop, other, shift, stride);
      if (at == end) return;
      this.push(load<f64>(at), load<f64>(at + other));
      const to = at + shift;
      store<f64>(to, this.products);
      store<f64>(to + stride, this.squaresX);
      store<f64>(to + 2 * stride, this.squaresY);
      store<f64>(to + 3 * stride, this.meanX);
      store<f64>(to + 4 * stride, this.meanY);
      at += 8;
    }
  }

  /**
   * The same inside a block, the two series in the two lanes of a vector, up to a pair that calls for other pivots or
   * in which a series stands still; returns where it came to.
   */
  private slide(at: usize, stop: usize, other: usize, shift: usize, stride: usize): usize {
    const begin = at;
    const inverse = f64x2.splat(this.inverse);
    const fraction = f64x2.splat(PIVOT_FRACTION);
    const pivots = v128.load(changetype<usize>(this), offsetof<PairWindow>("pivotX"));
    let last = v128.load(changetype<usize>(this), offsetof<PairWindow>("x"));
    let filling = v128.load(changetype<usize>(this), offsetof<PairWindow>("fillingX"));
    let squares = v128.load(changetype<usize>(this), offsetof<PairWindow>("fillingXX"));
    let products = this.fillingXY;
    let slot = this.slot(this.position);
    for (; at < stop; at += 8) {
      const pair = v128.load64_lane(at + other, v128.load64_zero(at), 1);
      const distance = f64x2.sub(pair, pivots);
      const more = f64x2.add(filling, distance);
      const moreSquares = f64x2.add(squares, f64x2.mul(distance, distance));
      const sum = f64x2.add(more, v128.load(slot, SLOT + 16));
      const total = f64x2.add(moreSquares, v128.load(slot, SLOT + 32));
      const drift = f64x2.mul(sum, inverse);
      const spread = f64x2.sub(total, f64x2.mul(drift, sum));
      const stops = v128.or(f64x2.lt(spread, f64x2.mul(total, fraction)), f64x2.eq(pair, last));
      if (v128.any_true(stops)) break;
      last = pair;
      filling = more;
      squares = moreSquares;
      products += f64x2.extract_lane(distance, 0) * f64x2.extract_lane(distance, 1);
      v128.store(slot, pair);
      slot += SLOT;
      const to = at + shift;
      const shared = f64x2.extract_lane(drift, 0) * f64x2.extract_lane(sum, 1);
      store<f64>(to, products + load<f64>(slot, 48) - shared);
      const mean = f64x2.add(pivots, drift);
      v128.store64_lane(to + stride, spread, 0);
      v128.store64_lane(to + 2 * stride, spread, 1);
      v128.store64_lane(to + 3 * stride, mean, 0);
      v128.store64_lane(to + 4 * stride, mean, 1);
    }
    v128.store(changetype<usize>(this), last, offsetof<PairWindow>("x"));
    v128.store(changetype<usize>(this), filling, offsetof<PairWindow>("fillingX"));
    v128.store(changetype<usize>(this), squares, offsetof<PairWindow>("fillingXX"));
    this.fillingXY = products;
    if (at == begin) return at;
    this.stillX = 1;
    this.stillY = 1;
    this.position += <i32>((at - begin) >> 3);
    return at;
  }

  // @ts-ignore: decorator
  @inline
  private slot(index: i32): usize {
    return changetype<usize>(this) + offsetof<PairWindow>() + <usize>index * SLOT;
  }

  // @ts-ignore: decorator
  @inline
  private add(dx: f64, dy: f64): void {
    this.fillingX += dx;
    this.fillingY += dy;
    this.fillingXX += dx * dx;
    this.fillingYY += dy * dy;
    this.fillingXY += dx * dy;
  }

  /** Of the block that is filling and the older one from `tail` on. */
  // @ts-ignore: decorator
  @inline
  private settle(tail: usize): void {
    if (this.isSettled(tail)) return;
    this.rebuild(this.meanX, this.meanY);
    this.isSettled(tail);
  }

  /** Takes the sums about the means; false where the pivots are too far off for that. */
  private isSettled(tail: usize): bool {
    const sumX = this.fillingX + load<f64>(tail, 16);
    const sumY = this.fillingY + load<f64>(tail, 24);
    const sumXX = this.fillingXX + load<f64>(tail, 32);
    const sumYY = this.fillingYY + load<f64>(tail, 40);
    const driftX = sumX * this.inverse;
    const driftY = sumY * this.inverse;
    const squaresX = sumXX - driftX * sumX;
    const squaresY = sumYY - driftY * sumY;
    this.meanX = this.pivotX + driftX;
    this.meanY = this.pivotY + driftY;
    const isStillX = this.stillX == this.capacity;
    const isStillY = this.stillY == this.capacity;
    this.squaresX = isStillX ? 0 : larger(0, squaresX);
    this.squaresY = isStillY ? 0 : larger(0, squaresY);
    this.products = isStillX || isStillY ? 0 : this.fillingXY + load<f64>(tail, 48) - driftX * sumY;
    const isFarX = squaresX < sumXX * PIVOT_FRACTION && this.meanX != this.pivotX;
    const isFarY = squaresY < sumYY * PIVOT_FRACTION && this.meanY != this.pivotY;
    return !(isFarX || isFarY);
  }

  /** The block is whole, and the next pivots are its means. */
  private turn(): void {
    this.count = this.capacity;
    // The slot behind the last one stays 0: there is no older block any more.
    this.settle(this.slot(this.capacity));
    this.sumTail(this.meanX, this.meanY, 0);
    this.position = 0;
    this.clear();
  }

  private clear(): void {
    this.fillingX = 0;
    this.fillingY = 0;
    this.fillingXX = 0;
    this.fillingYY = 0;
    this.fillingXY = 0;
  }

  /** Takes every sum afresh about other pivots. */
  private rebuild(pivotX: f64, pivotY: f64): void {
    this.sumTail(pivotX, pivotY, this.position);
    this.clear();
    for (let index = 0; index < this.position; ++index) {
      const slot = this.slot(index);
      this.add(load<f64>(slot) - pivotX, load<f64>(slot, 8) - pivotY);
    }
  }

  /** The sums from each slot of the older block, from number `from` on, to its end. */
  private sumTail(pivotX: f64, pivotY: f64, from: i32): void {
    this.pivotX = pivotX;
    this.pivotY = pivotY;
    let sumX: f64 = 0;
    let sumY: f64 = 0;
    let sumXX: f64 = 0;
    let sumYY: f64 = 0;
    let sumXY: f64 = 0;
    for (let index = this.capacity - 1; index >= from; --index) {
      const slot = this.slot(index);
      const dx = load<f64>(slot) - pivotX;
      const dy = load<f64>(slot, 8) - pivotY;
      sumX += dx;
      sumY += dy;
      sumXX += dx * dx;
      sumYY += dy * dy;
      sumXY += dx * dy;
      storeTwo(slot + 16, sumX, sumY);
      storeTwo(slot + 32, sumXX, sumYY);
      store<f64>(slot, sumXY, 48);
    }
  }
}

/** In one piece, because a vector is slow to load while its halves are still being stored. */
// @ts-ignore: decorator
@inline
function storeTwo(at: usize, a: f64, b: f64): void {
  if (ASC_FEATURE_SIMD) {
    v128.store(at, f64x2.replace_lane(f64x2.splat(a), 1, b));
  } else {
    store<f64>(at, a);
    store<f64>(at, b, 8);
  }
}

export function placePairs(capacity: i32): PairWindow {
  const part = place<PairWindow>(capacity, 7 * (capacity + 1));
  part.inverse = 1 / <f64>capacity;
  return part;
}
