/**
 * An engine of another configuration that goes on where one stands, in the middle of a market: orders, positions, books
 * and timers stay, strategies that were not changed keep their memory, the others begin. The old engine is used up.
 */
import { carryOver, Engine, type EngineConfig, type LoadStrategies, type MemoryLog } from "../../engine/index.js";
import type { Market } from "../../engine/market/market.js";
import { dispatchStart } from "../../engine/strategy/dispatch.js";

/** `onMade` is called before any strategy begins. Throws ConfigError when something open would be left behind. */
export function takeOver(
  from: Engine,
  config: EngineConfig,
  log: MemoryLog,
  load: LoadStrategies,
  onMade: (engine: Engine) => void,
): Engine {
  const kept = config.strategies.map((each) => sameStrategy(from, each));
  const loaded = load(config, from.math);
  const strategies = loaded.map((definition, index) => from.strategies[kept[index]]?.definition ?? definition);
  const to = new Engine({ config, math: from.math, strategies, log });
  carryOver(from, to);
  copyMarket(from.market, to.market);
  copyTimers(from, to, kept);
  to.regimes = from.regimes;
  to.regimes.move(from.strategies.map((_, old) => kept.indexOf(old)));
  onMade(to);
  // `enabled` decides who begins: only those that take nobody's memory over.
  for (const [index, host] of to.strategies.entries()) host.enabled = kept[index] < 0;
  dispatchStart(to);
  for (const [index, host] of to.strategies.entries()) {
    const old = from.strategies[kept[index]];
    if (!old) continue;
    host.enabled = old.enabled;
    host.state = old.state;
    host.context._random.words.set(old.context._random.words);
  }
  return to;
}

/** Index of the strategy with the same id, code and parameters; −1. */
function sameStrategy({ config }: Engine, wanted: EngineConfig["strategies"][number]): number {
  return config.strategies.findIndex((each) => JSON.stringify(each) === JSON.stringify(wanted));
}

function copyMarket(from: Market, to: Market): void {
  for (const name of ["bidTicks", "askTicks", "lastTicks"] as const) to[name].set(from[name]);
  for (const name of ["bidLots", "askLots"] as const) to[name].set(from[name]);
  to.feedState.set(from.feedState);
  from.books.forEach((book, index) => {
    to.books[index].bids.copyFrom(book.bids);
    to.books[index].asks.copyFrom(book.asks);
    to.books[index].lastUpdateId = book.lastUpdateId;
  });
}

function copyTimers(from: Engine, to: Engine, kept: readonly number[]): void {
  for (const timer of to.timers.all) {
    const old = from.timers.all.find(({ strategy, name }) => strategy === kept[timer.strategy] && name === timer.name);
    if (old) Object.assign(timer, { dueUs: old.dueUs, firedUs: old.firedUs });
  }
}
