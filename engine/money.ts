/**
 * Money as whole numbers: one money unit is 10^-8 of the account's currency. Sums are checked: a result past 2^53 would
 * lose a unit silently, so it stops the engine instead.
 */
import { AssertionError } from "./assert.js";
import { formatScaled, powerOfTen } from "./units.js";

export const MONEY_DECIMALS = 8;
export const MONEY_PER_UNIT = 100_000_000;

/** The value itself, once it is known to be exact. */
export function checked(money: number): number {
  // The words are made only when they are needed: this is on the path of every order.
  if (!Number.isSafeInteger(money)) throw new AssertionError(`money ${money} is not a whole number below 2^53`);
  return money;
}

/** Money units as currency with `decimals` digits, rounded half away from zero; for people, never for sums. */
export function formatMoney(money: number, decimals = 2): string {
  const unit = powerOfTen(MONEY_DECIMALS - decimals);
  const rest = Math.abs(money) % unit;
  const rounded = (Math.abs(money) - rest) / unit + (rest * 2 >= unit ? 1 : 0);
  return formatScaled(money < 0 ? -rounded : rounded, decimals);
}

/** Currency text such as "500" or "0.25" as money units; NaN when it is not such text or passes 2^53. */
export function moneyFromText(text: string): number {
  const match = /^(-?)(\d{1,8})(?:\.(\d{1,8}))?$/.exec(text);
  if (!match) return Number.NaN;
  const scaled = Number(match[2] + (match[3] ?? "").padEnd(MONEY_DECIMALS, "0"));
  if (!Number.isSafeInteger(scaled)) return Number.NaN;
  return match[1] ? 0 - scaled : scaled;
}
