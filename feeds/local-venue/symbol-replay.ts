/**
 * One symbol's part of a replay: its true book, the last ids it sent, and the shift of the present loop. It plays what
 * it is given; which frame comes when is the replay's business. Ids only grow, and depth updates leave no gap.
 */
import type { Capture } from "./capture.js";
import { type Frame, type FrameKind, numberOf, printFrame, type Shift } from "./frame.js";
import { type DepthUpdate, VenueBook } from "./venue-book.js";

/** A frame as it goes out. */
export interface VenueFrame {
  readonly symbol: string;
  readonly kind: FrameKind;
  /** The venue's event time, milliseconds since the epoch; 0 for a bookTicker, which has none. */
  readonly timeMs: number;
  /** The raw payload, without the wrapping of combined streams. */
  readonly text: string;
}

export class SymbolReplay {
  readonly book: VenueBook;
  readonly #symbol: string;
  readonly #firstBook: VenueBook;
  readonly #firstDepth: Frame;
  readonly #firstTrade: Frame | undefined;
  readonly #shift: Shift = { updateId: 0, tradeId: 0, timeMs: 0 };
  #lastTickerId = 0;
  #lastTradeId = 0;

  constructor(capture: Capture, symbol: string) {
    const snapshot = capture.snapshots.get(symbol)!;
    const frames = capture.frames.filter((frame) => frame.symbol === symbol);
    this.#symbol = symbol;
    this.book = new VenueBook(snapshot);
    this.#firstBook = new VenueBook(snapshot);
    this.#firstDepth = frames.find((frame) => frame.kind === "depth")!;
    this.#firstTrade = frames.find((frame) => frame.kind === "trade");
  }

  /** Plays a recorded frame: its text with this loop's ids and times. */
  play(frame: Frame): VenueFrame {
    const text = printFrame(frame, this.#shift);
    if (frame.kind === "depth") this.book.apply(JSON.parse(text) as DepthUpdate);
    if (frame.kind === "bookTicker") this.#lastTickerId = numberOf(frame, "u") + this.#shift.updateId;
    if (frame.kind === "trade") this.#lastTradeId = numberOf(frame, "t") + this.#shift.tradeId;
    const timeMs = frame.kind === "bookTicker" ? 0 : numberOf(frame, "E") + this.#shift.timeMs;
    return { symbol: this.#symbol, kind: frame.kind, timeMs, text };
  }

  /**
   * Starts a loop that is `shiftMs` later than the recording: one depthUpdate that turns the book into the first one.
   * Its last id is past every id sent, and the first recorded update of the new loop continues at the id after it.
   */
  returnToFirstBook(shiftMs: number): VenueFrame {
    const { lastUpdateId } = this.book;
    const update = {
      e: "depthUpdate",
      E: numberOf(this.#firstDepth, "E") + shiftMs - 1,
      s: this.#symbol,
      U: lastUpdateId + 1,
      u: Math.max(lastUpdateId, this.#lastTickerId) + 1,
      ...this.book.changesTo(this.#firstBook),
    };
    this.#shift.timeMs = shiftMs;
    this.#shift.updateId = update.u + 1 - numberOf(this.#firstDepth, "U");
    if (this.#firstTrade) this.#shift.tradeId = this.#lastTradeId + 1 - numberOf(this.#firstTrade, "t");
    this.book.apply(update);
    return { symbol: this.#symbol, kind: "depth", timeMs: update.E, text: JSON.stringify(update) };
  }

  /** A bookTicker of the book as it stands. */
  bestOfBook(): VenueFrame {
    const [bid, bidQuantity] = this.book.bestBid()!;
    const [ask, askQuantity] = this.book.bestAsk()!;
    const ticker = { u: this.book.lastUpdateId, s: this.#symbol, b: bid, B: bidQuantity, a: ask, A: askQuantity };
    this.#lastTickerId = ticker.u;
    return { symbol: this.#symbol, kind: "bookTicker", timeMs: 0, text: JSON.stringify(ticker) };
  }
}
