/**
 * The math module: numeric kernels on float64 over one private memory. Nothing here allocates: the host places each
 * state in the arena and passes its address. Every result is a function of the arguments and the state alone.
 */
export {
  acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, cos, cosh, exp, expm1, hypot,
  log, log10, log1p, log2, pow, sin, sinh, tan, tanh,
} from "./libm";
export { erf, erfc } from "./error-function";
export { lgamma } from "./gamma-function";
export { normalCdf, normalDensity, normalQuantile } from "./normal";
export { studentCdf, studentQuantile } from "./student";
export { emaBatch, emaInit, emaPush } from "./ema";
export { rollingBatch, rollingInit, rollingPush } from "./rolling";
export { hmmInit, hmmModel, hmmPush } from "./hmm-filter";
export { firstRefused, indicatorBatch, indicatorInit, indicatorPush } from "./indicators/run";
export { mulDivFloor, mulDivRound } from "./mul-div";
export { apportion, apportionCapped, capParticipation, mergeSmall } from "./schedules/apportion";
export { drawBelow } from "./schedules/draw";
export { routeSearch } from "./schedules/route";
export { jitterLots, jitterTimes, sliceTimes } from "./schedules/slices";
export { sumSquares, trajectory, urgency } from "./schedules/trajectory";
