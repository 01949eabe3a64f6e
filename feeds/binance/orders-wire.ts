/**
 * Binance's JSON of orders, trades and balances, by the names that the gateway uses. Spelling only: values pass through
 * as they are, whatever they are, and the gateway believes none of them unread.
 */

import type { VenueOrder, VenueTrade } from "../orders/link.js";
import { type AnswerBody, type LinkRequest, NO_BODY, type StreamEvent, type VenueBalance } from "../orders/link.js";

type Json = Readonly<Record<string, unknown>>;

/** What an answer to a request holds, or null when it is not of the shape of one. */
export function readBody(kind: LinkRequest["kind"], json: unknown): AnswerBody | null {
  // biome-ignore format: one arm a line
  switch (kind) {
    case "submit": return isJson(json) ? { ...NO_BODY, orders: [orderOf(json)], trades: firstTrades(json) } : null;
    case "cancel":
    case "order": return isJson(json) ? { ...NO_BODY, orders: [orderOf(json)] } : null;
    case "open-orders": return isList(json) ? { ...NO_BODY, orders: json.map(orderOf) } : null;
    case "trades": return isList(json) ? { ...NO_BODY, trades: json.map(tradeOf) } : null;
    case "account": return isJson(json) ? accountOf(json) : null;
  }
}

/** An event of the private stream that is about an order, or null. */
export function readEvent(event: unknown): StreamEvent | null {
  if (!isJson(event) || event.e !== "executionReport") return null;
  return { kind: "order", order: orderOfReport(event), trade: event.x === "TRADE" ? tradeOfReport(event) : null };
}

function orderOf(json: Json): VenueOrder {
  // A cancel has a name of its own; the order's is then the original one.
  const clientOrderId = json.origClientOrderId ?? json.clientOrderId;
  const { symbol, side, type, timeInForce, price } = json;
  return unread<VenueOrder>({
    symbol,
    clientOrderId,
    venueOrderId: json.orderId,
    side,
    type,
    timeInForce,
    price,
    qty: json.origQty,
    filledQty: json.executedQty,
    status: statusOf(json.status),
    timeUs: microseconds(json.updateTime ?? json.transactTime ?? json.time),
  });
}

function orderOfReport(event: Json): VenueOrder {
  return unread<VenueOrder>({
    symbol: event.s,
    clientOrderId: event.C === "" || event.C === undefined ? event.c : event.C,
    venueOrderId: event.i,
    side: event.S,
    type: event.o,
    timeInForce: event.f,
    price: event.p,
    qty: event.q,
    filledQty: event.z,
    status: statusOf(event.X),
    timeUs: microseconds(event.T),
  });
}

function tradeOf(json: Json): VenueTrade {
  const { symbol, price, qty, commission, commissionAsset, isBuyer, isMaker } = json;
  return unread<VenueTrade>({
    symbol,
    tradeId: json.id,
    venueOrderId: json.orderId,
    side: isBuyer === true ? "BUY" : isBuyer === false ? "SELL" : undefined,
    price,
    qty,
    fee: commission,
    feeAsset: commissionAsset,
    isMaker,
    timeUs: microseconds(json.time),
  });
}

function tradeOfReport(event: Json): VenueTrade {
  return unread<VenueTrade>({
    symbol: event.s,
    tradeId: event.t,
    venueOrderId: event.i,
    side: event.S,
    price: event.L,
    qty: event.l,
    fee: event.n,
    feeAsset: event.N,
    isMaker: event.m,
    timeUs: microseconds(event.T),
  });
}

/** What an order took on its arrival. */
function firstTrades(order: Json): readonly VenueTrade[] {
  if (!isList(order.fills)) return [];
  return order.fills.map((fill) =>
    unread<VenueTrade>({
      symbol: order.symbol,
      tradeId: fill.tradeId,
      venueOrderId: order.orderId,
      side: order.side,
      price: fill.price,
      qty: fill.qty,
      fee: fill.commission,
      feeAsset: fill.commissionAsset,
      isMaker: false,
      timeUs: microseconds(order.transactTime),
    }),
  );
}

function accountOf({ balances }: Json): AnswerBody | null {
  return isList(balances) ? { ...NO_BODY, balances: balances.map(balanceOf) } : null;
}

function balanceOf({ asset, free, locked }: Json): VenueBalance {
  return unread<VenueBalance>({ asset, free, locked });
}

/** The venue ends an order that would trade with another of its account by a word of its own. */
const statusOf = (status: unknown): unknown => (status === "EXPIRED_IN_MATCH" ? "EXPIRED" : status);
const microseconds = (milliseconds: unknown): unknown =>
  typeof milliseconds === "number" ? milliseconds * 1_000 : milliseconds;

/** The types say what is expected; the gateway reads before it believes. */
const unread = <T>(values: { readonly [K in keyof T]: unknown }): T => values as T;
const isJson = (json: unknown): json is Json => typeof json === "object" && json !== null && !Array.isArray(json);
const isList = (json: unknown): json is readonly Json[] => Array.isArray(json) && json.every(isJson);
