/**
 * Exact decimals of the order side of the venue: a price, a quantity or a sum of money is a bigint that counts 10^-8.
 * Nothing here passes through a binary fraction. Only a product or a fee can be finer than that, and is cut off.
 */

const DECIMALS = 8;
const ONE = 100_000_000n;
const MILLION = 1_000_000n;
const DECIMAL = /^(\d{1,20})(?:\.(\d{1,20}))?$/;

/** Units of 10^-8 in a plain non-negative decimal; undefined when the text is none, or is finer than that. */
export function parseAmount(text: string): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  return fraction.length > DECIMALS ? undefined : BigInt(match[1]! + fraction.padEnd(DECIMALS, "0"));
}

/** The same of a text of our own, such as a level of the true book. Throws when it is no such decimal. */
export function amountOf(text: string): bigint {
  const amount = parseAmount(text);
  if (amount === undefined) throw new RangeError(`an amount must be a decimal with at most 8 places, was "${text}"`);
  return amount;
}

/** Eight decimals: `0.50000000`. Negative amounts, which the venue's own side has, carry a minus. */
export function formatAmount(amount: bigint): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(DECIMALS + 1, "0");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

/** Price times quantity: exact when both are whole ticks and lots. */
export function quoteValue(price: bigint, quantity: bigint): bigint {
  return (price * quantity) / ONE;
}

/** The fee on a value, cut off, so that the fees of parts never pass the fee that was locked for the whole. */
export function feeOn(value: bigint, ppm: bigint): bigint {
  return (value * ppm) / MILLION;
}

/** The most that fees on the parts of a value can come to. */
export function feeCeiling(value: bigint, ppm: bigint): bigint {
  return (value * ppm + MILLION - 1n) / MILLION;
}

/** Whole steps of an amount, the rest cut off. */
export function wholeSteps(amount: bigint, step: bigint): bigint {
  return amount - (amount % step);
}

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
