/**
 * What passes from an engine to the one that follows it in the same journal, when strategies begin anew or limits have
 * changed: time, orders, positions and trading state. Strategies and instruments are matched by their ids. Nothing that
 * is still open may be left behind: that is a ConfigError which names it.
 */
import { ConfigError } from "./assert.js";
import type { Engine } from "./engine.js";
import type { Instrument } from "./instrument.js";
import { isWorking, ORDERS_MAX } from "./orders/order-table.js";

/** Where things go: new indexes by old ones, −1 for what has no place. */
interface Move {
  readonly from: Engine;
  readonly to: Engine;
  readonly strategies: readonly number[];
  readonly instruments: readonly number[];
}

/** Copies into an engine that has taken nothing yet. */
export function carryOver(from: Engine, to: Engine): void {
  const move: Move = {
    from,
    to,
    strategies: from.strategies.map(({ id }) => to.strategies.findIndex((host) => host.id === id)),
    instruments: from.instruments.map((instrument) => indexOfSame(instrument, to.instruments)),
  };
  refuseLosses(move);
  to.resumeAt(from.sequence);
  to.time[0] = from.time[0];
  to.epoch = from.epoch;
  to.mode = from.mode;
  to.stopped = from.stopped;
  to.fills = from.fills;
  to.ordersSent = from.ordersSent;
  to.written.set(from.written);
  copyOrders(move);
  copyPositions(move);
  copyMarks(move);
  const { state, reason, resumeState, resumeReason, day, dayStartMoney } = from.risk;
  Object.assign(to.risk, { state, reason, resumeState, resumeReason, day, dayStartMoney });
}

/** The same instrument with the same scales: ticks and lots mean what they meant. −1 when there is none. */
function indexOfSame({ id, tickSize, lotSize }: Instrument, instruments: readonly Instrument[]): number {
  return instruments.findIndex((each) => each.id === id && each.tickSize === tickSize && each.lotSize === lotSize);
}

function refuseLosses(move: Move): void {
  const { orders, positions, instruments } = move.from;
  for (let row = 0; row < ORDERS_MAX; row += 1) {
    if (!isWorking(orders.status[row])) continue;
    requirePlace(move, orders.strategy[row], orders.instrument[row], `order ${orders.id[row]}`);
  }
  for (let cell = 0; cell < positions.lots.length; cell += 1) {
    if (positions.lots[cell] === 0) continue;
    const strategy = Math.floor(cell / instruments.length);
    requirePlace(move, strategy, cell % instruments.length, `a position of ${positions.lots[cell]} lots`);
  }
}

function requirePlace(move: Move, strategy: number, instrument: number, what: string): void {
  const { from, to, strategies, instruments } = move;
  const owner = `${from.strategies[strategy].id} has ${what} in ${from.instruments[instrument].id}`;
  const heir = strategies[strategy];
  if (heir < 0 || to.config.strategies[heir].retired) {
    throw new ConfigError(`strategy ${owner}, but is not part of this run; add it, or close that first`);
  }
  if (instruments[instrument] < 0) {
    throw new ConfigError(`strategy ${owner}, but that instrument is not traded any more in the same ticks and lots`);
  }
}

function copyOrders({ from, to, strategies, instruments }: Move): void {
  const source = from.orders;
  const target = to.orders;
  for (let row = 0; row < ORDERS_MAX; row += 1) {
    const strategy = strategies[source.strategy[row]] ?? -1;
    const instrument = instruments[source.instrument[row]] ?? -1;
    if (source.id[row] === 0 || strategy < 0 || instrument < 0) continue;
    target.id[row] = source.id[row];
    target.qtyLots[row] = source.qtyLots[row];
    target.filledLots[row] = source.filledLots[row];
    target.priceTicks[row] = source.priceTicks[row];
    target.instrument[row] = instrument;
    target.strategy[row] = strategy;
    target.epoch[row] = source.epoch[row];
    target.side[row] = source.side[row];
    target.orderType[row] = source.orderType[row];
    target.timeInForce[row] = source.timeInForce[row];
    target.setStatus(row, source.status[row]);
  }
  target.nextId = source.nextId;
  instruments.forEach((instrument, index) => {
    if (instrument < 0) return;
    for (const tradeId of from.seenTrades.ids[index]) to.seenTrades.add(instrument, tradeId);
  });
}

function copyPositions({ from, to, strategies, instruments }: Move): void {
  strategies.forEach((strategy, oldStrategy) => {
    instruments.forEach((instrument, oldInstrument) => {
      if (strategy < 0 || instrument < 0) return;
      const source = from.positions.cell(oldStrategy, oldInstrument);
      const target = to.positions.cell(strategy, instrument);
      to.positions.lots[target] = from.positions.lots[source];
      to.positions.costMoney[target] = from.positions.costMoney[source];
      to.positions.realisedMoney[target] = from.positions.realisedMoney[source];
      to.positions.feesMoney[target] = from.positions.feesMoney[source];
    });
  });
  to.positions.valuation.resum();
}

/** The last prices, to value positions by, and what the account held at first. */
function copyMarks({ from, to, instruments }: Move): void {
  instruments.forEach((instrument, old) => {
    if (instrument < 0) return;
    to.market.lastTicks[instrument] = from.market.lastTicks[old];
    to.positions.openingLots[instrument] = from.positions.openingLots[old];
  });
}
