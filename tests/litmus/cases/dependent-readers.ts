/**
 * Three readers of a log in a row: each leaves a mark in the record, as the journal does with its checksum, and must
 * find the marks of those it depends on. A reader that ran ahead of another would find none.
 */
import {
  LOG_CRC,
  LOG_FLAGS,
  LOG_INDEX,
  LOG_LENGTH,
  LOG_RECORD_HEADER,
  LOG_SEQUENCE,
  LOG_TIME_US,
  LOG_TYPE,
  NONE,
} from "../../../actors/ring/layout.js";
import { LogRing } from "../../../actors/ring/log-ring.js";
import { Grade, type Litmus } from "../litmus.js";
import { fill, isWhole, sizeOf, typeOf } from "../payload.js";
import type { Side } from "../side.js";
import { identity, RING } from "../stage.js";
import { inJavaScript, inWebAssembly, type LogLanguage, type LogReceiver, type LogSender } from "./log-sides.js";
import { arrivals } from "./message-passing.js";

const BATCH_MAX = 64;
/** Words of a record's header in which the first two readers leave their marks. */
const MARKS = [LOG_FLAGS, LOG_CRC] as const;
const markOf = (n: number, reader: number): number => ~n ^ reader;

function writes(side: Side, log: LogSender): void {
  for (let n = 0; n < side.messages; ) {
    const bytes = sizeOf(n, side.seed);
    const at = log.claim(typeOf(n), n % 3, n, n + 0.5, bytes);
    if (at === NONE) {
      log.publish();
      side.count("full");
      if (!side.looksAgain()) return;
      continue;
    }
    fill(side.i32, at, n, bytes);
    log.commit();
    n += 1;
    if (side.random.below(BATCH_MAX / 2) === 0) log.publish();
    side.maybePause();
  }
  log.publish();
}

function reads(side: Side, log: LogReceiver, slot: number): void {
  for (let n = 0; n < side.messages; ) {
    const at = log.next();
    if (at === NONE) {
      log.release();
      side.count("empty");
      if (!side.looksAgain()) return;
      continue;
    }
    side.count(judge(side, at, n, slot));
    if (slot < MARKS.length) side.i32[(at + MARKS[slot]) >> 2] = markOf(n, slot);
    n += 1;
    if (side.random.below(BATCH_MAX / 2) === 0) log.release();
    side.maybePause();
  }
  log.release();
}

/** What the record at `at`, where record n is expected, turns out to be. */
function judge({ views, i32, seed }: Side, at: number, n: number, slot: number): string {
  const bytes = LOG_RECORD_HEADER + Math.ceil(sizeOf(n, seed) / 8) * 8;
  const isNext = views.f64[(at + LOG_SEQUENCE) >> 3] === n && views.f64[(at + LOG_TIME_US) >> 3] === n + 0.5;
  const isNamed = views.u16[(at + LOG_TYPE) >> 1] === typeOf(n) && views.u16[(at + LOG_INDEX) >> 1] === n % 3;
  if (!(isNext && isNamed && i32[(at + LOG_LENGTH) >> 2] === bytes)) return "misplaced";
  for (let before = 0; before < slot; before += 1) {
    if (i32[(at + MARKS[before]) >> 2] !== markOf(n, before)) return "ahead";
  }
  return isWhole(i32, at + LOG_RECORD_HEADER, n, sizeOf(n, seed)) ? "whole" : "torn";
}

/** A writer in one language, readers by turns in the other and in the writer's. */
const inARow = (name: string, writer: LogLanguage, other: LogLanguage): Litmus => ({
  name: `dependent-readers-${name}`,
  what: "a reader's marks and its cursor's store, against the cursor's load and the marks' by the reader behind it",
  share: 25,
  outcomes: {
    ...arrivals,
    ahead: { grade: Grade.forbidden, says: "a reader saw a record before the reader it depends on had released it" },
  },
  prepare: (views) =>
    LogRing.create(views, RING, { capacity: 16_384, identity, readers: 3, startPosition: 2 ** 32 - 1024 * 1024 }),
  sides: {
    writes: (side) => writes(side, writer.writer(side)),
    first: (side) => reads(side, other.reader(side, 0, []), 0),
    second: (side) => reads(side, writer.reader(side, 1, [0]), 1),
    third: (side) => reads(side, other.reader(side, 2, [1]), 2),
  },
});

export const dependentReaders: readonly Litmus[] = [
  inARow("js", inJavaScript, inJavaScript),
  inARow("wasm", inWebAssembly, inWebAssembly),
  inARow("js-wasm", inJavaScript, inWebAssembly),
  inARow("wasm-js", inWebAssembly, inJavaScript),
];
