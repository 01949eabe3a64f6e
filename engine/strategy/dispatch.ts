/**
 * Hands events to strategies, in their configured order, each behind a guard: a fault stops one strategy, not the
 * engine.
 */
import type { MessageViews } from "../../schemas/index.js";
import type { Engine } from "../engine.js";
import type { StrategyHost } from "./host.js";

export function dispatchStart(engine: Engine): void {
  for (const host of engine.strategies) {
    if (!begin(host) || !host.definition.init) continue;
    try {
      host.state = host.definition.init(host.context);
      refuseThenable(host.state);
    } catch (error) {
      host.disable("init", error);
    }
  }
}

export function dispatchTrade(engine: Engine, instrument: number, views: MessageViews, at: number): void {
  for (const host of engine.strategies) {
    if (host.wantsTrades[instrument] === 0 || !host.definition.onTrade || !begin(host)) continue;
    try {
      const view = host.trade._move(engine.instruments[instrument], views, at);
      refuseThenable(host.definition.onTrade(host.context, host.state, view));
    } catch (error) {
      host.disable("onTrade", error);
    }
  }
}

export function dispatchQuote(engine: Engine, instrument: number): void {
  if (!engine.market.isLive(instrument)) return;
  for (const host of engine.strategies) {
    if (host.wantsQuotes[instrument] === 0 || !host.definition.onQuote || !begin(host)) continue;
    try {
      refuseThenable(
        host.definition.onQuote(host.context, host.state, host.quote._move(engine.instruments[instrument])),
      );
    } catch (error) {
      host.disable("onQuote", error);
    }
  }
}

export function dispatchBook(engine: Engine, instrument: number): void {
  const { market } = engine;
  if (!market.isLive(instrument) || market.books[instrument].isCrossed()) return;
  for (const host of engine.strategies) {
    if (host.wantsBook[instrument] === 0 || !host.definition.onBook || !begin(host)) continue;
    try {
      refuseThenable(host.definition.onBook(host.context, host.state, host.book._move(engine.instruments[instrument])));
    } catch (error) {
      host.disable("onBook", error);
    }
  }
}

export function dispatchOrder(engine: Engine, row: number): void {
  const host = engine.strategies[engine.orders.strategy[row]];
  if (!host.definition.onOrder || !begin(host)) return;
  try {
    refuseThenable(host.definition.onOrder(host.context, host.state, host.order._move(row)));
  } catch (error) {
    host.disable("onOrder", error);
  }
}

export function dispatchFill(
  engine: Engine,
  row: number,
  priceTicks: number,
  qtyLots: number,
  feeMoney: number,
  realisedMoney: number,
  liquidity: number,
): void {
  const host = engine.strategies[engine.orders.strategy[row]];
  if (!host.definition.onFill || !begin(host)) return;
  try {
    const view = host.fill._fill(row, priceTicks, qtyLots, feeMoney, realisedMoney, liquidity);
    refuseThenable(host.definition.onFill(host.context, host.state, view));
  } catch (error) {
    host.disable("onFill", error);
  }
}

/** Fires every timer due by now, in the order of their moments. */
export function fireTimers(engine: Engine): void {
  const { timers } = engine;
  if (engine.timeUs < timers.earliest[0]) return;
  for (let timer = timers.next(engine.timeUs); timer !== null; timer = timers.next(engine.timeUs)) {
    const host = engine.strategies[timer.strategy];
    if (!host.definition.onTimer || !begin(host)) continue;
    host.context.timeUs = timer.firedUs;
    try {
      host.timer.name = timer.name;
      host.timer.dueUs = timer.firedUs;
      refuseThenable(host.definition.onTimer(host.context, host.state, host.timer));
    } catch (error) {
      host.disable("onTimer", error);
    }
  }
}

export function dispatchStop(engine: Engine): void {
  for (const host of engine.strategies) {
    if (!host.definition.onStop || !begin(host)) continue;
    try {
      refuseThenable(host.definition.onStop(host.context, host.state));
    } catch (error) {
      host.disable("onStop", error);
    }
  }
}

function begin(host: StrategyHost): boolean {
  if (host.enabled) host.context._begin();
  return host.enabled;
}

function refuseThenable(result: unknown): void {
  if (typeof result === "object" && result !== null && typeof (result as { then?: unknown }).then === "function") {
    throw new Error("the handler returned a promise; handlers are synchronous");
  }
}
