/**
 * What the venue wrote, read into ticks and lots, or null when it is not what a sane venue writes: a wrong type, a
 * number that is none, off the tick, negative, beyond what we keep exactly, or at odds with itself. Nothing here
 * throws, and nothing unread goes further.
 */
import type { Instrument } from "../../engine/instrument.js";
import { moneyFromText } from "../../engine/money.js";
import { PRICE_TICKS_MAX, powerOfTen, type Step, unitsFromText } from "../../engine/units.js";
import { Liquidity, OrderType, Side, TimeInForce } from "../../schemas/index.js";
import type { VenueBalance, VenueOrder, VenueTrade } from "./link.js";

export interface OrderReading {
  readonly venueOrderId: number;
  readonly side: number;
  readonly orderType: number;
  readonly timeInForce: number;
  readonly qtyLots: number;
  /** 0 for a market order. */
  readonly priceTicks: number;
  readonly filledLots: number;
  readonly status: OrderWord;
  readonly timeUs: number;
}

export interface TradeReading {
  readonly tradeId: number;
  readonly venueOrderId: number;
  readonly side: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
  /** In the quote currency; 0 when it was taken in an asset that is neither base nor quote. */
  readonly feeMoney: number;
  readonly liquidity: number;
  readonly timeUs: number;
}

const SIDES: Readonly<Record<string, number>> = { BUY: Side.Buy, SELL: Side.Sell };
/** Type and time in force, by the venue's words for both. */
const TYPES: Readonly<Record<string, readonly [number, number]>> = {
  "LIMIT GTC": [OrderType.Limit, TimeInForce.GoodTillCancel],
  "LIMIT IOC": [OrderType.Limit, TimeInForce.ImmediateOrCancel],
  LIMIT_MAKER: [OrderType.Limit, TimeInForce.PostOnly],
  MARKET: [OrderType.Market, TimeInForce.ImmediateOrCancel],
};
const WORDS = ["NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "REJECTED", "EXPIRED"] as const;
export type OrderWord = (typeof WORDS)[number];
const FINEST_DECIMALS = 18;
/** Longer decimals are nobody's. */
const TEXT_MAX = 40;

export function readOrder(order: VenueOrder, { tick, lot }: Instrument): OrderReading | null {
  if (!isRecord(order)) return null;
  const side = wordOf(SIDES, order.side);
  const type = typeOf(order);
  const status = WORDS.find((word) => word === order.status);
  const qtyLots = unitsOf(order.qty, lot);
  const filledLots = unitsOf(order.filledQty, lot);
  if (side === undefined || type === undefined || status === undefined) return null;
  if (!isId(order.venueOrderId) || !isTime(order.timeUs)) return null;
  if (!(qtyLots > 0) || !(filledLots >= 0) || !fits(status, qtyLots, filledLots)) return null;
  const priceTicks = type[0] === OrderType.Market ? 0 : unitsOf(order.price, tick);
  if (type[0] !== OrderType.Market && !isPrice(priceTicks)) return null;
  const { venueOrderId, timeUs } = order;
  const [orderType, timeInForce] = type;
  return { venueOrderId, side, orderType, timeInForce, qtyLots, priceTicks, filledLots, status, timeUs };
}

export function readTrade(trade: VenueTrade, instrument: Instrument): TradeReading | null {
  if (!isRecord(trade)) return null;
  const side = wordOf(SIDES, trade.side);
  const qtyLots = unitsOf(trade.qty, instrument.lot);
  const priceTicks = unitsOf(trade.price, instrument.tick);
  const { tradeId, venueOrderId, timeUs } = trade;
  if (trade.symbol !== instrument.venueSymbol || side === undefined || typeof trade.isMaker !== "boolean") return null;
  if (!isId(tradeId) || !isId(venueOrderId) || !isTime(timeUs)) return null;
  if (!(qtyLots > 0) || !isPrice(priceTicks)) return null;
  const valueMoney = priceTicks * qtyLots * instrument.moneyPerTickLot;
  const feeMoney = feeOf(trade, instrument, priceTicks);
  if (!Number.isSafeInteger(valueMoney) || !(feeMoney >= 0 && feeMoney <= valueMoney)) return null;
  const liquidity = trade.isMaker ? Liquidity.Maker : Liquidity.Taker;
  return { tradeId, venueOrderId, side, priceTicks, qtyLots, feeMoney, liquidity, timeUs };
}

/** Whole lots of the base that the account holds, free or locked; what is finer than a lot cannot be sold. */
export function readBalance({ free, locked }: VenueBalance, { lot }: Instrument): number {
  if (!isDecimal(free) || !isDecimal(locked)) return Number.NaN;
  const lots = Number((finest(free) + finest(locked)) / (finest(String(lot.units)) / BigInt(lot.scale)));
  return Number.isSafeInteger(lots) ? lots : Number.NaN;
}

/** Whether what is filled and what the order is called agree. */
function fits(status: OrderWord, qtyLots: number, filledLots: number): boolean {
  if (status === "FILLED") return filledLots === qtyLots;
  if (status === "PARTIALLY_FILLED") return filledLots > 0 && filledLots < qtyLots;
  return status === "NEW" || status === "REJECTED" ? filledLots === 0 : filledLots <= qtyLots;
}

function typeOf({ type, timeInForce }: VenueOrder): readonly [number, number] | undefined {
  if (typeof type !== "string" || typeof timeInForce !== "string") return undefined;
  return wordOf(TYPES, type) ?? wordOf(TYPES, `${type} ${timeInForce}`);
}

function wordOf<T>(table: Readonly<Record<string, T>>, word: unknown): T | undefined {
  return typeof word === "string" && Object.hasOwn(table, word) ? table[word] : undefined;
}

function unitsOf(text: unknown, step: Step): number {
  return isDecimal(text) ? unitsFromText(text, step) : Number.NaN;
}

/** In 10^-18, the finest that a step can be; digits after that are cut off. */
function finest(text: string): bigint {
  const [whole, fraction = ""] = text.split(".");
  return BigInt(whole + fraction.slice(0, FINEST_DECIMALS).padEnd(FINEST_DECIMALS, "0"));
}

/** A fee in the base is worth what the trade's price says, rounded half up. */
function feeOf({ fee, feeAsset }: VenueTrade, { base, quote, tick }: Instrument, priceTicks: number): number {
  if (!isDecimal(fee) || typeof feeAsset !== "string") return Number.NaN;
  const units = moneyFromText(fee);
  if (feeAsset === quote) return units;
  if (feeAsset !== base) return Number.isNaN(units) ? Number.NaN : 0;
  if (Number.isNaN(units)) return Number.NaN;
  const scale = BigInt(powerOfTen(tick.decimals));
  return Number((BigInt(units) * BigInt(priceTicks) * BigInt(tick.units) + scale / 2n) / scale);
}

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null;
const isDecimal = (text: unknown): text is string =>
  typeof text === "string" && text.length <= TEXT_MAX && /^\d+(\.\d+)?$/.test(text);
const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isTime = (value: unknown): boolean => typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
const isPrice = (ticks: number): boolean => ticks > 0 && ticks <= PRICE_TICKS_MAX;
