/**
 * One 64-bit number for the whole state of an engine: equal states, equal hashes, on any machine. Only what moves with
 * the record that carries the hash is left out: the outputs of the newest input, the count of checkpoints, the stop.
 */
import { MessageType } from "../schemas/index.js";
import type { Engine } from "./engine.js";
import type { BookSide } from "./market/book-side.js";
import { isWorking, ORDERS_MAX, type OrderTable } from "./orders/order-table.js";
import { GraphHash } from "./snapshot/graph-hash.js";
import { Hasher } from "./snapshot/hasher.js";
import { StateWalk } from "./strategy/state-walk.js";

export interface StateHash {
  readonly high: number;
  readonly low: number;
}

/** Levels of each side of a book that a brief hash looks at, from the best. */
const BRIEF_LEVELS = 64;
/** Stands for the rest of a strategy's state behind a value that cannot be kept. */
const FAULT = 0x7f7f7f7f;

/** Of everything. */
export function stateHash(engine: Engine): StateHash {
  const digest = new StateDigest();
  digest.take(engine, false);
  return { high: digest.high, low: digest.low };
}

/**
 * Of all but what grows without deciding anything: levels far from the best, orders that have ended, and trade ids
 * before the newest. It is taken on the engine's thread; what it returns is good until the next call.
 */
export function briefHash(engine: Engine): StateHash {
  brief.take(engine, true);
  return brief;
}

/** Sixteen hexadecimal digits. */
export function formatHash({ high, low }: StateHash): string {
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}

/** What hashing needs, kept from one hash to the next. */
class StateDigest implements StateHash {
  private readonly hasher = new Hasher();
  private readonly walk = new StateWalk(new GraphHash(this.hasher));
  private readonly lanes = new Uint32Array(2);

  take(engine: Engine, isBrief: boolean): void {
    const { hasher } = this;
    hasher.reset();
    hashProgress(hasher, engine);
    hashMarket(hasher, engine, isBrief);
    hashOrders(hasher, engine, isBrief);
    hashTrades(hasher, engine, isBrief);
    hashPositions(hasher, engine);
    hashTimers(hasher, engine);
    this.hashStrategies(engine);
    hasher.ints(engine.math.arenaWords, 0, engine.math.arenaUsed >> 2);
    hasher.finish(this.lanes);
  }

  get high(): number {
    return this.lanes[1];
  }

  get low(): number {
    return this.lanes[0];
  }

  /** The state of a strategy that is switched off decides nothing any more. */
  private hashStrategies({ strategies, math }: Engine): void {
    for (const { enabled, context, state } of strategies) {
      this.hasher.word(enabled ? 1 : 0);
      this.hasher.ints(context._random.words);
      if (!enabled) continue;
      try {
        this.walk.walk(state, math.indicators, false);
      } catch {
        this.hasher.word(FAULT);
      }
    }
  }
}

const brief = new StateDigest();

function hashProgress(hasher: Hasher, engine: Engine): void {
  hasher.number(engine.sequence);
  hasher.element(engine.time, 0);
  hasher.word(engine.epoch);
  hasher.word(engine.mode);
  hasher.number(engine.fills);
  hasher.number(engine.ordersSent);
  hasher.doubles(engine.written, 0, MessageType.Checkpoint);
  hasher.doubles(engine.written, MessageType.Checkpoint + 1);
}

function hashMarket(hasher: Hasher, { market }: Engine, isBrief: boolean): void {
  for (const { bids, asks, lastUpdateId } of market.books) {
    hasher.number(lastUpdateId);
    hashSide(hasher, bids, isBrief);
    hashSide(hasher, asks, isBrief);
  }
  hasher.ints(market.bidTicks);
  hasher.ints(market.askTicks);
  hasher.doubles(market.bidLots);
  hasher.doubles(market.askLots);
  hasher.ints(market.lastTicks);
  hasher.ints(market.feedState);
}

/** The best level is the last. */
function hashSide(hasher: Hasher, { keys, lots, count, overflow }: BookSide, isBrief: boolean): void {
  const from = isBrief && count > BRIEF_LEVELS ? count - BRIEF_LEVELS : 0;
  hasher.word(count);
  hasher.number(overflow);
  hasher.ints(keys, from, count);
  hasher.doubles(lots, from, count);
}

function hashOrders(hasher: Hasher, { orders }: Engine, isBrief: boolean): void {
  hasher.number(orders.nextId);
  hasher.word(orders.working);
  hasher.doubles(orders.workingBuyLots);
  hasher.doubles(orders.workingSellLots);
  if (isBrief) hashWorking(hasher, orders);
  else for (let row = 0; row < ORDERS_MAX; row += 1) if (orders.id[row] !== 0) hashOrder(hasher, orders, row);
}

/** From the newest order back: the search ends at the last working one. */
function hashWorking(hasher: Hasher, orders: OrderTable): void {
  const { status } = orders;
  const newest = (orders.nextId - 1) & (ORDERS_MAX - 1);
  let left = orders.working;
  for (let row = newest; left > 0 && row > newest - ORDERS_MAX; row -= 1) {
    if (!isWorking(status[row & (ORDERS_MAX - 1)])) continue;
    hashOrder(hasher, orders, row & (ORDERS_MAX - 1));
    left -= 1;
  }
}

function hashOrder(hasher: Hasher, orders: OrderTable, row: number): void {
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

function hashTrades(hasher: Hasher, { seenTrades }: Engine, isBrief: boolean): void {
  hasher.doubles(seenTrades.latest);
  for (const ids of seenTrades.ids) {
    hasher.word(ids.size);
    if (!isBrief) for (const tradeId of ids) hasher.number(tradeId);
  }
}

function hashPositions(hasher: Hasher, { positions, risk }: Engine): void {
  hasher.doubles(positions.lots);
  hasher.doubles(positions.costMoney);
  hasher.doubles(positions.realisedMoney);
  hasher.doubles(positions.feesMoney);
  hasher.doubles(positions.openingLots);
  hasher.word(risk.state);
  hasher.word(risk.reason);
  hasher.word(risk.resumeState);
  hasher.word(risk.resumeReason);
  hasher.word(risk.day);
  hasher.number(risk.dayStartMoney);
}

function hashTimers(hasher: Hasher, { timers }: Engine): void {
  hasher.element(timers.earliest, 0);
  for (const timer of timers.all) {
    hasher.number(timer.dueUs);
    hasher.number(timer.firedUs);
  }
}
