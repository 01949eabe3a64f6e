/**
 * The indicators used most over many series at once, two series to a vector: `lanes.rsi(rows, { series: 16 })` over
 * rows of bars, `lanes.stream.rsi({ series: 16 }).push(row)` bar by bar. A row is a bar and a column a series,
 * `rows[bar * series + column]`. Each series gets the bits that the indicator gives for it alone. They are made from
 * the table of indicators, for those marked with `lanes`, and need WebAssembly.
 */

import { named, type Options, type Results, targetsOf } from "../ta/indicators.js";
import type { AnySpec, Each } from "../ta/spec.js";
import { type IndicatorName, type IndicatorTable, table } from "../ta/table.js";
import { checkCount, checkSeries, planOf } from "./arguments.js";
import { runLanes } from "./batch.js";
import { LaneMemory } from "./memory.js";
import { createLaneStream, type LaneStream } from "./stream.js";

export type { LaneStream } from "./stream.js";

export interface LanesOptions {
  /** Bytes for streams, matrices and the state of a batch, 65 536 to 2 147 483 648. Default 16 MiB. */
  readonly arenaCapacity?: number;
}

/** The indicators that are computed over many series. */
export type LaneName = {
  [N in IndicatorName]: true extends IndicatorTable[N]["lanes"] ? N : never;
}[IndicatorName];

/** How many series, 1 to 1024, and any of the parameters. */
export type LaneOptions<S extends AnySpec> = Options<S> & { readonly series: number };

/**
 * Takes a table for each input, all of one length and of whole rows, the options, and what to fill instead of new
 * arrays: the same shape that is returned. Results are as long as the inputs, NaN through the warm-up. Throws
 * MathTypeError, MathArgumentError, MathInputError with bar and series, ArenaFullError for a state larger than what
 * is free of the arena, or WebAssemblyMissingError. Arrays to fill may be the inputs; they hold nothing of use when a
 * number has been refused.
 */
export type LaneBatch<S extends AnySpec> = (
  ...given: [...tables: Each<S["inputs"], Float64Array>, options: LaneOptions<S>, into?: Results<S>]
) => Results<S>;

export type Lanes = { readonly [N in LaneName]: LaneBatch<IndicatorTable[N]> } & {
  /** Makes a stream in the arena. Throws as a batch does. */
  readonly stream: {
    readonly [N in LaneName]: (options: LaneOptions<IndicatorTable[N]>) => LaneStream<IndicatorTable[N]>;
  };
  /**
   * A table of zeros in the arena, which batches of eight series or more read and fill where it lies. It is never
   * freed. Throws MathTypeError, MathArgumentError, ArenaFullError or WebAssemblyMissingError.
   */
  matrix(bars: number, series: number): Float64Array;
  /** Bytes of the arena that streams and matrices have taken. */
  readonly arenaUsed: number;
  readonly arenaCapacity: number;
};

const CAPACITY_DEFAULT = 16 * 1024 * 1024;
const CAPACITY_MIN = 65_536;
const CAPACITY_MAX = 2 ** 31;
const BARS_MAX = CAPACITY_MAX / 8;

/** Lanes with an arena of their own; its memory is there from the first use on. Throws MathArgumentError. */
export function createLanes(options: LanesOptions = {}): Lanes {
  const { arenaCapacity = CAPACITY_DEFAULT } = options;
  checkCount("arenaCapacity", arenaCapacity, CAPACITY_MIN, CAPACITY_MAX);
  let made: LaneMemory | undefined;
  const memory = () => {
    made ??= new LaneMemory(arenaCapacity);
    return made;
  };
  const specs = Object.entries<AnySpec>(table).filter(([, spec]) => spec.lanes);
  const each = <T>(make: (spec: AnySpec) => T) => Object.fromEntries(specs.map(([name, spec]) => [name, make(spec)]));
  return Object.freeze({
    ...each(
      (spec) =>
        (...given: unknown[]) =>
          runBatch(memory(), spec, given),
    ),
    stream: Object.freeze(each((spec) => (options: unknown) => createLaneStream(memory(), planOf(spec, options)))),
    matrix: (bars: number, series: number) => matrixIn(memory(), bars, series),
    get arenaUsed() {
      return made?.usedBytes ?? 0;
    },
    arenaCapacity,
  }) as unknown as Lanes;
}

function runBatch(memory: LaneMemory, spec: AnySpec, given: readonly unknown[]): unknown {
  const count = spec.inputs.length;
  const plan = planOf(spec, given[count]);
  const names = Object.keys(spec.outputs);
  const into = given[count + 1] === undefined ? undefined : targetsOf(names, given[count + 1]);
  return named(names, runLanes(memory, plan, given.slice(0, count) as Float64Array[], into));
}

function matrixIn(memory: LaneMemory, bars: number, series: number): Float64Array {
  const length = checkCount("bars", bars, 1, BARS_MAX) * checkSeries(series);
  return new Float64Array(memory.buffer, memory.take(8 * length), length).fill(0);
}
