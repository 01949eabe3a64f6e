/**
 * The bundled capture as the decoder's messages, kept in memory: what an engine is fed when the cost of decoding is not
 * to be in the measurement. It begins with the snapshots of all books, so it can be played again from its start.
 */
import type { StampUs } from "../../actors/clock.js";
import { timeOffset } from "../../engine/input.js";
import { BinanceIntake } from "../../feeds/binance/intake.js";
import { readSnapshot } from "../../feeds/binance/snapshot.js";
import { createFeedCounters, type MarketSink } from "../../feeds/index.js";
import { loadCapture } from "../../feeds/local-venue/capture.js";
import { Replay } from "../../feeds/local-venue/replay.js";
import { NO_ROOM } from "../../feeds/market-sink.js";
import { type MessageViews, padTo8, viewsOf } from "../../schemas/index.js";
import { INSTRUMENTS } from "../decode/frames.js";

const BYTES = 16 << 20;
const FRAMES = 12_000;
const START_US = 1_767_571_200_000_000;
const FRAME_US = 1_000;

/** Messages one behind the other. */
export class Decoded implements MarketSink {
  readonly views: MessageViews = viewsOf(new ArrayBuffer(BYTES));
  readonly types: number[] = [];
  /** Byte offsets; the last is where the next message would begin. */
  readonly starts: number[] = [0];

  get count(): number {
    return this.types.length;
  }

  claim(type: number, bytes: number): number {
    const at = this.starts[this.count];
    if (at + padTo8(bytes) > BYTES) return NO_ROOM;
    this.types[this.starts.length - 1] = type;
    this.starts.push(at + padTo8(bytes));
    return at;
  }

  commit(): void {}

  publish(): void {}

  /** Copies a message into a ring's record, with another moment of receipt. */
  copyTo(views: MessageViews, at: number, message: number, receivedUs: number): void {
    const from = this.starts[message] >> 2;
    const words = (this.starts[message + 1] >> 2) - from;
    for (let word = 0; word < words; word += 1) views.i32[(at >> 2) + word] = this.views.i32[from + word];
    views.f64[(at + timeOffset(this.types[message])) >> 3] = receivedUs;
  }
}

export function decodeCapture(): Decoded {
  const decoded = new Decoded();
  const capture = loadCapture();
  const replay = new Replay(capture);
  let nowUs = START_US;
  const stamp: StampUs = (into, index) => {
    into[index] = nowUs;
  };
  const intake = new BinanceIntake({
    ...{ instruments: INSTRUMENTS, sink: decoded, counters: createFeedCounters(), stamp },
    silenceMs: Number.POSITIVE_INFINITY,
  });
  intake.subscribed();
  for (let frame = 0; frame < FRAMES; frame += 1) {
    nowUs += FRAME_US;
    intake.onFrame(Buffer.from(replay.next().text, "latin1"), true);
    for (const book of intake.books) {
      if (!book.sync.wantsSnapshot) continue;
      book.sync.snapshotAsked();
      intake.onSnapshot(
        book,
        readSnapshot(capture.snapshots.get(book.instrument.venueSymbol), book.instrument, nowUs)!,
      );
    }
  }
  return decoded;
}
