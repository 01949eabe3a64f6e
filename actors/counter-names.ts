/** Every counter in shared memory, by name. Each has one writer; any thread reads. */
export const COUNTER_NAMES = [
  // Written by the feeds thread.
  "frames.received",
  "frames.decoded",
  "frames.pending",
  "frames.replies",
  "frames.dropped",
  "dropped.malformed",
  "dropped.oversized",
  "dropped.wrong-symbol",
  "dropped.off-tick",
  "dropped.out-of-range",
  "dropped.unknown-type",
  "dropped.ring-full",
  "dropped.superseded",
  "dropped.unsynced",
  "dropped.not-text",
  "messages.decoded",
  "feed.resyncs",
  "feed.gaps",
  "feed.rounded",
  // Written by the engine thread.
  "engine.inputs",
  "engine.market",
  "engine.orders",
  "engine.fills",
  "engine.state",
  "engine.trades",
  "engine.quotes",
  "engine.orderEvents",
  "engine.positions",
  "engine.profitMoney",
  "engine.dayProfitMoney",
  "engine.stopped",
  // Written by the journal thread.
  "journal.records",
  "journal.inputs",
  "journal.bytes",
  "journal.durableSequence",
  // Written by the store thread.
  "store.sequence",
  "store.rows",
  "store.failures",
] as const;

export type CounterName = (typeof COUNTER_NAMES)[number];
