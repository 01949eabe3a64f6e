/**
 * Indicators over whole series. A batch runs the streaming kernel on a state of its own, chunk by chunk, so its
 * numbers are those of the stream bit for bit; the result is as long as the input, with NaN for the warm-up.
 */
import { MathArgumentError, MathInputError, MathTypeError } from "./errors.js";
import {
  ARENA,
  CHUNK_INPUTS,
  CHUNK_LENGTH,
  CHUNK_OUTPUTS,
  CHUNK_STRIDE,
  INPUTS_MAX,
  OUTPUTS_MAX,
  PERIOD_MAX,
  ROLLING_VARIANCE,
  ROLLING_WINDOW,
  STATE_VALUE,
  WORKSPACE,
} from "./layout.js";
import type { MathExports } from "./math-module.js";
import { checkPeriod, makeIndicator } from "./math-module.js";
import { INPUT_MAX } from "./streaming.js";
import { checkTargets, lengthOf, type ParameterValues } from "./ta/arguments.js";
import type { AnySpec } from "./ta/spec.js";

if (WORKSPACE + ROLLING_WINDOW + 8 * PERIOD_MAX > ARENA)
  throw new Error("layout: the longest window passes the workspace");

export class Batch {
  readonly #kernels: MathExports;
  readonly #inputs: readonly Float64Array[];
  readonly #outputs: readonly Float64Array[];

  constructor(kernels: MathExports) {
    this.#kernels = kernels;
    const chunk = (from: number, index: number) =>
      new Float64Array(kernels.memory.buffer, from + index * CHUNK_STRIDE, CHUNK_LENGTH);
    this.#inputs = Array.from({ length: INPUTS_MAX }, (_, index) => chunk(CHUNK_INPUTS, index));
    this.#outputs = Array.from({ length: OUTPUTS_MAX }, (_, index) => chunk(CHUNK_OUTPUTS, index));
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

  /**
   * An indicator of the table: a series for each input, an array for each output. Throws MathTypeError for what is not
   * a Float64Array, MathArgumentError for unequal lengths, and for inputs out of range an error with the index.
   * `into` holds the arrays to fill, else new ones are made; they may be the inputs.
   */
  indicator(
    spec: AnySpec,
    series: readonly Float64Array[],
    values: ParameterValues,
    into?: readonly Float64Array[],
  ): readonly Float64Array[] {
    const length = lengthOf(spec, series);
    const inputs = spec.inputs.length;
    const results = into ?? Object.keys(spec.outputs).map(() => new Float64Array(length));
    if (into) checkTargets(spec, into, length);
    makeIndicator(this.#kernels, spec, values);
    for (let start = 0; start < length; start += CHUNK_LENGTH) {
      const size = Math.min(CHUNK_LENGTH, length - start);
      for (let index = 0; index < inputs; index++) this.#take(spec, series[index]!, index, start, size);
      this.#kernels.indicatorBatch(inputs, results.length, size);
      for (let index = 0; index < results.length; index++) {
        results[index]!.set(this.#outputs[index]!.subarray(0, size), start);
      }
    }
    return results;
  }

  #take(spec: AnySpec, values: Float64Array, index: number, start: number, size: number): void {
    this.#inputs[index]!.set(values.subarray(start, start + size));
    const refused = this.#kernels.firstRefused(index, size, spec.positive ? 1 : 0);
    if (refused < 0) return;
    const x = values[start + refused]!;
    if (!Number.isFinite(x) || Math.abs(x) > INPUT_MAX) throw new MathInputError(x, start + refused);
    throw new MathArgumentError(`${spec.inputs[index]}[${start + refused}]`, x, "a number above 0 and up to 1e150");
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
      this.#inputs[0]!.set(chunk);
      const refused = kernel(chunk.length);
      if (refused >= 0) throw new MathInputError(chunk[refused], start + refused);
      results.set(this.#outputs[0]!.subarray(0, chunk.length), start);
    }
    return results;
  }
}
