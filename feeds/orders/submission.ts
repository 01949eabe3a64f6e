/** A SubmitOrder record as the request that a venue understands: its text, its words. */
import type { Instrument } from "../../engine/instrument.js";
import { unitsToText } from "../../engine/units.js";
import {
  type MessageViews,
  OrderType,
  Side,
  SUBMIT_ORDER_ORDER_TYPE,
  SUBMIT_ORDER_PRICE_TICKS,
  SUBMIT_ORDER_QTY_LOTS,
  SUBMIT_ORDER_SIDE,
  SUBMIT_ORDER_TIME_IN_FORCE,
  TimeInForce,
} from "../../schemas/index.js";
import type { SubmitRequest } from "./link.js";

export function submission(
  views: MessageViews,
  at: number,
  { venueSymbol, tick, lot }: Instrument,
  clientOrderId: string,
): Omit<SubmitRequest, "requestId"> {
  const isMarket = views.u8[at + SUBMIT_ORDER_ORDER_TYPE] === OrderType.Market;
  const timeInForce = views.u8[at + SUBMIT_ORDER_TIME_IN_FORCE];
  const isPostOnly = !isMarket && timeInForce === TimeInForce.PostOnly;
  const isPlain = !isMarket && !isPostOnly;
  return {
    kind: "submit",
    symbol: venueSymbol,
    clientOrderId,
    side: views.u8[at + SUBMIT_ORDER_SIDE] === Side.Buy ? "BUY" : "SELL",
    type: isMarket ? "MARKET" : isPostOnly ? "LIMIT_MAKER" : "LIMIT",
    timeInForce: isPlain ? (timeInForce === TimeInForce.ImmediateOrCancel ? "IOC" : "GTC") : "",
    qty: unitsToText(views.f64[(at + SUBMIT_ORDER_QTY_LOTS) >> 3], lot),
    price: isMarket ? "" : unitsToText(views.i32[(at + SUBMIT_ORDER_PRICE_TICKS) >> 2], tick),
  };
}
