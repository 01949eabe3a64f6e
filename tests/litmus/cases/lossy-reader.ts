/**
 * The reader that nobody waits for, lapped all the time: a copy that was overwritten meanwhile is never accepted, and
 * what it lost is what it says, to the byte.
 */
import { BroadcastReader } from "../../../actors/ring/broadcast.js";
import { LOG_RECORD_HEADER, NONE } from "../../../actors/ring/layout.js";
import { LogRing } from "../../../actors/ring/log-ring.js";
import { Grade, type Litmus } from "../litmus.js";
import { fill, isWhole, PAYLOAD_BYTES_MAX, sizeOf, typeOf } from "../payload.js";
import type { Side } from "../side.js";
import { FINISH, identity, RING, WORDS } from "../stage.js";
import { inJavaScript, inWebAssembly, type LogLanguage, type LogSender } from "./log-sides.js";
import { arrivals } from "./message-passing.js";

const CAPACITY = 16_384;
const START = 2 ** 31 - 1024 * 1024;
const BATCH_MAX = 16;
/** A reader sees what is published after it joined, so the writer waits for that. */
const READER_JOINED = WORDS >> 2;

function writes(side: Side, log: LogSender): void {
  while (Atomics.load(side.i32, READER_JOINED) === 0) if (!side.looksAgain()) return;
  for (let n = 0; n < side.messages && !side.isFinished; n += 1) {
    const bytes = sizeOf(n, side.seed);
    let at = log.claim(typeOf(n), 0, n, n + 0.5, bytes);
    if (at === NONE) {
      log.publish();
      at = log.claim(typeOf(n), 0, n, n + 0.5, bytes);
    }
    fill(side.i32, at, n, bytes);
    log.commit();
    side.spin(side.random.below(64));
    if (side.random.below(BATCH_MAX) === 0) log.publish();
    side.maybePause();
  }
  log.publish();
  Atomics.store(side.i32, FINISH >> 2, 1);
}

/** Follows where the writer put each record, for the bytes of a gap. */
class Layout {
  private next = 0;
  private end = START;

  constructor(private readonly seed: number) {}

  /** Bytes from the end of message `from` − 1 to the beginning of message `to`. Messages ascend from call to call. */
  bytesBetween(from: number, to: number): number {
    this.moveTo(from);
    const left = this.end;
    this.moveTo(to);
    return this.end + this.skippedBefore(to) - left;
  }

  private moveTo(n: number): void {
    for (; this.next < n; this.next += 1) this.end += this.skippedBefore(this.next) + this.bytesOf(this.next);
  }

  private bytesOf(n: number): number {
    return LOG_RECORD_HEADER + Math.ceil(sizeOf(n, this.seed) / 8) * 8;
  }

  private skippedBefore(n: number): number {
    const untilEnd = CAPACITY - (this.end % CAPACITY);
    return this.bytesOf(n) > untilEnd ? untilEnd : 0;
  }
}

function reads(side: Side): void {
  const log = BroadcastReader.join(side.views, RING, identity);
  Atomics.store(side.i32, READER_JOINED, 1);
  const copy = new Int32Array(PAYLOAD_BYTES_MAX >> 2);
  const layout = new Layout(side.seed);
  let last = -1;
  while (true) {
    if (log.next() === NONE) {
      if (side.isFinished && !log.available()) return;
      if (!side.looksAgain()) return;
      continue;
    }
    const { sequence, payloadOffset, payloadBytes, lapped } = log;
    copySlowly(side, payloadOffset, payloadBytes, copy);
    const whole = isWhole(copy, 0, sequence, sizeOf(sequence, side.seed));
    if (!log.validate()) {
      side.count(whole ? "refused" : "torn and refused");
      continue;
    }
    side.count(whole ? "whole" : "torn");
    if (lapped !== sequence > last + 1) side.count("misreported");
    if (lapped) side.count(isGapRight(log, layout, last) ? "lapped" : "misreported");
    last = sequence;
    side.maybePause();
  }
}

/** Waits in the middle of the copy: the writer overtakes the reader there sooner or later. */
function copySlowly(side: Side, at: number, bytes: number, copy: Int32Array): void {
  const words = Math.min(bytes, PAYLOAD_BYTES_MAX) >> 2;
  const middle = side.random.below(words);
  for (let place = 0; place < words; place += 1) {
    if (place === middle) side.spin(side.random.below(200));
    copy[place] = side.i32[(at >> 2) + place];
  }
}

function isGapRight({ gap, sequence }: BroadcastReader, layout: Layout, last: number): boolean {
  const isNamed = gap.fromSequence === last && gap.toSequence === sequence;
  return isNamed && gap.lostBytes === layout.bytesBetween(last + 1, sequence);
}

const overtaken = (name: string, { writer }: LogLanguage): Litmus => ({
  name: `lossy-reader-${name}`,
  what: "the intent's store and the payload's of the next lap, against a copy of the payload and the intent's load",
  share: 100,
  outcomes: {
    whole: arrivals.whole,
    lapped: { grade: Grade.interesting, says: "records were lost before this one, and the gap named them to the byte" },
    refused: { grade: Grade.interesting, says: "a copy was overwritten just afterwards, and thrown away" },
    "torn and refused": { grade: Grade.interesting, says: "a copy was overwritten meanwhile, and thrown away" },
    torn: { grade: Grade.forbidden, says: "a torn copy was accepted" },
    misreported: { grade: Grade.forbidden, says: "records were lost, and the gap did not say which" },
  },
  prepare: (views) => LogRing.create(views, RING, { capacity: CAPACITY, identity, readers: 0, startPosition: START }),
  sides: { writes: (side) => writes(side, writer(side)), reads },
});

export const lossyReaders: readonly Litmus[] = [overtaken("js", inJavaScript), overtaken("wasm", inWebAssembly)];
