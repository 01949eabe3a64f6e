/**
 * Hands events to strategies, in their configured order, each behind a guard: a fault stops one strategy, not the
 * engine.
 */
import type { MessageViews } from "../../schemas/index.js";
import type { Engine } from "../engine.js";
import type { Regime } from "../models/regime.js";
import type { Fill } from "../orders/fill.js";
import type { StrategyContext } from "./context.js";
import type { StrategyHost } from "./host.js";
import { checkState } from "./state-check.js";

export function dispatchStart(engine: Engine): void {
  for (const host of engine.strategies) {
    if (!begin(host) || !host.definition.init) continue;
    try {
      host.state = host.definition.init(host.context);
      refuseThenable(host.state);
    } catch (error) {
      host.disable("init", error);
    }
    host.running[1] = 0;
    if (host.enabled) checkState(engine, host, true);
  }
}

export function dispatchTrade(engine: Engine, instrument: number, views: MessageViews, at: number): void {
  const listeners = engine.listeners.trades[instrument];
  for (let position = 0; position < listeners.length; position += 1) {
    const host = listeners[position];
    if (!host.definition.onTrade || !begin(host)) continue;
    call(host, "onTrade", host.definition.onTrade, host.trade._move(engine.instruments[instrument], views, at));
  }
}

export function dispatchQuote(engine: Engine, instrument: number): void {
  if (!engine.market.isLive(instrument)) return;
  const listeners = engine.listeners.quotes[instrument];
  for (let position = 0; position < listeners.length; position += 1) {
    const host = listeners[position];
    if (!host.definition.onQuote || !begin(host)) continue;
    call(host, "onQuote", host.definition.onQuote, host.quote._move(engine.instruments[instrument]));
  }
}

export function dispatchBook(engine: Engine, instrument: number): void {
  const { market } = engine;
  if (!market.isLive(instrument) || market.books[instrument].isCrossed()) return;
  const listeners = engine.listeners.book[instrument];
  for (let position = 0; position < listeners.length; position += 1) {
    const host = listeners[position];
    if (!host.definition.onBook || !begin(host)) continue;
    call(host, "onBook", host.definition.onBook, host.book._move(engine.instruments[instrument]));
  }
}

export function dispatchOrder(engine: Engine, row: number): void {
  const host = engine.strategies[engine.orders.strategy[row]];
  if (!host.definition.onOrder || !begin(host)) return;
  call(host, "onOrder", host.definition.onOrder, host.order._move(row));
}

export function dispatchFill(engine: Engine, fill: Fill): void {
  const host = engine.strategies[engine.orders.strategy[fill.row]];
  if (!host.definition.onFill || !begin(host)) return;
  call(host, "onFill", host.definition.onFill, host.fill._fill(fill));
}

/** Fires every timer due by now, in the order of their moments. */
export function fireTimers(engine: Engine): void {
  const { timers, time } = engine;
  if (time[0] < timers.earliest[0]) return;
  for (let timer = timers.next(time); timer !== null; timer = timers.next(time)) {
    const host = engine.strategies[timer.strategy];
    engine.touched.strategies.mark(timer.strategy);
    if (!host.definition.onTimer || !begin(host)) continue;
    host.context.timeUs = timer.firedUs;
    host.timer.name = timer.name;
    host.timer.dueUs = timer.firedUs;
    call(host, "onTimer", host.definition.onTimer, host.timer);
  }
}

export function dispatchModel(engine: Engine, regime: Regime): void {
  const host = engine.strategies[regime._row.strategy];
  if (!host.definition.onModel || !begin(host)) return;
  call(host, "onModel", host.definition.onModel, regime);
}

export function dispatchStop(engine: Engine): void {
  for (const host of engine.strategies) {
    if (!host.definition.onStop || !begin(host)) continue;
    call(host, "onStop", host.definition.onStop, undefined);
  }
}

type Handler<V> = (ctx: StrategyContext, state: unknown, view: V) => unknown;

/**
 * The one call site of all handlers. Seeing many, V8 compiles each on its own instead of into a dispatcher, and has
 * room left in it to inline the views' getters, whose doubles would otherwise be garbage.
 */
function call<V>(host: StrategyHost, name: string, handler: Handler<V>, view: V): void {
  try {
    refuseThenable(handler.call(host.definition, host.context, host.state, view));
  } catch (error) {
    host.disable(name, error);
  }
  host.running[1] = 0;
}

function begin(host: StrategyHost): boolean {
  if (!host.enabled) return false;
  host.context._begin();
  host.touched.mark(host.index);
  host.running[1] = host.index + 1;
  return true;
}

function refuseThenable(result: unknown): void {
  if (typeof result === "object" && result !== null && typeof (result as { then?: unknown }).then === "function") {
    throw new Error("the handler returned a promise; handlers are synchronous");
  }
}
