/** The market ring as the port that a feed writes to: after each publish the engine's thread is woken if it sleeps. */
import type { MarketSink } from "../../feeds/index.js";
import type { Doorbell } from "../agent/doorbell.js";
import type { SpscProducer } from "../ring/spsc.js";
import type { SharedViews } from "../ring/views.js";

export class MarketRingSink implements MarketSink {
  readonly views: SharedViews;
  private readonly ring: SpscProducer;
  private readonly engineBell: Doorbell;

  constructor(ring: SpscProducer, engineBell: Doorbell) {
    this.views = ring.views;
    this.ring = ring;
    this.engineBell = engineBell;
  }

  claim(type: number, bytes: number): number {
    return this.ring.claim(type, bytes);
  }

  commit(): void {
    this.ring.commit();
  }

  publish(): void {
    this.ring.publish();
    this.engineBell.ring();
  }
}
