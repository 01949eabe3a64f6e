/**
 * Decodes one websocket frame of Binance spot, raw or wrapped with its stream's name: trade, depthUpdate, bookTicker
 * and the replies to our requests. It reads the socket's bytes in place and leaves numbers in typed arrays; it makes
 * no strings and no objects. A frame that is not entirely what it must be is dropped with a reason, never half
 * believed.
 */
import type { Instrument } from "../../engine/instrument.js";
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from "../../engine/units.js";
import { DropReason } from "../feed-counters.js";
import type { LevelList } from "../level-list.js";
import { bit, DEPTH_NEEDS, Event, Field, mask, QUOTE_NEEDS, TRADE_NEEDS } from "./fields.js";
import { FrameReader, faultOf, RANGE_FAULT } from "./frame-reader.js";
import { UNKNOWN_SYMBOL } from "./symbol-index.js";

/** What a decoded frame is. A dropped frame's outcome is DROPPED plus its reason. */
export const Outcome = { Trade: 0, Quote: 1, Depth: 2, Reply: 3, Refusal: 4 } as const;
export const DROPPED = 16;

export const FRAME_BYTES_MAX = 1024 * 1024;
/** Milliseconds that still count exactly as microseconds. */
export const TIME_MS_MAX = Math.floor(Number.MAX_SAFE_INTEGER / 1000);
const ID_MAX = Number.MAX_SAFE_INTEGER;

const QUOTE_SIZES = mask(Field.BidQuantity, Field.AskQuantity);
const REPLY = mask(Field.Result, Field.Id);

export class BinanceDecoder {
  private readonly frame: FrameReader;

  constructor(instruments: readonly Instrument[]) {
    this.frame = new FrameReader(instruments);
  }

  /** The frame's numbers by Field; prices in ticks, quantities in lots, times in milliseconds. */
  get values(): Float64Array {
    return this.frame.values;
  }

  get bids(): LevelList {
    return this.frame.bids;
  }

  get asks(): LevelList {
    return this.frame.asks;
  }

  /** Position of the frame's instrument in the list given at the start, or UNKNOWN_SYMBOL; of dropped frames too. */
  get instrument(): number {
    return this.frame.instrument;
  }

  /** Quantities in the frame's levels or quote that were finer than a lot and are rounded down. */
  get rounded(): number {
    return this.frame.rounded;
  }

  /** Whether a dropped frame may have been an update of a book. */
  get mayTouchBook(): boolean {
    return this.frame.event === Event.None || this.frame.event === Event.Depth;
  }

  /** The outcome of a text frame of `length` bytes. What it left in this object holds until the next call. */
  decode(bytes: Uint8Array, length: number): number {
    const frame = this.frame;
    if (length > FRAME_BYTES_MAX) return this.refuse(DropReason.Oversized);
    if (!frame.read(bytes, length)) return DROPPED + DropReason.Malformed;
    if (frame.wrapped && (frame.fit & bit(Field.Stream)) === 0) return DROPPED + DropReason.Malformed;
    if ((frame.seen & bit(Field.Event)) === 0) return this.judgeUnnamed();
    if ((frame.fit & bit(Field.Event)) === 0) return DROPPED + DropReason.Malformed;
    switch (frame.event) {
      case Event.Trade:
        return this.judgeTrade();
      case Event.Quote:
        return this.judgeQuote();
      case Event.Depth:
        return this.judgeDepth();
      default:
        return DROPPED + DropReason.UnknownType;
    }
  }

  /** The outcome of a binary frame, which the venue never sends. */
  refuseBinary(): number {
    return this.refuse(DropReason.NotText);
  }

  /** Drops a frame unread. */
  private refuse(reason: number): number {
    this.frame.reset();
    return DROPPED + reason;
  }

  /** Spot's bookTicker and the replies to requests name no event. */
  private judgeUnnamed(): number {
    const { frame } = this;
    if ((frame.seen & QUOTE_SIZES) !== 0) return this.judgeQuote();
    if (!frame.wrapped && (frame.seen & bit(Field.Error)) !== 0) return Outcome.Refusal;
    if (!frame.wrapped && (frame.seen & REPLY) === REPLY) return Outcome.Reply;
    return DROPPED + DropReason.UnknownType;
  }

  private judgeTrade(): number {
    const { values } = this.frame;
    if ((this.frame.fit & TRADE_NEEDS) !== TRADE_NEEDS) return DROPPED + DropReason.Malformed;
    if (this.frame.instrument === UNKNOWN_SYMBOL) return DROPPED + DropReason.WrongSymbol;
    return verdict(
      faultOf(values, Field.EventTime, 0, TIME_MS_MAX) |
        faultOf(values, Field.TradeTime, 0, TIME_MS_MAX) |
        faultOf(values, Field.TradeId, 0, ID_MAX) |
        faultOf(values, Field.Price, 1, PRICE_TICKS_MAX) |
        faultOf(values, Field.Quantity, 1, QTY_LOTS_MAX),
      Outcome.Trade,
    );
  }

  /** A price of zero stands for a side without orders. */
  private judgeQuote(): number {
    const { values } = this.frame;
    this.frame.event = Event.Quote;
    if ((this.frame.fit & QUOTE_NEEDS) !== QUOTE_NEEDS) return DROPPED + DropReason.Malformed;
    if (this.frame.instrument === UNKNOWN_SYMBOL) return DROPPED + DropReason.WrongSymbol;
    return verdict(
      faultOf(values, Field.LastId, 0, ID_MAX) |
        faultOf(values, Field.Bid, 0, PRICE_TICKS_MAX) |
        faultOf(values, Field.BidQuantity, 0, QTY_LOTS_MAX) |
        faultOf(values, Field.Ask, 0, PRICE_TICKS_MAX) |
        faultOf(values, Field.AskQuantity, 0, QTY_LOTS_MAX),
      Outcome.Quote,
    );
  }

  private judgeDepth(): number {
    const { values } = this.frame;
    if ((this.frame.fit & DEPTH_NEEDS) !== DEPTH_NEEDS) return DROPPED + DropReason.Malformed;
    if (this.frame.tooManyLevels) return DROPPED + DropReason.Oversized;
    if (this.frame.instrument === UNKNOWN_SYMBOL) return DROPPED + DropReason.WrongSymbol;
    return verdict(
      this.frame.levelFaults |
        faultOf(values, Field.EventTime, 0, TIME_MS_MAX) |
        idsFault(values) |
        faultOf(values, Field.LastId, 0, ID_MAX),
      Outcome.Depth,
    );
  }
}

function verdict(faults: number, outcome: number): number {
  if (faults === 0) return outcome;
  return DROPPED + ((faults & RANGE_FAULT) !== 0 ? DropReason.OutOfRange : DropReason.OffTick);
}

function idsFault(values: Float64Array): number {
  return values[Field.FirstId] >= 0 && values[Field.FirstId] <= values[Field.LastId] ? 0 : RANGE_FAULT;
}
