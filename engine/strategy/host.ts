/**
 * One strategy inside the engine: its definition, context, state and views. A handler that throws, or that returns a
 * promise, is switched off from that input on; its working orders are cancelled and the rest goes on.
 */
import { LogLevel } from "../../schemas/index.js";
import { AssertionError, assert, ConfigError } from "../assert.js";
import type { ParamValue } from "../config.js";
import { emitStrategyLog } from "../emit.js";
import type { Engine } from "../engine.js";
import type { Instrument } from "../instrument.js";
import type { MarkSet } from "../mark-set.js";
import { isWorking, ORDERS_MAX } from "../orders/order-table.js";
import { cancelOrder } from "../orders/submit.js";
import { StrategyContext } from "./context.js";
import type { Params, StrategyDefinition } from "./define.js";
import { parseSubscription } from "./subscription.js";
import { BookView, FillView, OrderView, QuoteView, TimerView, TradeView } from "./views.js";

export class StrategyHost {
  readonly id: string;
  readonly index: number;
  readonly definition: StrategyDefinition;
  readonly context: StrategyContext;
  readonly trade: TradeView;
  readonly quote: QuoteView;
  readonly book: BookView;
  readonly order: OrderView;
  readonly fill: FillView;
  readonly timer = new TimerView();
  state: unknown = undefined;
  enabled: boolean;
  /** The engine's, so that whoever watches it sees which strategy is at work. */
  readonly running: Float64Array;
  /** The engine's: strategies that were called since the last checkpoint. */
  readonly touched: MarkSet;
  /** Its timers' places among all. */
  readonly timerIndexes: number[] = [];
  private readonly engine: Engine;

  constructor(engine: Engine, definition: StrategyDefinition, index: number) {
    const { instruments, config } = engine;
    this.enabled = !config.strategies[index].retired;
    this.engine = engine;
    this.running = engine.running;
    this.touched = engine.touched.strategies;
    this.id = config.strategies[index].id;
    this.index = index;
    this.definition = definition;
    // A retired strategy is never called, and its instruments may be gone.
    const home = this.enabled ? this.subscribe() : instruments[0];
    const params = mergeParams(definition.params, config.strategies[index].params, this.id);
    this.context = new StrategyContext(engine, index, params, home);
    this.trade = new TradeView(engine, home);
    this.quote = new QuoteView(engine, home);
    this.book = new BookView(engine, home);
    this.order = new OrderView(engine, home);
    this.fill = new FillView(engine, home);
  }

  /**
   * Switches the strategy off after a fault in one of its handlers. A broken invariant of the engine's own goes on up.
   */
  disable(handler: string, error: unknown): void {
    if (error instanceof AssertionError) throw error;
    this.engine.onFault?.(this.id, error);
    assert(this.enabled, `strategy ${this.id} is already off`);
    this.enabled = false;
    this.touched.mark(this.index);
    const text = `${handler} failed and is switched off: ${reasonOf(error)}`;
    emitStrategyLog(this.engine, this.index, LogLevel.Error, text);
    this.cancelAll();
  }

  /** Switches the strategy off because a handler of it once did not return. */
  quarantine(): void {
    this.enabled = false;
    this.touched.mark(this.index);
    const text = "quarantined: it stopped the engine at this input in an earlier life; see DIR/verdicts";
    emitStrategyLog(this.engine, this.index, LogLevel.Error, text);
    this.cancelAll();
  }

  private cancelAll(): void {
    const { orders } = this.engine;
    for (let row = 0; row < ORDERS_MAX; row += 1) {
      if (orders.strategy[row] !== this.index || !isWorking(orders.status[row])) continue;
      cancelOrder(this.engine, this.engine, row);
    }
  }

  /** Registers the subscriptions; the first instrument among them is the strategy's own. */
  private subscribe(): Instrument {
    const { instrumentById, listeners, timers } = this.engine;
    let home: Instrument | undefined;
    for (const text of this.definition.subscribe) {
      const subscription = parseSubscription(text, instrumentById, this.id);
      if (subscription.kind === "timer") {
        this.timerIndexes.push(timers.all.length);
        timers.add(this.index, subscription.name, subscription.intervalUs);
      } else {
        listeners.add(subscription.topic, subscription.instrument.index, this);
        home ??= subscription.instrument;
      }
    }
    if (!home) throw new ConfigError(`strategy ${this.id} subscribes to no instrument`);
    return home;
  }
}

/**
 * What was thrown, in words that every machine would use: those of V8's own errors change from version to version, and
 * this text is journaled. Anything can be thrown, even a value that has no words.
 */
function reasonOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return String(error);
    return NATIVE_ERRORS.has(Object.getPrototypeOf(error)) ? `a ${error.name}` : String(error.message);
  } catch {
    return "it threw a value that cannot be shown";
  }
}

const NATIVE_ERRORS: ReadonlySet<unknown> = new Set(
  [TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError].map(({ prototype }) => prototype),
);

/** The definition's defaults under the run's values; a key or type that the strategy does not have is an error. */
function mergeParams(defaults: Params, given: Readonly<Record<string, ParamValue>>, strategy: string): Params {
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, key)) {
      throw new ConfigError(
        `strategy ${strategy} has no parameter "${key}"; it has ${Object.keys(defaults).join(", ")}`,
      );
    }
    if (typeof value !== typeof defaults[key]) {
      throw new ConfigError(
        `parameter ${key} of ${strategy} is a ${typeof defaults[key]}, was ${typeof value} (${value})`,
      );
    }
  }
  return Object.freeze({ ...defaults, ...given });
}
