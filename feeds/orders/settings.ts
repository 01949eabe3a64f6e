/** How long the gateway waits for what, in microseconds, and what it has counted. */
export interface GatewaySettings {
  /** A request without an answer for longer counts as not answered. */
  readonly answerUs: number;
  /** How long after an order was sent the venue's "does not exist" begins to count. */
  readonly consistencyLagUs: number;
  /** Between the two answers "does not exist" that it takes. */
  readonly notFoundGapUs: number;
  /** How long a trade that the venue has counted may be on its way by the stream before it is asked for. */
  readonly graceUs: number;
  /** Between two looks at trades and open orders, while orders work. */
  readonly watchUs: number;
  /** The same while none does. */
  readonly idleWatchUs: number;
}

export const DEFAULT_GATEWAY: GatewaySettings = {
  answerUs: 10_000_000,
  consistencyLagUs: 5_000_000,
  notFoundGapUs: 2_000_000,
  graceUs: 200_000,
  watchUs: 5_000_000,
  idleWatchUs: 30_000_000,
};

export interface GatewayCounts {
  /** Commands sent to the venue; a cancel may be repeated. */
  submits: number;
  cancels: number;
  /** Submits of which nothing was heard, and those proven never to have arrived. */
  unknown: number;
  notFound: number;
  /** What the venue wrote that could not be believed. */
  malformed: number;
  /** Trades of the stream that were known already. */
  duplicateTrades: number;
  /** Trades that REST told of before the stream did. */
  listedTrades: number;
  /** Trades and orders of others on the same account. */
  foreignTrades: number;
  foreignOrders: number;
  /** Orders told of in instruments that we do not have. */
  otherSymbols: number;
  /** Orders of ours that the engine may not know. */
  found: number;
  /** Connections of the private stream. */
  connections: number;
}

export function createGatewayCounts(): GatewayCounts {
  return {
    submits: 0,
    cancels: 0,
    unknown: 0,
    notFound: 0,
    malformed: 0,
    duplicateTrades: 0,
    listedTrades: 0,
    foreignTrades: 0,
    foreignOrders: 0,
    otherSymbols: 0,
    found: 0,
    connections: 0,
  };
}
