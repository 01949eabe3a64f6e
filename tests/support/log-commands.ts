/**
 * What may be done to a log, as commands of fast-check: each does one thing to the log and to the model and compares.
 * Readers are compared by the bytes that they stand on, so that sides of either language can take part.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { BroadcastReader, Gap } from "../../actors/ring/broadcast.js";
import { NONE } from "../../actors/ring/layout.js";
import type { LogEntry, LogModel } from "./log-model.js";

export interface WriterSide {
  /** Byte offset of the payload, or NONE. */
  claim(type: number, index: number, sequence: number, timeUs: number, payloadBytes: number): number;
  commit(): void;
  /** Absent where the side has no such function. */
  abort?(): void;
  publish(): void;
}

export interface ReaderSide {
  /** Byte offset of the record's header, or NONE. */
  next(): number;
  release(): void;
  leave?(): void;
}

export interface LogUnderTest {
  readonly view: DataView;
  readonly u8: Uint8Array;
  writer: WriterSide;
  readonly readers: ReaderSide[];
  /** Nobody waits for it. */
  readonly lossy: BroadcastReader;
  joinWriter(): WriterSide;
  joinReader(slot: number): ReaderSide;
}

type Command = fc.Command<LogModel, LogUnderTest>;

function command(name: string, run: Command["run"], check: Command["check"] = () => true): Command {
  return { check, run, toString: () => name };
}

const typeOf = (sequence: number): number => 1 + (sequence % 5);
const timeOf = (sequence: number): number => sequence * 1000.5;

function claim({ u8, writer }: LogUnderTest, entry: LogEntry | null, bytes: number): void {
  const sequence = entry?.sequence ?? 0;
  const at = writer.claim(typeOf(sequence), sequence % 3, sequence, timeOf(sequence), bytes);
  assert.equal(at === NONE, entry === null, "a claim is refused exactly when the log is full");
  if (at !== NONE) u8.fill(sequence & 0xff, at, at + bytes);
}

const append = (bytes: number): Command =>
  command(`append ${bytes}`, (model, real) => {
    const entry = model.claim(bytes);
    claim(real, entry, bytes);
    if (entry === null) return;
    real.writer.commit();
    model.commit(entry);
  });

const abort = (bytes: number): Command =>
  command(`abort ${bytes}`, (model, real) => {
    if (real.writer.abort === undefined) return;
    const entry = model.claim(bytes);
    claim(real, entry, bytes);
    if (entry !== null) real.writer.abort();
  });

const publish = command("publish", (model, real) => {
  real.writer.publish();
  model.publish();
});

const restartWriter = command("the writer starts anew", (model, real) => {
  model.restartWriter();
  real.writer = real.joinWriter();
});

const isPresent =
  (slot: number) =>
  (model: LogModel): boolean =>
    model.readers[slot].present;

const next = (slot: number): Command =>
  command(
    `next by ${slot}`,
    (model, real) => {
      const at = real.readers[slot].next();
      const entry = model.next(slot);
      assert.equal(at === NONE, entry === null, "a record is found exactly when all before have released it");
      if (entry !== null) checkRecord(real, at, entry);
    },
    isPresent(slot),
  );

const release = (slot: number): Command =>
  command(
    `release by ${slot}`,
    (model, real) => {
      model.release(slot);
      real.readers[slot].release();
    },
    isPresent(slot),
  );

const restartReader = (slot: number): Command =>
  command(
    `reader ${slot} starts anew`,
    (model, real) => {
      model.restartReader(slot);
      real.readers[slot] = real.joinReader(slot);
    },
    isPresent(slot),
  );

const leave = (slot: number): Command =>
  command(
    `reader ${slot} leaves`,
    (model, real) => {
      if (real.readers[slot].leave === undefined) return;
      model.leave(slot);
      real.readers[slot].leave();
    },
    isPresent(slot),
  );

/** Every field of the header, every byte of the payload, and zeros behind it. */
function checkRecord({ view, u8 }: LogUnderTest, at: number, { sequence, payloadBytes }: LogEntry): void {
  const padded = Math.ceil(payloadBytes / 8) * 8;
  const header = [view.getUint32(at, true), view.getInt32(at + 4, true), view.getUint16(at + 8, true)];
  assert.deepEqual(header, [0, 32 + padded, typeOf(sequence)]);
  assert.deepEqual([view.getUint16(at + 10, true), view.getUint32(at + 12, true)], [sequence % 3, 0]);
  assert.deepEqual([view.getFloat64(at + 16, true), view.getFloat64(at + 24, true)], [sequence, timeOf(sequence)]);
  const payload = u8.subarray(at + 32, at + 32 + padded);
  assert(payload.every((byte, place) => byte === (place < payloadBytes ? sequence & 0xff : 0)));
}

/** What the lossy reader read last, kept beside it; −1 when nothing. */
const lastRead = new WeakMap<BroadcastReader, number>();

const readLossily = command("read lossily", (model, real) => {
  const { lossy } = real;
  if (lossy.next() === NONE) return;
  const { sequence } = lossy;
  const last = lastRead.get(lossy) ?? -1;
  assert(lossy.validate(), "nobody writes between the two");
  checkRecord(real, lossy.recordOffset, model.entries[sequence]);
  assert.equal(lossy.lapped, sequence > last + 1, "records are missing exactly when it says so");
  if (lossy.lapped) checkGap(model, lossy.gap, last, sequence);
  lastRead.set(lossy, sequence);
});

function checkGap(model: LogModel, gap: Gap, last: number, sequence: number): void {
  const lostBytes = model.entries[sequence].start - model.positionAfter(last + 1);
  assert.deepEqual([gap.fromSequence, gap.toSequence, gap.lostBytes], [last, sequence, lostBytes]);
}

/** Any commands on a log with so many gating readers whose payloads take up to `payloadBytesMax`. */
export function logCommands(readers: number, payloadBytesMax: number): fc.Arbitrary<Iterable<Command>> {
  const who = fc.integer({ min: 0, max: Math.max(0, readers - 1) });
  const bytes = fc.oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 0, max: payloadBytesMax }),
    fc.constant(payloadBytesMax),
  );
  // Named more than once is met more often: appends and reads make the log full and empty.
  const often = [bytes.map(append), bytes.map(append), bytes.map(append), fc.constant(publish), fc.constant(publish)];
  const reads = readers === 0 ? [] : [who.map(next), who.map(next), who.map(next), who.map(release), who.map(release)];
  const seldom = [bytes.map(abort), fc.constant(restartWriter)];
  const restarts = readers === 0 ? [] : [who.map(restartReader)];
  // A reader that leaves does so once and for all, so only the last of them may, and seldom.
  const leaves = readers < 2 ? [] : [fc.constantFrom(leave(readers - 1), readLossily, readLossily, readLossily)];
  const lossily = [fc.constant(readLossily), fc.constant(readLossily)];
  return fc.commands([...often, ...reads, ...reads, ...seldom, ...restarts, ...leaves, ...lossily], {
    maxCommands: 300,
    size: "max",
  });
}
