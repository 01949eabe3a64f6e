/**
 * Lets V8 compile the engine before the first real input: the same agent, engine and rings, over a made-up market in a
 * memory of their own, with a strategy that trades all the time. Nothing of it touches the real engine's state. Without
 * it the first orders of a run would take a hundred times as long as the thousandth.
 */
import { Engine, type EngineConfig, type Instrument, makeInstrument, unitsToNumber } from "../../engine/index.js";
import {
  BOOK_DELTA_BYTES,
  BOOK_DELTA_LEVELS,
  BOOK_SNAPSHOT_BYTES,
  BOOK_SNAPSHOT_LEVELS,
  CLOCK_BYTES,
  FEED_STATUS_BYTES,
  FeedReason,
  FeedState,
  LEVEL_BYTES,
  LEVEL_PRICE_TICKS,
  LEVEL_QTY_LOTS,
  LifeStart,
  MessageType,
  Mode,
  QUOTE_BYTES,
  Side,
  TRADE_BYTES,
  writeBookDelta,
  writeBookSnapshot,
  writeClock,
  writeFeedStatus,
  writeQuote,
  writeTrade,
} from "../../schemas/index.js";
import { createMathCore } from "../../wasm/index.js";
import { type ClockBasis, makeClock, makeStampClock } from "../clock.js";
import { ControlDesk } from "../control-desk.js";
import { COUNTER_NAMES } from "../counter-names.js";
import { PaperGate } from "../paper/paper-gate.js";
import { VenueAgent } from "../paper/venue-agent.js";
import { PrivateRings } from "../ring/private-rings.js";
import type { SpscProducer } from "../ring/spsc.js";
import { EngineAgent } from "./engine-agent.js";
import { exercisers } from "./exerciser.js";
import { privateLatency } from "./stopwatch.js";

/** With one engine alone V8 would take that engine's own objects for constants, and start over with the real one. */
const PASSES = 3;
const ROUNDS = 3_000;
const LEVELS = 8;
const MID_TICKS = 5_000_000;
const STEP_US = 500;
const KIB = 1024;
/** Of levels: gone, hardly anything, and more than anybody orders. */
const QTY_LOTS = [0, 1, 2e9, 3e9, 4e9, 5e9, 6e9];
/** Limits that never stand in the exerciser's way. */
const RISK = { maxPosition: "90000000", maxOrderValue: "90000000", maxDailyLoss: "90000000" };

/** The made-up engines stay: when they were collected, V8 would throw away the code that it made for them. */
const kept: Engine[] = [];

/** Takes some hundred milliseconds. */
export function warmUp(config: EngineConfig, clock: ClockBasis): void {
  while (kept.length < PASSES) kept.push(exercise(config, clock));
}

function exercise({ instruments: specs, currency, paper, seed }: EngineConfig, clock: ClockBasis): Engine {
  const nowUs = makeClock(clock);
  const instruments = specs.map((spec, index) => makeInstrument(spec, index));
  const rings = new PrivateRings(8 * KIB * KIB);
  const [market, control, report] = [rings.spsc(256 * KIB), rings.spsc(64 * KIB), rings.spsc(256 * KIB)];
  const log = rings.log(4 * KIB * KIB, 1);
  const definitions = exercisers(instruments, (id) => qtyOf(instruments.find((each) => each.id === id)!));
  const strategies = definitions.map(({ id }) => ({ id, bundle: "", params: {} }));
  const config: EngineConfig = { format: 1, currency, seed, instruments: specs, strategies, risk: RISK, paper };
  const engine = new Engine({ config, math: createMathCore(), strategies: definitions, log: log.writer });
  const bell = rings.control().doorbell;
  const agent = new EngineAgent({
    engine,
    log: log.writer,
    market: market.consumer,
    control: control.consumer,
    reports: report.consumer,
    gate: new PaperGate(log.writer, 0, paper.reportLatencyUs),
    followers: [bell],
    counters: rings.counters(COUNTER_NAMES),
    latency: privateLatency(rings, makeStampClock(clock)),
  });
  const venue = new VenueAgent({
    log: log.readers[0],
    reports: report.producer,
    engineBell: bell,
    instruments,
    model: paper,
  });
  new ControlDesk(control.producer, bell, nowUs).configure(config, 1, Mode.Paper, LifeStart.Fresh);
  const made = new MadeUpMarket(market.producer, control.producer, instruments, nowUs());
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round % 8 === 0) bell.arm();
    made.put(round);
    agent.work();
    // The venue falls behind now and then, so that the gate closes too.
    if (round % 32 === 0) while (venue.work() + agent.work() > 0);
  }
  return engine;
}

/** Ten times the least that a venue takes. */
function qtyOf({ minLots, minNotionalMoney, moneyPerTickLot, lot }: Instrument): number {
  const lots = Math.max(minLots, Math.ceil(minNotionalMoney / (MID_TICKS * moneyPerTickLot)), 1);
  return unitsToNumber(lots * 10, lot);
}

/** One message at a time; prices go up and down by turns. */
class MadeUpMarket {
  private readonly ring: SpscProducer;
  private readonly control: SpscProducer;
  private readonly instruments: readonly Instrument[];
  private timeUs: number;

  constructor(ring: SpscProducer, control: SpscProducer, instruments: readonly Instrument[], startUs: number) {
    this.ring = ring;
    this.control = control;
    this.instruments = instruments;
    this.timeUs = startUs;
    for (const { index } of instruments) {
      this.snapshot(index);
      this.live(index);
    }
  }

  put(round: number): void {
    this.timeUs += STEP_US;
    if (round % 16 === 0) this.clock();
    const instrument = round % this.instruments.length;
    const mid = MID_TICKS + ((round >> 4) % 32) * 3;
    const kind = round % 5;
    if (kind < 2) this.trade(instrument, kind === 0 ? mid - 1 : mid + 1, kind === 0 ? Side.Sell : Side.Buy, round + 1);
    else if (kind < 4) this.quote(instrument, mid, round + 1);
    else this.delta(instrument, mid, round + 1);
  }

  private clock(): void {
    const at = this.control.claim(MessageType.Clock, CLOCK_BYTES);
    writeClock(this.control.views, at, this.timeUs);
    this.control.commit();
    this.control.publish();
  }

  private trade(instrument: number, ticks: number, side: number, id: number): void {
    const at = this.ring.claim(MessageType.Trade, TRADE_BYTES);
    writeTrade(this.ring.views, at, this.timeUs, this.timeUs, id, 5_000_000_000, ticks, instrument, 900, side);
    this.show();
  }

  private quote(instrument: number, mid: number, id: number): void {
    const at = this.ring.claim(MessageType.Quote, QUOTE_BYTES);
    writeQuote(this.ring.views, at, this.timeUs, 0, id, 3e9, 4e9, mid - 1, mid + 1, instrument, 900);
    this.show();
  }

  private delta(instrument: number, mid: number, id: number): void {
    const at = this.ring.claim(MessageType.BookDelta, BOOK_DELTA_BYTES + 2 * LEVELS * LEVEL_BYTES);
    writeBookDelta(this.ring.views, at, this.timeUs, 0, id, id, instrument, 900, LEVELS, 1, 2 * LEVELS);
    this.levels(at + BOOK_DELTA_LEVELS, mid, id);
    this.show();
  }

  private snapshot(instrument: number): void {
    const at = this.ring.claim(MessageType.BookSnapshot, BOOK_SNAPSHOT_BYTES + 2 * LEVELS * LEVEL_BYTES);
    writeBookSnapshot(this.ring.views, at, this.timeUs, 0, 1, instrument, 900, LEVELS, 1, 1, 2 * LEVELS);
    this.levels(at + BOOK_SNAPSHOT_LEVELS, MID_TICKS, 1);
    this.show();
  }

  private live(instrument: number): void {
    const at = this.ring.claim(MessageType.FeedStatus, FEED_STATUS_BYTES);
    writeFeedStatus(this.ring.views, at, this.timeUs, instrument, 900, FeedState.Live, FeedReason.Joined);
    this.show();
  }

  /** Bids below and asks above the mid; the level that the mid has left is removed. */
  private levels(levelsAt: number, mid: number, id: number): void {
    const { f64, i32 } = this.ring.views;
    for (let level = 0; level < 2 * LEVELS; level += 1) {
      const bid = level < LEVELS;
      const depth = bid ? level : level - LEVELS;
      const at = levelsAt + level * LEVEL_BYTES;
      i32[(at + LEVEL_PRICE_TICKS) >> 2] = bid ? mid - 1 - depth : mid + 1 + depth;
      f64[(at + LEVEL_QTY_LOTS) >> 3] = QTY_LOTS[(id + level) % QTY_LOTS.length];
    }
  }

  private show(): void {
    this.ring.commit();
    this.ring.publish();
  }
}
