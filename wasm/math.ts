/**
 * The math core: one instance of the math module and everything it computes. A core belongs to one thread; its
 * indicators live in its arena, which is bounded and can be hashed, saved and put back as a whole. Nothing in it
 * reads a clock, a random source or the host's own `Math` for a result.
 */
import { Arena, statesIn } from "./arena.js";
import { Batch } from "./batch.js";
import { MathArgumentError, MathOverflowError, MathStateError } from "./errors.js";
import { HmmFilter } from "./hmm/filter.js";
import { checkShape, filterBytes, type HmmShape, isModel } from "./hmm/filter-state.js";
import type { HmmModel } from "./hmm/model.js";
import { CALL, EMA_BYTES, KIND_EMA, KIND_HMM_FILTER, KIND_ROLLING, ROLLING_WINDOW, WORKSPACE } from "./layout.js";
import { type Libm, libmOf } from "./libm.js";
import { checkPeriod, instantiateMath, type MathExports, makeIndicator, mathModule } from "./math-module.js";
import { hasWebAssembly } from "./module.js";
import { type SpecialFunctions, specialOf } from "./special.js";
import { RollingMoments, StreamingIndicator } from "./streaming.js";
import { type ParameterValues, valuesFrom } from "./ta/arguments.js";
import type { AnySpec } from "./ta/spec.js";
import { streamClass } from "./ta/stream.js";
import { specOfKind } from "./ta/table.js";

export interface MathCoreOptions {
  /** A module compiled elsewhere; by default this thread compiles the embedded one once. */
  readonly module?: WebAssembly.Module;
  /** Bytes for the states of streaming indicators, 65 536 to 268 435 456, rounded up to 64 KiB. Default 4 MiB. */
  readonly arenaCapacity?: number;
}

const ARENA_DEFAULT = 4 * 1024 * 1024;
const ARENA_MIN = 65_536;
const ARENA_MAX = 256 * 1024 * 1024;
const INTEGER = "an integer of magnitude below 2^53";

/** Makes a core, synchronously. Throws MathArgumentError for a capacity out of range. */
export function createMathCore(options: MathCoreOptions = {}): MathCore {
  const { module = hasWebAssembly ? mathModule() : null, arenaCapacity = ARENA_DEFAULT } = options;
  if (!(Number.isInteger(arenaCapacity) && arenaCapacity >= ARENA_MIN && arenaCapacity <= ARENA_MAX)) {
    throw new MathArgumentError("arenaCapacity", arenaCapacity, `an integer from ${ARENA_MIN} to ${ARENA_MAX} bytes`);
  }
  return new MathCore(instantiateMath(module, arenaCapacity), arenaCapacity);
}

export class MathCore {
  /** The elementary functions; `createDeterministicMath` makes a whole `Math` of them. */
  readonly libm: Libm;
  /** Error and gamma functions, and the normal and Student's distributions. */
  readonly special: SpecialFunctions;
  /** The same indicators over whole series. */
  readonly batch: Batch;
  readonly #kernels: MathExports;
  readonly #arena: Arena;
  readonly #call: Float64Array;
  readonly #indicators: StreamingIndicator[] = [];

  /** For `createMathCore` alone. */
  constructor(kernels: MathExports, arenaBytes: number) {
    this.libm = libmOf(kernels);
    this.special = specialOf(kernels);
    this.batch = new Batch(kernels);
    this.#kernels = kernels;
    this.#arena = new Arena(kernels.memory, arenaBytes);
    this.#call = new Float64Array(kernels.memory.buffer, CALL, 4);
  }

  /** Exponential moving average, seeded by the mean of the first `period` inputs; `period` 1 to 100 000. */
  ema(period: number): StreamingIndicator {
    checkPeriod(period);
    const pointer = this.#arena.take(EMA_BYTES);
    this.#kernels.emaInit(pointer, period);
    const { memory, emaPush } = this.#kernels;
    return this.#add(new StreamingIndicator(memory, pointer, this.#indicators.length, emaPush));
  }

  /** Mean and population variance of the last `period` inputs; `period` 1 to 100 000. */
  rolling(period: number): RollingMoments {
    checkPeriod(period);
    const pointer = this.#arena.take(ROLLING_WINDOW + 8 * period);
    this.#kernels.rollingInit(pointer, period);
    const { memory, rollingPush } = this.#kernels;
    return this.#add(new RollingMoments(memory, pointer, this.#indicators.length, rollingPush));
  }

  /** A stream of an indicator of the table, of checked parameters. Throws ArenaFullError. */
  indicator(spec: AnySpec, values: ParameterValues): StreamingIndicator {
    const { memory, indicatorPush } = this.#kernels;
    const bytes = makeIndicator(this.#kernels, spec, values);
    const pointer = this.#arena.take(bytes);
    new Uint8Array(memory.buffer).copyWithin(pointer, WORKSPACE, WORKSPACE + bytes);
    const { length } = this.#indicators;
    return this.#add(new (streamClass(spec))(memory, pointer, length, indicatorPush, spec.positive));
  }

  /**
   * A filter that starts from a model, or one of so many states and features that gets its first model later. It keeps
   * its newest `window` observations, 0 to 100 000. Throws MathArgumentError, MathTypeError, ArenaFullError.
   */
  hmmFilter(model: HmmModel | HmmShape, window = 0): HmmFilter {
    const shape = checkShape(model, window);
    const bytes = filterBytes(shape);
    const pointer = this.#arena.take(bytes);
    this.#kernels.hmmInit(pointer, bytes, shape.states, shape.features, window);
    const made = this.#add(new HmmFilter(this.#kernels, pointer, this.#indicators.length));
    if (isModel(model)) made.replaceModel(model);
    return made;
  }

  /** What a user adds to the object would be lost by a snapshot, which holds the state's bytes alone. */
  #add<T extends StreamingIndicator>(made: T): T {
    Object.freeze(made);
    this.#indicators.push(made);
    return made;
  }

  /**
   * a × b / c, exact, rounded half away from zero. All three are integers of magnitude below 2^53 and c is above 0,
   * else MathArgumentError; a result of 2^53 or more is a MathOverflowError.
   */
  mulDivRound(a: number, b: number, c: number): number {
    const numbers = Float64Array.of(a, b, c, 0);
    this.mulDivRoundIn(numbers);
    return numbers[3]!;
  }

  /** The same over the first three of `numbers`, into the fourth: nothing is boxed on the way. */
  mulDivRoundIn(numbers: Float64Array): void {
    const a = numbers[0]!;
    const b = numbers[1]!;
    const c = numbers[2]!;
    if (!Number.isSafeInteger(a)) throw new MathArgumentError("a", a, INTEGER);
    if (!Number.isSafeInteger(b)) throw new MathArgumentError("b", b, INTEGER);
    if (!Number.isSafeInteger(c) || c <= 0) throw new MathArgumentError("c", c, `${INTEGER}, above 0`);
    const call = this.#call;
    call[0] = a;
    call[1] = b;
    call[2] = c;
    this.#kernels.mulDivRound();
    numbers[3] = call[3]!;
    if (Number.isNaN(numbers[3])) {
      throw new MathOverflowError(`${a} × ${b} / ${c} was 2^53 or more in magnitude; use smaller factors or units`);
    }
  }

  /** Every indicator made so far, in that order. */
  get indicators(): readonly StreamingIndicator[] {
    return this.#indicators;
  }

  /** Bytes of the arena in use and in all. */
  get arenaUsed(): number {
    return this.#arena.usedBytes;
  }

  get arenaCapacity(): number {
    return this.#arena.capacityBytes;
  }

  /** A live view of every state in use, for a state hash or, copied, a snapshot. */
  arenaBytes(): Uint8Array {
    return this.#arena.usedView();
  }

  /** A live view of the whole arena as words; the first `arenaUsed / 4` are in use. */
  get arenaWords(): Int32Array {
    return this.#arena.words;
  }

  /**
   * Makes the indicators whose states a snapshot of `arenaBytes` holds, in their order, and puts the states back. Only
   * for a core that has made none. Throws MathStateError; the core is then good for nothing.
   */
  recreate(bytes: Uint8Array): void {
    if (this.#indicators.length > 0) {
      throw new MathStateError(`the core has ${this.#indicators.length} indicators; recreate them in a new one`);
    }
    const states = statesIn(bytes, this.arenaCapacity, (kind, numbers) => this.#measure(kind, numbers));
    for (const { kind, period, parameters } of states) {
      if (kind === KIND_EMA) this.ema(period);
      else if (kind === KIND_ROLLING) this.rolling(period);
      else if (kind === KIND_HMM_FILTER)
        this.hmmFilter({ states: parameters[0]!, features: parameters[1]! }, parameters[2]);
      else this.#recreateOne(kind, parameters);
    }
    this.restoreArena(bytes);
  }

  /** Bytes of an indicator of the table; 0 when there is none with these parameters. */
  #measure(kind: number, numbers: readonly number[]): number {
    const spec = specOfKind(kind);
    const values = spec && valuesFrom(spec, numbers);
    return values ? makeIndicator(this.#kernels, spec, values) : 0;
  }

  #recreateOne(kind: number, numbers: readonly number[]): void {
    const spec = specOfKind(kind)!;
    this.indicator(spec, valuesFrom(spec, numbers)!);
  }

  /**
   * Restores a snapshot of `arenaBytes` once the same indicators exist, made in the same order. Throws MathStateError.
   */
  restoreArena(bytes: Uint8Array): void {
    this.#arena.restore(bytes);
  }
}
