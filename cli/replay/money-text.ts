/** Money units as decimal text and back to what is read, also where a sum passes 2^53. */
import { MONEY_DECIMALS } from "../../engine/money.js";

/** With all its digits. */
export function moneyText(units: number | bigint): string {
  const digits = String(units < 0 ? -units : units).padStart(MONEY_DECIMALS + 1, "0");
  return `${units < 0 ? "-" : ""}${digits.slice(0, -MONEY_DECIMALS)}.${digits.slice(-MONEY_DECIMALS)}`;
}

/** One such text less another. */
export const minus = (text: string, other: string): string => moneyText(unitsOf(text) - unitsOf(other));

const unitsOf = (text: string): bigint => BigInt(text.replace(".", ""));
const CENT = 10n ** BigInt(MONEY_DECIMALS - 2);

/** Such text rounded to two decimals, half away from zero, for reading. */
export function cents(text: string): string {
  const units = unitsOf(text);
  const size = units < 0n ? -units : units;
  const rounded = (size + CENT / 2n) / CENT;
  const digits = String(rounded).padStart(3, "0");
  return `${units < 0n && rounded > 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
