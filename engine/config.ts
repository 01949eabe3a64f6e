/**
 * What an engine is told at its start. It enters as the first input of the journal, as JSON, so that a journal explains
 * itself; whoever builds one has checked it, and the engine derives its exact scales from it.
 */
import type { InstrumentSpec } from "./instrument.js";

export interface EngineConfig {
  readonly format: 1;
  /** The account's currency; every instrument must be quoted in it. */
  readonly currency: string;
  /** Seeds the strategies' random numbers. */
  readonly seed: number;
  readonly instruments: readonly InstrumentSpec[];
  readonly strategies: readonly StrategyConfig[];
  readonly risk: RiskLimits;
  readonly paper: PaperModel;
}

export interface StrategyConfig {
  readonly id: string;
  /** SHA-256 of the bundled source, which is stored beside the journal under this name. */
  readonly bundle: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** It was part of an earlier life and is not called any more; its place, its profit and its orders' names stay. */
  readonly retired?: true;
}

export type ParamValue = string | number | boolean;

/** Money as decimal text in the account's currency. */
export interface RiskLimits {
  /** Largest value of one instrument's position, working orders counted. */
  readonly maxPosition: string;
  /** Largest value of one order. */
  readonly maxOrderValue: string;
  /** Trading halts when the day's loss exceeds this. */
  readonly maxDailyLoss: string;
}

/** How the simulated venue treats orders. */
export interface PaperModel {
  /** From the engine to the venue, microseconds. */
  readonly orderLatencyUs: number;
  /** From the venue back to the engine, microseconds. */
  readonly reportLatencyUs: number;
  /** From a request for a model to its answer where fits are made inline, microseconds; without it one second. */
  readonly fitLatencyUs?: number;
}

export const DEFAULT_RISK: RiskLimits = { maxPosition: "25000", maxOrderValue: "10000", maxDailyLoss: "500" };
export const DEFAULT_PAPER: PaperModel = { orderLatencyUs: 5_000, reportLatencyUs: 5_000 };
