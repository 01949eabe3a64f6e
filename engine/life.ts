/**
 * The start of a life: what an engine may still believe after it was away. Orders and positions stay; what it knew of
 * the market does not, and an order that was sent and not answered is unknown until the venue has said otherwise.
 * Trading is held until then.
 */
import {
  CONFIG_EPOCH,
  CONFIG_MODE,
  CONFIG_START,
  DenyReason,
  LifeStart,
  Mode,
  OrderStatus,
  ReportReason,
} from "../schemas/index.js";
import { AssertionError, assert } from "./assert.js";
import { emitOrderEvent, emitPosition, emitTradesSeen } from "./emit.js";
import type { Engine } from "./engine.js";
import type { Input } from "./input.js";
import { isWorking, ORDERS_MAX } from "./orders/order-table.js";
import { hold } from "./risk/trading-state.js";
import { dispatchStart } from "./strategy/dispatch.js";

/**
 * Order ids that a new life leaves out. A power cut may have taken commands that were sent from records not yet synced;
 * their ids must not be used again, or their fills would be booked on other orders.
 */
export const ORDER_IDS_SKIPPED = 65_536;

export function onConfig(engine: Engine, { views, at }: Input): void {
  const epoch = views.u32[(at + CONFIG_EPOCH) >> 2];
  assert(epoch > engine.epoch, `life ${epoch} cannot follow life ${engine.epoch}`);
  engine.epoch = epoch;
  engine.mode = views.u8[at + CONFIG_MODE];
  const start = views.u8[at + CONFIG_START];
  // biome-ignore format: one arm a line
  switch (start) {
    case LifeStart.Fresh: beginFirstLife(engine); break;
    case LifeStart.Resumed: beginNextLife(engine); break;
    case LifeStart.Refreshed: beginNextLife(engine); dispatchStart(engine); break;
    default: throw new AssertionError(`start ${start} of a life is not known`);
  }
}

/** Nothing is simulated in a live account: what the venue holds is asked for before the first order too. */
function beginFirstLife(engine: Engine): void {
  if (engine.mode === Mode.Live) hold(engine);
  dispatchStart(engine);
}

function beginNextLife(engine: Engine): void {
  const { market, orders, positions, regimes, touched } = engine;
  engine.stopped = false;
  market.forget();
  touched.instruments.markAll();
  orders.nextId += ORDER_IDS_SKIPPED;
  hold(engine);
  // Whoever was asked for a model is gone too.
  regimes.askAgain(engine.sequence, (strategy) => touched.strategies.mark(strategy));
  for (let row = 0; row < ORDERS_MAX; row += 1) if (isWorking(orders.status[row])) showAtStart(engine, row);
  for (let cell = 0; cell < positions.lots.length; cell += 1) if (isUsed(engine, cell)) showPosition(engine, cell);
  for (const { index } of engine.instruments) emitTradesSeen(engine, index, engine.seenTrades.latest[index]);
}

function isUsed({ positions }: Engine, cell: number): boolean {
  return positions.lots[cell] !== 0 || positions.realisedMoney[cell] !== 0 || positions.feesMoney[cell] !== 0;
}

function showPosition(engine: Engine, cell: number): void {
  const { length } = engine.instruments;
  emitPosition(engine, Math.floor(cell / length), cell % length);
}

/** Sent, or asked to be cancelled, and nobody heard what became of it. */
function isUnanswered(status: number): boolean {
  return status === OrderStatus.Submitted || status === OrderStatus.PendingCancel;
}

/** What we believe of an order, for whoever has to ask the venue about it. */
function showAtStart(engine: Engine, row: number): void {
  if (isUnanswered(engine.orders.status[row])) engine.orders.setStatus(row, OrderStatus.Unknown);
  emitOrderEvent(engine, row, DenyReason.None, ReportReason.Restart);
}
