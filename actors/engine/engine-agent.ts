/**
 * The one place where inputs merge: control first, then reports, then market data, each numbered by the engine as it is
 * taken. Nothing is taken unless the log has room for it and all that it may cause, so a slow disk stops the intake and
 * never loses a record. In a paper run the gate also decides when an input may be taken.
 */
import { type Engine, OUTPUT_BYTES_MAX } from "../../engine/index.js";
import { timeOffset } from "../../engine/input.js";
import { MessageType, type MessageViews, OPERATOR_ACTION, OperatorAction } from "../../schemas/index.js";
import type { Agent } from "../agent/agent.js";
import type { Doorbell } from "../agent/doorbell.js";
import type { CounterName } from "../counter-names.js";
import { crashPoint } from "../crash-point.js";
import type { Counters } from "../metrics/counters.js";
import type { PaperGate } from "../paper/paper-gate.js";
import { NONE } from "../ring/layout.js";
import type { LogWriter } from "../ring/log-ring.js";
import type { SpscConsumer } from "../ring/spsc-consumer.js";
import { EngineCounters } from "./engine-counters.js";
import { Sampling } from "./sampling.js";
import { type EngineLatency, Stopwatch } from "./stopwatch.js";

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
  readonly counters: Counters<CounterName>;
  /** Null where nobody looks: for a measurement of what looking costs, and in tests. */
  readonly latency: EngineLatency | null;
}

export class EngineAgent implements Agent {
  readonly role = "engine";
  private readonly parts: EngineAgentParts;
  /** Orders of earlier lives were shown then. */
  private ordersShown: number;
  private marketTaken = 0;
  private readonly watch: Stopwatch | null;
  private readonly sampling = new Sampling();
  private readonly figures: EngineCounters;

  constructor(parts: EngineAgentParts) {
    this.parts = parts;
    this.ordersShown = parts.engine.ordersSent;
    this.watch = parts.latency === null ? null : new Stopwatch(parts.latency);
    this.figures = new EngineCounters(parts.engine, parts.counters);
  }

  work(): number {
    const { engine } = this.parts;
    let taken = 0;
    while (taken < BATCH_MAX && !engine.stopped && this.takeNext(taken)) taken += 1;
    this.endBatch(taken);
    this.sampling.ended(taken);
    return taken;
  }

  /** Takes one input; false when none may be taken now. */
  private takeNext(position: number): boolean {
    const { log, gate } = this.parts;
    if (!log.room(INPUT_BYTES_MAX + OUTPUT_BYTES_MAX)) return false;
    const head = this.nextSource();
    const source = gate === null || head === null ? head : this.throughGate(head, gate);
    if (source === null) return false;
    this.take(source, position);
    return true;
  }

  /** The ring whose head is next. A stop waits until the market ring is drained: what was decoded is processed. */
  private nextSource(): SpscConsumer | null {
    const { control, market, reports, gate } = this.parts;
    const at = control.peek();
    const stopWaits = at !== NONE && isStop(control, at) && market.peek() !== NONE;
    if (at !== NONE && !stopWaits) return control;
    if (market.peek() !== NONE) return market;
    return gate === null && reports.peek() !== NONE ? reports : null;
  }

  /** In a paper run an input waits until the venue has read far enough, and comes after the reports due by its time. */
  private throughGate(head: SpscConsumer, gate: PaperGate): SpscConsumer | null {
    const { reports, engine } = this.parts;
    const headUs = head.views.f64[(head.peek() + timeOffset(head.type)) >> 3];
    gate.momentUs[0] = Math.max(engine.time[0], headUs);
    if (!gate.isOpen()) {
      this.show();
      return null;
    }
    const at = reports.peek();
    const isDue = at !== NONE && reports.views.f64[(at + timeOffset(reports.type)) >> 3] <= gate.momentUs[0];
    return isDue ? reports : head;
  }

  private take(source: SpscConsumer, position: number): void {
    const { engine, log, gate, market } = this.parts;
    const timed = this.sampling.isTimed(position) ? this.watch : null;
    const at = source.peek();
    const { type, views, payloadBytes } = source;
    const isMarket = source === market;
    if (timed !== null) timed.taken();
    engine.take(type, views, at, payloadBytes);
    if (timed !== null && isMarket) timed.applied(type, views, at);
    if (gate !== null) {
      gate.momentUs[0] = engine.time[0];
      gate.mark(log.position);
    }
    if (isMarket) this.marketTaken += 1;
    if (engine.ordersSent !== this.ordersShown) {
      this.showOrders(timed !== null, views, isMarket ? (at + timeOffset(type)) >> 3 : -1);
    }
    source.advance();
  }

  /** An order is shown at once, not at the end of the batch; its stamps before it, for whoever looks them up. */
  private showOrders(wasTimed: boolean, views: MessageViews, receivedAt: number): void {
    const { engine } = this.parts;
    const orders = engine.ordersSent - this.ordersShown;
    crashPoint("engine.ordered");
    if (this.watch !== null) this.watch.ordered(engine, orders, wasTimed, views, receivedAt);
    this.ordersShown = engine.ordersSent;
    this.show();
  }

  private endBatch(taken: number): void {
    const { control, market, reports } = this.parts;
    if (taken === 0) return;
    this.show();
    control.release();
    market.release();
    reports.release();
    this.figures.show(this.marketTaken);
  }

  /** Publishes what is in the log and wakes whoever follows it. */
  private show(): void {
    const { log, followers } = this.parts;
    log.publish();
    for (let index = 0; index < followers.length; index += 1) followers[index].ring();
  }
}

function isStop(control: SpscConsumer, at: number): boolean {
  return control.type === MessageType.Operator && control.views.u8[at + OPERATOR_ACTION] === OperatorAction.Stop;
}
