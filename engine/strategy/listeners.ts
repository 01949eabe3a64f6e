/**
 * Which strategies hear of what, by instrument and in their configured order: an event goes to those alone, however
 * many others there are.
 */
import type { StrategyHost } from "./host.js";
import type { MarketTopic } from "./subscription.js";

type Lists = (readonly StrategyHost[])[];

/** Shared by all instruments that nobody listens to. */
const NOBODY: readonly StrategyHost[] = [];

export class Listeners {
  readonly trades: Lists;
  readonly quotes: Lists;
  readonly book: Lists;

  constructor(instruments: number) {
    this.trades = new Array<readonly StrategyHost[]>(instruments).fill(NOBODY);
    this.quotes = new Array<readonly StrategyHost[]>(instruments).fill(NOBODY);
    this.book = new Array<readonly StrategyHost[]>(instruments).fill(NOBODY);
  }

  /** Strategies are added in their order; one that subscribes twice hears once. */
  add(topic: MarketTopic, instrument: number, host: StrategyHost): void {
    const lists = this[topic];
    if (lists[instrument] === NOBODY) lists[instrument] = [host];
    else if (lists[instrument].at(-1) !== host) (lists[instrument] as StrategyHost[]).push(host);
  }
}
