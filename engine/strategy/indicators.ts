/**
 * `ctx.ta`: every indicator of the table as a stream, in the engine's arena. `ema(20)` and `rolling(20)` are older than
 * the table and kernels of their own; journals that were written with them replay to the byte, so they stay. The object
 * is the same for all strategies and frozen throughout: nothing can be left in it.
 */
import {
  createStreams,
  type Indicators,
  type MathCore,
  type RollingMoments,
  type StreamingIndicator,
} from "../../wasm/index.js";

type Streams = Indicators["stream"];

export type StrategyIndicators = Omit<Streams, "ema"> & {
  /**
   * Exponential moving average. Of a number, which is its period, it begins with the mean of as many inputs, and
   * agrees with `ema({ period })` but for rounding.
   */
  readonly ema: Streams["ema"] & ((period: number) => StreamingIndicator);
  /** Mean and population variance of the last `period` inputs. */
  readonly rolling: (period: number) => RollingMoments;
};

export function strategyIndicators(math: MathCore): StrategyIndicators {
  const streams = createStreams(math);
  const ema = (...given: [options?: unknown]) =>
    given.length === 0 || typeof given[0] === "object" ? streams.ema(...(given as [])) : math.ema(given[0] as number);
  const rolling = (period: number) => math.rolling(period);
  const all = { ...streams, ema, rolling };
  for (const each of Object.values(all)) Object.freeze(each);
  return Object.freeze(all) as StrategyIndicators;
}
