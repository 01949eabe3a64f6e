/**
 * The math module's functions as the bindings call them: addresses in, addresses out, nothing checked. What users
 * hold is the MathCore; this file is for the bindings beside it.
 */
import { MathArgumentError, MathTypeError } from "./errors.js";
import type { ScheduleExports } from "./exec/schedule-exports.js";
import { mathWasm } from "./generated/math.js";
import { mathScript } from "./generated/math-script.js";
import { ARENA, CALL, PARAMETERS_MAX, PERIOD_MAX } from "./layout.js";
import type { Libm } from "./libm.js";
import { embeddedModule, embeddedScript } from "./module.js";
import { PAGE_BYTES } from "./shared-memory.js";
import type { SpecialFunctions } from "./special.js";
import { numbersOf, type ParameterValues } from "./ta/arguments.js";
import { type AnySpec, warmUpOf } from "./ta/spec.js";

/** The compiled math module of this thread; a worker may be given it to spare a compilation. */
export const mathModule = embeddedModule(mathWasm);
const mathOfScript = embeddedScript<MathExports>(mathScript);

export interface MathExports extends Libm, SpecialFunctions, ScheduleExports {
  readonly memory: WebAssembly.Memory;
  emaInit(state: number, period: number): void;
  emaPush(state: number): void;
  emaBatch(state: number, input: number, output: number, length: number): number;
  rollingInit(state: number, period: number): void;
  rollingPush(state: number): void;
  rollingBatch(state: number, input: number, output: number, length: number, result: number): number;
  mulDivRound(): void;
  hmmInit(state: number, bytes: number, states: number, features: number, window: number): void;
  hmmModel(state: number): void;
  hmmPush(state: number): void;
  indicatorInit(kind: number, needed: number): number;
  indicatorPush(state: number): void;
  indicatorBatch(inputs: number, outputs: number, length: number): void;
  firstRefused(input: number, length: number, positive: number): number;
}

/**
 * An instance whose memory holds `arenaBytes` of arena, rounded up to whole pages; it never grows again. The module has
 * pages enough for the default arena (asconfig.json), because a memory that grows detaches its buffer, and after the
 * first detached buffer V8 checks every access to a typed array of that thread, and leaves out fewer short-lived
 * objects. Without a module it is the plain JavaScript, whose memory does not trap: an address outside it reads as
 * zero.
 */
export function instantiateMath(module: WebAssembly.Module | null, arenaBytes: number): MathExports {
  const kernels = module ? exportsOf(module) : mathOfScript({});
  const pages = Math.ceil((ARENA + arenaBytes) / PAGE_BYTES) - kernels.memory.buffer.byteLength / PAGE_BYTES;
  if (pages > 0) kernels.memory.grow(pages);
  return kernels;
}

const exportsOf = (module: WebAssembly.Module): MathExports =>
  new WebAssembly.Instance(module).exports as unknown as MathExports;

/** Makes a state of an indicator of the table in the workspace, and returns its bytes. */
export function makeIndicator(kernels: MathExports, spec: AnySpec, values: ParameterValues): number {
  const call = new Float64Array(kernels.memory.buffer, CALL, PARAMETERS_MAX);
  call.fill(0);
  call.set(numbersOf(spec, values));
  return kernels.indicatorInit(spec.kind, warmUpOf(spec, values) + 1);
}

export function checkPeriod(period: number): number {
  const allowed = `an integer from 1 to ${PERIOD_MAX}`;
  if (typeof period !== "number") throw new MathTypeError("period", period, allowed);
  if (!(Number.isInteger(period) && period >= 1 && period <= PERIOD_MAX)) {
    throw new MathArgumentError("period", period, allowed);
  }
  return period;
}
