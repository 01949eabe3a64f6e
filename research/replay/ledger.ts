/**
 * What a run came to, added up from its records alone: the same sums for a recorded run and for a modelled one. All
 * money is in whole money units; positions are by strategy and instrument, known by their ids from life to life.
 */
import type { Engine, Instrument } from "../../engine/index.js";
import * as schema from "../../schemas/index.js";
import { FeedState, MessageType, OrderStatus } from "../../schemas/index.js";
import type { JournalRecord } from "./journal-records.js";

export interface StrategyResult {
  readonly strategy: string;
  /** Realised and unrealised, less fees. */
  readonly profitMoney: number;
  readonly feesMoney: number;
  readonly sent: number;
  readonly denied: number;
  readonly fills: number;
  /** Value of all fills; can pass 2^53. */
  readonly turnoverMoney: bigint;
}

export interface LedgerResult extends Omit<StrategyResult, "strategy"> {
  readonly strategies: readonly StrategyResult[];
  /** By instrument: the account's largest position, long or short, in lots. */
  readonly largestLots: ReadonlyMap<string, number>;
}

interface Holding {
  readonly strategy: string;
  readonly instrument: string;
  lots: number;
  costMoney: number;
  realisedMoney: number;
  feesMoney: number;
}

interface Counts {
  sent: number;
  denied: number;
  fills: number;
  turnoverMoney: bigint;
}

interface Marks {
  readonly instrument: Instrument;
  bidTicks: number;
  askTicks: number;
  lastTicks: number;
}

export class Ledger {
  private readonly holdings = new Map<string, Holding>();
  private readonly marks = new Map<string, Marks>();
  private readonly counts = new Map<string, Counts>();
  private readonly largest = new Map<string, number>();
  private base: LedgerResult | null = null;

  /** Takes a record of the run whose engine, for names and scales, is given. */
  take({ type, views, at }: Pick<JournalRecord, "type" | "views" | "at">, engine: Engine): void {
    switch (type) {
      case MessageType.Config:
        return this.forgetQuotes();
      case MessageType.Trade:
        this.marksOf(engine, views.u32[(at + schema.TRADE_INSTRUMENT) >> 2]).lastTicks =
          views.i32[(at + schema.TRADE_PRICE_TICKS) >> 2];
        return;
      case MessageType.Quote:
        return this.quote(
          this.marksOf(engine, views.u32[(at + schema.QUOTE_INSTRUMENT) >> 2]),
          views.i32[(at + schema.QUOTE_BID_TICKS) >> 2],
          views.i32[(at + schema.QUOTE_ASK_TICKS) >> 2],
        );
      case MessageType.FeedStatus:
        if (views.u8[at + schema.FEED_STATUS_STATE] === FeedState.Live) return;
        return this.quote(this.marksOf(engine, views.u32[(at + schema.FEED_STATUS_INSTRUMENT) >> 2]), 0, 0);
      case MessageType.SubmitOrder:
        this.countsOf(strategyId(engine, views.u16[(at + schema.SUBMIT_ORDER_STRATEGY) >> 1])).sent += 1;
        return;
      case MessageType.OrderEvent:
        if (views.u8[at + schema.ORDER_EVENT_STATUS] !== OrderStatus.Denied) return;
        this.countsOf(strategyId(engine, views.u16[(at + schema.ORDER_EVENT_STRATEGY) >> 1])).denied += 1;
        return;
      case MessageType.Fill:
        return this.fill(views, at, engine);
      case MessageType.Position:
        return this.position(views, at, engine);
    }
  }

  /** What follows is counted from here on; positions go on. */
  startHere(): void {
    this.base = null;
    this.base = this.result();
    this.counts.clear();
    this.largest.clear();
    for (const { instrument } of this.holdings.values()) this.noteLargest(instrument);
  }

  /** Since the beginning, or since `startHere`. */
  result(): LedgerResult {
    const ids = new Set([...this.counts.keys(), ...[...this.holdings.values()].map(({ strategy }) => strategy)]);
    const strategies = [...ids].map((id) => this.strategyResult(id));
    const sum = (pick: (each: StrategyResult) => number): number =>
      strategies.reduce((total, each) => total + pick(each), 0);
    return {
      strategies,
      profitMoney: sum(({ profitMoney }) => profitMoney),
      feesMoney: sum(({ feesMoney }) => feesMoney),
      sent: sum(({ sent }) => sent),
      denied: sum(({ denied }) => denied),
      fills: sum(({ fills }) => fills),
      turnoverMoney: strategies.reduce((total, each) => total + each.turnoverMoney, 0n),
      largestLots: this.largest,
    };
  }

  private strategyResult(strategy: string): StrategyResult {
    const { sent, denied, fills, turnoverMoney } = this.countsOf(strategy);
    let profitMoney = 0;
    let feesMoney = 0;
    for (const holding of this.holdings.values()) {
      if (holding.strategy !== strategy) continue;
      profitMoney += holding.realisedMoney - holding.feesMoney + this.unrealised(holding);
      feesMoney += holding.feesMoney;
    }
    const base = this.base?.strategies.find((each) => each.strategy === strategy);
    profitMoney -= base?.profitMoney ?? 0;
    feesMoney -= base?.feesMoney ?? 0;
    return { strategy, profitMoney, feesMoney, sent, denied, fills, turnoverMoney };
  }

  /** At what the position could be closed at, as the engine values it. */
  private unrealised({ instrument, lots, costMoney }: Holding): number {
    const marks = this.marks.get(instrument);
    if (lots === 0 || marks === undefined) return 0;
    const ticks = (lots > 0 ? marks.bidTicks : marks.askTicks) || marks.lastTicks;
    return ticks * lots * marks.instrument.moneyPerTickLot - costMoney;
  }

  private fill({ u16, u32, i32, f64 }: JournalRecord["views"], at: number, engine: Engine): void {
    const { moneyPerTickLot } = engine.instruments[u32[(at + schema.FILL_INSTRUMENT) >> 2]];
    const counts = this.countsOf(strategyId(engine, u16[(at + schema.FILL_STRATEGY) >> 1]));
    const value = i32[(at + schema.FILL_PRICE_TICKS) >> 2] * f64[(at + schema.FILL_QTY_LOTS) >> 3] * moneyPerTickLot;
    counts.fills += 1;
    counts.turnoverMoney += BigInt(value);
  }

  private position({ u16, u32, f64 }: JournalRecord["views"], at: number, engine: Engine): void {
    const strategy = strategyId(engine, u16[(at + schema.POSITION_STRATEGY) >> 1]);
    const instrument = engine.instruments[u32[(at + schema.POSITION_INSTRUMENT) >> 2]].id;
    this.holdings.set(`${strategy} ${instrument}`, {
      strategy,
      instrument,
      lots: f64[(at + schema.POSITION_POSITION_LOTS) >> 3],
      costMoney: f64[(at + schema.POSITION_COST_MONEY) >> 3],
      realisedMoney: f64[(at + schema.POSITION_REALISED_MONEY) >> 3],
      feesMoney: f64[(at + schema.POSITION_FEES_MONEY) >> 3],
    });
    this.noteLargest(instrument);
  }

  private noteLargest(instrument: string): void {
    let net = 0;
    for (const holding of this.holdings.values()) if (holding.instrument === instrument) net += holding.lots;
    this.largest.set(instrument, Math.max(this.largest.get(instrument) ?? 0, Math.abs(net)));
  }

  private quote(marks: Marks, bidTicks: number, askTicks: number): void {
    marks.bidTicks = bidTicks;
    marks.askTicks = askTicks;
  }

  /** A life begins: what was quoted before it is not known any more. */
  private forgetQuotes(): void {
    for (const marks of this.marks.values()) this.quote(marks, 0, 0);
  }

  private marksOf({ instruments }: Engine, index: number): Marks {
    const instrument = instruments[index];
    const known = this.marks.get(instrument.id);
    if (known) return known;
    const marks = { instrument, bidTicks: 0, askTicks: 0, lastTicks: 0 };
    this.marks.set(instrument.id, marks);
    return marks;
  }

  private countsOf(strategy: string): Counts {
    const known = this.counts.get(strategy);
    if (known) return known;
    const counts = { sent: 0, denied: 0, fills: 0, turnoverMoney: 0n };
    this.counts.set(strategy, counts);
    return counts;
  }
}

const strategyId = ({ strategies }: Engine, index: number): string => strategies[index].id;
