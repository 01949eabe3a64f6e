/**
 * The filters of a symbol, applied to a new order as Binance does before its matching engine sees it. What fails is
 * refused by the filter's name; nothing is rounded into shape.
 */
import { MAX_NOTIONAL, MAX_OPEN_ORDERS, MIN_NOTIONAL, PRICE_BAND, type TradingRules } from "../exchange-info.js";
import { amountOf, quoteValue } from "./amount.js";
import type { NewOrder } from "./order.js";
import { filterFailure } from "./refusal.js";

/** Throws the Refusal of the first filter that fails. `reference` is what the symbol trades at now. */
export function checkFilters(order: NewOrder, rules: TradingRules, reference: bigint, openOrders: number): void {
  if (order.type !== "MARKET") checkPrice(order, rules, reference);
  const { quantity } = order;
  if (isOutside(quantity, rules.stepSize, rules.maxQty, rules.stepSize)) throw filterFailure("LOT_SIZE");
  if (order.type === "MARKET" && quantity > amountOf(rules.maxMarketQty)) throw filterFailure("MARKET_LOT_SIZE");
  const value = quoteValue(order.type === "MARKET" ? reference : order.price, quantity);
  const tooLarge = order.type !== "MARKET" && value > amountOf(MAX_NOTIONAL);
  if (value < amountOf(MIN_NOTIONAL) || tooLarge) throw filterFailure("NOTIONAL");
  if (openOrders >= MAX_OPEN_ORDERS) throw filterFailure("MAX_NUM_ORDERS");
}

function checkPrice({ price }: NewOrder, rules: TradingRules, reference: bigint): void {
  if (isOutside(price, rules.tickSize, rules.maxPrice, rules.tickSize)) throw filterFailure("PRICE_FILTER");
  const band = BigInt(PRICE_BAND);
  if (price > reference * band || price * band < reference) throw filterFailure("PERCENT_PRICE_BY_SIDE");
}

function isOutside(amount: bigint, least: string, most: string, step: string): boolean {
  return amount < amountOf(least) || amount > amountOf(most) || amount % amountOf(step) !== 0n;
}
