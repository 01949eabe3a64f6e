/**
 * Replays a capture without end: a pure state machine that hands out frame after frame and keeps the venue's true
 * books. Where a loop meets the next, one depthUpdate per symbol turns the last book into the first one, and all later
 * ids and times are shifted so that a client sees one continuous stream. It has no clock; the server does the pacing.
 */
import type { Capture } from "./capture.js";
import { type Frame, type FrameKind, numberOf, printFrame, type Shift } from "./frame.js";
import { type DepthUpdate, VenueBook } from "./venue-book.js";

/** A frame as it goes out. */
export interface VenueFrame {
  readonly symbol: string;
  readonly kind: FrameKind;
  /** The raw payload, without the wrapping of combined streams. */
  readonly text: string;
}

export class Replay {
  readonly #capture: Capture;
  readonly #symbols: ReadonlyMap<string, SymbolReplay>;
  #loop = 0;
  #position = 0;
  /** Frames of the seam that have not gone out yet. */
  #seam: VenueFrame[] = [];
  #timeMs: number;

  constructor(capture: Capture) {
    this.#capture = capture;
    this.#symbols = new Map(capture.symbols.map((symbol) => [symbol, new SymbolReplay(capture, symbol)]));
    this.#timeMs = capture.startUs / 1000;
  }

  /** When the next frame is due, microseconds after the replay's start. */
  get dueUs(): number {
    const startUs = this.#loop * this.#capture.periodUs;
    return this.#seam.length > 0 ? startUs : startUs + this.#frame.offsetUs;
  }

  /** The venue's clock, milliseconds since the epoch: the latest event time it has sent. */
  get timeMs(): number {
    return this.#timeMs;
  }

  /** The true book of a symbol, or undefined when the replay does not have it. */
  book(symbol: string): VenueBook | undefined {
    return this.#symbols.get(symbol)?.book;
  }

  /** The next frame; the true book already contains it. */
  next(): VenueFrame {
    const queued = this.#seam.shift();
    if (queued) return queued;
    const frame = this.#frame;
    const { text, timeMs } = this.#symbols.get(frame.symbol)!.play(frame);
    this.#timeMs = Math.max(this.#timeMs, timeMs);
    if (++this.#position === this.#capture.frames.length) this.#startLoop();
    return { symbol: frame.symbol, kind: frame.kind, text };
  }

  get #frame(): Frame {
    return this.#capture.frames[this.#position]!;
  }

  #startLoop(): void {
    this.#position = 0;
    this.#loop++;
    const timeMs = (this.#loop * this.#capture.periodUs) / 1000;
    this.#seam = [...this.#symbols.values()].flatMap((symbol) => symbol.crossSeam(timeMs));
  }
}
