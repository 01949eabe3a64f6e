/**
 * Technical indicators by themselves, in Node and browsers: `ta` over whole series and as streams, and the table that
 * says what each one is. Streams of `ta` share one arena of 16 MiB; `createIndicators` gives a core of any other size.
 */
import { createLanes } from "../lanes/lanes.js";
import { createMathCore } from "../math.js";
import { createIndicators } from "./indicators.js";

export {
  ArenaFullError,
  MathArgumentError,
  MathInputError,
  MathStateError,
  MathTypeError,
  WebAssemblyMissingError,
} from "../errors.js";
export { createLanes, type LaneName, type LaneStream, type Lanes, type LanesOptions } from "../lanes/lanes.js";
export { createMathCore, type MathCore, type MathCoreOptions } from "../math.js";
export { createIndicators, type Indicators, type Options, type Results } from "./indicators.js";
export { levelSums } from "./levels.js";
export { type AnySpec, warmUpOf } from "./spec.js";
export type { Stream } from "./stream.js";
export { families, type IndicatorName, type IndicatorTable, table } from "./table.js";

const ARENA_BYTES = 16 * 1024 * 1024;

/** The core whose arena holds the streams of `ta`: it tells how full that is, and can save and restore all of them. */
export const core = createMathCore({ arenaCapacity: ARENA_BYTES });

/**
 * Every indicator: `ta.rsi(closes, { period: 14 })`, `ta.stream.rsi({ period: 14 }).push(close)`; and those used most
 * over many series at once: `ta.lanes.rsi(rows, { series: 16, period: 14 })`.
 */
export const ta = Object.freeze({ ...createIndicators(core), lanes: createLanes() });
