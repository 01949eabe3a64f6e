/**
 * A way for messages from one thread to another, as the benchmark sees it: one side initiates for a given time, the
 * other responds until it is told the end. Each lane has loops of its own, so that the compiler sees one kind of link
 * in each.
 */
export interface LaneResult {
  readonly messages: number;
  readonly seconds: number;
  /** Over every word of every message; both sides must come to the same. */
  readonly checksum: number;
  /** Times the receiver found something: messages over batches tell the regime. */
  readonly batches: number;
}

export interface Lane {
  initiate(ms: number): LaneResult | Promise<LaneResult>;
  respond(): LaneResult | Promise<LaneResult>;
}

export const ROUND_TRIP_LANES = [
  "ring, spin",
  "ring, parked",
  "ringbuf.js, spin",
  "MessagePort, there and back",
] as const;
export const STREAM_LANES = [
  "ring, batches of 64",
  "ring, one by one",
  "ringbuf.js, batches of 64",
  "ringbuf.js, one by one",
  "MessagePort, one way",
] as const;
export const RAW_LANE = "raw atomics";
/** The ring with a consumer that reads every message many times over. */
export const SLOWED_LANE = "ring, slowed on purpose";

/** Trips at the start of a round that are not counted, however long they take: the other thread is still waking. */
export const UNCOUNTED_TRIPS = 50;
/** Messages between two looks at the clock. */
export const MESSAGES_PER_LOOK = 1024;
