/**
 * The order book of one instrument, built from snapshot and delta messages in place. Whether it may be believed is not
 * its business: the feed's state says so.
 */
import {
  BOOK_DELTA_BID_COUNT,
  BOOK_DELTA_LAST_UPDATE_ID,
  BOOK_DELTA_LEVELS,
  BOOK_DELTA_LEVELS_COUNT,
  BOOK_SNAPSHOT_BID_COUNT,
  BOOK_SNAPSHOT_FIRST,
  BOOK_SNAPSHOT_LAST_UPDATE_ID,
  BOOK_SNAPSHOT_LEVELS,
  BOOK_SNAPSHOT_LEVELS_COUNT,
  LEVEL_BYTES,
  LEVEL_PRICE_TICKS,
  LEVEL_QTY_LOTS,
  type MessageViews,
} from "../../schemas/index.js";
import { BookSide } from "./book-side.js";

export class Book {
  readonly bids = new BookSide(1);
  readonly asks = new BookSide(-1);
  lastUpdateId = 0;

  applyDelta(views: MessageViews, at: number): void {
    const bidCount = views.u16[(at + BOOK_DELTA_BID_COUNT) >> 1];
    const count = views.u32[(at + BOOK_DELTA_LEVELS_COUNT) >> 2];
    this.setLevels(views, at + BOOK_DELTA_LEVELS, bidCount, count);
    this.lastUpdateId = views.f64[(at + BOOK_DELTA_LAST_UPDATE_ID) >> 3];
  }

  /** The first part of a snapshot clears; the others add. */
  applySnapshot(views: MessageViews, at: number): void {
    if (views.u16[(at + BOOK_SNAPSHOT_FIRST) >> 1]) this.clear();
    const bidCount = views.u16[(at + BOOK_SNAPSHOT_BID_COUNT) >> 1];
    const count = views.u32[(at + BOOK_SNAPSHOT_LEVELS_COUNT) >> 2];
    this.setLevels(views, at + BOOK_SNAPSHOT_LEVELS, bidCount, count);
    this.lastUpdateId = views.f64[(at + BOOK_SNAPSHOT_LAST_UPDATE_ID) >> 3];
  }

  clear(): void {
    this.bids.clear();
    this.asks.clear();
    this.lastUpdateId = 0;
  }

  isCrossed(): boolean {
    return this.bids.count > 0 && this.asks.count > 0 && this.bids.bestTicks() >= this.asks.bestTicks();
  }

  private setLevels(views: MessageViews, levelsAt: number, bidCount: number, count: number): void {
    for (let level = 0; level < count; level += 1) {
      const at = levelsAt + level * LEVEL_BYTES;
      const side = level < bidCount ? this.bids : this.asks;
      side.set(views.i32[(at + LEVEL_PRICE_TICKS) >> 2], views.f64[(at + LEVEL_QTY_LOTS) >> 3]);
    }
  }
}
