/**
 * The state of the deterministic core and the one way into it: `take` numbers an input, writes it to the log and
 * applies it. It has no clock and no randomness: time and chance come with the inputs.
 */
import {
  CheckpointScope,
  encodeText,
  MessageType,
  type MessageViews,
  Mode,
  padTo8,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_TIME_US,
} from "../schemas/index.js";
import type { MathCore } from "../wasm/index.js";
import { apply } from "./apply.js";
import { AssertionError, assert, ConfigError } from "./assert.js";
import { BriefHash, untouched } from "./brief-hash.js";
import type { EngineConfig } from "./config.js";
import { emitCheckpoint } from "./emit.js";
import { copyMessage, Input, timeOffset } from "./input.js";
import { type Instrument, makeInstrument } from "./instrument.js";
import { type LogSink, OUTPUT_BYTES_MAX } from "./log-sink.js";
import type { MarkSet } from "./mark-set.js";
import { Market } from "./market/market.js";
import { RegimeTable } from "./models/regime-table.js";
import { Fill } from "./orders/fill.js";
import { OrderTable } from "./orders/order-table.js";
import { PositionTable } from "./orders/position-table.js";
import { SeenTrades } from "./orders/seen-trades.js";
import { RiskState } from "./risk/risk-state.js";
import type { StrategyDefinition } from "./strategy/define.js";
import { StrategyHost } from "./strategy/host.js";
import { type StrategyIndicators, strategyIndicators } from "./strategy/indicators.js";
import { Listeners } from "./strategy/listeners.js";
import { Timers } from "./strategy/timers.js";

/** Inputs between two checkpoints. */
const CHECKPOINT_EVERY = 1_000;
/** Slots of `Engine.profit`. */
export const PROFIT_MONEY = 0;
export const DAY_PROFIT_MONEY = 1;
/** Message types are below this. */
const MESSAGE_TYPES = 128;

export interface EngineParts {
  readonly config: EngineConfig;
  readonly math: MathCore;
  /** One for each of `config.strategies`, in that order. */
  readonly strategies: readonly StrategyDefinition[];
  readonly log: LogSink;
  /** What was found to stop the engine in an earlier life; from then on that strategy is left out. */
  readonly verdicts?: readonly Verdict[];
  /** Two numbers that other threads may watch: the sequence being applied, and the strategy at work plus one, or 0. */
  readonly running?: Float64Array;
  readonly onFault?: OnFault;
}

/** Rows that have changed, by what they are rows of; a cell is strategy × instruments + instrument. */
export interface Touched {
  readonly instruments: MarkSet;
  readonly cells: MarkSet;
  readonly strategies: MarkSet;
}

/** Told of the error that switched a strategy off, whole: the journal gets only words that are the same everywhere. */
export type OnFault = (strategy: string, error: unknown) => void;

/** A strategy that must not be called from a sequence on: its handler never returned there. */
export interface Verdict {
  readonly sequence: number;
  /** The id of a configured strategy, and the code it had: other code is not what stopped the engine. */
  readonly strategy: string;
  readonly bundle: string;
}

export class Engine {
  readonly config: EngineConfig;
  readonly math: MathCore;
  /** What every strategy has as `ctx.ta`. */
  readonly ta: StrategyIndicators;
  readonly instruments: readonly Instrument[];
  readonly instrumentById: ReadonlyMap<string, Instrument>;
  /** What has changed since the last checkpoint. */
  readonly touched: Touched;
  readonly brief: BriefHash;
  readonly market: Market;
  readonly orders: OrderTable;
  readonly positions: PositionTable;
  readonly seenTrades: SeenTrades;
  readonly risk: RiskState;
  readonly strategies: StrategyHost[];
  readonly listeners: Listeners;
  readonly timers: Timers;
  /** Another engine's, where one takes over in the middle of a life. */
  regimes = new RegimeTable();
  /** Of the newest input. */
  sequence = 0;
  /** Outputs written because of the newest input. */
  outputs = 0;
  epoch = 0;
  mode: number = Mode.Backtest;
  /** Set by the operator's stop; nothing is taken after it. */
  stopped = false;
  /** Fills applied and orders sent since the start, for the summary. */
  fills = 0;
  ordersSent = 0;
  /** Records written since the start, by message type: inputs and outputs. */
  readonly written = new Float64Array(MESSAGE_TYPES);
  /** Engine time in its only element: whoever reads it here is handed no boxed number. */
  readonly time = new Float64Array(1);
  /** Of the account, in money units, as it was last valued: since the start, and since the day's. */
  readonly profit = new Float64Array(2);
  /** Price and quantity of the order being submitted; see orders/submit.ts. */
  readonly measures = new Float64Array(2);
  /** The fill being applied. */
  readonly fill = new Fill();
  /** Where the newest input stands: its sequence, and the strategy at work plus one, or 0. */
  readonly running: Float64Array;
  readonly onFault: OnFault | undefined;
  private sink: LogSink;
  private readonly input: Input;
  private outputBytes = 0;
  private untilCheckpoint = CHECKPOINT_EVERY;
  private readonly verdicts: readonly Verdict[];

  constructor(parts: EngineParts) {
    const { config, math, strategies, log, verdicts = [], running = new Float64Array(2) } = parts;
    assert(strategies.length === config.strategies.length, "one definition for each configured strategy");
    this.config = config;
    this.math = math;
    this.ta = strategyIndicators(math);
    this.sink = log;
    this.running = running;
    this.verdicts = verdicts;
    this.onFault = parts.onFault;
    this.instruments = config.instruments.map((spec, index) => makeInstrument(spec, index));
    for (const { id, quote } of this.instruments) {
      if (quote !== config.currency)
        throw new ConfigError(`${id} is quoted in ${quote}; the account is in ${config.currency}`);
    }
    this.instrumentById = new Map(this.instruments.map((instrument) => [instrument.id, instrument]));
    this.touched = untouched(this.instruments.length, strategies.length);
    this.brief = new BriefHash();
    this.market = new Market(this.instruments.length);
    this.orders = new OrderTable(strategies.length, this.instruments.length, this.touched.cells);
    this.positions = new PositionTable(
      strategies.length,
      this.instruments,
      (numbers) => math.mulDivRoundIn(numbers),
      this.touched.cells,
    );
    this.seenTrades = new SeenTrades(this.instruments.length);
    this.risk = new RiskState(config.risk);
    this.listeners = new Listeners(this.instruments.length);
    this.timers = new Timers();
    this.input = new Input(log.views);
    this.strategies = strategies.map((definition, index) => new StrategyHost(this, definition, index));
  }

  get log(): LogSink {
    return this.sink;
  }

  /** Writes to another log from the next input on: a recovered engine goes on where its journal ends. */
  logTo(log: LogSink): void {
    this.sink = log;
    this.input.views = log.views;
  }

  /** Numbers an input, writes it to the log and applies it. The caller has made sure of room in the log. */
  take(type: number, views: MessageViews, at: number, bytes: number): void {
    assert(!this.stopped || type === MessageType.Config, "an input after the stop");
    const timeUs = views.f64[(at + timeOffset(type)) >> 3];
    if (!(timeUs > 0)) throw new AssertionError(`input of type ${type} without a time`);
    this.sequence += 1;
    if (timeUs > this.time[0]) this.time[0] = timeUs;
    this.outputs = 0;
    this.outputBytes = 0;
    const to = this.claim(type, 0, bytes);
    copyMessage(views, at, this.log.views, to, bytes);
    this.log.commit();
    this.input.type = type;
    this.input.at = to;
    this.running[0] = this.sequence;
    if (this.verdicts.length > 0) this.executeVerdicts(type);
    apply(this, this.input);
    this.untilCheckpoint -= 1;
    if (this.untilCheckpoint === 0) this.checkpoint();
  }

  /** For whoever has put another sequence in: the next checkpoint is due at a whole multiple again. */
  resumeAt(sequence: number): void {
    this.sequence = sequence;
    this.untilCheckpoint = CHECKPOINT_EVERY - (sequence % CHECKPOINT_EVERY);
  }

  private checkpoint(): void {
    this.untilCheckpoint = CHECKPOINT_EVERY;
    if (!this.stopped) emitCheckpoint(this, CheckpointScope.Brief);
  }

  /** At its sequence, and again when a later life has made the strategies anew. */
  private executeVerdicts(type: number): void {
    const begins = type === MessageType.Config;
    for (const verdict of this.verdicts) {
      if (verdict.sequence === this.sequence || (begins && verdict.sequence < this.sequence)) this.execute(verdict);
    }
  }

  private execute({ strategy, bundle }: Verdict): void {
    const host = this.strategies.find(({ id, enabled }) => id === strategy && enabled);
    if (host && this.config.strategies[host.index].bundle === bundle) host.quarantine();
  }

  /** Claims an output of the input being applied. Write the message at the returned offset, then `emitted()`. */
  emit(type: number, bytes: number): number {
    this.outputs += 1;
    this.outputBytes += bytes + 32;
    assert(this.outputBytes <= OUTPUT_BYTES_MAX, "one input caused more output than the log keeps room for");
    return this.claim(type, this.outputs, bytes);
  }

  /** Whether behind an output of so many bytes half of an input's room is left, for orders. */
  hasRoomFor(bytes: number): boolean {
    return this.outputBytes + bytes + RECORD_HEADER_BYTES <= OUTPUT_BYTES_MAX / 2;
  }

  emitted(): void {
    this.log.commit();
  }

  /** Never goes back: the newest input's time, or an older and later one. Microseconds since the epoch. */
  get timeUs(): number {
    return this.time[0];
  }

  /** Equity of the account against its start, in money units: realised and unrealised, less fees. */
  profitMoney(): number {
    this.positions.valuation.profitInto(this.profit, PROFIT_MONEY, this.market);
    return this.profit[PROFIT_MONEY];
  }

  /** Position of the whole account in one instrument, in lots. */
  netLots(instrument: number): number {
    return this.positions.valuation.netLots(instrument);
  }

  private claim(type: number, index: number, bytes: number): number {
    const at = this.log.claim(type, index, this.sequence, 0, bytes);
    assert(at >= 0, "no room in the log for a record");
    this.log.views.f64[(at - RECORD_HEADER_BYTES + RECORD_HEADER_TIME_US) >> 3] = this.time[0];
    this.written[type] += 1;
    return at;
  }
}

/** Bytes of a text message that a strategy or the engine may write; longer text is cut. */
const TEXT_BYTES_MAX = 1024;

export function cutText(text: string): Uint8Array {
  const bytes = encodeText(text);
  return bytes.length <= TEXT_BYTES_MAX ? bytes : bytes.slice(0, padTo8(TEXT_BYTES_MAX));
}
