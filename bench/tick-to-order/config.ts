/** The engine's configuration in the benchmarks of the whole way: two instruments, one strategy, limits out of the way. */
import { DEFAULT_PAPER, type EngineConfig } from "../../engine/index.js";
import { SPECS } from "../decode/frames.js";
import { strategyConfig } from "./strategy.js";

/** So wide that every order of the benchmark passes. */
const RISK = { maxPosition: "1000000", maxOrderValue: "100000", maxDailyLoss: "1000000" };

/** `wasted`: turns of a useless loop before each order. */
export function configOf(wasted: number): EngineConfig {
  return {
    ...{ format: 1, currency: "USDT", seed: 1, instruments: SPECS, risk: RISK, paper: DEFAULT_PAPER },
    strategies: [strategyConfig(wasted)],
  };
}
