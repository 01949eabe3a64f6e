/** What a feed keeps of one instrument: where its book stands, the updates that wait, and what the engine was told. */
import type { Instrument } from "../../engine/instrument.js";
import { FeedReason, FeedState } from "../../schemas/index.js";
import { BinanceBookSync, type SyncCounters } from "../sync/binance.js";
import type { DepthFrame } from "./messages.js";

export class BookFeed {
  readonly instrument: Instrument;
  readonly sync: BinanceBookSync;
  /** As many as `sync.waiting`, oldest first. */
  waiting: DepthFrame[] = [];
  toldState: FeedState = FeedState.Empty;
  toldReason: FeedReason = FeedReason.None;

  constructor(instrument: Instrument, counters: SyncCounters) {
    this.instrument = instrument;
    this.sync = new BinanceBookSync(counters);
  }

  /** Whether the engine knows the book's state. */
  get isTold(): boolean {
    return this.toldState === this.sync.state && this.toldReason === this.sync.reason;
  }

  /** Keeps a copy: a frame's arrays are the decoder's, which uses them again. */
  keep({ values, bids, asks }: DepthFrame): void {
    this.waiting.push({ values: values.slice(), bids: bids.copy(), asks: asks.copy() });
  }
}
