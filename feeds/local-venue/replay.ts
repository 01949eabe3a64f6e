/**
 * Replays a capture without end: a pure state machine that hands out frame after frame and keeps the venue's true
 * books. Where a loop meets the next, one depthUpdate per symbol turns the last book into the first one, and all later
 * ids and times are shifted so that a client sees one continuous stream. It has no clock; the server does the pacing.
 */
import type { Capture } from "./capture.js";
import type { Frame } from "./frame.js";
import { SymbolReplay, type VenueFrame } from "./symbol-replay.js";
import type { VenueBook } from "./venue-book.js";

export class Replay {
  readonly #capture: Capture;
  readonly #symbols: ReadonlyMap<string, SymbolReplay>;
  #loop = 0;
  #position = 0;
  /** Frames of the seam, each made when its turn comes, so that the true book never runs ahead of what went out. */
  #seam: (() => VenueFrame)[] = [];
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
    const frame = this.#seam.shift()?.() ?? this.#playNext();
    this.#timeMs = Math.max(this.#timeMs, frame.timeMs);
    return frame;
  }

  get #frame(): Frame {
    return this.#capture.frames[this.#position]!;
  }

  #playNext(): VenueFrame {
    const frame = this.#frame;
    const played = this.#symbols.get(frame.symbol)!.play(frame);
    if (++this.#position === this.#capture.frames.length) this.#startLoop();
    return played;
  }

  #startLoop(): void {
    this.#position = 0;
    this.#loop++;
    const shiftMs = (this.#loop * this.#capture.periodUs) / 1000;
    this.#seam = [...this.#symbols.values()].flatMap((symbol) => [
      () => symbol.returnToFirstBook(shiftMs),
      () => symbol.bestOfBook(),
    ]);
  }
}
