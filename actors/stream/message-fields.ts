/**
 * A message as a plain object, in the words of the JSON form: instruments and strategies by id, prices and quantities
 * as decimal text in the instrument's own precision, money as decimal text with all eight digits, enum values in
 * lower case. It trusts its bytes; what came over a network is checked by decode.ts first.
 */
import type { EngineConfig } from "../../engine/config.js";
import { type Instrument, makeInstrument } from "../../engine/instrument.js";
import { MONEY_DECIMALS } from "../../engine/money.js";
import { formatScaled, unitsToText } from "../../engine/units.js";
import * as schema from "../../schemas/index.js";
import { MessageType, type MessageViews, readText } from "../../schemas/index.js";
import * as words from "../words.js";

export type MessageFields = Record<string, unknown>;

/** What turns a run's numbers into its ids. */
export interface RunNames {
  readonly instruments: readonly Instrument[];
  readonly strategies: readonly string[];
}

export function runNames({ instruments, strategies }: Pick<EngineConfig, "instruments" | "strategies">): RunNames {
  return {
    instruments: instruments.map((spec, index) => makeInstrument(spec, index)),
    strategies: strategies.map(({ id }) => id),
  };
}

/** The fields of one message whose type belongs to a topic. */
export function fieldsOf(type: number, views: MessageViews, at: number, names: RunNames): MessageFields {
  switch (type) {
    case MessageType.Trade:
      return trade(views, at, names);
    case MessageType.Quote:
      return quote(views, at, names);
    case MessageType.BookDelta:
      return bookDelta(views, at, names);
    case MessageType.BookSnapshot:
      return bookSnapshot(views, at, names);
    case MessageType.OrderEvent:
      return orderEvent(views, at, names);
    case MessageType.Fill:
      return fill(views, at, names);
    case MessageType.Position:
      return position(views, at, names);
    case MessageType.FeedStatus:
      return feedStatus(views, at, names);
    case MessageType.TradingStateEvent:
      return tradingStateEvent(views, at);
    case MessageType.StrategyLog:
      return strategyLog(views, at, names);
    case MessageType.Config:
      return config(views, at);
    case MessageType.Status:
      return { status: JSON.parse(readText(views, at + schema.STATUS_JSON_COUNT)) };
    default:
      return {};
  }
}

function trade({ u8, i32, u32, f64 }: MessageViews, at: number, { instruments }: RunNames): MessageFields {
  const instrument = instruments[u32[(at + schema.TRADE_INSTRUMENT) >> 2]];
  return {
    instrument: instrument.id,
    price: price(i32[(at + schema.TRADE_PRICE_TICKS) >> 2], instrument),
    qty: qty(f64[(at + schema.TRADE_QTY_LOTS) >> 3], instrument),
    aggressor: words.SIDE[u8[at + schema.TRADE_AGGRESSOR]],
    tradeId: f64[(at + schema.TRADE_TRADE_ID) >> 3],
    venueTimeUs: f64[(at + schema.TRADE_VENUE_TIME_US) >> 3],
    receiveTimeUs: f64[(at + schema.TRADE_RECEIVE_TIME_US) >> 3],
  };
}

function quote({ i32, u32, f64 }: MessageViews, at: number, { instruments }: RunNames): MessageFields {
  const instrument = instruments[u32[(at + schema.QUOTE_INSTRUMENT) >> 2]];
  return {
    instrument: instrument.id,
    bid: price(i32[(at + schema.QUOTE_BID_TICKS) >> 2], instrument),
    bidQty: qty(f64[(at + schema.QUOTE_BID_LOTS) >> 3], instrument),
    ask: price(i32[(at + schema.QUOTE_ASK_TICKS) >> 2], instrument),
    askQty: qty(f64[(at + schema.QUOTE_ASK_LOTS) >> 3], instrument),
    updateId: f64[(at + schema.QUOTE_UPDATE_ID) >> 3],
    venueTimeUs: f64[(at + schema.QUOTE_VENUE_TIME_US) >> 3],
    receiveTimeUs: f64[(at + schema.QUOTE_RECEIVE_TIME_US) >> 3],
  };
}

function bookDelta(views: MessageViews, at: number, { instruments }: RunNames): MessageFields {
  const { u16, u32, f64 } = views;
  const instrument = instruments[u32[(at + schema.BOOK_DELTA_INSTRUMENT) >> 2]];
  const bidCount = u16[(at + schema.BOOK_DELTA_BID_COUNT) >> 1];
  const count = u32[(at + schema.BOOK_DELTA_LEVELS_COUNT) >> 2];
  return {
    instrument: instrument.id,
    bids: levels(views, at + schema.BOOK_DELTA_LEVELS, 0, bidCount, instrument),
    asks: levels(views, at + schema.BOOK_DELTA_LEVELS, bidCount, count, instrument),
    firstUpdateId: f64[(at + schema.BOOK_DELTA_FIRST_UPDATE_ID) >> 3],
    lastUpdateId: f64[(at + schema.BOOK_DELTA_LAST_UPDATE_ID) >> 3],
    last: u16[(at + schema.BOOK_DELTA_LAST) >> 1] !== 0,
    venueTimeUs: f64[(at + schema.BOOK_DELTA_VENUE_TIME_US) >> 3],
    receiveTimeUs: f64[(at + schema.BOOK_DELTA_RECEIVE_TIME_US) >> 3],
  };
}

function bookSnapshot(views: MessageViews, at: number, { instruments }: RunNames): MessageFields {
  const { u16, u32, f64 } = views;
  const instrument = instruments[u32[(at + schema.BOOK_SNAPSHOT_INSTRUMENT) >> 2]];
  const bidCount = u16[(at + schema.BOOK_SNAPSHOT_BID_COUNT) >> 1];
  const count = u32[(at + schema.BOOK_SNAPSHOT_LEVELS_COUNT) >> 2];
  return {
    instrument: instrument.id,
    bids: levels(views, at + schema.BOOK_SNAPSHOT_LEVELS, 0, bidCount, instrument),
    asks: levels(views, at + schema.BOOK_SNAPSHOT_LEVELS, bidCount, count, instrument),
    lastUpdateId: f64[(at + schema.BOOK_SNAPSHOT_LAST_UPDATE_ID) >> 3],
    first: u16[(at + schema.BOOK_SNAPSHOT_FIRST) >> 1] !== 0,
    last: u16[(at + schema.BOOK_SNAPSHOT_LAST) >> 1] !== 0,
    venueTimeUs: f64[(at + schema.BOOK_SNAPSHOT_VENUE_TIME_US) >> 3],
    receiveTimeUs: f64[(at + schema.BOOK_SNAPSHOT_RECEIVE_TIME_US) >> 3],
  };
}

function levels(views: MessageViews, levelsAt: number, from: number, to: number, instrument: Instrument): string[][] {
  const pairs: string[][] = [];
  for (let level = from; level < to; level += 1) {
    const at = levelsAt + level * schema.LEVEL_BYTES;
    const ticks = views.i32[(at + schema.LEVEL_PRICE_TICKS) >> 2];
    const lots = views.f64[(at + schema.LEVEL_QTY_LOTS) >> 3];
    pairs.push([unitsToText(ticks, instrument.tick), qty(lots, instrument)]);
  }
  return pairs;
}

function orderEvent({ u8, u16, i32, u32, f64 }: MessageViews, at: number, names: RunNames): MessageFields {
  const instrument = names.instruments[u32[(at + schema.ORDER_EVENT_INSTRUMENT) >> 2]];
  return {
    instrument: instrument.id,
    strategy: strategy(u16[(at + schema.ORDER_EVENT_STRATEGY) >> 1], names),
    orderId: f64[(at + schema.ORDER_EVENT_ORDER_ID) >> 3],
    status: words.ORDER_STATUS[u8[at + schema.ORDER_EVENT_STATUS]],
    side: words.SIDE[u8[at + schema.ORDER_EVENT_SIDE]],
    orderType: words.ORDER_TYPE[u8[at + schema.ORDER_EVENT_ORDER_TYPE]],
    timeInForce: words.TIME_IN_FORCE[u8[at + schema.ORDER_EVENT_TIME_IN_FORCE]],
    price: price(i32[(at + schema.ORDER_EVENT_PRICE_TICKS) >> 2], instrument),
    qty: qty(f64[(at + schema.ORDER_EVENT_QTY_LOTS) >> 3], instrument),
    filledQty: qty(f64[(at + schema.ORDER_EVENT_FILLED_LOTS) >> 3], instrument),
    denyReason: words.DENY_REASON[u8[at + schema.ORDER_EVENT_DENY_REASON]],
    reportReason: words.REPORT_REASON[u8[at + schema.ORDER_EVENT_REPORT_REASON]],
  };
}

function fill({ u8, u16, i32, u32, f64 }: MessageViews, at: number, names: RunNames): MessageFields {
  const instrument = names.instruments[u32[(at + schema.FILL_INSTRUMENT) >> 2]];
  return {
    instrument: instrument.id,
    strategy: strategy(u16[(at + schema.FILL_STRATEGY) >> 1], names),
    orderId: f64[(at + schema.FILL_ORDER_ID) >> 3],
    tradeId: f64[(at + schema.FILL_TRADE_ID) >> 3],
    side: words.SIDE[u8[at + schema.FILL_SIDE]],
    liquidity: words.LIQUIDITY[u8[at + schema.FILL_LIQUIDITY]],
    price: price(i32[(at + schema.FILL_PRICE_TICKS) >> 2], instrument),
    qty: qty(f64[(at + schema.FILL_QTY_LOTS) >> 3], instrument),
    fee: money(f64[(at + schema.FILL_FEE_MONEY) >> 3]),
    realised: money(f64[(at + schema.FILL_REALISED_MONEY) >> 3]),
    venueTimeUs: f64[(at + schema.FILL_VENUE_TIME_US) >> 3],
  };
}

function position({ u16, u32, f64 }: MessageViews, at: number, names: RunNames): MessageFields {
  const instrument = names.instruments[u32[(at + schema.POSITION_INSTRUMENT) >> 2]];
  return {
    instrument: instrument.id,
    strategy: strategy(u16[(at + schema.POSITION_STRATEGY) >> 1], names),
    position: qty(f64[(at + schema.POSITION_POSITION_LOTS) >> 3], instrument),
    cost: money(f64[(at + schema.POSITION_COST_MONEY) >> 3]),
    realised: money(f64[(at + schema.POSITION_REALISED_MONEY) >> 3]),
    fees: money(f64[(at + schema.POSITION_FEES_MONEY) >> 3]),
  };
}

function feedStatus({ u8, u32, f64 }: MessageViews, at: number, { instruments }: RunNames): MessageFields {
  return {
    instrument: instruments[u32[(at + schema.FEED_STATUS_INSTRUMENT) >> 2]].id,
    state: words.FEED_STATE[u8[at + schema.FEED_STATUS_STATE]],
    reason: words.FEED_REASON[u8[at + schema.FEED_STATUS_REASON]],
    receiveTimeUs: f64[(at + schema.FEED_STATUS_RECEIVE_TIME_US) >> 3],
  };
}

function tradingStateEvent({ u8 }: MessageViews, at: number): MessageFields {
  return {
    state: words.TRADING_STATE[u8[at + schema.TRADING_STATE_EVENT_STATE]],
    previous: words.TRADING_STATE[u8[at + schema.TRADING_STATE_EVENT_PREVIOUS]],
    reason: words.TRADING_REASON[u8[at + schema.TRADING_STATE_EVENT_REASON]],
  };
}

function strategyLog(views: MessageViews, at: number, names: RunNames): MessageFields {
  return {
    strategy: strategy(views.u16[(at + schema.STRATEGY_LOG_STRATEGY) >> 1], names),
    level: words.LOG_LEVEL[views.u8[at + schema.STRATEGY_LOG_LEVEL]],
    text: readText(views, at + schema.STRATEGY_LOG_TEXT_COUNT),
  };
}

function config(views: MessageViews, at: number): MessageFields {
  return {
    epoch: views.u32[(at + schema.CONFIG_EPOCH) >> 2],
    config: JSON.parse(readText(views, at + schema.CONFIG_JSON_COUNT)),
  };
}

/** Null where there is no price: a market order's, or the best of an empty side. */
const price = (ticks: number, { tick }: Instrument): string | null => (ticks === 0 ? null : unitsToText(ticks, tick));
const qty = (lots: number, { lot }: Instrument): string => unitsToText(lots, lot);
const money = (units: number): string => formatScaled(units, MONEY_DECIMALS);
/** The engine itself also writes log lines; without any strategy they have no id to go by. */
const strategy = (index: number, { strategies }: RunNames): string => strategies[index] ?? "engine";
