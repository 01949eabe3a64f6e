/**
 * The elementary functions of AssemblyScript's NativeMath, a port of musl, with NaN results made canonical. The port
 * picks smaller algorithms, and so other bits, when the shrink level is above 0; the build holds it at 0, and the
 * committed hashes of a million results a function would show a change.
 *
 * Above each stands the largest error measured, not proved, against a 400-bit reference: up to 40 000 arguments of
 * any bits, ordinary, subnormal and medium size. Some pass what musl states: expm1, and sinh with it, because the
 * port adds the last terms in another order; sin, cos and tan by its reduction of arguments near 1e238 and beyond.
 */
import { canonical } from "./number";

/** Measured: 0.79 ulp. */
export function acos(x: f64): f64 {
  return canonical(NativeMath.acos(x));
}

/** Measured: 1.07 ulp. */
export function acosh(x: f64): f64 {
  return canonical(NativeMath.acosh(x));
}

/** Measured: 0.75 ulp. */
export function asin(x: f64): f64 {
  return canonical(NativeMath.asin(x));
}

/** Measured: 1.41 ulp. */
export function asinh(x: f64): f64 {
  return canonical(NativeMath.asinh(x));
}

/** Measured: 0.82 ulp. */
export function atan(x: f64): f64 {
  return canonical(NativeMath.atan(x));
}

/** Measured: 1.20 ulp. */
export function atan2(y: f64, x: f64): f64 {
  return canonical(NativeMath.atan2(y, x));
}

/** Measured: 1.52 ulp. */
export function atanh(x: f64): f64 {
  return canonical(NativeMath.atanh(x));
}

/** Measured: 0.67 ulp. */
export function cbrt(x: f64): f64 {
  return canonical(NativeMath.cbrt(x));
}

/** Measured: 1.23 ulp. */
export function cos(x: f64): f64 {
  return canonical(NativeMath.cos(x));
}

/** Measured: 0.98 ulp. */
export function cosh(x: f64): f64 {
  return canonical(NativeMath.cosh(x));
}

/** Measured: 0.51 ulp. */
export function exp(x: f64): f64 {
  return canonical(NativeMath.exp(x));
}

/** Measured: 1.54 ulp. */
export function expm1(x: f64): f64 {
  return canonical(NativeMath.expm1(x));
}

/** Measured: 0.96 ulp. */
export function hypot(x: f64, y: f64): f64 {
  return canonical(NativeMath.hypot(x, y));
}

/** Measured: 0.51 ulp. */
export function log(x: f64): f64 {
  return canonical(NativeMath.log(x));
}

/** Measured: 0.58 ulp. */
export function log10(x: f64): f64 {
  return canonical(NativeMath.log10(x));
}

/** Measured: 0.74 ulp. */
export function log1p(x: f64): f64 {
  return canonical(NativeMath.log1p(x));
}

/** Measured: 0.52 ulp. */
export function log2(x: f64): f64 {
  return canonical(NativeMath.log2(x));
}

/** Measured: 0.51 ulp. */
export function pow(x: f64, y: f64): f64 {
  return canonical(NativeMath.pow(x, y));
}

/** Measured: 1.02 ulp. */
export function sin(x: f64): f64 {
  return canonical(NativeMath.sin(x));
}

/** Measured: 1.98 ulp. */
export function sinh(x: f64): f64 {
  return canonical(NativeMath.sinh(x));
}

/** Measured: 1.83 ulp. */
export function tan(x: f64): f64 {
  return canonical(NativeMath.tan(x));
}

/** Measured: 1.90 ulp. */
export function tanh(x: f64): f64 {
  return canonical(NativeMath.tanh(x));
}
