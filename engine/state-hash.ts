/**
 * One 64-bit number for the whole state of an engine: equal states, equal hashes, on any machine. Only what moves with
 * the record that carries the hash is left out: the outputs of the newest input, the count of checkpoints, the stop.
 * Checkpoints on the way carry a brief one, of brief-hash.ts.
 */
import { MessageType } from "../schemas/index.js";
import type { Engine } from "./engine.js";
import type { BookSide } from "./market/book-side.js";
import type { Regime } from "./models/regime.js";
import { ORDERS_MAX, type OrderTable } from "./orders/order-table.js";
import { GraphHash } from "./snapshot/graph-hash.js";
import { Hasher } from "./snapshot/hasher.js";
import { StateWalk } from "./strategy/state-walk.js";
import type { Timer } from "./strategy/timers.js";

export interface StateHash {
  readonly high: number;
  readonly low: number;
}

/** Stands for the rest of a strategy's state behind a value that cannot be kept. */
export const FAULT = 0x7f7f7f7f;

/** Of everything. */
export function stateHash(engine: Engine): StateHash {
  const hasher = new Hasher();
  const lanes = new Uint32Array(2);
  hashProgress(hasher, engine);
  for (let row = 0; row < engine.instruments.length; row += 1) {
    hashMarketOf(hasher, engine, row, false);
    hashTrades(hasher, engine, row);
  }
  hashOrders(hasher, engine.orders);
  for (let row = 0; row < engine.positions.lots.length; row += 1) hashPositionOf(hasher, engine, row);
  hashRisk(hasher, engine);
  hasher.element(engine.timers.earliest, 0);
  for (const timer of engine.timers.all) hashTimer(hasher, timer);
  for (const regime of engine.regimes.all) hashRegime(hasher, regime);
  hashStrategies(hasher, engine);
  hasher.ints(engine.math.arenaWords, 0, engine.math.arenaUsed >> 2);
  hasher.finish(lanes);
  return { high: lanes[1], low: lanes[0] };
}

/** Sixteen hexadecimal digits. */
export function formatHash({ high, low }: StateHash): string {
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}

export function hashProgress(hasher: Hasher, engine: Engine): void {
  hasher.number(engine.sequence);
  hasher.element(engine.time, 0);
  hasher.word(engine.epoch);
  hasher.word(engine.mode);
  hasher.number(engine.fills);
  hasher.number(engine.ordersSent);
  hasher.number(engine.regimes.refused);
  hasher.number(engine.regimes.failed);
  hasher.doubles(engine.written, 0, MessageType.Checkpoint);
  hasher.doubles(engine.written, MessageType.Checkpoint + 1);
}

/** One instrument: its market, the newest trade of ours, what was held at first. Brief: of its book the best levels. */
export function hashMarketOf(hasher: Hasher, engine: Engine, row: number, isBrief: boolean): void {
  const { market, seenTrades, positions } = engine;
  const { bids, asks, lastUpdateId } = market.books[row];
  hasher.number(lastUpdateId);
  hashBest(hasher, bids);
  hashBest(hasher, asks);
  if (!isBrief) hashLevels(hasher, bids);
  if (!isBrief) hashLevels(hasher, asks);
  hasher.word(market.bidTicks[row]);
  hasher.word(market.askTicks[row]);
  hasher.element(market.bidLots, row);
  hasher.element(market.askLots, row);
  hasher.word(market.lastTicks[row]);
  hasher.word(market.feedState[row]);
  hasher.element(seenTrades.latest, row);
  hasher.word(seenTrades.ids[row].size);
  hasher.element(positions.openingLots, row);
}

/** One strategy's position in one instrument, and its working orders there. */
export function hashPositionOf(hasher: Hasher, { positions, orders }: Engine, cell: number): void {
  hasher.element(positions.lots, cell);
  hasher.element(positions.costMoney, cell);
  hasher.element(positions.realisedMoney, cell);
  hasher.element(positions.feesMoney, cell);
  hasher.element(orders.workingBuyLots, cell);
  hasher.element(orders.workingSellLots, cell);
}

export function hashOrder(hasher: Hasher, orders: OrderTable, row: number): void {
  hasher.element(orders.id, row);
  hasher.element(orders.qtyLots, row);
  hasher.element(orders.filledLots, row);
  hasher.word(orders.priceTicks[row]);
  hasher.word(orders.epoch[row] | 0);
  hasher.word(orders.instrument[row] | (orders.strategy[row] << 16));
  hasher.word(
    orders.side[row] | (orders.orderType[row] << 8) | (orders.timeInForce[row] << 16) | (orders.status[row] << 24),
  );
}

export function hashRisk(hasher: Hasher, { risk }: Engine): void {
  hasher.word(risk.state);
  hasher.word(risk.reason);
  hasher.word(risk.resumeState);
  hasher.word(risk.resumeReason);
  hasher.word(risk.day);
  hasher.number(risk.dayStartMoney);
}

/** What is asked for a regime; its filter is hashed with the indicators. */
export function hashRegime(hasher: Hasher, { _row: { strategy, request, wanted, outcome } }: Regime): void {
  hasher.number(request);
  hasher.word(strategy | (outcome << 16) | (wanted ? 1 << 24 : 0));
}

export function hashTimer(hasher: Hasher, { dueUs, firedUs }: Timer): void {
  hasher.number(dueUs);
  hasher.number(firedUs);
}

/** The best level is the last. */
function hashBest(hasher: Hasher, { keys, lots, count, overflow }: BookSide): void {
  hasher.word(count);
  hasher.word(overflow);
  if (count === 0) return;
  hasher.word(keys[count - 1]);
  hasher.element(lots, count - 1);
}

function hashLevels(hasher: Hasher, { keys, lots, count }: BookSide): void {
  hasher.ints(keys, 0, count);
  hasher.doubles(lots, 0, count);
}

function hashOrders(hasher: Hasher, orders: OrderTable): void {
  hasher.number(orders.nextId);
  hasher.word(orders.working);
  for (let row = 0; row < ORDERS_MAX; row += 1) if (orders.id[row] !== 0) hashOrder(hasher, orders, row);
}

function hashTrades(hasher: Hasher, { seenTrades }: Engine, instrument: number): void {
  for (const tradeId of seenTrades.ids[instrument]) hasher.number(tradeId);
}

/** The state of a strategy that is switched off decides nothing any more. */
function hashStrategies(hasher: Hasher, { strategies, math }: Engine): void {
  const walk = new StateWalk(new GraphHash(hasher));
  for (const { enabled, context, state } of strategies) {
    hasher.word(enabled ? 1 : 0);
    hasher.ints(context._random.words);
    if (!enabled) continue;
    try {
      walk.walk(state, math.indicators, false);
    } catch {
      hasher.word(FAULT);
    }
  }
}
