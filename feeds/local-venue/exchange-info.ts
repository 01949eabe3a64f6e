/**
 * The body of GET /api/v3/exchangeInfo for the symbols the venue replays, in Binance's format with the filters Binance
 * had for them. A table and its spelling-out; nothing here depends on the replay.
 */

export interface TradingRules {
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly tickSize: string;
  readonly maxPrice: string;
  /** Also the smallest quantity. */
  readonly stepSize: string;
  readonly maxQty: string;
  readonly maxMarketQty: string;
}

const TRADING_RULES: Readonly<Record<string, TradingRules>> = {
  BTCUSDT: {
    baseAsset: "BTC",
    quoteAsset: "USDT",
    tickSize: "0.01000000",
    maxPrice: "1000000.00000000",
    stepSize: "0.00001000",
    maxQty: "9000.00000000",
    maxMarketQty: "100.00000000",
  },
  ETHUSDT: {
    baseAsset: "ETH",
    quoteAsset: "USDT",
    tickSize: "0.01000000",
    maxPrice: "1000000.00000000",
    stepSize: "0.00010000",
    maxQty: "9000.00000000",
    maxMarketQty: "100.00000000",
  },
};

export const MIN_NOTIONAL = "5.00000000";
export const MAX_NOTIONAL = "9000000.00000000";
export const MAX_OPEN_ORDERS = 200;
/** A price may be at most this many times the present one, and at least one part in as many. */
export const PRICE_BAND = 5;
const ASSET_DECIMALS = 8;

export const REQUEST_WEIGHT_PER_MINUTE = 6000;
export const ORDERS_PER_10_SECONDS = 100;
export const ORDERS_PER_DAY = 200_000;

export function hasTradingRules(symbol: string): boolean {
  return Object.hasOwn(TRADING_RULES, symbol);
}

/** The rules of a symbol that has some. */
export function tradingRules(symbol: string): TradingRules {
  return TRADING_RULES[symbol]!;
}

/** The answer's body, an object ready for JSON. */
export function exchangeInfo(symbols: readonly string[], serverTime: number): object {
  return {
    timezone: "UTC",
    serverTime,
    rateLimits: [
      rateLimit("REQUEST_WEIGHT", "MINUTE", 1, REQUEST_WEIGHT_PER_MINUTE),
      rateLimit("ORDERS", "SECOND", 10, ORDERS_PER_10_SECONDS),
      rateLimit("ORDERS", "DAY", 1, ORDERS_PER_DAY),
      rateLimit("RAW_REQUESTS", "MINUTE", 5, 61_000),
    ],
    exchangeFilters: [],
    symbols: symbols.map((symbol) => symbolInfo(symbol, TRADING_RULES[symbol]!)),
  };
}

function rateLimit(rateLimitType: string, interval: string, intervalNum: number, limit: number): object {
  return { rateLimitType, interval, intervalNum, limit };
}

function symbolInfo(symbol: string, rules: TradingRules): object {
  return {
    symbol,
    status: "TRADING",
    baseAsset: rules.baseAsset,
    baseAssetPrecision: ASSET_DECIMALS,
    quoteAsset: rules.quoteAsset,
    quotePrecision: ASSET_DECIMALS,
    quoteAssetPrecision: ASSET_DECIMALS,
    baseCommissionPrecision: ASSET_DECIMALS,
    quoteCommissionPrecision: ASSET_DECIMALS,
    orderTypes: ["LIMIT", "LIMIT_MAKER", "MARKET"],
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: false,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    amendAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: true,
    filters: filters(rules),
    permissions: [],
    permissionSets: [["SPOT", "MARGIN"]],
    defaultSelfTradePreventionMode: "EXPIRE_MAKER",
    allowedSelfTradePreventionModes: ["EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"],
  };
}

function filters({ tickSize, maxPrice, stepSize, maxQty, maxMarketQty }: TradingRules): readonly object[] {
  // biome-ignore format: a table
  return [
    { filterType: "PRICE_FILTER", minPrice: tickSize, maxPrice, tickSize },
    { filterType: "LOT_SIZE", minQty: stepSize, maxQty, stepSize },
    { filterType: "ICEBERG_PARTS", limit: 10 },
    { filterType: "MARKET_LOT_SIZE", minQty: "0.00000000", maxQty: maxMarketQty, stepSize: "0.00000000" },
    { filterType: "TRAILING_DELTA", minTrailingAboveDelta: 10, maxTrailingAboveDelta: 2000,
      minTrailingBelowDelta: 10, maxTrailingBelowDelta: 2000 },
    { filterType: "PERCENT_PRICE_BY_SIDE", bidMultiplierUp: `${PRICE_BAND}`, bidMultiplierDown: `${1 / PRICE_BAND}`,
      askMultiplierUp: `${PRICE_BAND}`, askMultiplierDown: `${1 / PRICE_BAND}`, avgPriceMins: 5 },
    { filterType: "NOTIONAL", minNotional: MIN_NOTIONAL, applyMinToMarket: true, maxNotional: MAX_NOTIONAL,
      applyMaxToMarket: false, avgPriceMins: 5 },
    { filterType: "MAX_NUM_ORDERS", maxNumOrders: MAX_OPEN_ORDERS },
    { filterType: "MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders: 5 },
  ];
}
