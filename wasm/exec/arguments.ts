/**
 * Checks of what users hand to a schedule. Errors name the argument, what it was, and what would do; a schedule checks
 * everything before it computes or changes anything.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { MILLION } from "./layout.js";

export const INTEGER_MAX = Number.MAX_SAFE_INTEGER;

/** Throws unless `options` is an object that has no other names than these. */
export function checkOptions(options: unknown, names: readonly string[]): void {
  const allowed = `an object with ${names.join(", ")}`;
  if (typeof options !== "object" || options === null || ArrayBuffer.isView(options) || Array.isArray(options)) {
    throw new MathTypeError("options", options, allowed);
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw new MathArgumentError("an option", name, `any of ${names.join(", ")}`);
  }
}

/** The integer, which may lie from `min` to `max`. */
export function integer(name: string, value: unknown, min = 0, max: number = INTEGER_MAX): number {
  if (isInteger(value, min, max)) return value;
  throw refused(name, value, `an integer from ${min} to ${max}`);
}

/** The integer at a place of an array; its name is put together only for an error. */
export function integerAt(name: string, values: Float64Array, at: number, min = 0, max: number = INTEGER_MAX): number {
  const value = values[at];
  return isInteger(value, min, max) ? value : integer(`${name}[${at}]`, value, min, max);
}

/** The number, which may lie from `min` to `max`. */
export function number(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw refused(name, value, `a number from ${min} to ${max}`);
}

function isInteger(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max;
}

function refused(name: string, value: unknown, allowed: string): Error {
  return new (typeof value === "number" ? MathArgumentError : MathTypeError)(name, value, allowed);
}

export function choice<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T)) {
    throw new MathArgumentError(name, value, choices.map((each) => `"${each}"`).join(" or "));
  }
  return value as T;
}

/** 1 for a buy, −1 for a sell. */
export function signOf(side: unknown): 1 | -1 {
  return choice("side", side, ["buy", "sell"]) === "buy" ? 1 : -1;
}

/** Microseconds from start to end, of which there are at least `least`. */
export function windowUs(startUs: unknown, endUs: unknown, least = 1): number {
  const start = integer("startUs", startUs, 0, INTEGER_MAX - least);
  return integer("endUs", endUs, start + least) - start;
}

/** A rate of participation, own / (own + market), as whole millionths. */
export function millionthsOf(name: string, rate: unknown): number {
  return Math.round(number(name, rate, 1 / MILLION, 1) * MILLION);
}

/** The parent's lots, which must reach the venue's minimum. */
export function parentLots(lots: unknown, lotsMin: number): number {
  return integer("lots", lots, lotsMin);
}

/** Throws unless the array holds weights: each 0 or from 1e-150 to 1e150, and one above 0. */
export function checkWeights(name: string, weights: unknown, max: number): asserts weights is Float64Array {
  if (!(weights instanceof Float64Array)) throw new MathTypeError(name, weights, "a Float64Array");
  if (weights.length < 1 || weights.length > max) {
    throw new MathArgumentError(`${name}.length`, weights.length, `1 to ${max}`);
  }
  const wrong = weights.findIndex((weight) => weight !== 0 && !(weight >= 1e-150 && weight <= 1e150));
  if (wrong >= 0)
    throw new MathArgumentError(`${name}[${wrong}]`, weights[wrong], "0 or a number from 1e-150 to 1e150");
  if (weights.every((weight) => weight === 0)) throw new MathArgumentError(`the sum of ${name}`, 0, "a weight above 0");
}
