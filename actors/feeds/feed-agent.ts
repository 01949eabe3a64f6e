/** A feed as an agent of its thread: sockets deliver by themselves, this steps its timers and shows its counters. */
import type { BinanceFeed, FeedCounters } from "../../feeds/index.js";
import type { Agent } from "../agent/agent.js";
import type { CounterName } from "../counter-names.js";
import type { Counters } from "../metrics/counters.js";
import { showFeedCounters } from "./feed-ledger.js";

export class FeedAgent implements Agent {
  readonly role = "feed";
  private readonly feed: BinanceFeed;
  private readonly counted: FeedCounters;
  private readonly counters: Counters<CounterName>;
  private receivedShown: number;

  constructor(feed: BinanceFeed, counted: FeedCounters, counters: Counters<CounterName>) {
    this.feed = feed;
    this.counted = counted;
    this.counters = counters;
    this.receivedShown = counted.received;
  }

  /** Frames that came since the last time count as work done. */
  work(): number {
    const { received } = this.counted;
    const done = this.feed.work() + received - this.receivedShown;
    this.receivedShown = received;
    if (done > 0) this.showCounters();
    return done;
  }

  nextWorkMs(): number {
    return this.feed.nextWorkMs();
  }

  onClose(): void {
    this.showCounters();
  }

  showCounters(): void {
    showFeedCounters(this.counted, this.counters);
  }
}
