/**
 * One pass over the bundled capture as frames' bytes, with what a player needs to play it for ever: where the ids and
 * times stand, and by how much each grows from pass to pass. It is made by the local venue's own replay, whose last
 * frames of a pass lead the books back to the first one, so that a feed follows without a gap.
 */
import assert from "node:assert/strict";
import { type Capture, loadCapture } from "../../feeds/local-venue/capture.js";
import { Replay } from "../../feeds/local-venue/replay.js";
import type { VenueFrame } from "../../feeds/local-venue/symbol-replay.js";
import type { DepthSnapshot } from "../../feeds/local-venue/venue-book.js";
import { STRATEGY_SYMBOL } from "./strategy.js";

/** Ids and times of one frame. */
export const NUMBERS_MAX = 3;

export interface Tape {
  /** The frames' bytes, one behind the other. */
  readonly bytes: SharedArrayBuffer;
  /** Where each frame begins, and where the last one ends. */
  readonly starts: Int32Array<SharedArrayBuffer>;
  /** By frame and number: where its last digit stands; 0 for none. */
  readonly digits: Int32Array<SharedArrayBuffer>;
  /** By frame and number: what the next pass adds to it. */
  readonly steps: Int32Array<SharedArrayBuffer>;
  /** 1 for a trade that the strategy hears of. */
  readonly trades: Uint8Array<SharedArrayBuffer>;
  /** By venue symbol. */
  readonly snapshots: ReadonlyMap<string, DepthSnapshot>;
}

/** A number that the venue counts on: event, trade and update ids, and times. */
const NUMBER = /"[ETUut]":(\d+)/g;

export function makeTape(capture: Capture = loadCapture()): Tape {
  // The seam between two passes: an update and a best quote a symbol.
  const frames = capture.frames.length + 2 * capture.symbols.length;
  const replay = new Replay(capture);
  const pass = (): VenueFrame[] => Array.from({ length: frames }, () => replay.next());
  const [first, second] = [pass(), pass()];
  const text = first.map((frame) => frame.text).join("");
  const bytes = new SharedArrayBuffer(text.length);
  new Uint8Array(bytes).set(Buffer.from(text, "latin1"));
  const starts = new Int32Array(new SharedArrayBuffer((frames + 1) * 4));
  const digits = new Int32Array(new SharedArrayBuffer(frames * NUMBERS_MAX * 4));
  const steps = new Int32Array(new SharedArrayBuffer(frames * NUMBERS_MAX * 4));
  const trades = new Uint8Array(new SharedArrayBuffer(frames));
  first.forEach((frame, index) => {
    starts[index + 1] = starts[index] + frame.text.length;
    trades[index] = frame.kind === "trade" && frame.symbol === STRATEGY_SYMBOL ? 1 : 0;
    const later = [...second[index].text.matchAll(NUMBER)];
    [...frame.text.matchAll(NUMBER)].forEach((number, slot) => {
      digits[index * NUMBERS_MAX + slot] = starts[index] + number.index + number[0].length - 1;
      steps[index * NUMBERS_MAX + slot] = Number(later[slot][1]) - Number(number[1]);
    });
  });
  assert(
    first.every(({ text: one }, index) => one.length === second[index].text.length),
    "the passes have the same frames",
  );
  return { bytes, starts, digits, steps, trades, snapshots: capture.snapshots };
}

/** Plays a tape for ever, in a copy of its own; nothing is allocated once it is made. */
export class TapePlayer {
  /** Frames handed out, and the trades among them that the strategy hears of. */
  frames = 0;
  trades = 0;
  private readonly tape: Tape;
  private readonly bytes: Uint8Array;
  private readonly views: readonly Uint8Array[];
  private at = 0;
  private isFirstPass = true;

  constructor(tape: Tape) {
    const bytes = new Uint8Array(tape.bytes).slice();
    this.tape = tape;
    this.bytes = bytes;
    this.views = Array.from(tape.trades, (_, frame) => bytes.subarray(tape.starts[frame], tape.starts[frame + 1]));
  }

  /** The next frame's bytes; they hold until the tape comes round. */
  next(): Uint8Array {
    const frame = this.at;
    if (!this.isFirstPass) this.moveOn(frame);
    this.frames += 1;
    this.trades += this.tape.trades[frame];
    this.at = frame + 1 === this.views.length ? 0 : frame + 1;
    if (this.at === 0) this.isFirstPass = false;
    return this.views[frame];
  }

  /** Raises a frame's ids and times, digit by digit, by what a pass adds. */
  private moveOn(frame: number): void {
    const { bytes, tape } = this;
    for (let number = frame * NUMBERS_MAX; number < (frame + 1) * NUMBERS_MAX; number += 1) {
      let place = tape.digits[number];
      for (let carry = place === 0 ? 0 : tape.steps[number]; carry > 0; place -= 1) {
        const digit = bytes[place] - ZERO + carry;
        bytes[place] = ZERO + (digit % 10);
        carry = (digit / 10) | 0;
      }
    }
  }
}

const ZERO = 0x30;
