/**
 * Hands frames to the real intake at their scheduled moments, whether or not the engine keeps up, and stamps each
 * with that moment: a late frame's delay is part of its latency. Between frames it plays the log's followers, the
 * simulated venue and a journal that only lets go, so that a host of two cores runs two busy threads and no more.
 */
import { makeStamp, type StampUs } from "../../actors/clock.js";
import { MarketRingSink } from "../../actors/feeds/market-ring-sink.js";
import { VenueAgent } from "../../actors/paper/venue-agent.js";
import { NONE } from "../../actors/ring/layout.js";
import type { LogReader } from "../../actors/ring/log-reader.js";
import type { SpscProducer } from "../../actors/ring/spsc.js";
import type { ThreadContext, ThreadData } from "../../actors/threads/thread-data.js";
import { type EngineConfig, makeInstrument } from "../../engine/index.js";
import { BinanceIntake } from "../../feeds/binance/intake.js";
import { readSnapshot } from "../../feeds/binance/snapshot.js";
import { createFeedCounters, droppedTotal } from "../../feeds/index.js";
import { type Tape, TapePlayer } from "./tape.js";

/** A journal's reader lets go of at most this many records between two frames. */
const RELEASE_MAX = 1024;
const DRAIN_MS = 60_000;
/** A flood looks at the rings once in so many frames, which fit into half of one. */
const LOOK_EVERY = 32;
const US_PER_SECOND = 1e6;
/** A rate counts as reached from this part of it on. */
export const REACHED = 0.99;
/** Between the decision to begin and the first frame. */
const LEAD_US = 1_000;

/** Frames at even intervals. */
export interface Schedule {
  readonly framesPerSecond: number;
  readonly frames: number;
}

/** Frames that are all due at once, then a pause from the end of the last one, and so on. */
export interface Bursts {
  readonly burst: number;
  readonly pauseMs: number;
  readonly bursts: number;
}

export class Feeder {
  private readonly context: ThreadContext;
  private readonly tape: Tape;
  private readonly intake: BinanceIntake;
  private readonly counted = createFeedCounters();
  private readonly venue: VenueAgent;
  private readonly market: SpscProducer;
  private readonly journal: LogReader;
  private readonly player: TapePlayer;
  private readonly stamp: StampUs;
  /** The moment the next frame was scheduled for, until the intake has asked for it; then 0. */
  private readonly due = new Float64Array(1);
  private readonly nowUs = new Float64Array(1);

  constructor(context: ThreadContext, { clock }: ThreadData, config: EngineConfig, tape: Tape) {
    const bell = context.controls.engine.doorbell;
    const instruments = config.instruments.map(makeInstrument);
    this.context = context;
    this.tape = tape;
    this.player = new TapePlayer(tape);
    this.stamp = makeStamp(clock);
    this.market = context.producer("market");
    this.intake = new BinanceIntake({
      instruments,
      sink: new MarketRingSink(this.market, bell),
      counters: this.counted,
      stamp: this.scheduledFirst(),
      silenceMs: Number.POSITIVE_INFINITY,
    });
    const reports = context.producer("report");
    this.venue = new VenueAgent({
      log: context.logReader("venue"),
      reports,
      engineBell: bell,
      instruments,
      model: config.paper,
    });
    this.journal = context.logReader("journal");
  }

  get dropped(): number {
    return droppedTotal(this.counted);
  }

  /** Orders that the strategy must have sent for the frames handed over. */
  get ordersDue(): number {
    return this.player.trades;
  }

  /** Frames until every book is live, as fast as they go. Returns how many it took. */
  join(): number {
    const first = this.player.frames;
    this.intake.subscribed();
    while (!this.intake.books.every(({ sync }) => sync.following)) {
      this.intake.onFrame(this.player.next(), true);
      for (const book of this.intake.books) {
        if (!book.sync.wantsSnapshot) continue;
        book.sync.snapshotAsked();
        const answer = this.tape.snapshots.get(book.instrument.venueSymbol);
        this.intake.onSnapshot(book, readSnapshot(answer, book.instrument, this.context.nowUs())!);
      }
    }
    return this.player.frames - first;
  }

  /** Runs a schedule to its end. Returns the rate that was reached, frames a second. */
  run({ framesPerSecond, frames }: Schedule): number {
    const { intake, due, player, nowUs } = this;
    const startUs = this.context.nowUs() + LEAD_US;
    const intervalUs = US_PER_SECOND / framesPerSecond;
    for (let index = 0; index < frames; index += 1) {
      const frame = player.next();
      const dueUs = startUs + index * intervalUs;
      do {
        this.follow();
        this.stamp(nowUs, 0);
      } while (nowUs[0] < dueUs);
      due[0] = dueUs;
      intake.onFrame(frame, true);
    }
    return (frames * US_PER_SECOND) / (this.context.nowUs() - startUs + intervalUs);
  }

  /** Runs bursts to their end. Returns the rate that was reached, frames a second. */
  runBursts({ burst, pauseMs, bursts }: Bursts): number {
    const { intake, due, player, nowUs } = this;
    const startUs = this.context.nowUs() + LEAD_US;
    let dueUs = startUs;
    for (let sent = 0; sent < bursts; sent += 1) {
      do {
        this.follow();
        this.stamp(nowUs, 0);
      } while (nowUs[0] < dueUs);
      if (pauseMs === 0) dueUs = nowUs[0];
      for (let index = 0; index < burst; index += 1) {
        due[0] = dueUs;
        intake.onFrame(player.next(), true);
      }
      this.stamp(nowUs, 0);
      dueUs = nowUs[0] + pauseMs * 1000;
    }
    return (bursts * burst * US_PER_SECOND) / (this.context.nowUs() - startUs);
  }

  /** Frames as fast as the engine takes them: before the ring is full the next one waits. */
  flood(frames: number): void {
    const { intake, player, market } = this;
    const roomMin = market.capacity >> 1;
    for (let index = 0; index < frames; index += 1) {
      if (index % LOOK_EVERY === 0)
        do this.follow();
        while (market.free() < roomMin);
      intake.onFrame(player.next(), true);
    }
  }

  /** Messages that the intake has put into the ring so far. */
  get messages(): number {
    return this.counted.messages;
  }

  /** Waits until the engine has processed all that was decoded. */
  drain(): void {
    const untilMs = performance.now() + DRAIN_MS;
    while (this.context.counters.get("engine.market") < this.counted.messages) {
      if (performance.now() > untilMs) throw new Error(`the engine did not drain within ${DRAIN_MS / 1000} s`);
      this.follow();
    }
  }

  /** Reads what the engine has logged since, as far as a bounded step goes. */
  private follow(): void {
    const { journal } = this;
    this.venue.work();
    for (let record = 0; record < RELEASE_MAX && journal.next() !== NONE; record += 1);
    journal.release();
  }

  /** The intake asks once when a frame comes, and is told when it should have come; then it is told the time. */
  private scheduledFirst(): StampUs {
    const { due, stamp } = this;
    return (into, at) => {
      if (due[0] === 0) return stamp(into, at);
      into[at] = due[0];
      due[0] = 0;
    };
  }
}
