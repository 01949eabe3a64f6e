/**
 * Indicators over whole tables of rows, chunk by chunk, so that what a kernel touches stays in the nearest caches.
 * Shapes and parameters are checked before anything is written. A number that no kernel takes is found with its chunk;
 * what was to be filled then holds results up to some bar, and nothing of use from there on.
 */
import { MathArgumentError } from "../errors.js";
import { checkTargets, lengthOf } from "../ta/arguments.js";
import { bytesOf, makeState, type Plan, refuse } from "./arguments.js";
import { CHUNK_DOUBLES, type LaneMemory } from "./memory.js";
import { Plane } from "./plane.js";

/** Doubles of a table at a time, unless they make too few bars: where there are copies, and where there are none. */
const STEP_DOUBLES = 8192;
const STEP_DOUBLES_IN_PLACE = 65_536;
const STEP_BARS_MIN = 16;

if (STEP_DOUBLES > CHUNK_DOUBLES) throw new Error("lanes: a step is longer than a chunk");

/** A table of rows for each input; `into` holds the tables to fill, which may be the inputs, else new ones are made. */
export function runLanes(
  memory: LaneMemory,
  plan: Plan,
  tables: readonly Float64Array[],
  into?: readonly Float64Array[],
): readonly Float64Array[] {
  const { spec, series } = plan;
  const length = checkLength(plan, tables);
  const results = into ?? Object.keys(spec.outputs).map(() => new Float64Array(length));
  if (into) checkTargets(spec, into, length);
  const state = memory.room(bytesOf(memory.kernels, plan));
  makeState(memory.kernels, state, plan);
  const inputs = tables.map((table, index) => new Plane(memory, series, table, memory.inputs[index]!, []));
  const outputs = results.map((table, index) => new Plane(memory, series, table, memory.outputs[index]!, tables));
  const isInPlace = [...inputs, ...outputs].every((plane) => plane.isInPlace);
  const doubles = isInPlace ? STEP_DOUBLES_IN_PLACE : STEP_DOUBLES;
  const step = series * Math.max(STEP_BARS_MIN, Math.floor(doubles / series));
  // Kernels check what they read, but not in the warm-up, which is why that has a chunk of its own.
  let size = Math.min(step, series * plan.needed);
  for (let start = 0; start < length; ) {
    size = Math.min(size, length - start);
    runChunk(memory, plan, state, inputs, outputs, start, size);
    start += size;
    size = step;
  }
  return results;
}

function checkLength({ spec, series }: Plan, tables: readonly Float64Array[]): number {
  const length = lengthOf(spec, tables);
  if (length % series !== 0) {
    throw new MathArgumentError(`${spec.inputs[0]}.length`, length, `a multiple of series, ${series}`);
  }
  return length;
}

function runChunk(
  { kernels }: LaneMemory,
  plan: Plan,
  state: number,
  inputs: readonly Plane[],
  outputs: readonly Plane[],
  start: number,
  size: number,
): void {
  for (const input of inputs) input.take(start, size);
  const a = inputs[0]!.addressOf(start);
  const b = inputs[1]?.addressOf(start) ?? a;
  const c = inputs[2]?.addressOf(start) ?? a;
  const x = outputs[0]!.addressOf(start);
  const y = outputs[1]?.addressOf(start) ?? x;
  const z = outputs[2]?.addressOf(start) ?? x;
  const areAccepted = kernels.lanesRun(state, size / plan.series, a, b, c, x, y, z, outputs.length) !== 0;
  if (!areAccepted) assertAccepted(kernels, plan, inputs, start, size);
  for (const output of outputs) output.give(start, size);
}

function assertAccepted(
  kernels: LaneMemory["kernels"],
  { spec, series }: Plan,
  inputs: readonly Plane[],
  start: number,
  size: number,
): void {
  inputs.forEach((input, index) => {
    const refused = kernels.lanesRefused(input.addressOf(start), size);
    if (refused < 0) return;
    const at = start + refused;
    refuse(spec.inputs[index]!, input.table[at]!, Math.floor(at / series), at % series, series);
  });
}
