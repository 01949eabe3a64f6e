/**
 * The errors of the numeric bindings. Each names the argument, what it was, and what would be accepted; none is
 * thrown from inside a kernel, so a state is never left half changed.
 */

/** An argument of the right type outside its range. */
export class MathArgumentError extends RangeError {
  override readonly name = "MathArgumentError";
  constructor(
    readonly argument: string,
    readonly value: unknown,
    readonly allowed: string,
  ) {
    super(`${argument} was ${describe(value)}; use ${allowed}`);
  }
}

/** An argument of the wrong type. */
export class MathTypeError extends TypeError {
  override readonly name = "MathTypeError";
  constructor(
    readonly argument: string,
    readonly value: unknown,
    readonly allowed: string,
  ) {
    super(`${argument} was ${describe(value)}; use ${allowed}`);
  }
}

/**
 * An input that no kernel takes: NaN, an infinity, or a magnitude above 1e150. `index` is its place in a batch, else
 * −1; `what` says in words which input it was.
 */
export class MathInputError extends RangeError {
  override readonly name = "MathInputError";
  constructor(
    readonly value: unknown,
    readonly index: number,
    what = `input${index < 0 ? "" : ` ${index}`}`,
  ) {
    super(`${what} was ${describe(value)}; use a finite number of magnitude up to 1e150`);
  }
}

/** A result outside the integers a double can hold. */
export class MathOverflowError extends RangeError {
  override readonly name = "MathOverflowError";
}

/** The arena has no room for another state; sizes in bytes. */
export class ArenaFullError extends RangeError {
  override readonly name = "ArenaFullError";
  constructor(
    readonly neededBytes: number,
    readonly usedBytes: number,
    readonly capacityBytes: number,
  ) {
    super(
      `the arena was full: ${neededBytes} bytes needed, ${usedBytes} of ${capacityBytes} used; ` +
        "create the core with a larger arenaCapacity, or use fewer or shorter indicators",
    );
  }
}

/** State bytes that belong to other kernels, periods or sizes than those they were given to. */
export class MathStateError extends RangeError {
  override readonly name = "MathStateError";
}

/** Something that only WebAssembly can give was asked for where there is none. */
export class WebAssemblyMissingError extends Error {
  override readonly name = "WebAssemblyMissingError";
  constructor(readonly what: string) {
    super(
      `${what} needs WebAssembly, which this Node was started without; leave out --jitless ` +
        "(replay, backtest and verifying a journal do work with it)",
    );
  }
}

function describe(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  return value === null || value === undefined ? String(value) : `of type ${kindOf(value)}`;
}

function kindOf(value: NonNullable<unknown>): string {
  return typeof value === "object" ? (value.constructor?.name ?? "object") : typeof value;
}
