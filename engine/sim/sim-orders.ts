/**
 * The simulated venue's own record of the orders it was sent: those under way to it, oldest first, and those resting in
 * its book. Rows are reused; a resting order is found by walking the few that rest.
 */
import {
  CANCEL_ORDER_INSTRUMENT,
  CANCEL_ORDER_ORDER_ID,
  CANCEL_ORDER_TIME_US,
  MessageType,
  type MessageViews,
  SUBMIT_ORDER_INSTRUMENT,
  SUBMIT_ORDER_ORDER_ID,
  SUBMIT_ORDER_ORDER_TYPE,
  SUBMIT_ORDER_PRICE_TICKS,
  SUBMIT_ORDER_QTY_LOTS,
  SUBMIT_ORDER_SIDE,
  SUBMIT_ORDER_TIME_IN_FORCE,
  SUBMIT_ORDER_TIME_US,
} from "../../schemas/index.js";

export interface SimCommand {
  readonly isCancel: boolean;
  /** When it reaches the venue. */
  readonly effectiveUs: number;
  readonly orderId: number;
  readonly instrument: number;
  readonly side: number;
  readonly orderType: number;
  readonly timeInForce: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
}

export interface SimOrder {
  readonly orderId: number;
  readonly venueOrderId: number;
  readonly instrument: number;
  readonly side: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
  filledLots: number;
  /** Lots that were at this price before us and must trade first. */
  queueLots: number;
}

/** Reads a command record; it reaches the venue `latencyUs` after the decision. */
export function readCommand(type: number, views: MessageViews, at: number, latencyUs: number): SimCommand {
  if (type === MessageType.CancelOrder) {
    return {
      isCancel: true,
      effectiveUs: views.f64[(at + CANCEL_ORDER_TIME_US) >> 3] + latencyUs,
      orderId: views.f64[(at + CANCEL_ORDER_ORDER_ID) >> 3],
      instrument: views.u32[(at + CANCEL_ORDER_INSTRUMENT) >> 2],
      side: 0,
      orderType: 0,
      timeInForce: 0,
      priceTicks: 0,
      qtyLots: 0,
    };
  }
  return {
    isCancel: false,
    effectiveUs: views.f64[(at + SUBMIT_ORDER_TIME_US) >> 3] + latencyUs,
    orderId: views.f64[(at + SUBMIT_ORDER_ORDER_ID) >> 3],
    instrument: views.u32[(at + SUBMIT_ORDER_INSTRUMENT) >> 2],
    side: views.u8[at + SUBMIT_ORDER_SIDE],
    orderType: views.u8[at + SUBMIT_ORDER_ORDER_TYPE],
    timeInForce: views.u8[at + SUBMIT_ORDER_TIME_IN_FORCE],
    priceTicks: views.i32[(at + SUBMIT_ORDER_PRICE_TICKS) >> 2],
    qtyLots: views.f64[(at + SUBMIT_ORDER_QTY_LOTS) >> 3],
  };
}
