/**
 * The functions of `Math` whose results ECMAScript leaves to the engine, as the math module computes them: the same
 * bits on every machine. Arguments convert as WebAssembly converts them, which is as `Math` does.
 */
export interface Libm {
  acos(x: number): number;
  acosh(x: number): number;
  asin(x: number): number;
  asinh(x: number): number;
  atan(x: number): number;
  atan2(y: number, x: number): number;
  atanh(x: number): number;
  cbrt(x: number): number;
  cos(x: number): number;
  cosh(x: number): number;
  exp(x: number): number;
  expm1(x: number): number;
  /** Of two sides; the hypot of a deterministic Math takes any number. */
  hypot(x: number, y: number): number;
  log(x: number): number;
  log10(x: number): number;
  log1p(x: number): number;
  log2(x: number): number;
  pow(x: number, y: number): number;
  sin(x: number): number;
  sinh(x: number): number;
  tan(x: number): number;
  tanh(x: number): number;
}

/** Picks the functions out of the module's exports and freezes them. */
export function libmOf(source: Libm): Libm {
  const { acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, cos, cosh, exp } = source;
  const { expm1, hypot, log, log10, log1p, log2, pow, sin, sinh, tan, tanh } = source;
  return Object.freeze({
    ...{ acos, acosh, asin, asinh, atan, atan2, atanh, cbrt, cos, cosh, exp },
    ...{ expm1, hypot, log, log10, log1p, log2, pow, sin, sinh, tan, tanh },
  });
}
