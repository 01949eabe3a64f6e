/** The enum values of the schemas as words, by number: PartiallyFilled is "partially-filled". */
import * as schema from "../schemas/index.js";

export const TYPE = wordsOf(schema.MessageType);
export const MODE = wordsOf(schema.Mode);
export const SIDE = wordsOf(schema.Side);
export const ORDER_TYPE = wordsOf(schema.OrderType);
export const TIME_IN_FORCE = wordsOf(schema.TimeInForce);
export const LIQUIDITY = wordsOf(schema.Liquidity);
export const ORDER_STATUS = wordsOf(schema.OrderStatus);
export const DENY_REASON = wordsOf(schema.DenyReason);
export const REPORT_REASON = wordsOf(schema.ReportReason);
export const TRADING_STATE = wordsOf(schema.TradingState);
export const TRADING_REASON = wordsOf(schema.TradingReason);
export const FEED_STATE = wordsOf(schema.FeedState);
export const FEED_REASON = wordsOf(schema.FeedReason);
export const LOG_LEVEL = wordsOf(schema.LogLevel);

/** An enum made by flatc maps both ways; only its names lead to numbers. */
function wordsOf(values: Readonly<Record<string, string | number>>): readonly string[] {
  const words: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number") words[value] = name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
  }
  return words;
}
