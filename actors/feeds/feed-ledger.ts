/**
 * The feed's counters as of every publish, in shared memory, so that they are exact though the thread is ended at any
 * instruction: a frame's messages and what was counted of it are kept together or not at all. Written in turn into two
 * places, each before the publish that it counts; whether that publish took place, the ring's tail tells afterwards. It
 * must have been opened before the thread starts.
 *
 *     0  first   [stamp f64][the ring's tail before the publish f64][counters f64 …]
 *        second  likewise; the stamp grows with every entry and is 0 while one is written
 */
import { createFeedCounters, DROP_REASON_NAMES, DropReason, type FeedCounters } from "../../feeds/index.js";
import type { CounterName } from "../counter-names.js";
import type { Counters } from "../metrics/counters.js";
import type { SharedViews } from "../ring/views.js";

const STAMP = 0;
const TAIL = 1;
const RECEIVED = 2;
const DECODED = 3;
const PENDING = 4;
const REPLIES = 5;
const MESSAGES = 6;
const RESYNCS = 7;
const GAPS = 8;
const ROUNDED = 9;
/** All that the reasons behind it add up to; -1 while they are written. */
const DROPS = 10;
const DROPPED = 11;
const WORDS = DROPPED + DROP_REASON_NAMES.length;

/** The writer's side, on the feed's thread. */
export class FeedLedger {
  static readonly bytes = 2 * WORDS * Float64Array.BYTES_PER_ELEMENT;
  private readonly f64: Float64Array;
  private readonly first: number;
  private readonly counted: FeedCounters;
  private stamp: number;

  /** Goes on behind what a predecessor wrote. */
  constructor({ f64 }: SharedViews, base: number, counted: FeedCounters) {
    this.f64 = f64;
    this.first = base >> 3;
    this.counted = counted;
    this.stamp = Math.max(f64[this.first + STAMP], f64[this.first + WORDS + STAMP]);
  }

  /** Call before each publish, with the ring's tail as it is. */
  note(tail: number): void {
    const { f64, counted } = this;
    this.stamp += 1;
    const at = this.first + (this.stamp & 1) * WORDS;
    f64[at + STAMP] = 0;
    f64[at + TAIL] = tail;
    f64[at + RECEIVED] = counted.received;
    f64[at + DECODED] = counted.decoded;
    f64[at + PENDING] = counted.pending;
    f64[at + REPLIES] = counted.replies;
    f64[at + MESSAGES] = counted.messages;
    f64[at + RESYNCS] = counted.resyncs;
    f64[at + GAPS] = counted.gaps;
    f64[at + ROUNDED] = counted.rounded;
    // Reasons only grow, and few frames are dropped: where the sum is the same they are.
    const drops = counted.received - counted.decoded - counted.pending;
    if (f64[at + DROPS] !== drops) this.noteDropped(at, drops);
    f64[at + STAMP] = this.stamp;
  }

  private noteDropped(at: number, drops: number): void {
    const { f64, counted } = this;
    const { dropped } = counted;
    f64[at + DROPS] = -1;
    for (let reason = 0; reason < dropped.length; reason += 1) f64[at + DROPPED + reason] = dropped[reason];
    f64[at + DROPS] = drops;
  }
}

/** Both places with the same counters, for a feed that is about to start. */
export function openLedger(views: SharedViews, base: number, counted: FeedCounters, tail: number): void {
  const ledger = new FeedLedger(views, base, counted);
  ledger.note(tail);
  ledger.note(tail);
}

/**
 * What a feed whose thread is gone had counted, given the ring's tail as it left it. Updates that waited for a join
 * went with it: they are dropped. The ledger is ready for a successor then.
 */
export function settleLedger(views: SharedViews, base: number, tail: number): FeedCounters {
  const [one, other] = [0, 1].map((slot) => slotOf(views, base, slot));
  const [newest, older] = one[STAMP] > other[STAMP] ? [one, other] : [other, one];
  // While one place is written, the other's publish is over. An empty publish leaves the tail where it was.
  const wasPublished = older[STAMP] === 0 || newest[TAIL] !== tail || newest[MESSAGES] === older[MESSAGES];
  const counted = countersOf(wasPublished ? newest : older);
  counted.dropped[DropReason.Unsynced] += counted.pending;
  counted.pending = 0;
  openLedger(views, base, counted, tail);
  return counted;
}

function slotOf({ f64 }: SharedViews, base: number, slot: number): Float64Array {
  const at = (base >> 3) + slot * WORDS;
  return f64.subarray(at, at + WORDS);
}

function countersOf(words: Float64Array): FeedCounters {
  return {
    ...createFeedCounters(),
    received: words[RECEIVED],
    decoded: words[DECODED],
    pending: words[PENDING],
    replies: words[REPLIES],
    messages: words[MESSAGES],
    resyncs: words[RESYNCS],
    gaps: words[GAPS],
    rounded: words[ROUNDED],
    dropped: [...words.subarray(DROPPED, WORDS)],
  };
}

/** The counters where everybody sees them. */
export function showFeedCounters(counted: FeedCounters, counters: Pick<Counters<CounterName>, "set">): void {
  counters.set("frames.received", counted.received);
  counters.set("frames.decoded", counted.decoded);
  counters.set("frames.pending", counted.pending);
  counters.set("frames.replies", counted.replies);
  let total = 0;
  for (let reason = 0; reason < DROP_REASON_NAMES.length; reason += 1) {
    total += counted.dropped[reason];
    counters.set(`dropped.${DROP_REASON_NAMES[reason]}`, counted.dropped[reason]);
  }
  counters.set("frames.dropped", total);
  counters.set("messages.decoded", counted.messages);
  counters.set("feed.resyncs", counted.resyncs);
  counters.set("feed.gaps", counted.gaps);
  counters.set("feed.rounded", counted.rounded);
}

/** Counters that go on from what is shown. */
export function shownFeedCounters(counters: Pick<Counters<CounterName>, "get">): FeedCounters {
  return {
    received: counters.get("frames.received"),
    decoded: counters.get("frames.decoded"),
    pending: counters.get("frames.pending"),
    replies: counters.get("frames.replies"),
    dropped: DROP_REASON_NAMES.map((reason) => counters.get(`dropped.${reason}`)),
    messages: counters.get("messages.decoded"),
    resyncs: counters.get("feed.resyncs"),
    gaps: counters.get("feed.gaps"),
    rounded: counters.get("feed.rounded"),
  };
}
