/**
 * The elementary functions of AssemblyScript's NativeMath, a port of musl, with NaN results made canonical. The port picks
 * smaller algorithms, and so other bits, when the shrink level is above 0; the build holds it at 0, and the committed
 * hashes of a million results a function would show a change. Bounds are those musl states for its double functions.
 */
import { canonical } from "./number";

/** Below 1 ulp. */
export function acos(x: f64): f64 {
  return canonical(NativeMath.acos(x));
}

/** Below 2 ulp. */
export function acosh(x: f64): f64 {
  return canonical(NativeMath.acosh(x));
}

/** Below 1 ulp. */
export function asin(x: f64): f64 {
  return canonical(NativeMath.asin(x));
}

/** Below 2 ulp. */
export function asinh(x: f64): f64 {
  return canonical(NativeMath.asinh(x));
}

/** Below 1 ulp. */
export function atan(x: f64): f64 {
  return canonical(NativeMath.atan(x));
}

/** Below 1 ulp. */
export function atan2(y: f64, x: f64): f64 {
  return canonical(NativeMath.atan2(y, x));
}

/** Below 2 ulp. */
export function atanh(x: f64): f64 {
  return canonical(NativeMath.atanh(x));
}

/** Below 0.67 ulp. */
export function cbrt(x: f64): f64 {
  return canonical(NativeMath.cbrt(x));
}

/** Below 1 ulp. */
export function cos(x: f64): f64 {
  return canonical(NativeMath.cos(x));
}

/** Below 2 ulp. */
export function cosh(x: f64): f64 {
  return canonical(NativeMath.cosh(x));
}

/** Below 0.52 ulp. */
export function exp(x: f64): f64 {
  return canonical(NativeMath.exp(x));
}

/** Below 1 ulp. */
export function expm1(x: f64): f64 {
  return canonical(NativeMath.expm1(x));
}

/** Below 1 ulp. */
export function hypot(x: f64, y: f64): f64 {
  return canonical(NativeMath.hypot(x, y));
}

/** Below 0.52 ulp. */
export function log(x: f64): f64 {
  return canonical(NativeMath.log(x));
}

/** Below 1 ulp. */
export function log10(x: f64): f64 {
  return canonical(NativeMath.log10(x));
}

/** Below 1 ulp. */
export function log1p(x: f64): f64 {
  return canonical(NativeMath.log1p(x));
}

/** Below 0.55 ulp. */
export function log2(x: f64): f64 {
  return canonical(NativeMath.log2(x));
}

/** Below 0.55 ulp in the body; exponents of magnitude 2 and below that are whole or a half take a direct form. */
export function pow(x: f64, y: f64): f64 {
  return canonical(NativeMath.pow(x, y));
}

/** Below 1 ulp. */
export function sin(x: f64): f64 {
  return canonical(NativeMath.sin(x));
}

/** Below 2 ulp. */
export function sinh(x: f64): f64 {
  return canonical(NativeMath.sinh(x));
}

/** Below 1 ulp. */
export function tan(x: f64): f64 {
  return canonical(NativeMath.tan(x));
}

/** Below 2 ulp. */
export function tanh(x: f64): f64 {
  return canonical(NativeMath.tanh(x));
}
