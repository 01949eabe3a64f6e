/**
 * Watches an engine from outside while it runs: which handlers of which strategies it calls, which outputs each of them
 * caused, and what the risk gate decided, with the numbers of that moment. The engine's results stay bit for bit the
 * same; the strategies cannot tell.
 */
import type { Engine, LoadStrategies, LogSink, StrategyDefinition } from "../../engine/index.js";
import type { TimerView } from "../../engine/strategy/views.js";
import {
  MessageType,
  ORDER_EVENT_DENY_REASON,
  ORDER_EVENT_ORDER_ID,
  ORDER_EVENT_STATUS,
  OrderStatus,
} from "../../schemas/index.js";
import { type GateNumbers, gateNumbers } from "./gate-numbers.js";

export interface HandlerCall {
  readonly strategy: number;
  /** Such as onTrade. */
  readonly handler: string;
  /** Outputs of the input that were there before the call, and behind it: it caused those between. */
  readonly from: number;
  to: number;
  /** Of onTimer. */
  readonly timer: { readonly name: string; readonly dueUs: number } | null;
}

/** The risk gate's answer to one order. */
export interface GateDecision {
  readonly orderId: number;
  /** `DenyReason.None` when it passed. */
  readonly denyReason: number;
  readonly numbers: GateNumbers;
}

export class Observer {
  /** Of the newest input. */
  calls: HandlerCall[] = [];
  decisions: GateDecision[] = [];
  private engine: Engine | null = null;

  /** Forgets what the input before has caused. */
  begin(): void {
    this.calls = [];
    this.decisions = [];
  }

  /** Watches an engine that is about to take its next input. */
  watch(engine: Engine): void {
    if (this.engine === engine) return;
    this.engine = engine;
    engine.logTo(new WatchedLog(engine.log, (type, at) => this.onRecord(engine, type, at)));
  }

  /** Loads the same strategies, each handler behind a note. `engineOf` is asked when one is called. */
  loading(load: LoadStrategies, engineOf: () => Engine): LoadStrategies {
    return (config, core) => load(config, core).map((definition, index) => this.watched(definition, index, engineOf));
  }

  private watched(definition: StrategyDefinition, strategy: number, engineOf: () => Engine): StrategyDefinition {
    const wrapped: Record<string, unknown> = { ...definition };
    for (const [handler, member] of Object.entries(definition)) {
      if (typeof member !== "function") continue;
      wrapped[handler] = (...values: unknown[]): unknown => {
        const engine = engineOf();
        this.watch(engine);
        const call = { strategy, handler, from: engine.outputs, to: engine.outputs, timer: timerOf(handler, values) };
        this.calls.push(call);
        try {
          return member.apply(definition, values);
        } finally {
          call.to = engine.outputs;
        }
      };
    }
    return wrapped as unknown as StrategyDefinition;
  }

  private onRecord(engine: Engine, type: number, at: number): void {
    if (type !== MessageType.OrderEvent) return;
    const { u8, f64 } = engine.log.views;
    const status = u8[at + ORDER_EVENT_STATUS];
    if (status !== OrderStatus.Denied && status !== OrderStatus.Submitted) return;
    const orderId = f64[(at + ORDER_EVENT_ORDER_ID) >> 3];
    const denyReason = u8[at + ORDER_EVENT_DENY_REASON];
    const row = engine.orders.find(orderId);
    this.decisions.push({ orderId, denyReason, numbers: gateNumbers(engine, row) });
  }
}

function timerOf(handler: string, values: readonly unknown[]): HandlerCall["timer"] {
  if (handler !== "onTimer") return null;
  const { name, dueUs } = values[2] as TimerView;
  return { name, dueUs };
}

/** A log that tells of each record when it is complete. */
class WatchedLog implements LogSink {
  readonly views: LogSink["views"];
  private readonly log: LogSink;
  private readonly onRecord: (type: number, at: number) => void;
  private type = 0;
  private at = 0;

  constructor(log: LogSink, onRecord: (type: number, at: number) => void) {
    this.views = log.views;
    this.log = log;
    this.onRecord = onRecord;
  }

  claim(type: number, index: number, sequence: number, timeUs: number, payloadBytes: number): number {
    this.type = type;
    this.at = this.log.claim(type, index, sequence, timeUs, payloadBytes);
    return this.at;
  }

  commit(): void {
    this.log.commit();
    this.onRecord(this.type, this.at);
  }
}
