/**
 * One picture of a running session for people and programs: taken on demand from counters, histograms and the board.
 */
import { TradingState } from "../schemas/index.js";
import type { Board, MarketRow, StrategyRow } from "./board.js";
import type { CounterName } from "./counter-names.js";
import { HOPS, type Hop } from "./hops.js";
import type { ErrorEntry } from "./metrics/error-log.js";
import type { Histogram } from "./metrics/histogram.js";

export interface Percentiles {
  readonly count: number;
  /** Microseconds; null before the first value. */
  readonly p50: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

export interface Snapshot {
  readonly elapsedMs: number;
  readonly markets: readonly MarketRow[];
  readonly strategies: readonly StrategyRow[];
  readonly unrealisedMoney: readonly (readonly number[])[];
  /** Newest words of strategies that deserve attention, and distinct errors of the engine's parts. */
  readonly notices: readonly string[];
  readonly frames: {
    readonly received: number;
    readonly decoded: number;
    readonly dropped: number;
    readonly pending: number;
    /** By reason; only those that occurred. */
    readonly reasons: Readonly<Record<string, number>>;
  };
  readonly messages: {
    /** Market messages that decoders made, and those that the engine took. */
    readonly decoded: number;
    readonly market: number;
    /** All inputs: those that the engine took, and those that stand in the journal. */
    readonly processed: number;
    readonly journaled: number;
  };
  readonly journal: { readonly bytes: number; readonly durableSequence: number };
  readonly orders: number;
  readonly fills: number;
  readonly profitMoney: number;
  readonly dayProfitMoney: number;
  readonly tradingState: string;
  readonly latency: Readonly<Record<Hop, Percentiles>>;
  /** Orders whose stamps a thread looked up too late: their later hops were not measured. */
  readonly untimedOrders: number;
  readonly store: { readonly sequence: number; readonly rows: number; readonly failures: number };
}

export interface SnapshotSource {
  readonly counters: { get(name: CounterName): number };
  readonly histograms: Readonly<Record<Hop, Histogram>>;
  readonly stamps: readonly { readonly lost: number }[];
  readonly errors: { read(): readonly ErrorEntry[] };
  readonly board: Board;
  readonly dropReasons: readonly string[];
}

export function takeSnapshot(source: SnapshotSource, elapsedMs: number): Snapshot {
  const { board } = source;
  const count = (name: CounterName): number => source.counters.get(name);
  const reasons = source.dropReasons.map((reason) => [reason, count(`dropped.${reason}` as CounterName)] as const);
  return {
    elapsedMs,
    markets: board.markets,
    strategies: board.strategies,
    unrealisedMoney: board.strategies.map(({ positions }) => positions.map((row) => board.unrealisedMoney(row))),
    notices: [...source.errors.read().map(errorText), ...board.notices],
    frames: {
      received: count("frames.received"),
      decoded: count("frames.decoded"),
      dropped: count("frames.dropped"),
      pending: count("frames.pending"),
      reasons: Object.fromEntries(reasons.filter(([, dropped]) => dropped > 0)),
    },
    messages: {
      decoded: count("messages.decoded"),
      market: count("engine.market"),
      processed: count("engine.inputs"),
      journaled: count("journal.inputs"),
    },
    journal: { bytes: count("journal.bytes"), durableSequence: count("journal.durableSequence") },
    orders: count("engine.orders"),
    fills: count("engine.fills"),
    profitMoney: count("engine.profitMoney"),
    dayProfitMoney: count("engine.dayProfitMoney"),
    tradingState: (TradingState[count("engine.state")] ?? "unknown").toLowerCase(),
    latency: latencyOf(source.histograms),
    untimedOrders: source.stamps.reduce((sum, { lost }) => sum + lost, 0),
    store: { sequence: count("store.sequence"), rows: count("store.rows"), failures: count("store.failures") },
  };
}

const errorText = ({ message, count }: ErrorEntry): string => (count === 1 ? message : `${message} (${count} times)`);

/** The percentiles of every hop. */
export function latencyOf(histograms: Readonly<Record<Hop, Histogram>>): Readonly<Record<Hop, Percentiles>> {
  return Object.fromEntries(HOPS.map((hop) => [hop, percentiles(histograms[hop])])) as Record<Hop, Percentiles>;
}

function percentiles(histogram: Histogram): Percentiles {
  const { count, valueAt, max } = histogram.snapshot();
  const microseconds = (ns: number): number | null => (count === 0 ? null : Math.round(ns) / 1000);
  return {
    count,
    p50: microseconds(valueAt(0.5)),
    p99: microseconds(valueAt(0.99)),
    p999: microseconds(valueAt(0.999)),
    max: microseconds(max),
  };
}
