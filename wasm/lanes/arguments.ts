/** Checks of what users hand to an indicator over many series, beyond those of its parameters. */
import { MathArgumentError, MathInputError, MathTypeError } from "../errors.js";
import { SERIES_MAX } from "../layout.js";
import { numbersOf, type ParameterValues, valuesOf } from "../ta/arguments.js";
import { type AnySpec, warmUpOf } from "../ta/spec.js";
import type { LanesExports } from "./memory.js";

/** A kernel and what it is made of. */
export interface Plan {
  readonly spec: AnySpec;
  readonly series: number;
  readonly values: ParameterValues;
  /** Bars until there are values. */
  readonly needed: number;
}

/** Throws MathArgumentError and MathTypeError. */
export function planOf(spec: AnySpec, options: unknown): Plan {
  if (typeof options !== "object" || options === null || ArrayBuffer.isView(options)) {
    throw new MathTypeError("options", options, `an object with series and any of ${Object.keys(spec.parameters)}`);
  }
  const { series, ...parameters } = options as Readonly<Record<string, unknown>>;
  const values = valuesOf(spec, parameters);
  return { spec, series: checkSeries(series), values, needed: warmUpOf(spec, values) + 1 };
}

export function checkSeries(series: unknown): number {
  return checkCount("series", series, 1, SERIES_MAX);
}

export function checkCount(name: string, count: unknown, min: number, max: number): number {
  const allowed = `an integer from ${min} to ${max}`;
  if (typeof count !== "number") throw new MathTypeError(name, count, allowed);
  if (!(Number.isInteger(count) && count >= min && count <= max)) throw new MathArgumentError(name, count, allowed);
  return count;
}

/** Bytes of the state. */
export function bytesOf(kernels: LanesExports, { spec, series, values }: Plan): number {
  return kernels.lanesBytes(spec.kind, series, values.period as number);
}

/** Makes the state at `address`. */
export function makeState(kernels: LanesExports, address: number, { spec, series, values, needed }: Plan): void {
  const [p0 = 0, p1 = 0] = numbersOf(spec, values);
  kernels.lanesInit(address, spec.kind, series, needed, p0, p1);
}

/** Refuses a number of an input of many series; `bar` is −1 for a stream. */
export function refuse(name: string, x: number, bar: number, lane: number, series: number): never {
  const where = bar < 0 ? `series ${lane}` : `bar ${bar}, series ${lane}`;
  throw new MathInputError(x, bar < 0 ? lane : bar * series + lane, `${name} of ${where}`);
}
