/** The values that a condition may name, for one life of an engine: its state right after an input, and that input. */
import type { RunNames } from "../../actors/stream/message-fields.js";
import { FEED_STATE, MODE, TRADING_REASON, TRADING_STATE, TYPE } from "../../actors/words.js";
import { dayProfitMoney, type Engine, MONEY_PER_UNIT, unitsToNumber } from "../../engine/index.js";
import { isWorking, ORDERS_MAX } from "../../engine/orders/order-table.js";
import type { Step } from "../../research/replay/replay-walk.js";
import { namesOf } from "./engine-report.js";
import type { Name, Vocabulary } from "./expression.js";
import { readTime, resolveTime } from "./moments.js";
import { recordFields } from "./record-fields.js";

export interface Vantage {
  readonly engine: Engine;
  readonly step: Step;
}

/** `firstUs` is the moment of the journal's first input, to which times may refer. */
export function namedValues({ instruments, strategies }: RunNames, firstUs: number): Vocabulary<Vantage> {
  return { ...general(firstUs), ...byInstrument(instruments.map(({ id }) => id)), ...byStrategy(strategies) };
}

const number = (read: (engine: Engine) => number): Name<Vantage> => ({ type: "number", read: (v) => read(v.engine) });
const text = (read: (engine: Engine) => string): Name<Vantage> => ({ type: "string", read: (v) => read(v.engine) });

function general(firstUs: number): Vocabulary<Vantage> {
  const fromText = (written: string): number | null => {
    const time = readTime(written);
    return time === null ? null : resolveTime(time, firstUs);
  };
  return {
    seq: number(({ sequence }) => sequence),
    time: { ...number(({ timeUs }) => timeUs), fromText },
    epoch: number(({ epoch }) => epoch),
    mode: text(({ mode }) => MODE[mode]),
    "input.type": { type: "string", read: ({ step }) => TYPE[step.input.type] },
    "input.instrument": {
      type: "string",
      read: ({ engine, step }) => String(recordFields(step.input, namesOf(engine)).instrument ?? ""),
    },
    outputs: { type: "number", read: ({ step }) => step.outputs.length },
    "trading.state": text(({ risk }) => TRADING_STATE[risk.state]),
    "trading.reason": text(({ risk }) => TRADING_REASON[risk.reason]),
    pnl: number((engine) => engine.profitMoney() / MONEY_PER_UNIT),
    dayPnl: number((engine) => dayProfitMoney(engine) / MONEY_PER_UNIT),
    fees: number(({ positions }) => positions.feesMoney.reduce((sum, each) => sum + each, 0) / MONEY_PER_UNIT),
    fills: number(({ fills }) => fills),
    "orders.sent": number(({ ordersSent }) => ordersSent),
    "orders.working": number(({ orders }) => orders.working),
    "orders.unknown": number(({ orders }) => orders.unknown()),
  };
}

function byInstrument(keys: readonly string[]): Vocabulary<Vantage> {
  const of = (read: (engine: Engine, instrument: number) => number): Name<Vantage> => ({
    type: "number",
    keys,
    read: (v, key) => read(v.engine, key),
  });
  /** A price is NaN while it is not known. */
  const price = (engine: Engine, ticks: number, instrument: number): number =>
    ticks === 0 ? Number.NaN : unitsToNumber(ticks, engine.instruments[instrument].tick);
  const bid = (engine: Engine, at: number) => price(engine, engine.market.bidTicks[at], at);
  const ask = (engine: Engine, at: number) => price(engine, engine.market.askTicks[at], at);
  return {
    "position[]": of((engine, at) => unitsToNumber(engine.netLots(at), engine.instruments[at].lot)),
    "bid[]": of(bid),
    "ask[]": of(ask),
    "last[]": of((engine, at) => price(engine, engine.market.lastTicks[at], at)),
    "mid[]": of((engine, at) => (bid(engine, at) + ask(engine, at)) / 2),
    "spread[]": of((engine, at) => spread(engine, at)),
    "feed[]": { type: "string", keys, read: ({ engine }, at) => FEED_STATE[engine.market.feedState[at]] },
  };
}

/** In whole ticks first, so that it is the decimal it looks like. */
function spread({ market, instruments }: Engine, at: number): number {
  const [bid, ask] = [market.bidTicks[at], market.askTicks[at]];
  return bid === 0 || ask === 0 ? Number.NaN : unitsToNumber(ask - bid, instruments[at].tick);
}

function byStrategy(keys: readonly string[]): Vocabulary<Vantage> {
  return {
    "strategy[].enabled": { type: "boolean", keys, read: ({ engine }, at) => engine.strategies[at].enabled },
    "strategy[].pnl": { type: "number", keys, read: ({ engine }, at) => strategyMoney(engine, at) / MONEY_PER_UNIT },
    "strategy[].working": { type: "number", keys, read: ({ engine }, at) => workingOf(engine, at) },
  };
}

function strategyMoney({ positions, market, instruments }: Engine, strategy: number): number {
  let total = 0;
  for (const { index } of instruments) {
    const cell = positions.cell(strategy, index);
    const lots = positions.lots[cell];
    total += positions.realisedMoney[cell] - positions.feesMoney[cell];
    if (lots !== 0) total += positions.unrealisedMoney(cell, index, market.markTicks(index, lots));
  }
  return total;
}

function workingOf({ orders }: Engine, strategy: number): number {
  let count = 0;
  for (let row = 0; row < ORDERS_MAX; row += 1) {
    if (orders.strategy[row] === strategy && isWorking(orders.status[row])) count += 1;
  }
  return count;
}
