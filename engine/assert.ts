/** Assertions stay on in production: a broken invariant stops the engine before it can do harm. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Start-up was given something it cannot run with. The message names the input and the remedy. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
