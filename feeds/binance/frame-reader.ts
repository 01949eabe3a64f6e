/**
 * Walks over the bytes of one frame and notes which keys it has, which of them have the form they must have, and their
 * numbers. It checks that the frame is JSON to its last byte; what the frame means is judged in decode.ts.
 */
import type { Instrument } from "../../engine/instrument.js";
import { PRICE_TICKS_MAX, QTY_LOTS_MAX, type Step } from "../../engine/units.js";
import { LEVELS_MAX, LevelList } from "../level-list.js";
import { bit, Event, eventOfName, FIELD_OF_LETTER, FIELDS, Field, fieldOfWord, NO_FIELD, PAYLOAD } from "./fields.js";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  FAIL,
  LETTER_F,
  LETTER_T,
  OFF_STEP,
  OPEN_BRACE,
  OPEN_BRACKET,
  plainStringEnd,
  QUOTE,
  readDecimal,
  readInteger,
  skipFalse,
  skipSpace,
  skipTrue,
  skipValue,
  wholeSteps,
} from "./scan.js";
import { SymbolIndex, UNKNOWN_SYMBOL } from "./symbol-index.js";

/** Faults of numbers that are well-formed; they add up. */
const OFF_STEP_FAULT = 1;
export const RANGE_FAULT = 2;

/** Reads the numbers of a symbol that is not ours: their form is checked, their value is of no interest. */
const ANY_STEP: Step = { decimals: 0, units: 1, scale: 1 };

export class FrameReader {
  /** Numbers by field; prices in ticks, quantities in lots, times in milliseconds. */
  readonly values = new Float64Array(FIELDS);
  readonly bids = new LevelList();
  readonly asks = new LevelList();
  /** Position of the instrument in the list given at the start, or UNKNOWN_SYMBOL. */
  instrument = UNKNOWN_SYMBOL;
  event: number = Event.None;
  /** Keys that occurred. */
  seen = 0;
  /** Keys whose value has the form it must have. */
  fit = 0;
  /** Whether the payload stands in the `data` of an outer object. */
  wrapped = false;
  tooManyLevels = false;
  /** Of all levels together. */
  levelFaults = 0;
  /** Quantities of levels and quotes that were finer than a lot and are rounded down. */
  rounded = 0;

  private readonly instruments: readonly Instrument[];
  private readonly symbols: SymbolIndex;
  private tick = ANY_STEP;
  private lot = ANY_STEP;
  /** Keys whose value came before the symbol that gives it a unit, and where they are. */
  private deferred = 0;
  private readonly deferredAt = new Int32Array(FIELDS);
  private nesting = 1;
  private broken = false;
  private readonly level = new Float64Array(2);

  constructor(instruments: readonly Instrument[]) {
    this.instruments = instruments;
    this.symbols = new SymbolIndex(instruments);
  }

  /** Whether the bytes are one JSON object whose known keys are unambiguous. All holds until the next call. */
  read(bytes: Uint8Array, length: number): boolean {
    this.reset();
    let at = skipSpace(bytes, 0, length);
    if (at >= length || bytes[at] !== OPEN_BRACE) return false;
    at = this.readMembers(bytes, at + 1, length);
    if (at === FAIL || this.broken || skipSpace(bytes, at, length) !== length) return false;
    if (this.deferred !== 0) this.readDeferred(bytes, length);
    return true;
  }

  /** Forgets the last frame. */
  reset(): void {
    this.instrument = UNKNOWN_SYMBOL;
    this.event = Event.None;
    this.tick = this.lot = ANY_STEP;
    this.seen = this.fit = this.deferred = 0;
    this.nesting = 1;
    this.wrapped = this.tooManyLevels = this.broken = false;
    this.levelFaults = this.rounded = 0;
  }

  /** `at` is behind the opening brace. */
  private readMembers(bytes: Uint8Array, at: number, end: number): number {
    at = skipSpace(bytes, at, end);
    if (at < end && bytes[at] === CLOSE_BRACE) return at + 1;
    while (at < end) {
      if (bytes[at] !== QUOTE) return FAIL;
      const close = plainStringEnd(bytes, at + 1, end);
      if (close === FAIL) return FAIL;
      const field = this.fieldOf(bytes, at + 1, close);
      at = skipSpace(bytes, close + 1, end);
      if (at >= end || bytes[at] !== COLON) return FAIL;
      at = skipSpace(bytes, at + 1, end);
      at = field === NO_FIELD ? skipValue(bytes, at, end, this.nesting) : this.readOnce(field, bytes, at, end);
      if (at === FAIL) return FAIL;
      at = skipSpace(bytes, at, end);
      if (at < end && bytes[at] === CLOSE_BRACE) return at + 1;
      if (at >= end || bytes[at] !== COMMA) return FAIL;
      at = skipSpace(bytes, at + 1, end);
    }
    return FAIL;
  }

  private fieldOf(bytes: Uint8Array, at: number, close: number): number {
    if (close - at === 1) return FIELD_OF_LETTER[bytes[at]];
    return this.nesting === 1 ? fieldOfWord(bytes, at, close) : NO_FIELD;
  }

  /** A key that comes twice, or a payload's key beside a wrapped payload, leaves open what is meant. */
  private readOnce(field: number, bytes: Uint8Array, at: number, end: number): number {
    if ((this.seen & bit(field)) !== 0) return FAIL;
    if (this.wrapped && this.nesting === 1 && (bit(field) & PAYLOAD) !== 0) return FAIL;
    this.seen |= bit(field);
    if (at >= end) return FAIL;
    const next = this.readField(field, bytes, at, end);
    return next === FAIL ? skipValue(bytes, at, end, this.nesting) : next;
  }

  /** FAIL when the value has not the form that the field must have. */
  private readField(field: number, bytes: Uint8Array, at: number, end: number): number {
    switch (field) {
      case Field.EventTime:
      case Field.TradeTime:
      case Field.TradeId:
      case Field.FirstId:
      case Field.LastId:
        return this.accept(field, readInteger(bytes, at, end, this.values, field));
      case Field.Price:
      case Field.Quantity:
      case Field.Bid:
      case Field.BidQuantity:
      case Field.Ask:
      case Field.AskQuantity:
        return (this.seen & bit(Field.Symbol)) === 0 ? this.defer(field, at) : this.readMeasured(field, bytes, at, end);
      case Field.Event:
        return this.readEvent(bytes, at, end);
      case Field.Symbol:
        return this.readSymbol(bytes, at, end);
      case Field.BuyerIsMaker:
        return this.readFlag(bytes, at, end);
      case Field.Stream:
        return bytes[at] === QUOTE ? this.accept(field, skipValue(bytes, at, end)) : FAIL;
      case Field.Data:
        return bytes[at] === OPEN_BRACE ? this.readPayload(bytes, at, end) : FAIL;
      default:
        return FAIL;
    }
  }

  private accept(field: number, next: number): number {
    if (next !== FAIL) this.fit |= bit(field);
    return next;
  }

  private defer(field: number, at: number): number {
    this.deferred |= bit(field);
    this.deferredAt[field] = at;
    return FAIL;
  }

  private readDeferred(bytes: Uint8Array, end: number): void {
    for (let field: number = Field.Price; field <= Field.AskQuantity; field += 1) {
      if ((this.deferred & bit(field)) !== 0) this.readMeasured(field, bytes, this.deferredAt[field], end);
    }
  }

  private readMeasured(field: number, bytes: Uint8Array, at: number, end: number): number {
    if (bytes[at] === OPEN_BRACKET) {
      if (field === Field.Bid) return this.accept(Field.Bids, this.readLevels(this.bids, bytes, at, end));
      if (field === Field.Ask) return this.accept(Field.Asks, this.readLevels(this.asks, bytes, at, end));
      return FAIL;
    }
    const isPrice = field === Field.Price || field === Field.Bid || field === Field.Ask;
    const next = readDecimal(bytes, at, end, isPrice ? this.tick : this.lot, this.values, field);
    if (next !== FAIL && (field === Field.BidQuantity || field === Field.AskQuantity)) {
      this.roundQuantity(this.values, field);
    }
    return this.accept(field, next);
  }

  private readEvent(bytes: Uint8Array, at: number, end: number): number {
    const close = bytes[at] === QUOTE ? plainStringEnd(bytes, at + 1, end) : FAIL;
    if (close === FAIL) return FAIL;
    this.event = eventOfName(bytes, at + 1, close);
    return this.accept(Field.Event, close + 1);
  }

  private readSymbol(bytes: Uint8Array, at: number, end: number): number {
    const close = bytes[at] === QUOTE ? plainStringEnd(bytes, at + 1, end) : FAIL;
    if (close === FAIL) return FAIL;
    this.instrument = this.symbols.find(bytes, at + 1, close);
    if (this.instrument !== UNKNOWN_SYMBOL) {
      this.tick = this.instruments[this.instrument].tick;
      this.lot = this.instruments[this.instrument].lot;
    }
    return this.accept(Field.Symbol, close + 1);
  }

  private readFlag(bytes: Uint8Array, at: number, end: number): number {
    const isTrue = bytes[at] === LETTER_T;
    this.values[Field.BuyerIsMaker] = isTrue ? 1 : 0;
    if (!isTrue && bytes[at] !== LETTER_F) return FAIL;
    return this.accept(Field.BuyerIsMaker, isTrue ? skipTrue(bytes, at, end) : skipFalse(bytes, at, end));
  }

  private readPayload(bytes: Uint8Array, at: number, end: number): number {
    if ((this.seen & PAYLOAD) !== 0) return this.refuse();
    this.wrapped = true;
    this.nesting = 2;
    const next = this.readMembers(bytes, at + 1, end);
    this.nesting = 1;
    return next === FAIL ? this.refuse() : next;
  }

  /** Ends the frame: what follows must not make it whole again. */
  private refuse(): number {
    this.broken = true;
    return FAIL;
  }

  /** `[["price","quantity"],…]`; `at` is at the opening bracket. */
  private readLevels(list: LevelList, bytes: Uint8Array, at: number, end: number): number {
    const level = this.level;
    const start = at;
    list.count = 0;
    at = skipSpace(bytes, at + 1, end);
    if (at < end && bytes[at] === CLOSE_BRACKET) return at + 1;
    while (at < end) {
      if (bytes[at] !== OPEN_BRACKET) return FAIL;
      if (list.count === LEVELS_MAX) return this.skipLevels(bytes, start, end);
      at = readDecimal(bytes, skipSpace(bytes, at + 1, end), end, this.tick, level, 0);
      if (at === FAIL) return FAIL;
      at = skipSpace(bytes, at, end);
      if (at >= end || bytes[at] !== COMMA) return FAIL;
      at = readDecimal(bytes, skipSpace(bytes, at + 1, end), end, this.lot, level, 1);
      if (at === FAIL) return FAIL;
      at = skipSpace(bytes, at, end);
      if (at >= end || bytes[at] !== CLOSE_BRACKET) return FAIL;
      this.roundQuantity(level, 1);
      this.levelFaults |= faultOf(level, 0, 1, PRICE_TICKS_MAX) | faultOf(level, 1, 0, QTY_LOTS_MAX);
      list.push(level);
      at = skipSpace(bytes, at + 1, end);
      if (at < end && bytes[at] === CLOSE_BRACKET) return at + 1;
      if (at >= end || bytes[at] !== COMMA) return FAIL;
      at = skipSpace(bytes, at + 1, end);
    }
    return FAIL;
  }

  /**
   * Orders older than an instrument's present step leave quantities at a level that are finer than a lot. What is
   * below a lot cannot be traded, so it is not counted on.
   */
  private roundQuantity(out: Float64Array, slot: number): void {
    if (out[slot] > OFF_STEP) return;
    out[slot] = wholeSteps(out[slot]);
    this.rounded += 1;
  }

  private skipLevels(bytes: Uint8Array, at: number, end: number): number {
    this.tooManyLevels = true;
    return skipValue(bytes, at, end, this.nesting);
  }
}

/** The fault of a number that must lie between `low` and `high`, or 0. A double passed as such would be boxed. */
export function faultOf(values: Float64Array, slot: number, low: number, high: number): number {
  const value = values[slot];
  if (value <= OFF_STEP) return OFF_STEP_FAULT;
  return value >= low && value <= high ? 0 : RANGE_FAULT;
}
