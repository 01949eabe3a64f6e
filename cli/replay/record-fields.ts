/**
 * Any record of a journal as a plain object: the words and decimals of the stream's JSON form, and the records that the
 * stream does not carry: what came from the order venue, what was sent to it, and what an operator said.
 */

import { fieldsOf, type MessageFields, type RunNames } from "../../actors/stream/message-fields.js";
import * as words from "../../actors/words.js";
import { formatHash, unitsToText } from "../../engine/index.js";
import { MONEY_DECIMALS } from "../../engine/money.js";
import { formatScaled } from "../../engine/units.js";
import * as schema from "../../schemas/index.js";
import { MessageType, type MessageViews, readText } from "../../schemas/index.js";
import { CHECKPOINT_SCOPE, FIT_OUTCOME, LIFE_START, OPERATOR_ACTION, REPORT_KIND } from "./record-words.js";

interface Decodable {
  readonly type: number;
  readonly views: MessageViews;
  readonly at: number;
}

/** Every field of a record's message. */
export function recordFields({ type, views, at }: Decodable, names: RunNames): MessageFields {
  const decode = OWN[type];
  if (decode) return decode(views, at, names);
  const fields = fieldsOf(type, views, at, names);
  const decodeAt = DECODE_NS[type];
  return decodeAt === undefined ? fields : { ...fields, decodeNs: views.i32[(at + decodeAt) >> 2] };
}

/** Where market messages say how long they took from the socket to the ring. */
const DECODE_NS: Readonly<Record<number, number>> = {
  [MessageType.Trade]: schema.TRADE_DECODE_NS,
  [MessageType.Quote]: schema.QUOTE_DECODE_NS,
  [MessageType.BookDelta]: schema.BOOK_DELTA_DECODE_NS,
  [MessageType.BookSnapshot]: schema.BOOK_SNAPSHOT_DECODE_NS,
  [MessageType.FeedStatus]: schema.FEED_STATUS_DECODE_NS,
};

type Decode = (views: MessageViews, at: number, names: RunNames) => MessageFields;

const OWN: Readonly<Record<number, Decode>> = {
  [MessageType.Clock]: () => ({}),
  [MessageType.Config]: config,
  [MessageType.Operator]: operator,
  [MessageType.ModelInput]: modelInput,
  [MessageType.ModelFit]: modelFit,
  [MessageType.ModelRequest]: modelRequest,
  [MessageType.OrderReport]: orderReport,
  [MessageType.FillReport]: fillReport,
  [MessageType.OrderFound]: orderFound,
  [MessageType.PositionReport]: positionReport,
  [MessageType.Reconciled]: reconciled,
  [MessageType.SubmitOrder]: submitOrder,
  [MessageType.CancelOrder]: cancelOrder,
  [MessageType.Checkpoint]: checkpoint,
  [MessageType.TradesSeen]: tradesSeen,
};

/** Without the configuration itself, which is long; it is in the state that a place shows. */
function config({ u8, u32 }: MessageViews, at: number): MessageFields {
  return {
    epoch: u32[(at + schema.CONFIG_EPOCH) >> 2],
    mode: words.MODE[u8[at + schema.CONFIG_MODE]],
    start: LIFE_START[u8[at + schema.CONFIG_START]],
  };
}

function operator(views: MessageViews, at: number): MessageFields {
  return {
    action: OPERATOR_ACTION[views.u8[at + schema.OPERATOR_ACTION]],
    reason: readText(views, at + schema.OPERATOR_REASON_COUNT),
  };
}

function modelInput({ u32, f64 }: MessageViews, at: number, { instruments }: RunNames): MessageFields {
  return {
    instrument: instruments[u32[(at + schema.MODEL_INPUT_INSTRUMENT) >> 2]]?.id ?? null,
    source: u32[(at + schema.MODEL_INPUT_SOURCE) >> 2],
    value: f64[(at + schema.MODEL_INPUT_VALUE) >> 3],
  };
}

/** Without the model, which the state of the regime shows. */
function modelFit({ u8, u32, f64 }: MessageViews, at: number): MessageFields {
  return {
    request: f64[(at + schema.MODEL_FIT_REQUEST) >> 3],
    regime: u32[(at + schema.MODEL_FIT_REGIME) >> 2],
    outcome: FIT_OUTCOME[u8[at + schema.MODEL_FIT_OUTCOME]] ?? "unknown",
    logLikelihood: f64[(at + schema.MODEL_FIT_LOG_LIKELIHOOD) >> 3],
    iterations: u32[(at + schema.MODEL_FIT_ITERATIONS) >> 2],
    workUs: f64[(at + schema.MODEL_FIT_WORK_US) >> 3],
  };
}

function modelRequest({ u8, u16, u32 }: MessageViews, at: number, names: RunNames): MessageFields {
  return {
    strategy: strategy(u16[(at + schema.MODEL_REQUEST_STRATEGY) >> 1], names),
    regime: u32[(at + schema.MODEL_REQUEST_REGIME) >> 2],
    states: u8[at + schema.MODEL_REQUEST_STATES],
    features: u8[at + schema.MODEL_REQUEST_FEATURES],
    observations: u32[(at + schema.MODEL_REQUEST_OBSERVATIONS) >> 2],
    seed: u32[(at + schema.MODEL_REQUEST_SEED) >> 2],
  };
}

function orderReport({ u8, u32, f64 }: MessageViews, at: number, { instruments }: RunNames): MessageFields {
  const instrument = instruments[u32[(at + schema.ORDER_REPORT_INSTRUMENT) >> 2]];
  return {
    instrument: instrument.id,
    orderId: f64[(at + schema.ORDER_REPORT_ORDER_ID) >> 3],
    kind: REPORT_KIND[u8[at + schema.ORDER_REPORT_KIND]],
    reason: words.REPORT_REASON[u8[at + schema.ORDER_REPORT_REASON]],
    filledQty: unitsToText(f64[(at + schema.ORDER_REPORT_FILLED_LOTS) >> 3], instrument.lot),
    venueOrderId: f64[(at + schema.ORDER_REPORT_VENUE_ORDER_ID) >> 3],
    venueTimeUs: f64[(at + schema.ORDER_REPORT_VENUE_TIME_US) >> 3],
  };
}

function fillReport({ u8, i32, u32, f64 }: MessageViews, at: number, { instruments }: RunNames): MessageFields {
  const instrument = instruments[u32[(at + schema.FILL_REPORT_INSTRUMENT) >> 2]];
  return {
    instrument: instrument.id,
    orderId: f64[(at + schema.FILL_REPORT_ORDER_ID) >> 3],
    tradeId: f64[(at + schema.FILL_REPORT_TRADE_ID) >> 3],
    side: words.SIDE[u8[at + schema.FILL_REPORT_SIDE]],
    liquidity: words.LIQUIDITY[u8[at + schema.FILL_REPORT_LIQUIDITY]],
    price: unitsToText(i32[(at + schema.FILL_REPORT_PRICE_TICKS) >> 2], instrument.tick),
    qty: unitsToText(f64[(at + schema.FILL_REPORT_QTY_LOTS) >> 3], instrument.lot),
    fee: formatScaled(f64[(at + schema.FILL_REPORT_FEE_MONEY) >> 3], MONEY_DECIMALS),
    venueTimeUs: f64[(at + schema.FILL_REPORT_VENUE_TIME_US) >> 3],
  };
}

function orderFound(views: MessageViews, at: number, names: RunNames): MessageFields {
  const { u8, u16, i32, u32, f64 } = views;
  const instrument = names.instruments[u32[(at + schema.ORDER_FOUND_INSTRUMENT) >> 2]];
  return {
    instrument: instrument.id,
    strategy: strategy(u16[(at + schema.ORDER_FOUND_STRATEGY) >> 1], names),
    orderId: f64[(at + schema.ORDER_FOUND_ORDER_ID) >> 3],
    epoch: u32[(at + schema.ORDER_FOUND_EPOCH) >> 2],
    side: words.SIDE[u8[at + schema.ORDER_FOUND_SIDE]],
    orderType: words.ORDER_TYPE[u8[at + schema.ORDER_FOUND_ORDER_TYPE]],
    timeInForce: words.TIME_IN_FORCE[u8[at + schema.ORDER_FOUND_TIME_IN_FORCE]],
    price: price(i32[(at + schema.ORDER_FOUND_PRICE_TICKS) >> 2], instrument),
    qty: unitsToText(f64[(at + schema.ORDER_FOUND_QTY_LOTS) >> 3], instrument.lot),
    venueOrderId: f64[(at + schema.ORDER_FOUND_VENUE_ORDER_ID) >> 3],
  };
}

function positionReport({ u32, f64 }: MessageViews, at: number, { instruments }: RunNames): MessageFields {
  const instrument = instruments[u32[(at + schema.POSITION_REPORT_INSTRUMENT) >> 2]];
  return {
    instrument: instrument.id,
    venueQty: unitsToText(f64[(at + schema.POSITION_REPORT_VENUE_LOTS) >> 3], instrument.lot),
  };
}

function reconciled({ u32 }: MessageViews, at: number): MessageFields {
  return {
    openOrders: u32[(at + schema.RECONCILED_OPEN_ORDERS) >> 2],
    unknownOrders: u32[(at + schema.RECONCILED_UNKNOWN_ORDERS) >> 2],
    fillsFound: u32[(at + schema.RECONCILED_FILLS_FOUND) >> 2],
  };
}

function submitOrder({ u8, u16, i32, u32, f64 }: MessageViews, at: number, names: RunNames): MessageFields {
  const instrument = names.instruments[u32[(at + schema.SUBMIT_ORDER_INSTRUMENT) >> 2]];
  return {
    instrument: instrument.id,
    strategy: strategy(u16[(at + schema.SUBMIT_ORDER_STRATEGY) >> 1], names),
    orderId: f64[(at + schema.SUBMIT_ORDER_ORDER_ID) >> 3],
    epoch: u32[(at + schema.SUBMIT_ORDER_EPOCH) >> 2],
    side: words.SIDE[u8[at + schema.SUBMIT_ORDER_SIDE]],
    orderType: words.ORDER_TYPE[u8[at + schema.SUBMIT_ORDER_ORDER_TYPE]],
    timeInForce: words.TIME_IN_FORCE[u8[at + schema.SUBMIT_ORDER_TIME_IN_FORCE]],
    price: price(i32[(at + schema.SUBMIT_ORDER_PRICE_TICKS) >> 2], instrument),
    qty: unitsToText(f64[(at + schema.SUBMIT_ORDER_QTY_LOTS) >> 3], instrument.lot),
    decidedUs: f64[(at + schema.SUBMIT_ORDER_TIME_US) >> 3],
  };
}

function cancelOrder({ u16, u32, f64 }: MessageViews, at: number, names: RunNames): MessageFields {
  return {
    instrument: names.instruments[u32[(at + schema.CANCEL_ORDER_INSTRUMENT) >> 2]].id,
    strategy: strategy(u16[(at + schema.CANCEL_ORDER_STRATEGY) >> 1], names),
    orderId: f64[(at + schema.CANCEL_ORDER_ORDER_ID) >> 3],
    epoch: u32[(at + schema.CANCEL_ORDER_EPOCH) >> 2],
    decidedUs: f64[(at + schema.CANCEL_ORDER_TIME_US) >> 3],
  };
}

function checkpoint({ u8, u32, f64 }: MessageViews, at: number): MessageFields {
  const high = u32[(at + schema.CHECKPOINT_HASH_HIGH) >> 2];
  const low = u32[(at + schema.CHECKPOINT_HASH_LOW) >> 2];
  return {
    inputs: f64[(at + schema.CHECKPOINT_INPUTS) >> 3],
    scope: CHECKPOINT_SCOPE[u8[at + schema.CHECKPOINT_SCOPE]],
    hash: formatHash({ high, low }),
  };
}

function tradesSeen({ u32, f64 }: MessageViews, at: number, { instruments }: RunNames): MessageFields {
  return {
    instrument: instruments[u32[(at + schema.TRADES_SEEN_INSTRUMENT) >> 2]].id,
    latestTradeId: f64[(at + schema.TRADES_SEEN_LATEST_TRADE_ID) >> 3],
  };
}

/** Null of a market order. */
const price = (ticks: number, { tick }: RunNames["instruments"][number]): string | null =>
  ticks === 0 ? null : unitsToText(ticks, tick);
const strategy = (index: number, { strategies }: RunNames): string => strategies[index] ?? "engine";
