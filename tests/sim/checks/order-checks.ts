/**
 * What is promised of orders, checked at each record that speaks of one, against the log's own sums and against the
 * venue's truth: limits that count unknown orders, no order while halted, no order's end that the venue does not know,
 * no fill that is not the venue's trade.
 */
import {
  FILL_INSTRUMENT,
  FILL_TRADE_ID,
  MessageType,
  type MessageViews,
  ORDER_EVENT_ORDER_ID,
  ORDER_EVENT_STATUS,
  OrderStatus,
  OrderType,
  Side,
  SUBMIT_ORDER_INSTRUMENT,
  SUBMIT_ORDER_ORDER_ID,
  SUBMIT_ORDER_ORDER_TYPE,
  SUBMIT_ORDER_PRICE_TICKS,
  SUBMIT_ORDER_QTY_LOTS,
  SUBMIT_ORDER_SIDE,
  SUBMIT_ORDER_STRATEGY,
  TRADING_STATE_EVENT_STATE,
  TradingReason,
  TradingState,
} from "../../../schemas/index.js";
import { INSTRUMENTS } from "../venue/instruments.js";
import type { OrderVenue, TrueOrder } from "../venue/order-venue.js";
import { promise } from "../violation.js";
import { fillKey, type Shadow, type ShadowOrder } from "./shadow.js";

/** Before a record is folded into the shadow. `causedBy` is the type of the input that led to it. */
export function checkBefore(shadow: Shadow, type: number, views: MessageViews, at: number, causedBy: number): void {
  if (type === MessageType.SubmitOrder) checkSubmit(shadow, views, at);
  if (type === MessageType.TradingStateEvent)
    checkTradingState(shadow, views.u8[at + TRADING_STATE_EVENT_STATE], causedBy);
}

/** After a record was folded. */
export function checkAfter(shadow: Shadow, venue: OrderVenue, type: number, views: MessageViews, at: number): void {
  if (type === MessageType.OrderEvent && views.u8[at + ORDER_EVENT_STATUS] !== OrderStatus.Denied) {
    checkOrder(shadow.orders.get(views.f64[(at + ORDER_EVENT_ORDER_ID) >> 3])!, venue);
  }
  if (type === MessageType.Fill) {
    const instrument = views.u32[(at + FILL_INSTRUMENT) >> 2];
    checkFill(shadow, venue, instrument, views.f64[(at + FILL_TRADE_ID) >> 3]);
  }
}

/** What the log says of an order must be possible by the venue's truth, now and whenever the order changes there. */
export function checkOrder(order: ShadowOrder, venue: OrderVenue): void {
  const { status, orderId, filledLots } = order;
  const truth = truthOf(order, venue);
  const say = (what: string) => () => `order ${orderId} is ${OrderStatus[status]} here, but ${what}`;
  const isOpen = truth !== undefined && (truth.status === "NEW" || truth.status === "PARTIALLY_FILLED");
  // biome-ignore format: one arm a line
  switch (status) {
    case OrderStatus.Rejected: promise(truth === undefined, "outcome", say("the venue accepted it")); break;
    case OrderStatus.Canceled:
    case OrderStatus.Expired: promise(truth !== undefined && !isOpen, "outcome", say("not there")); break;
    case OrderStatus.Filled: promise(truth?.status === "FILLED", "outcome", say("the venue has not filled it")); break;
    case OrderStatus.Accepted:
    case OrderStatus.PartiallyFilled: promise(truth !== undefined, "known ⊆ venue", say("it never was there")); break;
    default:
  }
  promise(
    filledLots <= (truth?.filledLots ?? 0),
    "outcome",
    say(`only ${truth?.filledLots ?? 0} of ${filledLots} lots are filled`),
  );
}

export function truthOf({ name, instrument }: ShadowOrder, venue: OrderVenue): TrueOrder | undefined {
  return venue.find(instrument, name);
}

function checkFill(shadow: Shadow, venue: OrderVenue, instrument: number, tradeId: number): void {
  const fill = shadow.fills.get(fillKey(instrument, tradeId))!;
  const trade = venue.trades[instrument][tradeId - 1];
  const isSame =
    trade !== undefined &&
    trade.order === truthOf(fill.order, venue) &&
    trade.ticks === fill.ticks &&
    trade.lots === fill.lots &&
    trade.feeMoney === fill.feeMoney &&
    (trade.order.side === "BUY") === (fill.side === Side.Buy);
  promise(isSame, "fill once", () => `fill ${tradeId} of order ${fill.order.orderId} is not the venue's trade`);
}

function checkSubmit(shadow: Shadow, views: MessageViews, at: number): void {
  const orderId = views.f64[(at + SUBMIT_ORDER_ORDER_ID) >> 3];
  const instrument = views.u32[(at + SUBMIT_ORDER_INSTRUMENT) >> 2];
  const side = views.u8[at + SUBMIT_ORDER_SIDE];
  const qtyLots = views.f64[(at + SUBMIT_ORDER_QTY_LOTS) >> 3];
  const cell = shadow.cellOf(views.u16[(at + SUBMIT_ORDER_STRATEGY) >> 1], instrument);
  promise(orderId > shadow.newestOrderId, "sent once", () => `order id ${orderId} is used again`);
  promise(shadow.state !== TradingState.Halted, "halted", () => `order ${orderId} was sent while trading is halted`);
  if (isExit(shadow, cell, side, qtyLots)) return;
  promise(shadow.state === TradingState.Active, "halted", () => {
    return `order ${orderId} adds to a position while trading is ${TradingState[shadow.state]}`;
  });
  const ticks = referenceTicks(shadow, views, at, instrument, side);
  const { moneyPerTickLot } = INSTRUMENTS[instrument];
  const net = shadow.netLots(instrument);
  const reachLots = Math.max(0, (side === Side.Buy ? net : -net) + shadow.workingLots(instrument, side)) + qtyLots;
  promise(ticks * reachLots * moneyPerTickLot <= shadow.maxPositionMoney, "exposure", () => {
    return `order ${orderId} takes instrument ${instrument} to ${reachLots} lots at ${ticks} ticks, past the limit`;
  });
  promise(ticks * qtyLots * moneyPerTickLot <= shadow.maxOrderValueMoney, "exposure", () => {
    return `order ${orderId} of ${qtyLots} lots at ${ticks} ticks is past the limit of one order`;
  });
}

function isExit(shadow: Shadow, cell: number, side: number, qtyLots: number): boolean {
  const held = side === Side.Buy ? -shadow.lots[cell] : shadow.lots[cell];
  const working = side === Side.Buy ? shadow.workingBuyLots[cell] : shadow.workingSellLots[cell];
  return held > 0 && working + qtyLots <= held;
}

/** The least that an order may be valued at. */
function referenceTicks(shadow: Shadow, views: MessageViews, at: number, instrument: number, side: number): number {
  const limitTicks = views.i32[(at + SUBMIT_ORDER_PRICE_TICKS) >> 2];
  const isLimit = views.u8[at + SUBMIT_ORDER_ORDER_TYPE] === OrderType.Limit;
  if (isLimit && side === Side.Buy) return limitTicks;
  const best = (side === Side.Buy ? shadow.askTicks : shadow.bidTicks)[instrument] || shadow.lastTicks[instrument];
  return isLimit ? Math.max(limitTicks, best) : best;
}

/** A halt ends by an operator's word alone; the hold at the start of a life when the venue has been asked. */
function checkTradingState(shadow: Shadow, state: number, causedBy: number): void {
  if (shadow.state !== TradingState.Halted || state === TradingState.Halted) return;
  const isHold = shadow.reason === TradingReason.Recovery;
  const allowed = isHold ? causedBy === MessageType.Reconciled : causedBy === MessageType.Operator;
  promise(allowed, "halted", () => `a halt was cleared by ${MessageType[causedBy]}`);
}
