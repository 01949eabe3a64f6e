/** One function for each output of the engine: claim, write, commit. */
import {
  CANCEL_ORDER_BYTES,
  CHECKPOINT_BYTES,
  CheckpointScope,
  FILL_BYTES,
  MessageType,
  ORDER_EVENT_BYTES,
  POSITION_BYTES,
  STRATEGY_LOG_BYTES,
  STRATEGY_LOG_TEXT_COUNT,
  SUBMIT_ORDER_BYTES,
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
import { briefHash, stateHash } from "./state-hash.js";
import { checkStates } from "./strategy/state-check.js";

export function emitSubmit(engine: Engine, row: number, timeUs: number): void {
  const { orders, log } = engine;
  const at = engine.emit(MessageType.SubmitOrder, SUBMIT_ORDER_BYTES);
  writeSubmitOrder(
    log.views,
    at,
    timeUs,
    orders.id[row],
    orders.qtyLots[row],
    orders.priceTicks[row],
    orders.instrument[row],
    orders.epoch[row],
    orders.strategy[row],
    orders.side[row],
    orders.orderType[row],
    orders.timeInForce[row],
  );
  engine.emitted();
}

export function emitCancel(engine: Engine, row: number, timeUs: number): void {
  const { orders, log } = engine;
  const at = engine.emit(MessageType.CancelOrder, CANCEL_ORDER_BYTES);
  const { id, instrument, epoch, strategy } = orders;
  writeCancelOrder(log.views, at, timeUs, id[row], instrument[row], epoch[row], strategy[row]);
  engine.emitted();
}

export function emitOrderEvent(engine: Engine, row: number, denyReason: number, reportReason: number): void {
  const { orders, log } = engine;
  const at = engine.emit(MessageType.OrderEvent, ORDER_EVENT_BYTES);
  writeOrderEvent(
    log.views,
    at,
    engine.timeUs,
    orders.id[row],
    orders.qtyLots[row],
    orders.filledLots[row],
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
  engine.emitted();
}

export function emitFill(
  engine: Engine,
  row: number,
  venueTimeUs: number,
  tradeId: number,
  qtyLots: number,
  feeMoney: number,
  realisedMoney: number,
  priceTicks: number,
  liquidity: number,
): void {
  const { orders, log } = engine;
  const at = engine.emit(MessageType.Fill, FILL_BYTES);
  writeFill(
    log.views,
    at,
    engine.timeUs,
    venueTimeUs,
    orders.id[row],
    tradeId,
    qtyLots,
    feeMoney,
    realisedMoney,
    priceTicks,
    orders.instrument[row],
    orders.epoch[row],
    orders.strategy[row],
    orders.side[row],
    liquidity,
  );
  engine.emitted();
}

export function emitPosition(engine: Engine, strategy: number, instrument: number): void {
  const { positions, log } = engine;
  const cell = positions.cell(strategy, instrument);
  const at = engine.emit(MessageType.Position, POSITION_BYTES);
  writePosition(
    log.views,
    at,
    engine.timeUs,
    positions.lots[cell],
    positions.costMoney[cell],
    positions.realisedMoney[cell],
    positions.feesMoney[cell],
    instrument,
    strategy,
  );
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
  checkStates(engine, scope === CheckpointScope.Full);
  const { high, low } = scope === CheckpointScope.Full ? stateHash(engine) : briefHash(engine);
  const at = engine.emit(MessageType.Checkpoint, CHECKPOINT_BYTES);
  writeCheckpoint(engine.log.views, at, engine.timeUs, engine.sequence, high, low, scope);
  engine.emitted();
}
