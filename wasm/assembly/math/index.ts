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
export { mulDivRound } from "./mul-div";
