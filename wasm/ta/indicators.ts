/**
 * The indicators as functions: `ta.rsi(closes, { period: 14 })` over a series, `ta.stream.rsi({ period: 14 })` value by
 * value, the same numbers bit for bit. Both are made from the table; the streams live in the arena of a math core.
 */
import type { MathCore } from "../math.js";
import { valuesOf } from "./arguments.js";
import type { AnySpec, Each, Values } from "./spec.js";
import type { Stream } from "./stream.js";
import { type IndicatorName, type IndicatorTable, table } from "./table.js";

/** Any of an indicator's parameters; the others have their defaults. */
export type Options<S extends AnySpec> = Partial<Values<S["parameters"]>>;

/** One array of an indicator with one output, else an object with an array for each, by name. */
export type Results<S extends AnySpec> = keyof S["outputs"] extends "value"
  ? Float64Array
  : { readonly [K in keyof S["outputs"]]: Float64Array };

/**
 * Takes a Float64Array for each input, in the table's order and all of one length, then the options, and what to fill
 * instead of new arrays: the same shape that is returned. Results are as long as the inputs, NaN through the warm-up.
 * Throws MathTypeError, MathArgumentError or MathInputError.
 */
export type BatchFunction<S extends AnySpec> = (
  ...given: [...series: Each<S["inputs"], Float64Array>, options?: Options<S>, into?: Results<S>]
) => Results<S>;

/** Makes a stream in the core's arena. Throws MathTypeError, MathArgumentError or ArenaFullError. */
export type StreamFunction<S extends AnySpec> = (options?: Options<S>) => Stream<S>;

export type Indicators = { readonly [N in IndicatorName]: BatchFunction<IndicatorTable[N]> } & {
  readonly stream: { readonly [N in IndicatorName]: StreamFunction<IndicatorTable[N]> };
};

/** The indicators, computed by `core`. */
export function createIndicators(core: MathCore): Indicators {
  const specs = Object.entries<AnySpec>(table);
  const batches = specs.map(([name, spec]) => [name, (...given: unknown[]) => runBatch(core, spec, given)]);
  return Object.freeze({ ...Object.fromEntries(batches), stream: createStreams(core) }) as Indicators;
}

/** The streams alone, in the arena of `core`. */
export function createStreams(core: MathCore): Indicators["stream"] {
  const streams = Object.entries<AnySpec>(table).map(([name, spec]) => [
    name,
    (options?: Readonly<Record<string, unknown>>) => core.indicator(spec, valuesOf(spec, options)),
  ]);
  return Object.freeze(Object.fromEntries(streams)) as Indicators["stream"];
}

function runBatch(core: MathCore, spec: AnySpec, given: readonly unknown[]): unknown {
  const count = spec.inputs.length;
  const values = valuesOf(spec, given[count] as Readonly<Record<string, unknown>> | undefined);
  const names = Object.keys(spec.outputs);
  const into = given[count + 1] === undefined ? undefined : targetsOf(names, given[count + 1]);
  return named(names, core.batch.indicator(spec, given.slice(0, count) as Float64Array[], values, into));
}

/** Results as they are handed out. */
export function named(names: readonly string[], results: readonly Float64Array[]): unknown {
  if (names.length === 1) return results[0];
  return Object.fromEntries(names.map((name, index) => [name, results[index]]));
}

/** Undoes `named`, unchecked. */
export function targetsOf(names: readonly string[], into: unknown): Float64Array[] {
  if (names.length === 1) return [into as Float64Array];
  return names.map((name) => (into as Readonly<Record<string, Float64Array>> | null)?.[name] as Float64Array);
}
