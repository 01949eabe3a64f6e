/**
 * Market messages for an engine of any number of instruments: trades, quotes and book updates made once and taken again
 * and again, each time a little later and for another instrument. Which one is drawn beforehand, all as likely, or, as
 * in markets, the second busiest half as often as the busiest, the third a third as often, and so on.
 */
import type { Engine } from "../../engine/index.js";
import {
  BOOK_DELTA_BYTES,
  BOOK_DELTA_INSTRUMENT,
  BOOK_DELTA_LEVELS,
  BOOK_DELTA_RECEIVE_TIME_US,
  CONFIG_BYTES,
  FEED_STATUS_BYTES,
  FeedReason,
  FeedState,
  LEVEL_BYTES,
  LEVEL_PRICE_TICKS,
  LEVEL_QTY_LOTS,
  MessageType,
  QUOTE_BYTES,
  QUOTE_INSTRUMENT,
  QUOTE_RECEIVE_TIME_US,
  Side,
  TRADE_BYTES,
  TRADE_INSTRUMENT,
  TRADE_RECEIVE_TIME_US,
  viewsOf,
  writeBookDelta,
  writeConfig,
  writeFeedStatus,
  writeQuote,
  writeTrade,
} from "../../schemas/index.js";

/** How messages are spread over instruments. */
export type Spread = "even" | "as in markets";

/** Powers of two. */
const SLOTS = 1024;
const DRAWN = 65_536;
const SLOT_BYTES = 512;
const START_US = 1_767_571_200_000_000;
const STEP_US = 50;
const MID_TICKS = 6_500_000;
const LEVELS = 4;
const DEPTH = 20;

/** By type of message, where its moment and its instrument stand. */
const PLACES: Readonly<Record<number, readonly [timeAt: number, instrumentAt: number]>> = {
  [MessageType.Trade]: [TRADE_RECEIVE_TIME_US, TRADE_INSTRUMENT],
  [MessageType.Quote]: [QUOTE_RECEIVE_TIME_US, QUOTE_INSTRUMENT],
  [MessageType.BookDelta]: [BOOK_DELTA_RECEIVE_TIME_US, BOOK_DELTA_INSTRUMENT],
};

export class MarketTraffic {
  private readonly engine: Engine;
  /** Of the first so many instruments. */
  private readonly instruments: number;
  private readonly views = viewsOf(new ArrayBuffer(SLOTS * SLOT_BYTES));
  private readonly types = new Uint16Array(SLOTS);
  private readonly lengths = new Uint16Array(SLOTS);
  private readonly timeAt = new Int32Array(SLOTS);
  private readonly instrumentAt = new Int32Array(SLOTS);
  private readonly timeUs = Float64Array.of(START_US + 1e6);
  private readonly drawn: Uint16Array;
  private made = 0;

  /** Starts the engine's life: every feed live, every book with levels. */
  constructor(engine: Engine, instruments: number, spread: Spread) {
    this.engine = engine;
    this.instruments = instruments;
    this.drawn = draw(instruments, spread);
    for (let slot = 0; slot < SLOTS; slot += 1) this.write(slot);
    this.begin();
    for (let message = 0; message < 3 * DEPTH; message += 1) {
      for (let instrument = 0; instrument < instruments; instrument += 1) this.put(message, instrument);
    }
  }

  run(messages: number): void {
    for (let end = this.made + messages; this.made < end; this.made += 1) {
      this.put(this.made & (SLOTS - 1), this.drawn[this.made & (DRAWN - 1)]);
    }
  }

  private put(slot: number, instrument: number): void {
    const at = slot * SLOT_BYTES;
    this.timeUs[0] += STEP_US;
    this.views.f64[(at + this.timeAt[slot]) >> 3] = this.timeUs[0];
    this.views.u32[(at + this.instrumentAt[slot]) >> 2] = instrument;
    this.engine.take(this.types[slot], this.views, at, this.lengths[slot]);
  }

  private write(slot: number): void {
    const at = slot * SLOT_BYTES;
    const mid = MID_TICKS + ((slot >> 3) % 16);
    this.types[slot] = [MessageType.Trade, MessageType.Quote, MessageType.BookDelta][slot % 3];
    if (slot % 3 === 0) {
      writeTrade(this.views, at, 0, 0, slot + 1, 500, mid, 0, 900, slot % 2 === 0 ? Side.Buy : Side.Sell);
      this.lengths[slot] = TRADE_BYTES;
    } else if (slot % 3 === 1) {
      writeQuote(this.views, at, 0, 0, slot, 500, 700, mid - 1, mid + 1, 0, 900);
      this.lengths[slot] = QUOTE_BYTES;
    } else {
      writeBookDelta(this.views, at, 0, 0, slot, slot, 0, 900, LEVELS, 1, 2 * LEVELS);
      this.writeLevels(at + BOOK_DELTA_LEVELS, slot);
      this.lengths[slot] = BOOK_DELTA_BYTES + 2 * LEVELS * LEVEL_BYTES;
    }
    [this.timeAt[slot], this.instrumentAt[slot]] = PLACES[this.types[slot]];
  }

  private writeLevels(start: number, slot: number): void {
    for (let level = 0; level < 2 * LEVELS; level += 1) {
      const at = start + level * LEVEL_BYTES;
      const depth = 20 + ((slot * 7 + level * 3) % DEPTH);
      this.views.f64[(at + LEVEL_QTY_LOTS) >> 3] = ((slot + level) % 4) * 10;
      this.views.i32[(at + LEVEL_PRICE_TICKS) >> 2] = level < LEVELS ? MID_TICKS - depth : MID_TICKS + 16 + depth;
    }
  }

  private begin(): void {
    const views = viewsOf(new ArrayBuffer(1024));
    writeConfig(views, 0, START_US, 1, 0, 0, 0);
    this.engine.take(MessageType.Config, views, 0, CONFIG_BYTES);
    for (let instrument = 0; instrument < this.instruments; instrument += 1) {
      writeFeedStatus(views, 0, START_US, instrument, 0, FeedState.Live, FeedReason.Joined);
      this.engine.take(MessageType.FeedStatus, views, 0, FEED_STATUS_BYTES);
    }
  }
}

/** Instruments for messages to come, in the order of a fixed shuffle. */
function draw(instruments: number, spread: Spread): Uint16Array {
  const weights = Float64Array.from({ length: instruments }, (_, rank) => (spread === "even" ? 1 : 1 / (rank + 1)));
  let total = 0;
  const upTo = weights.map((weight) => (total += weight));
  let word = 1;
  return Uint16Array.from({ length: DRAWN }, () => {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) | 0;
    const wanted = ((word >>> 8) / 2 ** 24) * total;
    return lowerBound(upTo, wanted);
  });
}

function lowerBound(sorted: Float64Array, wanted: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] <= wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
