/** A feed as an agent of its thread: sockets deliver by themselves, this steps its timers and shows its counters. */
import { type BinanceFeed, DROP_REASON_NAMES, droppedTotal, type FeedCounters } from "../../feeds/index.js";
import type { Agent } from "../agent/agent.js";
import type { CounterName } from "../counter-names.js";
import type { Counters } from "../metrics/counters.js";

export class FeedAgent implements Agent {
  readonly role = "feed";
  private readonly feed: BinanceFeed;
  private readonly counted: FeedCounters;
  private readonly counters: Counters<CounterName>;

  constructor(feed: BinanceFeed, counted: FeedCounters, counters: Counters<CounterName>) {
    this.feed = feed;
    this.counted = counted;
    this.counters = counters;
  }

  work(): number {
    const done = this.feed.work();
    this.showCounters();
    return done;
  }

  onClose(): void {
    this.showCounters();
  }

  showCounters(): void {
    const { counted, counters } = this;
    counters.set("frames.received", counted.received);
    counters.set("frames.decoded", counted.decoded);
    counters.set("frames.pending", counted.pending);
    counters.set("frames.replies", counted.replies);
    counters.set("frames.dropped", droppedTotal(counted));
    for (let reason = 0; reason < DROP_REASON_NAMES.length; reason += 1) {
      counters.set(`dropped.${DROP_REASON_NAMES[reason]}`, counted.dropped[reason]);
    }
    counters.set("messages.decoded", counted.messages);
    counters.set("feed.resyncs", counted.resyncs);
    counters.set("feed.gaps", counted.gaps);
    counters.set("feed.rounded", counted.rounded);
  }
}
