/** The engine in the benchmarks of the whole way: two instruments, one strategy, limits that never stand in it. */
import type { EngineConfig } from "../../engine/index.js";
import { SPECS } from "../decode/frames.js";
import { strategyConfig } from "./strategy.js";

/** So wide that every order of the benchmark passes. */
const RISK = { maxPosition: "1000000", maxOrderValue: "100000", maxDailyLoss: "1000000" };

/** So short that at any rate few orders are under way: the gate lets no more than some hundreds be unanswered. */
const PAPER = { orderLatencyUs: 500, reportLatencyUs: 500 };

/** `wasted`: turns of a useless loop before each order. */
export function configOf(wasted: number): EngineConfig {
  return {
    ...{ format: 1, currency: "USDT", seed: 1, instruments: SPECS, risk: RISK, paper: PAPER },
    strategies: [strategyConfig(wasted)],
  };
}
