/** The deterministic core: what the folders that run it may use. */
export { assert, ConfigError } from "./assert.js";
export { carryOver } from "./carry-over.js";
export {
  DEFAULT_PAPER,
  DEFAULT_RISK,
  type EngineConfig,
  type PaperModel,
  type ParamValue,
  type RiskLimits,
  type StrategyConfig,
} from "./config.js";
export { DAY_PROFIT_MONEY, Engine, type EngineParts, PROFIT_MONEY, type Verdict } from "./engine.js";
export { fold } from "./fold.js";
export { isReport } from "./input.js";
export { type Instrument, type InstrumentSpec, makeInstrument } from "./instrument.js";
export { type LogSink, OUTPUT_BYTES_MAX } from "./log-sink.js";
export { Book } from "./market/book.js";
export { answerBytes, writeAnswer } from "./models/answer.js";
export {
  answerOf,
  type Fit,
  type FitAddress,
  type FitAnswer,
  type FitJob,
  type FitResult,
  withoutModel,
} from "./models/fit.js";
export { Regime } from "./models/regime.js";
export { readFitJob, regimeOfRequest } from "./models/request.js";
export { formatMoney, MONEY_PER_UNIT, moneyFromText } from "./money.js";
export { isWorking, ORDERS_MAX } from "./orders/order-table.js";
export {
  configOf,
  type LoadStrategies,
  ReplayDivergence,
  Replayer,
  type ReplayerParts,
  type ReplayOptions,
  type ReplayResult,
  replay,
} from "./replay.js";
export { RiskState } from "./risk/risk-state.js";
export { dayProfitMoney, valueAccount } from "./risk/trading-state.js";
export { InlineSimulation } from "./sim/inline.js";
export { InlineFits } from "./sim/inline-fits.js";
export { ReportQueue, type ReportSink } from "./sim/report-queue.js";
export { SimVenue } from "./sim/venue.js";
export { SnapshotError } from "./snapshot/byte-reader.js";
export { encodeState, restoreState } from "./snapshot/state-codec.js";
export { formatHash, type StateHash, stateHash } from "./state-hash.js";
export { defineStrategy, type Params, type StrategyDefinition } from "./strategy/define.js";
export { loadStrategy } from "./strategy/realm.js";
export { MemoryLog, type OnLogged } from "./tape/memory-log.js";
export {
  type Crc32c,
  encodeSegmentHeader,
  RecordReader,
  type SegmentInfo,
  SegmentReader,
  TapeError,
} from "./tape/segment.js";
export {
  type OnRecord,
  readTape,
  type SegmentBytes,
  type TapePlace,
  type TapeSummary,
  type TornEnd,
} from "./tape/tape.js";
export { unitsToNumber, unitsToText } from "./units.js";
