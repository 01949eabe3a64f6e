/**
 * One side of a book in two typed arrays, sorted so that the best price is last: changes happen near the best, so
 * inserting there moves few elements. A bid's key is its price in ticks, an ask's the negated price; both sort upward.
 */
export const BOOK_LEVELS_MAX = 8192;
/** Most books are small: a side begins with this much room and doubles it when it must. */
const ROOM_MIN = 64;

export class BookSide {
  readonly sign: 1 | -1;
  /** Longer than `count` as a rule. */
  keys: Int32Array;
  lots: Float64Array;
  count = 0;
  /** Levels dropped because the side was full; the levels farthest from the best go first. */
  overflow = 0;

  private readonly capacity: number;

  constructor(sign: 1 | -1, capacity = BOOK_LEVELS_MAX) {
    this.sign = sign;
    this.capacity = capacity;
    this.keys = new Int32Array(Math.min(capacity, ROOM_MIN));
    this.lots = new Float64Array(Math.min(capacity, ROOM_MIN));
  }

  /** Makes room for so many levels, the present ones kept. False when a side never holds as many. */
  reserve(levels: number): boolean {
    if (levels > this.capacity) return false;
    if (levels <= this.keys.length) return true;
    let room = this.keys.length;
    while (room < levels) room *= 2;
    const { keys, lots } = this;
    this.keys = new Int32Array(Math.min(room, this.capacity));
    this.lots = new Float64Array(this.keys.length);
    this.keys.set(keys);
    this.lots.set(lots);
    return true;
  }

  /** Becomes a copy of another side. */
  copyFrom(other: BookSide): void {
    this.reserve(other.count);
    this.keys.set(other.keys.subarray(0, other.count));
    this.lots.set(other.lots.subarray(0, other.count));
    this.count = other.count;
    this.overflow = other.overflow;
  }

  clear(): void {
    this.count = 0;
  }

  /** Sets the quantity at a price; zero removes the level. */
  set(priceTicks: number, qtyLots: number): void {
    const key = this.sign * priceTicks;
    const at = this.search(key);
    const found = at < this.count && this.keys[at] === key;
    if (qtyLots === 0) {
      if (found) this.remove(at);
    } else if (found) {
      this.lots[at] = qtyLots;
    } else {
      this.insert(at, key, qtyLots);
    }
  }

  /** Quantity at a price, 0 when there is none. */
  lotsAt(priceTicks: number): number {
    const key = this.sign * priceTicks;
    const at = this.search(key);
    return at < this.count && this.keys[at] === key ? this.lots[at] : 0;
  }

  /** Best price in ticks; 0 when the side is empty. */
  bestTicks(): number {
    return this.count ? this.sign * this.keys[this.count - 1] : 0;
  }

  bestLots(): number {
    return this.count ? this.lots[this.count - 1] : 0;
  }

  /** Price of the level `depth` places behind the best (0 = best). */
  ticksAtDepth(depth: number): number {
    return this.sign * this.keys[this.count - 1 - depth];
  }

  lotsAtDepth(depth: number): number {
    return this.lots[this.count - 1 - depth];
  }

  /** Index of the first key that is not smaller. */
  private search(key: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private insert(at: number, key: number, qtyLots: number): void {
    if (this.count === this.keys.length && !this.reserve(this.count + 1)) {
      this.overflow += 1;
      if (at === 0) return;
      this.remove(0);
      at -= 1;
    }
    this.keys.copyWithin(at + 1, at, this.count);
    this.lots.copyWithin(at + 1, at, this.count);
    this.keys[at] = key;
    this.lots[at] = qtyLots;
    this.count += 1;
  }

  private remove(at: number): void {
    this.keys.copyWithin(at, at + 1, this.count);
    this.lots.copyWithin(at, at + 1, this.count);
    this.count -= 1;
  }
}
