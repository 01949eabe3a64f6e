/**
 * The text by which a venue knows an order of ours: a pure function of epoch, strategy and order id, so that it can be
 * made again after a crash and never changes. At most 18 characters of [a-z0-9], which every venue takes. The first
 * seven tell the epoch and the strategy and have fixed widths, so that two orders never share a text.
 */
import { assert } from "../assert.js";

const RADIX = 36;
const EPOCH_DIGITS = 4;
const STRATEGY_DIGITS = 3;
/** Lives of one engine that can be told apart. */
export const EPOCH_MAX = 36 * 36 * 36 * 36 - 1;
/** Strategies of one engine that can be told apart. */
export const STRATEGY_MAX = 36 * 36 * 36 - 1;

export function clientOrderId(epoch: number, strategy: number, orderId: number): string {
  assert(isWholeUpTo(epoch, EPOCH_MAX), `an epoch is a whole number up to ${EPOCH_MAX}, was ${epoch}`);
  assert(isWholeUpTo(strategy, STRATEGY_MAX), `a strategy is a whole number up to ${STRATEGY_MAX}, was ${strategy}`);
  assert(isWholeUpTo(orderId, Number.MAX_SAFE_INTEGER), `an order id is a whole number below 2^53, was ${orderId}`);
  return digits(epoch, EPOCH_DIGITS) + digits(strategy, STRATEGY_DIGITS) + digits(orderId, 1);
}

/** What a client order id tells of its order; all of it that a venue can know. */
export interface OrderName {
  readonly epoch: number;
  readonly strategy: number;
  readonly orderId: number;
}

/** Reads a text back, or null when it is none that `clientOrderId` makes: orders of others have names of any form. */
export function parseClientOrderId(text: string): OrderName | null {
  if (!/^[0-9a-z]{8,18}$/.test(text)) return null;
  const strategyAt = EPOCH_DIGITS;
  const orderAt = EPOCH_DIGITS + STRATEGY_DIGITS;
  const epoch = Number.parseInt(text.slice(0, strategyAt), RADIX);
  const strategy = Number.parseInt(text.slice(strategyAt, orderAt), RADIX);
  const orderId = Number.parseInt(text.slice(orderAt), RADIX);
  if (epoch === 0 || orderId === 0 || !Number.isSafeInteger(orderId)) return null;
  return digits(orderId, 1) === text.slice(orderAt) ? { epoch, strategy, orderId } : null;
}

const isWholeUpTo = (value: number, max: number): boolean => Number.isInteger(value) && value >= 0 && value <= max;

const digits = (value: number, width: number): string => value.toString(RADIX).padStart(width, "0");
