/**
 * A strategy, as its author writes it. Handlers are synchronous and see the world through `ctx` alone; the views they
 * are handed are reused, so a strategy copies what it wants to keep.
 */
import type { ParamValue } from "../config.js";
import type { Regime } from "../models/regime.js";
import type { StrategyContext } from "./context.js";
import type { BookView, FillView, OrderView, QuoteView, TimerView, TradeView } from "./views.js";

export type Params = Readonly<Record<string, ParamValue>>;

export interface StrategyDefinition<P extends Params = Params, S = unknown> {
  /** Letters, digits and dashes; unique among the strategies of an engine. */
  readonly id: string;
  /** Defaults; a run may override values, not add keys or change types. */
  readonly params: P;
  /** `trades:ID`, `quotes:ID`, `book:ID` with ID such as BTC/USDT.BINANCE, and `timer:5s`. */
  readonly subscribe: readonly string[];
  /** Makes the strategy's own state. Indicators come from `ctx.ta`. */
  init?(ctx: StrategyContext<P>): S;
  onTrade?(ctx: StrategyContext<P>, state: S, trade: TradeView): void;
  onQuote?(ctx: StrategyContext<P>, state: S, quote: QuoteView): void;
  /** Called only while the book is live and its sides do not cross. */
  onBook?(ctx: StrategyContext<P>, state: S, book: BookView): void;
  onFill?(ctx: StrategyContext<P>, state: S, fill: FillView): void;
  onOrder?(ctx: StrategyContext<P>, state: S, order: OrderView): void;
  onTimer?(ctx: StrategyContext<P>, state: S, timer: TimerView): void;
  /** A model that a regime asked for has come, or will not come: `regime.outcome` says which. */
  onModel?(ctx: StrategyContext<P>, state: S, regime: Regime): void;
  onStop?(ctx: StrategyContext<P>, state: S): void;
}

/** Gives a strategy its types. Export the result as the file's default. */
export function defineStrategy<const P extends Params, S>(
  definition: StrategyDefinition<P, S>,
): StrategyDefinition<P, S> {
  return definition;
}
