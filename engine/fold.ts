/**
 * Another build's records are not executed again: what they say is taken over. Folding knows what each record means,
 * but runs no strategy and decides nothing, so it gives the orders, positions and trading state of a journal that this
 * build could not reproduce. Strategies begin anew after it.
 */
import {
  CONFIG_EPOCH,
  CONFIG_MODE,
  CONFIG_START,
  FILL_INSTRUMENT,
  FILL_TRADE_ID,
  LifeStart,
  MessageType,
  type MessageViews,
  OPERATOR_ACTION,
  OperatorAction,
  ORDER_EVENT_EPOCH,
  ORDER_EVENT_FILLED_LOTS,
  ORDER_EVENT_INSTRUMENT,
  ORDER_EVENT_ORDER_ID,
  ORDER_EVENT_ORDER_TYPE,
  ORDER_EVENT_PRICE_TICKS,
  ORDER_EVENT_QTY_LOTS,
  ORDER_EVENT_SIDE,
  ORDER_EVENT_STATUS,
  ORDER_EVENT_STRATEGY,
  ORDER_EVENT_TIME_IN_FORCE,
  OrderStatus,
  POSITION_COST_MONEY,
  POSITION_FEES_MONEY,
  POSITION_INSTRUMENT,
  POSITION_POSITION_LOTS,
  POSITION_REALISED_MONEY,
  POSITION_REPORT_INSTRUMENT,
  POSITION_REPORT_VENUE_LOTS,
  POSITION_STRATEGY,
  TRADING_STATE_EVENT_REASON,
  TRADING_STATE_EVENT_STATE,
  TradingReason,
  TradingState,
} from "../schemas/index.js";
import { ConfigError } from "./assert.js";
import type { Engine } from "./engine.js";
import { ORDER_IDS_SKIPPED } from "./life.js";
import { intend, isHeld, startDay } from "./risk/trading-state.js";
import type { RecordReader } from "./tape/segment.js";

/** Takes one record over into an engine that belongs to the record's configuration. */
export function fold(engine: Engine, record: RecordReader): void {
  const { views, at, type } = record;
  engine.written[type] += 1;
  if (record.index === 0) return foldInput(engine, record);
  // biome-ignore format: one arm a line
  switch (type) {
    case MessageType.SubmitOrder: engine.ordersSent += 1; break;
    case MessageType.OrderEvent: foldOrder(engine, views, at); break;
    case MessageType.Fill: foldFill(engine, views, at); break;
    case MessageType.Position: foldPosition(engine, views, at); break;
    case MessageType.TradingStateEvent: foldTradingState(engine, views, at); break;
  }
}

function foldInput(engine: Engine, { type, views, at, sequence, timeUs }: RecordReader): void {
  engine.resumeAt(sequence);
  engine.time[0] = timeUs;
  if (type === MessageType.Config) foldLife(engine, views, at);
  startDay(engine);
  // biome-ignore format: one arm a line
  switch (type) {
    case MessageType.Trade: engine.market.applyTrade(views, at); break;
    case MessageType.Quote: engine.market.applyQuote(views, at); break;
    case MessageType.FeedStatus: engine.market.applyFeedStatus(views, at); break;
    case MessageType.PositionReport: foldOpening(engine, views, at); break;
    case MessageType.Operator: foldOperator(engine, views.u8[at + OPERATOR_ACTION]); break;
  }
}

/** While a life is held an operator's word changes what is to come, and no output says so. */
function foldOperator(engine: Engine, action: number): void {
  if (action === OperatorAction.Stop) engine.stopped = true;
  if (!isHeld(engine)) return;
  const { resumeState } = engine.risk;
  // biome-ignore format: one arm a line
  switch (action) {
    case OperatorAction.Resume: return intend(engine, TradingState.Active, TradingReason.Operator);
    case OperatorAction.Reduce: return intend(engine, TradingState.Reducing, TradingReason.Operator);
    case OperatorAction.Suspend:
      if (resumeState === TradingState.Active) intend(engine, TradingState.Suspended, TradingReason.Operator);
      return;
    case OperatorAction.Unsuspend:
      if (resumeState === TradingState.Suspended) intend(engine, TradingState.Active, TradingReason.Operator);
  }
}

function foldLife(engine: Engine, views: MessageViews, at: number): void {
  engine.epoch = views.u32[(at + CONFIG_EPOCH) >> 2];
  engine.mode = views.u8[at + CONFIG_MODE];
  engine.stopped = false;
  if (views.u8[at + CONFIG_START] === LifeStart.Fresh) return;
  engine.market.forget();
  engine.orders.nextId += ORDER_IDS_SKIPPED;
}

function foldOrder(engine: Engine, views: MessageViews, at: number): void {
  const { orders } = engine;
  const orderId = views.f64[(at + ORDER_EVENT_ORDER_ID) >> 3];
  let row = orders.find(orderId);
  if (row < 0) {
    row = orders.adopt(orderId);
    if (row < 0) throw new ConfigError(`order ${orderId} of the journal finds no room among the working orders`);
    orders.qtyLots[row] = views.f64[(at + ORDER_EVENT_QTY_LOTS) >> 3];
    orders.priceTicks[row] = views.i32[(at + ORDER_EVENT_PRICE_TICKS) >> 2];
    orders.instrument[row] = views.u32[(at + ORDER_EVENT_INSTRUMENT) >> 2];
    orders.epoch[row] = views.u32[(at + ORDER_EVENT_EPOCH) >> 2];
    orders.strategy[row] = views.u16[(at + ORDER_EVENT_STRATEGY) >> 1];
    orders.side[row] = views.u8[at + ORDER_EVENT_SIDE];
    orders.orderType[row] = views.u8[at + ORDER_EVENT_ORDER_TYPE];
    orders.timeInForce[row] = views.u8[at + ORDER_EVENT_TIME_IN_FORCE];
    orders.nextId = Math.max(orders.nextId, orderId + 1);
    if (views.u8[at + ORDER_EVENT_STATUS] !== OrderStatus.Denied) orders.setStatus(row, OrderStatus.Submitted);
  }
  const filled = views.f64[(at + ORDER_EVENT_FILLED_LOTS) >> 3] - orders.filledLots[row];
  if (filled > 0) orders.fill(row, Float64Array.of(filled), 0);
  orders.setStatus(row, views.u8[at + ORDER_EVENT_STATUS]);
}

function foldFill(engine: Engine, views: MessageViews, at: number): void {
  engine.fills += 1;
  engine.seenTrades.add(views.u32[(at + FILL_INSTRUMENT) >> 2], views.f64[(at + FILL_TRADE_ID) >> 3]);
}

function foldPosition({ positions }: Engine, views: MessageViews, at: number): void {
  const instrument = views.u32[(at + POSITION_INSTRUMENT) >> 2];
  const cell = positions.cell(views.u16[(at + POSITION_STRATEGY) >> 1], instrument);
  positions.valuation.count(cell, instrument, -1);
  positions.lots[cell] = views.f64[(at + POSITION_POSITION_LOTS) >> 3];
  positions.costMoney[cell] = views.f64[(at + POSITION_COST_MONEY) >> 3];
  positions.realisedMoney[cell] = views.f64[(at + POSITION_REALISED_MONEY) >> 3];
  positions.feesMoney[cell] = views.f64[(at + POSITION_FEES_MONEY) >> 3];
  positions.valuation.count(cell, instrument, 1);
}

function foldTradingState(engine: Engine, views: MessageViews, at: number): void {
  const { risk } = engine;
  const reason = views.u8[at + TRADING_STATE_EVENT_REASON];
  if (reason === TradingReason.Recovery && !isHeld(engine)) {
    risk.resumeState = risk.state;
    risk.resumeReason = risk.reason;
  }
  risk.state = views.u8[at + TRADING_STATE_EVENT_STATE];
  risk.reason = reason;
}

function foldOpening(engine: Engine, views: MessageViews, at: number): void {
  const { openingLots } = engine.positions;
  const instrument = views.u32[(at + POSITION_REPORT_INSTRUMENT) >> 2];
  if (!Number.isNaN(openingLots[instrument])) return;
  openingLots[instrument] = views.f64[(at + POSITION_REPORT_VENUE_LOTS) >> 3] - engine.netLots(instrument);
}
