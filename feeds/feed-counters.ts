/**
 * What became of every frame, in numbers. The identity that holds whenever a feed is not inside a call:
 * received = decoded + pending + the sum of dropped.
 */

/** Why a frame was not turned into a message. The values are indexes of `dropped`; append only. */
export const DropReason = {
  /** Not JSON, not of the venue's form, or a number that is not plain decimal digits. */
  Malformed: 0,
  /** More bytes or more levels than a frame may have. */
  Oversized: 1,
  /** A well-formed frame of a symbol that nobody asked for. */
  WrongSymbol: 2,
  /** A price, or a trade's quantity, that is no multiple of the instrument's step. */
  OffTick: 3,
  /** A number that our units cannot hold, or that its meaning excludes: a trade of nothing, a price of zero. */
  OutOfRange: 4,
  /** Well-formed JSON of an event that nobody asked for. */
  UnknownType: 5,
  /** The sink had no room. */
  RingFull: 6,
  /** A book update that the snapshot, or an update before it, already contains. */
  Superseded: 7,
  /** A book update that waited for a join which did not come about. */
  Unsynced: 8,
  /** A binary frame. */
  NotText: 9,
} as const;
export type DropReason = (typeof DropReason)[keyof typeof DropReason];

/** Names for people and metrics, by reason. */
export const DROP_REASON_NAMES = [
  "malformed",
  "oversized",
  "wrong-symbol",
  "off-tick",
  "out-of-range",
  "unknown-type",
  "ring-full",
  "superseded",
  "unsynced",
  "not-text",
] as const;

export interface FeedCounters {
  /** Frames that the socket delivered. */
  received: number;
  /** Frames that were understood and passed on; replies to our own requests count here too. */
  decoded: number;
  /** Book updates that wait for a join. */
  pending: number;
  /** Replies to our own requests. */
  replies: number;
  /** Frames dropped, by reason. */
  readonly dropped: number[];
  /** Quantities of levels and quotes that were finer than a lot and were rounded down. */
  rounded: number;
  /** Messages put into the sink, statuses and snapshot parts included. */
  messages: number;
  /** Times a book that was following had to be joined anew, for whatever reason. */
  resyncs: number;
  /** Times update ids were missing. */
  gaps: number;
}

export function createFeedCounters(): FeedCounters {
  const dropped = DROP_REASON_NAMES.map(() => 0);
  return { received: 0, decoded: 0, pending: 0, replies: 0, dropped, rounded: 0, messages: 0, resyncs: 0, gaps: 0 };
}

export function droppedTotal(counters: FeedCounters): number {
  return counters.dropped.reduce((sum, count) => sum + count, 0);
}
