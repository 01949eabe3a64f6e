/**
 * The real engine agent over rings of its own, stepped by hand: messages go into the market ring outside the timed
 * stretch, and in it the agent takes them all, in batches as full as they come. The simulated venue answers in between.
 */
import { type ClockBasis, makeStampClock, type StampClock } from "../../actors/clock.js";
import { ControlDesk } from "../../actors/control-desk.js";
import { COUNTER_NAMES } from "../../actors/counter-names.js";
import { EngineAgent } from "../../actors/engine/engine-agent.js";
import { type EngineLatency, privateLatency } from "../../actors/engine/stopwatch.js";
import { VenueAgent } from "../../actors/paper/venue-agent.js";
import { NONE } from "../../actors/ring/layout.js";
import type { LogReader } from "../../actors/ring/log-reader.js";
import { PrivateRings } from "../../actors/ring/private-rings.js";
import type { SpscProducer } from "../../actors/ring/spsc.js";
import { DEFAULT_PAPER, Engine, type EngineConfig, loadStrategy } from "../../engine/index.js";
import { LifeStart, Mode } from "../../schemas/index.js";
import { createDeterministicMath, createMathCore } from "../../wasm/index.js";
import { INSTRUMENTS, SPECS } from "../decode/frames.js";
import type { Decoded } from "./decoded.js";

const KIB = 1024;
/** So wide that every order passes. */
const RISK = { maxPosition: "1000000", maxOrderValue: "100000", maxDailyLoss: "1000000" };
const ID = "crossing";

/** Two averages of trades, a spread and an imbalance; an order whenever the averages cross. */
const STRATEGY = `
const { defineStrategy } = require("sluice");
module.exports = {
  default: defineStrategy({
    id: "${ID}",
    subscribe: ["trades:BTC/USDT.BINANCE", "quotes:BTC/USDT.BINANCE", "book:ETH/USDT.BINANCE"],
    init: (ctx) => ({ fast: ctx.ta.ema(10), slow: ctx.ta.ema(40), spread: ctx.ta.rolling(50), above: false, heavy: 0 }),
    onTrade(ctx, state, trade) {
      const fast = state.fast.push(trade.price), slow = state.slow.push(trade.price);
      if (fast > slow === state.above) return;
      state.above = fast > slow;
      ctx.submit({ side: state.above ? "buy" : "sell", qty: 0.001 });
    },
    onQuote(ctx, state, quote) { state.spread.push(quote.ask - quote.bid); },
    onBook(ctx, state, book) { if (book.imbalance(5) > 0) state.heavy += 1; },
  }),
};
`;

/** What watches the engine: nothing, what the product has, or the same with a clock that takes long to read. */
export type Watch = "none" | "latency" | "slow clock";
const SLOW_READS = 1_000;

export class SteppedEngine {
  readonly engine: Engine;
  private readonly decoded: Decoded;
  private readonly agent: EngineAgent;
  private readonly market: SpscProducer;
  private readonly venue: VenueAgent;
  private readonly journal: LogReader;
  private readonly clock: StampClock;
  private readonly moment = new Float64Array(1);
  private next = 0;

  constructor(decoded: Decoded, watch: Watch, basis: ClockBasis) {
    const rings = new PrivateRings(40 * KIB * KIB);
    const [market, control, report] = [rings.spsc(4096 * KIB), rings.spsc(64 * KIB), rings.spsc(1024 * KIB)];
    const log = rings.log(16 * KIB * KIB, 2);
    const math = createMathCore();
    const strategies = [loadStrategy(STRATEGY, ID, createDeterministicMath(math))];
    const config = engineConfig();
    const bell = rings.control().doorbell;
    this.decoded = decoded;
    this.market = market.producer;
    this.clock = makeStampClock(basis);
    this.engine = new Engine({ config, math, strategies, log: log.writer });
    this.agent = new EngineAgent({
      ...{ engine: this.engine, log: log.writer, followers: [bell], counters: rings.counters(COUNTER_NAMES) },
      ...{ market: market.consumer, control: control.consumer, reports: report.consumer, gate: null },
      latency: latencyOf(watch, rings, this.clock),
    });
    const parts = { log: log.readers[0], reports: report.producer, engineBell: bell };
    this.venue = new VenueAgent({ ...parts, instruments: INSTRUMENTS, model: config.paper });
    this.journal = log.readers[1];
    new ControlDesk(control.producer, bell, () => this.nowUs()).configure(config, 1, Mode.Paper, LifeStart.Fresh);
    this.agent.work();
  }

  /** Puts messages of the tape into the market ring, received now; returns how many. */
  fill(messages: number): number {
    const { decoded, market } = this;
    const receivedUs = this.nowUs();
    let filled = 0;
    for (; filled < messages; filled += 1) {
      const bytes = decoded.starts[this.next + 1] - decoded.starts[this.next];
      const at = market.claim(decoded.types[this.next], bytes);
      if (at === NONE) break;
      decoded.copyTo(market.views, at, this.next, receivedUs);
      market.commit();
      this.next = this.next + 1 === decoded.count ? 0 : this.next + 1;
    }
    market.publish();
    return filled;
  }

  /** Lets the engine take all; returns how long that took, nanoseconds. */
  drain(): number {
    const startMs = performance.now();
    while (this.agent.work() > 0);
    return (performance.now() - startMs) * 1e6;
  }

  /** The venue answers, the journal lets go, the engine hears the answers. */
  follow(): void {
    const { venue, agent, journal } = this;
    while (venue.work() + agent.work() > 0);
    while (journal.next() !== NONE);
    journal.release();
  }

  private nowUs(): number {
    this.clock.stamp(this.moment, 0);
    return this.moment[0] + this.clock.wallUsAtZero;
  }
}

function engineConfig(): EngineConfig {
  const strategies = [{ id: ID, bundle: "", params: {} }];
  return { format: 1, currency: "USDT", seed: 1, instruments: SPECS, risk: RISK, paper: DEFAULT_PAPER, strategies };
}

function latencyOf(watch: Watch, rings: PrivateRings, clock: StampClock): EngineLatency | null {
  if (watch === "none") return null;
  return privateLatency(rings, watch === "latency" ? clock : slowed(clock));
}

const slowed = ({ stamp, wallUsAtZero }: StampClock): StampClock => ({
  wallUsAtZero,
  stamp: (into, index) => {
    for (let reading = 0; reading < SLOW_READS; reading += 1) stamp(into, index);
  },
});
