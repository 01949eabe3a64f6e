/**
 * Reads JSON from bytes in place: each function takes the bytes, a position and the end, and returns the position after
 * what it read, or FAIL. Nothing is allocated, and no position at or past `end` is ever looked at. Numbers go into an
 * output array, since a returned double would be boxed.
 */
import { powerOfTen, type Step } from "../../engine/units.js";

export const FAIL = -1;

/** Stands in an output in the place of a number past 2^53 − 1. */
export const OUT_OF_RANGE = -2;
/** This and below stand for numbers that are no multiple of the step: OFF_STEP minus the whole steps in them. */
export const OFF_STEP = -3;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const LETTER_F = 0x66;
export const LETTER_T = 0x74;
const SPACE = 0x20;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_E = 0x65;
const LETTER_N = 0x6e;
const LETTER_U = 0x75;

/** Deeper nesting is refused. */
const NESTING_MAX = 32;
/** As in engine/units.ts: what plain decimal text may be. */
const WHOLE_DIGITS_MAX = 16;
const FRACTION_DIGITS_MAX = 18;

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

/** After whitespace, which may be none. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && isSpace(bytes[at])) at += 1;
  return at;
}

function isSpace(byte: number): boolean {
  return byte <= SPACE && (byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

/** A string without escapes; `at` is behind its opening quote. Returns the position of the closing quote. */
export function plainStringEnd(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH || byte < SPACE) return FAIL;
    at += 1;
  }
  return FAIL;
}

/** Any JSON value; `at` is at its first byte. */
export function skipValue(bytes: Uint8Array, at: number, end: number, nesting = 0): number {
  if (at >= end) return FAIL;
  const byte = bytes[at];
  if (byte === QUOTE) return skipString(bytes, at + 1, end);
  if (byte === OPEN_BRACE) return skipObject(bytes, at + 1, end, nesting + 1);
  if (byte === OPEN_BRACKET) return skipArray(bytes, at + 1, end, nesting + 1);
  if (byte === LETTER_T) return skipTrue(bytes, at, end);
  if (byte === LETTER_F) return skipFalse(bytes, at, end);
  if (byte === LETTER_N) return skipNull(bytes, at, end);
  return skipNumber(bytes, at, end);
}

export function skipTrue(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return FAIL;
  const same = bytes[at + 1] === 0x72 && bytes[at + 2] === LETTER_U && bytes[at + 3] === LETTER_E;
  return same ? at + 4 : FAIL;
}

export function skipFalse(bytes: Uint8Array, at: number, end: number): number {
  if (at + 5 > end) return FAIL;
  const same = bytes[at + 1] === 0x61 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x73 && bytes[at + 4] === LETTER_E;
  return same ? at + 5 : FAIL;
}

function skipNull(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return FAIL;
  const same = bytes[at + 1] === LETTER_U && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x6c;
  return same ? at + 4 : FAIL;
}

/** `at` is behind the opening quote. */
function skipString(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte < SPACE) return FAIL;
    if (byte === BACKSLASH) at = skipEscape(bytes, at + 1, end);
    else at += 1;
    if (at === FAIL) return FAIL;
  }
  return FAIL;
}

/** `at` is behind the backslash. */
function skipEscape(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return FAIL;
  switch (bytes[at]) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f:
    case 0x62:
    case LETTER_F:
    case LETTER_N:
    case 0x72:
    case LETTER_T:
      return at + 1;
    case LETTER_U:
      for (let digit = 1; digit <= 4; digit += 1) if (at + digit >= end || !isHexDigit(bytes[at + digit])) return FAIL;
      return at + 5;
    default:
      return FAIL;
  }
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= LETTER_F);
}

function skipNumber(bytes: Uint8Array, at: number, end: number): number {
  if (at < end && bytes[at] === MINUS) at += 1;
  if (at < end && bytes[at] === ZERO) at += 1;
  else if ((at = skipDigits(bytes, at, end)) === FAIL) return FAIL;
  if (at < end && bytes[at] === DOT && (at = skipDigits(bytes, at + 1, end)) === FAIL) return FAIL;
  if (at < end && (bytes[at] | 0x20) === LETTER_E) {
    at += 1;
    if (at < end && (bytes[at] === PLUS || bytes[at] === MINUS)) at += 1;
    return skipDigits(bytes, at, end);
  }
  return at;
}

/** One digit or more. */
function skipDigits(bytes: Uint8Array, at: number, end: number): number {
  const start = at;
  while (at < end && isDigit(bytes[at])) at += 1;
  return at === start ? FAIL : at;
}

/** `at` is behind the opening brace. */
function skipObject(bytes: Uint8Array, at: number, end: number, nesting: number): number {
  if (nesting > NESTING_MAX) return FAIL;
  at = skipSpace(bytes, at, end);
  if (at < end && bytes[at] === CLOSE_BRACE) return at + 1;
  while (at < end) {
    if (bytes[at] !== QUOTE || (at = skipString(bytes, at + 1, end)) === FAIL) return FAIL;
    at = skipSpace(bytes, at, end);
    if (at >= end || bytes[at] !== COLON) return FAIL;
    if ((at = skipValue(bytes, skipSpace(bytes, at + 1, end), end, nesting)) === FAIL) return FAIL;
    at = skipSpace(bytes, at, end);
    if (at < end && bytes[at] === CLOSE_BRACE) return at + 1;
    if (at >= end || bytes[at] !== COMMA) return FAIL;
    at = skipSpace(bytes, at + 1, end);
  }
  return FAIL;
}

/** `at` is behind the opening bracket. */
function skipArray(bytes: Uint8Array, at: number, end: number, nesting: number): number {
  if (nesting > NESTING_MAX) return FAIL;
  at = skipSpace(bytes, at, end);
  if (at < end && bytes[at] === CLOSE_BRACKET) return at + 1;
  while (at < end) {
    if ((at = skipValue(bytes, at, end, nesting)) === FAIL) return FAIL;
    at = skipSpace(bytes, at, end);
    if (at < end && bytes[at] === CLOSE_BRACKET) return at + 1;
    if (at >= end || bytes[at] !== COMMA) return FAIL;
    at = skipSpace(bytes, at + 1, end);
  }
  return FAIL;
}

/** A JSON number that is a plain whole number: no sign, point, exponent or leading zero. */
export function readInteger(bytes: Uint8Array, at: number, end: number, out: Float64Array, slot: number): number {
  const start = at;
  let value = 0;
  while (at < end && isDigit(bytes[at])) {
    value = value * 10 + (bytes[at] - ZERO);
    at += 1;
  }
  if (at === start || (bytes[start] === ZERO && at > start + 1)) return FAIL;
  if (at < end && (bytes[at] === DOT || (bytes[at] | 0x20) === LETTER_E)) return FAIL;
  // Two stores: the value of a conditional expression would be boxed.
  if (value > Number.MAX_SAFE_INTEGER) out[slot] = OUT_OF_RANGE;
  else out[slot] = value;
  return at;
}

/** What readDecimal left in an output, rounded down to whole steps. */
export const wholeSteps = (value: number): number => (value <= OFF_STEP ? OFF_STEP - value : value);

/**
 * A JSON string that is a plain decimal, digits [. digits], as whole steps; `at` is at its opening quote. Zeros beyond
 * the step are accepted; anything else there makes it OFF_STEP.
 */
export function readDecimal(
  bytes: Uint8Array,
  at: number,
  end: number,
  step: Step,
  out: Float64Array,
  slot: number,
): number {
  if (at >= end || bytes[at] !== QUOTE) return FAIL;
  const decimals = step.decimals;
  const start = (at += 1);
  let value = 0;
  let offStep = false;
  let fraction = 0;
  while (at < end && isDigit(bytes[at])) {
    value = value * 10 + (bytes[at] - ZERO);
    at += 1;
  }
  if (at === start || at - start > WHOLE_DIGITS_MAX) return FAIL;
  if (at < end && bytes[at] === DOT) {
    const point = (at += 1);
    while (at < end && isDigit(bytes[at])) {
      if (fraction < decimals) value = value * 10 + (bytes[at] - ZERO);
      else if (bytes[at] !== ZERO) offStep = true;
      fraction += 1;
      at += 1;
    }
    if (at === point || fraction > FRACTION_DIGITS_MAX) return FAIL;
  }
  if (at >= end || bytes[at] !== QUOTE) return FAIL;
  if (fraction < decimals) value *= powerOfTen(decimals - fraction);
  const count = step.units === 1 ? value : value / step.units;
  // Sums and products past 2^53 round, but never back below it; below it the product tells a multiple exactly.
  if (value > Number.MAX_SAFE_INTEGER) out[slot] = OUT_OF_RANGE;
  else if (offStep || Math.floor(count) * step.units !== value) out[slot] = OFF_STEP - Math.floor(count);
  else out[slot] = count;
  return at + 1;
}
