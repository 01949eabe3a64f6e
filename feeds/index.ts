/** Market data from venues: what the threads that run a feed need of it. */
export { createExchange, type Endpoints } from "./binance/exchange.js";
export { type FeeOptions, loadInstruments } from "./binance/instruments.js";
export { BinanceFeed, type BinanceFeedOptions } from "./binance/session.js";
export { createFeedCounters, DROP_REASON_NAMES, DropReason, droppedTotal, type FeedCounters } from "./feed-counters.js";
export type { MarketSink } from "./market-sink.js";
