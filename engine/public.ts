/**
 * The library entry `sluice`: what a strategy's author imports. A strategy file is bundled before it runs; this module
 * is the only one outside itself that it may import.
 */
export type { RollingMoments, Stream, StreamingIndicator } from "../wasm/index.js";
export type { ParamValue } from "./config.js";
export type { RefitOutcome, Regime } from "./models/regime.js";
export type { RegimeOptions } from "./models/regime-table.js";
export type { OrderRequest, StrategyContext } from "./strategy/context.js";
export { defineStrategy, type Params, type StrategyDefinition } from "./strategy/define.js";
export type { StrategyIndicators } from "./strategy/indicators.js";
export type {
  BookView,
  FillView,
  OrderView,
  PositionView,
  QuoteView,
  SideName,
  TimerView,
  TradeView,
} from "./strategy/views.js";
