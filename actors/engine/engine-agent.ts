/**
 * The one place where inputs merge: control first, then reports, then market data, each numbered by the engine as it is
 * taken. Nothing is taken unless the log has room for it and all that it may cause, so a slow disk stops the intake and
 * never loses a record. In a paper run the gate also decides when an input may be taken.
 */
import { type Engine, inputTimeUs, OUTPUT_BYTES_MAX } from "../../engine/index.js";
import { MessageType, OPERATOR_ACTION, OperatorAction } from "../../schemas/index.js";
import type { Agent } from "../agent/agent.js";
import type { Doorbell } from "../agent/doorbell.js";
import type { NowUs } from "../clock.js";
import type { CounterName } from "../counter-names.js";
import type { Counters } from "../metrics/counters.js";
import type { Histogram } from "../metrics/histogram.js";
import type { PaperGate } from "../paper/paper-gate.js";
import { NONE } from "../ring/layout.js";
import type { LogWriter } from "../ring/log-ring.js";
import type { SpscConsumer } from "../ring/spsc.js";
import { decodedAtUs, decodeNs } from "./decode-stamp.js";
import { publishEngineCounters } from "./engine-counters.js";

const BATCH_MAX = 256;
/** An input's record is at most a quarter of the market ring's smallest size. */
const INPUT_BYTES_MAX = 64 * 1024;

export interface EngineAgentParts {
  readonly engine: Engine;
  readonly log: LogWriter;
  readonly market: SpscConsumer;
  readonly control: SpscConsumer;
  readonly reports: SpscConsumer;
  /** Null when orders go to a real venue: reports are then taken as they come. */
  readonly gate: PaperGate | null;
  /** Of the threads that follow the log. */
  readonly followers: readonly Doorbell[];
  readonly nowUs: NowUs;
  readonly counters: Counters<CounterName>;
  readonly latency: EngineHistograms;
}

export interface EngineHistograms {
  readonly decode: Histogram;
  readonly ring: Histogram;
  readonly engine: Histogram;
  readonly tickToOrder: Histogram;
}

export class EngineAgent implements Agent {
  readonly role = "engine";
  private readonly parts: EngineAgentParts;
  private ordersShown = 0;
  private marketTaken = 0;
  /** When the input at hand was taken; in an array, because V8 boxes doubles in fields that began as integers. */
  private readonly takenAtUs = new Float64Array(1);

  constructor(parts: EngineAgentParts) {
    this.parts = parts;
  }

  work(): number {
    const { engine } = this.parts;
    let taken = 0;
    this.takenAtUs[0] = this.parts.nowUs();
    while (taken < BATCH_MAX && !engine.stopped && this.takeNext()) taken += 1;
    this.endBatch(taken);
    return taken;
  }

  /** Takes one input; false when none may be taken now. */
  private takeNext(): boolean {
    const { log, reports, gate } = this.parts;
    if (!log.room(INPUT_BYTES_MAX + OUTPUT_BYTES_MAX)) return false;
    const source = this.nextSource();
    if (gate !== null) return source !== null && this.takeGated(source, gate);
    if (source !== null) return this.take(source);
    return reports.peek() !== NONE && this.take(reports);
  }

  /** The ring whose head is next. A stop waits until the market ring is drained: what was decoded is processed. */
  private nextSource(): SpscConsumer | null {
    const { control, market } = this.parts;
    const at = control.peek();
    const stopWaits = at !== NONE && isStop(control, at) && market.peek() !== NONE;
    if (at !== NONE && !stopWaits) return control;
    return market.peek() === NONE ? null : market;
  }

  /** In a paper run an input waits until the venue has read far enough, and comes after the reports due by its time. */
  private takeGated(source: SpscConsumer, gate: PaperGate): boolean {
    const { reports, engine } = this.parts;
    const timeUs = Math.max(engine.timeUs, inputTimeUs(source.type, source.views, source.peek()));
    if (!gate.isOpen(timeUs)) {
      this.parts.log.publish();
      this.ringFollowers();
      return false;
    }
    const at = reports.peek();
    if (at !== NONE && inputTimeUs(reports.type, reports.views, at) <= timeUs) return this.take(reports);
    return this.take(source);
  }

  private take(source: SpscConsumer): boolean {
    const { engine, log, gate, latency, nowUs, market } = this.parts;
    const at = source.peek();
    const { type, views, payloadBytes } = source;
    engine.take(type, views, at, payloadBytes);
    gate?.mark(log.position, engine.timeUs);
    const doneUs = nowUs();
    if (source === market) {
      this.marketTaken += 1;
      latency.decode.record(decodeNs(type, views, at));
      latency.ring.record((this.takenAtUs[0] - decodedAtUs(type, views, at)) * 1000);
      latency.engine.record((doneUs - this.takenAtUs[0]) * 1000);
    }
    if (engine.ordersSent !== this.ordersShown) this.showOrders(source, at, doneUs);
    this.takenAtUs[0] = doneUs;
    source.advance();
    return true;
  }

  /** An order is shown at once, not at the end of the batch. */
  private showOrders(source: SpscConsumer, at: number, doneUs: number): void {
    const { engine, log, latency, market } = this.parts;
    this.ordersShown = engine.ordersSent;
    log.publish();
    this.ringFollowers();
    if (source === market) latency.tickToOrder.record((doneUs - inputTimeUs(source.type, source.views, at)) * 1000);
  }

  private endBatch(taken: number): void {
    const { engine, log, control, market, reports, counters } = this.parts;
    if (taken === 0) return;
    log.publish();
    this.ringFollowers();
    control.release();
    market.release();
    reports.release();
    publishEngineCounters(engine, counters);
    counters.set("engine.market", this.marketTaken);
    if (engine.stopped) counters.set("engine.stopped", 1);
  }

  private ringFollowers(): void {
    const { followers } = this.parts;
    for (let index = 0; index < followers.length; index += 1) followers[index].ring();
  }
}

function isStop(control: SpscConsumer, at: number): boolean {
  return control.type === MessageType.Operator && control.views.u8[at + OPERATOR_ACTION] === OperatorAction.Stop;
}
