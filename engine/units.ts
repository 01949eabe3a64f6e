/**
 * Exact decimal text to whole units and back: prices in ticks, quantities in lots. Nothing here goes through a binary
 * fraction; text that is not an exact multiple of the unit is refused, never rounded.
 */
import { assert, ConfigError } from "./assert.js";

/** Largest price, in ticks: prices travel as int32. */
export const PRICE_TICKS_MAX = 2_147_483_647;
/** Largest quantity, in lots: quantities travel as whole numbers in float64. */
export const QTY_LOTS_MAX = Number.MAX_SAFE_INTEGER;

/** Exact in binary up to 10^22; `**` is not specified bit for bit, so a table stands for it. */
const POWERS_OF_TEN = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
] as const;

export const powerOfTen = (exponent: number): number => POWERS_OF_TEN[exponent];

/** A step such as a tick of 0.05: `units` of 10^-`decimals`. */
export interface Step {
  readonly decimals: number;
  readonly units: number;
  /** 10^`decimals`. */
  readonly scale: number;
}

const DECIMAL = /^(\d{1,16})(?:\.(\d{1,18}))?$/;

/** Reads a step from decimal text such as "0.01". Throws ConfigError when it is not a positive decimal. */
export function parseStep(text: string, what: string): Step {
  const match = DECIMAL.exec(text);
  const fraction = (match?.[2] ?? "").replace(/0+$/, "");
  const units = match ? Number(match[1] + fraction) : 0;
  if (!match || !Number.isSafeInteger(units) || units <= 0) {
    throw new ConfigError(`${what} must be a positive decimal such as "0.01", was "${text}"`);
  }
  return { decimals: fraction.length, units, scale: powerOfTen(fraction.length) };
}

/**
 * Whole steps in a decimal text, or NaN when the text is not a plain non-negative decimal, is not a multiple of the
 * step, or passes 2^53.
 */
export function unitsFromText(text: string, step: Step): number {
  const match = DECIMAL.exec(text);
  if (!match) return Number.NaN;
  const fraction = match[2] ?? "";
  const kept = fraction.slice(0, step.decimals).padEnd(step.decimals, "0");
  if (/[1-9]/.test(fraction.slice(step.decimals))) return Number.NaN;
  const scaled = Number(match[1] + kept);
  const whole = scaled / step.units;
  return Number.isSafeInteger(scaled) && Number.isInteger(whole) ? whole : Number.NaN;
}

/** The nearest double to the decimal that `count` steps stand for. */
export function unitsToNumber(count: number, step: Step): number {
  return (count * step.units) / step.scale;
}

/** Decimal text of `count` steps, with as many decimals as the step has. */
export function unitsToText(count: number, step: Pick<Step, "decimals" | "units">): string {
  const scaled = count * step.units;
  assert(Number.isSafeInteger(scaled), `${count} steps of ${step.units} are not exact`);
  return formatScaled(scaled, step.decimals);
}

/** Decimal text of a whole number that stands for `scaled` × 10^-`decimals`. */
export function formatScaled(scaled: number, decimals: number): string {
  const digits = String(Math.abs(scaled)).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const sign = scaled < 0 ? "-" : "";
  return decimals ? `${sign}${whole}.${digits.slice(-decimals)}` : sign + whole;
}
