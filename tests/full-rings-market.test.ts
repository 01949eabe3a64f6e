/**
 * The market ring is full: the intake of a feed on the ring itself, with the venue's recorded frames, and an engine
 * that for a while takes nothing away.
 */
import { expect, test } from "vitest";
import { ThreadControl } from "../actors/agent/thread-control.js";
import { MarketRingSink } from "../actors/feeds/market-ring-sink.js";
import { NONE } from "../actors/ring/layout.js";
import { SpscProducer, SpscRing } from "../actors/ring/spsc.js";
import { SpscConsumer } from "../actors/ring/spsc-consumer.js";
import { sharedViewsOf } from "../actors/ring/views.js";
import { BinanceIntake } from "../feeds/binance/intake.js";
import { readSnapshot } from "../feeds/binance/snapshot.js";
import { createFeedCounters, DropReason, droppedTotal } from "../feeds/feed-counters.js";
import { loadCapture } from "../feeds/local-venue/capture.js";
import { Replay } from "../feeds/local-venue/replay.js";
import {
  FEED_STATUS_INSTRUMENT,
  FEED_STATUS_REASON,
  FEED_STATUS_STATE,
  FeedReason,
  FeedState,
  MessageType,
} from "../schemas/index.js";
import { BTC, ETH } from "./support/feed.js";

const CAPACITY = 128 * 1024;
const identity = { schemaHash: 1, buildHash: 1 };

/** The feed's side of the ring, and an engine's side that reads only when told to. */
class MarketRing {
  readonly counters = createFeedCounters();
  readonly intake: BinanceIntake;
  readonly replay = new Replay(loadCapture());
  /** What was said of the first instrument's book, as [state, reason]. */
  readonly statuses: [number, number][] = [];
  taken = 0;
  private readonly consumer: SpscConsumer;
  private timeUs = 1e15;

  constructor() {
    const ringAt = ThreadControl.bytesFor();
    const views = sharedViewsOf(new SharedArrayBuffer(ringAt + SpscRing.bytesFor(CAPACITY)));
    SpscRing.create(views, ringAt, { capacity: CAPACITY, identity });
    this.consumer = SpscConsumer.join(views, ringAt, identity);
    const bell = new ThreadControl(views, 0).doorbell;
    this.intake = new BinanceIntake({
      instruments: [BTC, ETH],
      sink: new MarketRingSink(SpscProducer.join(views, ringAt, identity), bell),
      counters: this.counters,
      stamp: (into, at) => {
        into[at] = this.timeUs;
      },
      silenceMs: 60_000,
    });
    this.intake.subscribed();
  }

  /** Some of the venue's frames, and the snapshots that the feed asks for. */
  receive(frames: number): void {
    for (let frame = 0; frame < frames; frame += 1) {
      this.timeUs += 1_000;
      this.intake.onFrame(Buffer.from(this.replay.next().text, "latin1"), true);
      for (const book of this.intake.books) {
        if (!book.sync.wantsSnapshot || !book.isTold) continue;
        book.sync.snapshotAsked();
        const truth = this.replay.book(book.instrument.venueSymbol)!.snapshot();
        this.intake.onSnapshot(book, readSnapshot(truth, book.instrument, this.timeUs)!);
      }
      this.intake.tick();
    }
  }

  /** Takes away all that is in the ring. */
  drain(): void {
    const { consumer } = this;
    const { u8, u32 } = consumer.views;
    for (let at = consumer.next(); at !== NONE; at = consumer.next()) {
      this.taken += 1;
      if (consumer.type !== MessageType.FeedStatus || u32[(at + FEED_STATUS_INSTRUMENT) >> 2] !== 0) continue;
      this.statuses.push([u8[at + FEED_STATUS_STATE], u8[at + FEED_STATUS_REASON]]);
    }
    consumer.release();
  }
}

test("messages are dropped and counted, the book is stale until there is room, and then joined anew", () => {
  const ring = new MarketRing();
  for (let round = 0; round < 100; round += 1) {
    ring.receive(5);
    ring.drain();
  }
  expect(ring.statuses.at(-1)?.[0]).toBe(FeedState.Live);
  expect(ring.counters.dropped[DropReason.RingFull]).toBe(0);
  const before = ring.statuses.length;

  ring.receive(2_500);
  const { received, decoded, pending, dropped } = ring.counters;
  expect(dropped[DropReason.RingFull]).toBeGreaterThan(100);
  expect(decoded + pending + droppedTotal(ring.counters)).toBe(received);

  for (let round = 0; round < 100; round += 1) {
    ring.receive(5);
    ring.drain();
  }
  expect(ring.statuses[before]).toEqual([FeedState.Stale, FeedReason.RingFull]);
  expect(ring.statuses.at(-1)).toEqual([FeedState.Live, FeedReason.Joined]);
  expect(ring.taken).toBe(ring.counters.messages);
});
