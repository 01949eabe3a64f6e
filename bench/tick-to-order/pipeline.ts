/**
 * The whole way from frame bytes to orders in one thread, stepped by hand: the real intake, market ring, engine agent,
 * log ring and simulated venue, over rings of its own. What two threads add to this is the fabric's doing.
 */
import { type ClockBasis, makeClock, makeStamp, makeStampClock, type StampUs } from "../../actors/clock.js";
import { ControlDesk } from "../../actors/control-desk.js";
import { COUNTER_NAMES } from "../../actors/counter-names.js";
import { EngineAgent } from "../../actors/engine/engine-agent.js";
import { privateLatency } from "../../actors/engine/stopwatch.js";
import { MarketRingSink } from "../../actors/feeds/market-ring-sink.js";
import type { Histogram } from "../../actors/metrics/histogram.js";
import { PaperGate } from "../../actors/paper/paper-gate.js";
import { VenueAgent } from "../../actors/paper/venue-agent.js";
import { NONE } from "../../actors/ring/layout.js";
import type { LogReader } from "../../actors/ring/log-reader.js";
import { PrivateRings } from "../../actors/ring/private-rings.js";
import { Engine, type EngineConfig, loadStrategy, makeInstrument } from "../../engine/index.js";
import { BinanceIntake } from "../../feeds/binance/intake.js";
import { readSnapshot } from "../../feeds/binance/snapshot.js";
import { createFeedCounters, droppedTotal } from "../../feeds/index.js";
import { LifeStart, Mode } from "../../schemas/index.js";
import { createDeterministicMath, createMathCore } from "../../wasm/index.js";
import { STRATEGY_TEXT } from "./strategy.js";
import { type Tape, TapePlayer } from "./tape.js";

const KIB = 1024;
/** The venue and the journal look once in so many frames; the log has room for far more. */
const FOLLOW_EVERY = 64;

export class Pipeline {
  readonly engine: Engine;
  readonly player: TapePlayer;
  readonly counted = createFeedCounters();
  readonly stamp: StampUs;
  /** From a frame's moment to its order in the log. */
  readonly tickToOrder: Histogram;
  private readonly intake: BinanceIntake;
  private readonly agent: EngineAgent;
  private readonly venue: VenueAgent;
  private readonly journal: LogReader;
  private readonly tape: Tape;
  private readonly nowUs: () => number;

  constructor(config: EngineConfig, tape: Tape, clock: ClockBasis) {
    const rings = new PrivateRings(24 * KIB * KIB);
    const [market, control, report] = [rings.spsc(1024 * KIB), rings.spsc(64 * KIB), rings.spsc(256 * KIB)];
    const log = rings.log(8 * KIB * KIB, 2);
    const math = createMathCore();
    const instruments = config.instruments.map(makeInstrument);
    const bell = rings.control().doorbell;
    this.tape = tape;
    this.player = new TapePlayer(tape);
    this.stamp = makeStamp(clock);
    this.nowUs = makeClock(clock);
    const strategies = config.strategies.map(({ id }) =>
      loadStrategy(STRATEGY_TEXT, id, createDeterministicMath(math)),
    );
    this.engine = new Engine({ config, math, strategies, log: log.writer });
    const latency = privateLatency(rings, makeStampClock(clock));
    this.tickToOrder = latency.histograms["tick-to-order"];
    this.agent = new EngineAgent({
      engine: this.engine,
      log: log.writer,
      market: market.consumer,
      control: control.consumer,
      reports: report.consumer,
      gate: new PaperGate(log.writer, 0, config.paper.reportLatencyUs),
      followers: [bell],
      counters: rings.counters(COUNTER_NAMES),
      latency,
    });
    const model = config.paper;
    this.venue = new VenueAgent({
      log: log.readers[0],
      reports: report.producer,
      engineBell: bell,
      instruments,
      model,
    });
    this.journal = log.readers[1];
    const sink = new MarketRingSink(market.producer, bell);
    const { stamp, counted: counters } = this;
    this.intake = new BinanceIntake({ instruments, sink, counters, stamp, silenceMs: Number.POSITIVE_INFINITY });
    new ControlDesk(control.producer, bell, this.nowUs).configure(config, 1, Mode.Paper, LifeStart.Fresh);
  }

  get dropped(): number {
    return droppedTotal(this.counted);
  }

  /** Frames until every book is live. */
  join(): void {
    const { intake, tape } = this;
    intake.subscribed();
    while (!intake.books.every(({ sync }) => sync.following)) {
      this.step(this.player.next());
      for (const book of intake.books) {
        if (!book.sync.wantsSnapshot) continue;
        book.sync.snapshotAsked();
        const answer = tape.snapshots.get(book.instrument.venueSymbol);
        intake.onSnapshot(book, readSnapshot(answer, book.instrument, this.nowUs())!);
      }
    }
  }

  /** One frame in, all that follows from it done, its orders in the log. */
  step(frame: Uint8Array): void {
    this.intake.onFrame(frame, true);
    while (this.agent.work() > 0);
  }

  /** Frames of the tape, back to back. */
  run(frames: number): void {
    for (let frame = 0; frame < frames; frame += 1) {
      this.step(this.player.next());
      if (frame % FOLLOW_EVERY === 0) this.follow();
    }
    this.follow();
  }

  /** The simulated venue and a journal that only lets go. */
  follow(): void {
    const { venue, agent, journal } = this;
    while (venue.work() > 0) agent.work();
    while (journal.next() !== NONE);
    journal.release();
  }
}
