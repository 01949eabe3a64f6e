/**
 * Indicators over whole series. A batch runs the streaming kernel on a state of its own, chunk by chunk, so its
 * numbers are those of the stream bit for bit; the result is as long as the input, with NaN for the warm-up.
 */
import { MathInputError, MathTypeError } from "./errors.js";
import {
  ARENA,
  CHUNK_INPUTS,
  CHUNK_LENGTH,
  CHUNK_OUTPUTS,
  PERIOD_MAX,
  ROLLING_VARIANCE,
  ROLLING_WINDOW,
  STATE_VALUE,
  WORKSPACE,
} from "./layout.js";
import type { MathExports } from "./math-module.js";
import { checkPeriod } from "./math-module.js";

if (WORKSPACE + ROLLING_WINDOW + 8 * PERIOD_MAX > ARENA)
  throw new Error("layout: the longest window passes the workspace");

export class Batch {
  readonly #kernels: MathExports;
  readonly #input: Float64Array;
  readonly #output: Float64Array;

  constructor(kernels: MathExports) {
    this.#kernels = kernels;
    this.#input = new Float64Array(kernels.memory.buffer, CHUNK_INPUTS, CHUNK_LENGTH);
    this.#output = new Float64Array(kernels.memory.buffer, CHUNK_OUTPUTS, CHUNK_LENGTH);
  }

  /** Exponential moving average. Throws MathInputError with the index of the first input refused. */
  ema(values: Float64Array, period: number): Float64Array {
    this.#kernels.emaInit(WORKSPACE, checkPeriod(period));
    return this.#run(values, (length) => this.#kernels.emaBatch(WORKSPACE, CHUNK_INPUTS, CHUNK_OUTPUTS, length));
  }

  /** Mean of the last `period` values. */
  rollingMean(values: Float64Array, period: number): Float64Array {
    return this.#rolling(values, period, STATE_VALUE);
  }

  /** Population variance of the last `period` values. */
  rollingVariance(values: Float64Array, period: number): Float64Array {
    return this.#rolling(values, period, ROLLING_VARIANCE);
  }

  #rolling(values: Float64Array, period: number, result: number): Float64Array {
    this.#kernels.rollingInit(WORKSPACE, checkPeriod(period));
    return this.#run(values, (length) =>
      this.#kernels.rollingBatch(WORKSPACE, CHUNK_INPUTS, CHUNK_OUTPUTS, length, result),
    );
  }

  #run(values: Float64Array, kernel: (length: number) => number): Float64Array {
    if (!(values instanceof Float64Array)) throw new MathTypeError("values", values, "a Float64Array");
    const results = new Float64Array(values.length);
    for (let start = 0; start < values.length; start += CHUNK_LENGTH) {
      const chunk = values.subarray(start, start + CHUNK_LENGTH);
      this.#input.set(chunk);
      const refused = kernel(chunk.length);
      if (refused >= 0) throw new MathInputError(chunk[refused], start + refused);
      results.set(this.#output.subarray(0, chunk.length), start);
    }
    return results;
  }
}
