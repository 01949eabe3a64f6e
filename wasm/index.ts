/**
 * The numeric bindings: the math core, a deterministic `Math`, and the kernels that work on memory shared by threads.
 */
export { Batch } from "./batch.js";
export { type Crc32c, createCrc32c } from "./crc32c.js";
export { createDeterministicMath } from "./deterministic-math.js";
export {
  ArenaFullError,
  MathArgumentError,
  MathInputError,
  MathOverflowError,
  MathStateError,
  MathTypeError,
  WebAssemblyMissingError,
} from "./errors.js";
export { Fabric, type FabricExports, fabricModule } from "./fabric.js";
export { HmmFilter } from "./hmm/filter.js";
export type { HmmShape } from "./hmm/filter-state.js";
export { checkModel, FEATURES_MAX, type HmmModel, STATES_MAX, STATES_MIN } from "./hmm/model.js";
export { names, type RegimeName } from "./hmm/names.js";
export { CRC32C_BYTES, PERIOD_MAX } from "./layout.js";
export type { Libm } from "./libm.js";
export { createMathCore, MathCore, type MathCoreOptions } from "./math.js";
export { mathModule } from "./math-module.js";
export * from "./ring-layout.js";
export { createSharedMemory, PAGE_BYTES, SHARED_PAGES_MAX } from "./shared-memory.js";
export type { SpecialFunctions } from "./special.js";
export { INPUT_MAX, RollingMoments, StreamingIndicator } from "./streaming.js";
export { describeStream, type StreamDescription } from "./ta/describe.js";
export { createIndicators, createStreams, type Indicators } from "./ta/indicators.js";
export { type AnySpec, warmUpOf } from "./ta/spec.js";
export type { Stream } from "./ta/stream.js";
export { families, type IndicatorName, type IndicatorTable, table } from "./ta/table.js";
