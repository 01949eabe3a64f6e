/**
 * The whole state of an engine as one plain object, in the words and decimals of the stream's JSON form: what `--at`
 * and `--until` show. Deep book levels, ended orders and old trade ids are left out; the state hash covers them.
 */
import type { RunNames } from "../../actors/stream/message-fields.js";
import * as words from "../../actors/words.js";
import { dayProfitMoney, type Engine, formatHash, stateHash, unitsToText } from "../../engine/index.js";
import type { BookSide } from "../../engine/market/book-side.js";
import { MONEY_DECIMALS } from "../../engine/money.js";
import { clientOrderId } from "../../engine/orders/client-order-id.js";
import { isWorking, ORDERS_MAX } from "../../engine/orders/order-table.js";
import { formatScaled } from "../../engine/units.js";
import { isoTime } from "./moments.js";
import { plainValue } from "./plain-value.js";

/** Levels of a book that are shown on each side. */
const LEVELS = 5;

export type EngineReport = ReturnType<typeof engineReport>;

export const namesOf = (engine: Engine): RunNames => ({
  instruments: engine.instruments,
  strategies: engine.strategies.map(({ id }) => id),
});

export function engineReport(engine: Engine) {
  return {
    sequence: engine.sequence,
    time: isoTime(engine.timeUs),
    timeUs: engine.timeUs,
    epoch: engine.epoch,
    mode: words.MODE[engine.mode],
    stopped: engine.stopped,
    trading: trading(engine),
    currency: engine.config.currency,
    pnl: money(engine.profitMoney()),
    dayPnl: money(dayProfitMoney(engine)),
    fees: money(engine.positions.feesMoney.reduce((sum, each) => sum + each, 0)),
    instruments: engine.instruments.map((_, index) => instrument(engine, index)),
    positions: positions(engine),
    orders: {
      sent: engine.ordersSent,
      working: workingRows(engine).map((row) => order(engine, row)),
      unknown: engine.orders.unknown(),
    },
    fills: engine.fills,
    timers: engine.timers.all.map(({ strategy, name, dueUs, firedUs }) => ({
      strategy: engine.strategies[strategy].id,
      name,
      next: dueUs === 0 ? null : isoTime(dueUs),
      fired: firedUs === 0 ? null : isoTime(firedUs),
    })),
    strategies: engine.strategies.map(({ id, enabled, state, context }, index) => ({
      id,
      enabled,
      bundle: engine.config.strategies[index].bundle,
      params: plainValue(context.params),
      state: plainValue(state),
    })),
    indicators: {
      count: engine.math.indicators.length,
      usedBytes: engine.math.arenaUsed,
      capacityBytes: engine.math.arenaCapacity,
    },
    stateHash: formatHash(stateHash(engine)),
  };
}

function trading({ risk }: Engine) {
  const { state, reason, resumeState } = risk;
  const shown = { state: words.TRADING_STATE[state], reason: words.TRADING_REASON[reason] };
  return words.TRADING_REASON[reason] === "recovery"
    ? { ...shown, resumesAs: words.TRADING_STATE[resumeState] }
    : shown;
}

function instrument({ instruments, market }: Engine, index: number) {
  const { id, tick, lot } = instruments[index];
  const price = (ticks: number): string | null => (ticks === 0 ? null : unitsToText(ticks, tick));
  const { bids, asks, lastUpdateId } = market.books[index];
  const top = (side: BookSide): string[][] =>
    Array.from({ length: Math.min(LEVELS, side.count) }, (_, depth) => [
      unitsToText(side.ticksAtDepth(depth), tick),
      unitsToText(side.lotsAtDepth(depth), lot),
    ]);
  return {
    id,
    feed: words.FEED_STATE[market.feedState[index]],
    bid: price(market.bidTicks[index]),
    bidQty: unitsToText(market.bidLots[index], lot),
    ask: price(market.askTicks[index]),
    askQty: unitsToText(market.askLots[index], lot),
    last: price(market.lastTicks[index]),
    book: { updateId: lastUpdateId, bidLevels: bids.count, askLevels: asks.count, bids: top(bids), asks: top(asks) },
  };
}

/** Of every strategy in every instrument that it ever held. */
function positions(engine: Engine) {
  const { positions, market, instruments, strategies } = engine;
  const shown = [];
  for (let cell = 0; cell < positions.lots.length; cell += 1) {
    const { id, index, tick, lot } = instruments[cell % instruments.length];
    const lots = positions.lots[cell];
    if (lots === 0 && positions.feesMoney[cell] === 0 && positions.realisedMoney[cell] === 0) continue;
    const mark = market.markTicks(index, lots);
    const unrealised = lots === 0 ? 0 : positions.unrealisedMoney(cell, index, mark);
    const average = positions.averageTicks(cell, index);
    shown.push({
      strategy: strategies[Math.floor(cell / instruments.length)].id,
      instrument: id,
      position: unitsToText(lots, lot),
      averagePrice: lots === 0 ? null : ((average * tick.units) / tick.scale).toFixed(tick.decimals),
      cost: money(positions.costMoney[cell]),
      realised: money(positions.realisedMoney[cell]),
      unrealised: money(unrealised),
      fees: money(positions.feesMoney[cell]),
      pnl: money(positions.realisedMoney[cell] + unrealised - positions.feesMoney[cell]),
    });
  }
  return shown;
}

/** Rows of the orders that may still fill, by their ids. */
function workingRows({ orders }: Engine): number[] {
  const rows: number[] = [];
  for (let row = 0; row < ORDERS_MAX; row += 1) if (isWorking(orders.status[row])) rows.push(row);
  return rows.sort((one, other) => orders.id[one] - orders.id[other]);
}

function order({ orders, strategies, instruments }: Engine, row: number) {
  const { id, tick, lot } = instruments[orders.instrument[row]];
  return {
    orderId: orders.id[row],
    venueText: clientOrderId(orders.epoch[row], orders.strategy[row], orders.id[row]),
    strategy: strategies[orders.strategy[row]].id,
    instrument: id,
    status: words.ORDER_STATUS[orders.status[row]],
    side: words.SIDE[orders.side[row]],
    orderType: words.ORDER_TYPE[orders.orderType[row]],
    timeInForce: words.TIME_IN_FORCE[orders.timeInForce[row]],
    price: orders.priceTicks[row] === 0 ? null : unitsToText(orders.priceTicks[row], tick),
    qty: unitsToText(orders.qtyLots[row], lot),
    filledQty: unitsToText(orders.filledLots[row], lot),
  };
}

const money = (units: number): string => formatScaled(units, MONEY_DECIMALS);
