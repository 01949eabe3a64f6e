/**
 * One function for each output of the engine: claim, write, commit. The doubles of those that every order causes are
 * stored here and not handed to the writer, which gets zeros for them: V8 inlines a writer into some callers and not
 * into others, and each double handed to a call is a boxed number.
 */
import {
  CANCEL_ORDER_BYTES,
  CANCEL_ORDER_ORDER_ID,
  CANCEL_ORDER_TIME_US,
  CHECKPOINT_BYTES,
  CheckpointScope,
  FILL_BYTES,
  FILL_FEE_MONEY,
  FILL_ORDER_ID,
  FILL_QTY_LOTS,
  FILL_REALISED_MONEY,
  FILL_TIME_US,
  FILL_TRADE_ID,
  FILL_VENUE_TIME_US,
  MessageType,
  ORDER_EVENT_BYTES,
  ORDER_EVENT_FILLED_LOTS,
  ORDER_EVENT_ORDER_ID,
  ORDER_EVENT_QTY_LOTS,
  ORDER_EVENT_TIME_US,
  POSITION_BYTES,
  POSITION_COST_MONEY,
  POSITION_FEES_MONEY,
  POSITION_POSITION_LOTS,
  POSITION_REALISED_MONEY,
  POSITION_TIME_US,
  STRATEGY_LOG_BYTES,
  STRATEGY_LOG_TEXT_COUNT,
  SUBMIT_ORDER_BYTES,
  SUBMIT_ORDER_ORDER_ID,
  SUBMIT_ORDER_QTY_LOTS,
  SUBMIT_ORDER_TIME_US,
  TRADES_SEEN_BYTES,
  TRADING_STATE_EVENT_BYTES,
  textMessageBytes,
  writeCancelOrder,
  writeCheckpoint,
  writeFill,
  writeOrderEvent,
  writePosition,
  writeStrategyLog,
  writeSubmitOrder,
  writeText,
  writeTradesSeen,
  writeTradingStateEvent,
} from "../schemas/index.js";
import { cutText, type Engine } from "./engine.js";
import { FEE_MONEY, type Fill, QTY_LOTS, REALISED_MONEY, TRADE_ID, VENUE_TIME_US } from "./orders/fill.js";
import type { Moment } from "./orders/submit.js";
import { stateHash } from "./state-hash.js";
import { checkAllStates, checkTouchedStates } from "./strategy/state-check.js";

export function emitSubmit(engine: Engine, row: number, decided: Moment): void {
  const { orders, log } = engine;
  const at = engine.emit(MessageType.SubmitOrder, SUBMIT_ORDER_BYTES);
  const { instrument, epoch, strategy, side, orderType, timeInForce } = orders;
  writeSubmitOrder(
    log.views,
    at,
    0,
    0,
    0,
    orders.priceTicks[row],
    instrument[row],
    epoch[row],
    strategy[row],
    side[row],
    orderType[row],
    timeInForce[row],
  );
  const { f64 } = log.views;
  f64[(at + SUBMIT_ORDER_TIME_US) >> 3] = decided.timeUs;
  f64[(at + SUBMIT_ORDER_ORDER_ID) >> 3] = orders.id[row];
  f64[(at + SUBMIT_ORDER_QTY_LOTS) >> 3] = orders.qtyLots[row];
  engine.emitted();
}

export function emitCancel(engine: Engine, row: number, decided: Moment): void {
  const { orders, log } = engine;
  const at = engine.emit(MessageType.CancelOrder, CANCEL_ORDER_BYTES);
  const { id, instrument, epoch, strategy } = orders;
  writeCancelOrder(log.views, at, 0, 0, instrument[row], epoch[row], strategy[row]);
  log.views.f64[(at + CANCEL_ORDER_TIME_US) >> 3] = decided.timeUs;
  log.views.f64[(at + CANCEL_ORDER_ORDER_ID) >> 3] = id[row];
  engine.emitted();
}

export function emitOrderEvent(engine: Engine, row: number, denyReason: number, reportReason: number): void {
  const { orders, log } = engine;
  const at = engine.emit(MessageType.OrderEvent, ORDER_EVENT_BYTES);
  writeOrderEvent(
    log.views,
    at,
    0,
    0,
    0,
    0,
    orders.priceTicks[row],
    orders.instrument[row],
    orders.epoch[row],
    orders.strategy[row],
    orders.side[row],
    orders.orderType[row],
    orders.timeInForce[row],
    orders.status[row],
    denyReason,
    reportReason,
  );
  const { f64 } = log.views;
  f64[(at + ORDER_EVENT_TIME_US) >> 3] = engine.time[0];
  f64[(at + ORDER_EVENT_ORDER_ID) >> 3] = orders.id[row];
  f64[(at + ORDER_EVENT_QTY_LOTS) >> 3] = orders.qtyLots[row];
  f64[(at + ORDER_EVENT_FILLED_LOTS) >> 3] = orders.filledLots[row];
  engine.emitted();
}

export function emitFill(engine: Engine, { row, figures, priceTicks, liquidity }: Fill): void {
  const { orders, log } = engine;
  const at = engine.emit(MessageType.Fill, FILL_BYTES);
  writeFill(
    log.views,
    at,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    priceTicks,
    orders.instrument[row],
    orders.epoch[row],
    orders.strategy[row],
    orders.side[row],
    liquidity,
  );
  const { f64 } = log.views;
  f64[(at + FILL_TIME_US) >> 3] = engine.time[0];
  f64[(at + FILL_VENUE_TIME_US) >> 3] = figures[VENUE_TIME_US];
  f64[(at + FILL_ORDER_ID) >> 3] = orders.id[row];
  f64[(at + FILL_TRADE_ID) >> 3] = figures[TRADE_ID];
  f64[(at + FILL_QTY_LOTS) >> 3] = figures[QTY_LOTS];
  f64[(at + FILL_FEE_MONEY) >> 3] = figures[FEE_MONEY];
  f64[(at + FILL_REALISED_MONEY) >> 3] = figures[REALISED_MONEY];
  engine.emitted();
}

export function emitPosition(engine: Engine, strategy: number, instrument: number): void {
  const { positions, log } = engine;
  const cell = positions.cell(strategy, instrument);
  const at = engine.emit(MessageType.Position, POSITION_BYTES);
  writePosition(log.views, at, 0, 0, 0, 0, 0, instrument, strategy);
  const { f64 } = log.views;
  f64[(at + POSITION_TIME_US) >> 3] = engine.time[0];
  f64[(at + POSITION_POSITION_LOTS) >> 3] = positions.lots[cell];
  f64[(at + POSITION_COST_MONEY) >> 3] = positions.costMoney[cell];
  f64[(at + POSITION_REALISED_MONEY) >> 3] = positions.realisedMoney[cell];
  f64[(at + POSITION_FEES_MONEY) >> 3] = positions.feesMoney[cell];
  engine.emitted();
}

export function emitTradesSeen(engine: Engine, instrument: number, latestTradeId: number): void {
  const at = engine.emit(MessageType.TradesSeen, TRADES_SEEN_BYTES);
  writeTradesSeen(engine.log.views, at, engine.timeUs, latestTradeId, instrument);
  engine.emitted();
}

export function emitTradingState(engine: Engine, state: number, previous: number, reason: number): void {
  const at = engine.emit(MessageType.TradingStateEvent, TRADING_STATE_EVENT_BYTES);
  writeTradingStateEvent(engine.log.views, at, engine.timeUs, state, previous, reason);
  engine.emitted();
}

export function emitStrategyLog(engine: Engine, strategy: number, level: number, message: string): void {
  const text = cutText(message);
  const at = engine.emit(MessageType.StrategyLog, textMessageBytes(STRATEGY_LOG_BYTES, text.length));
  writeStrategyLog(engine.log.views, at, engine.timeUs, strategy, level, text.length);
  writeText(engine.log.views, at + STRATEGY_LOG_TEXT_COUNT, text);
  engine.emitted();
}

export function emitCheckpoint(engine: Engine, scope: CheckpointScope): void {
  const isFull = scope === CheckpointScope.Full;
  if (isFull) checkAllStates(engine);
  else checkTouchedStates(engine);
  const { high, low } = isFull ? stateHash(engine) : engine.brief.take(engine);
  const at = engine.emit(MessageType.Checkpoint, CHECKPOINT_BYTES);
  writeCheckpoint(engine.log.views, at, engine.timeUs, engine.sequence, high, low, scope);
  engine.emitted();
}
