/**
 * The venue's own book of one instrument, and what it was at every update id: a sum over its levels that any book of
 * the same levels has too. Levels stand on a grid, bids below a price that wanders and asks above it.
 */
import type { Random } from "../random.js";

/** Ticks between two levels. */
const GRID_TICKS = 10;
const SLOTS = 8192;

/** [price in ticks, lots]. */
export type Level = readonly [ticks: number, lots: number];

/** One level's share of a book's sum. */
export function levelSum(isBid: boolean, ticks: number, lots: number): number {
  let word = Math.imul(ticks ^ (isBid ? 0x5bd1e995 : 0), 0xcc9e2d51) ^ Math.imul(lots, 0x1b873593);
  word = Math.imul(word ^ (word >>> 15), 0x85ebca6b);
  return (word ^ (word >>> 13)) | 0;
}

class Side {
  readonly isBid: boolean;
  readonly lots = new Int32Array(SLOTS);
  /** Grid place of the best level. */
  best: number;

  constructor(isBid: boolean, best: number) {
    this.isBid = isBid;
    this.best = best;
  }

  /** Grid place that is `depth` levels behind the best. */
  place(depth: number): number {
    return this.isBid ? this.best - depth : this.best + depth;
  }
}

export class TrueBook {
  updateId: number;
  readonly bids: Side;
  readonly asks: Side;
  private readonly levels: number;
  private readonly random: Random;
  private readonly firstId: number;
  /** By update id less the first: the sum of the book that it left. */
  private readonly sums: number[] = [];
  private sum = 0;
  private changed = new Map<number, boolean>();
  private changedFrom: number;

  constructor(firstTicks: number, levels: number, random: Random) {
    this.levels = levels;
    this.random = random;
    this.updateId = random.integer(1, 1_000_000);
    this.firstId = this.updateId + 1;
    const middle = Math.floor(firstTicks / GRID_TICKS);
    this.bids = new Side(true, middle);
    this.asks = new Side(false, middle + 1);
    for (const side of [this.bids, this.asks]) {
      for (let depth = 0; depth < levels; depth += 1) this.set(side, side.place(depth), this.newLots());
    }
    this.changed.clear();
    this.changedFrom = this.updateId + 1;
  }

  get bidTicks(): number {
    return this.bids.best * GRID_TICKS;
  }
  get askTicks(): number {
    return this.asks.best * GRID_TICKS;
  }

  bestLots(side: Side): number {
    return side.lots[side.best & (SLOTS - 1)];
  }

  /** The sum of the book as an update left it, or undefined for an id that never was. */
  sumAt(updateId: number): number | undefined {
    return this.sums[updateId - this.firstId];
  }

  /** Levels of a side, best first. */
  sideLevels(side: Side): Level[] {
    return Array.from({ length: this.levels }, (_, depth): Level => {
      const place = side.place(depth);
      return [place * GRID_TICKS, side.lots[place & (SLOTS - 1)]];
    });
  }

  /** The price moves by so many places of the grid. */
  move(places: number): void {
    for (let left = Math.abs(places); left > 0; left -= 1) {
      const [giving, taking] = places > 0 ? [this.asks, this.bids] : [this.bids, this.asks];
      // The side that is run into goes first, so that the sides never cross.
      this.retreat(giving);
      this.advance(taking);
    }
  }

  /** Some level has another quantity. */
  stir(): void {
    const side = this.random.chance(0.5) ? this.bids : this.asks;
    this.set(side, side.place(this.random.integer(0, this.levels - 1)), this.newLots());
  }

  /** A trade takes from the best level; when it takes all, the price moves. Returns what was taken. */
  take(side: Side, lots: number): number {
    const there = this.bestLots(side);
    if (lots >= there) this.move(side.isBid ? -1 : 1);
    else this.set(side, side.best, there - lots);
    return Math.min(lots, there);
  }

  /** What changed since the last call, and the ids of it; undefined when nothing did. */
  takeChanges(): { firstId: number; lastId: number; bids: Level[]; asks: Level[] } | undefined {
    if (this.changed.size === 0) return undefined;
    const firstId = this.changedFrom;
    const bids: Level[] = [];
    const asks: Level[] = [];
    for (const [key, isBid] of this.changed) {
      const place = isBid ? key : -key;
      const lots = (isBid ? this.bids : this.asks).lots[place & (SLOTS - 1)];
      (isBid ? bids : asks).push([place * GRID_TICKS, lots]);
    }
    this.changed.clear();
    this.changedFrom = this.updateId + 1;
    return { firstId, lastId: this.updateId, bids, asks };
  }

  private retreat(side: Side): void {
    this.set(side, side.best, 0);
    side.best = side.place(1);
    this.set(side, side.place(this.levels - 1), this.newLots());
  }

  private advance(side: Side): void {
    this.set(side, side.place(this.levels - 1), 0);
    side.best = side.place(-1);
    this.set(side, side.best, this.newLots());
  }

  private set(side: Side, place: number, lots: number): void {
    const slot = place & (SLOTS - 1);
    const ticks = place * GRID_TICKS;
    const before = side.lots[slot];
    if (before > 0) this.sum = (this.sum - levelSum(side.isBid, ticks, before)) | 0;
    if (lots > 0) this.sum = (this.sum + levelSum(side.isBid, ticks, lots)) | 0;
    side.lots[slot] = lots;
    this.updateId += 1;
    this.sums.push(this.sum);
    // Bids and asks never share a key: a place is positive.
    this.changed.set(side.isBid ? place : -place, side.isBid);
  }

  private newLots(): number {
    return this.random.chance(0.3) ? this.random.integer(1, 5) : this.random.integer(1, 2_000);
  }
}
