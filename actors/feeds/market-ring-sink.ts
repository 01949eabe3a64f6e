/** The market ring as the port that a feed writes to: after each publish the engine's thread is woken if it sleeps. */
import type { MarketSink } from "../../feeds/index.js";
import type { Doorbell } from "../agent/doorbell.js";
import type { SpscProducer } from "../ring/spsc.js";
import type { SharedViews } from "../ring/views.js";
import type { FeedLedger } from "./feed-ledger.js";

export class MarketRingSink implements MarketSink {
  readonly views: SharedViews;
  private readonly ring: SpscProducer;
  private readonly engineBell: Doorbell;
  private readonly ledger: FeedLedger | null;

  /** With a ledger, what is published is counted there. */
  constructor(ring: SpscProducer, engineBell: Doorbell, ledger: FeedLedger | null = null) {
    this.views = ring.views;
    this.ring = ring;
    this.engineBell = engineBell;
    this.ledger = ledger;
  }

  claim(type: number, bytes: number): number {
    return this.ring.claim(type, bytes);
  }

  commit(): void {
    this.ring.commit();
  }

  publish(): void {
    this.ledger?.note(this.ring.publishedPosition);
    this.ring.publish();
    this.engineBell.ring();
  }
}
