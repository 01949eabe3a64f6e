/** The sequenced log with the readers it waits for, against plain queues and at its edges. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LOG_RECORD_HEADER, LOG_RECORDS, NONE } from "../actors/ring/layout.js";
import { LogReader, LogRing, LogWriter } from "../actors/ring/log-ring.js";
import { type SharedViews, sharedViewsOf } from "../actors/ring/views.js";

const BASE = 128;
const CAPACITY = 4096;
const identity = { schemaHash: 1, buildHash: 2 };

interface Log {
  readonly views: SharedViews;
  readonly writer: LogWriter;
  readonly readers: readonly LogReader[];
}

/** A log whose reader i depends on the readers listed at place i. */
function makeLog(dependencies: readonly (readonly number[])[], startPosition = 0, stale = 0): Log {
  const views = sharedViewsOf(new SharedArrayBuffer(BASE + LogRing.bytesFor(CAPACITY)));
  views.u8.fill(stale);
  LogRing.create(views, BASE, { capacity: CAPACITY, identity, readers: dependencies.length, startPosition });
  const writer = LogWriter.join(views, BASE, identity);
  return { views, writer, readers: dependencies.map((on, slot) => LogReader.join(views, BASE, identity, slot, on)) };
}

/** Appends a record whose payload is filled with a byte of its sequence; false when there is no room. */
function append({ views, writer }: Log, sequence: number, bytes: number): boolean {
  const at = writer.claim(1 + (sequence % 5), sequence % 3, sequence, sequence * 1000.5, bytes);
  if (at === NONE) return false;
  views.u8.fill(sequence & 0xff, at, at + bytes);
  writer.commit();
  return true;
}

const sizeOnLog = (bytes: number): number => (bytes + 7) & ~7;

/** Checks every field of the reader's current record, and returns its sequence. */
function look({ views }: Log, reader: LogReader, bytes: number): number {
  const { sequence, payloadOffset, payloadBytes } = reader;
  expect(payloadBytes).toBe(sizeOnLog(bytes));
  expect([reader.type, reader.index, reader.timeUs, reader.flags]).toEqual([
    1 + (sequence % 5),
    sequence % 3,
    sequence * 1000.5,
    0,
  ]);
  expect([reader.recordOffset, reader.recordBytes]).toEqual([payloadOffset - 32, payloadBytes + 32]);
  const payload = [...views.u8.subarray(payloadOffset, payloadOffset + payloadBytes)];
  expect(payload).toEqual(payload.map((_, at) => (at < bytes ? sequence & 0xff : 0)));
  return sequence;
}

function drain(reader: LogReader): number[] {
  const seen: number[] = [];
  while (reader.next() !== NONE) seen.push(reader.sequence);
  reader.release();
  return seen;
}

const DIAMOND = [[], [0], [0], [1, 2]];

/** A diamond of readers beside what each of them must have seen and released. */
class Diamond {
  readonly log: Log;
  private readonly sizes: number[] = [];
  private readonly read = [0, 0, 0, 0];
  private readonly released = [0, 0, 0, 0];
  private published = 0;

  constructor(startPosition: number, stale: number) {
    this.log = makeLog(DIAMOND, startPosition, stale);
  }

  append(bytes: number): void {
    if (append(this.log, this.sizes.length, bytes)) this.sizes.push(bytes);
  }

  abort(bytes: number): void {
    if (this.log.writer.claim(9, 9, 9, 9, bytes) !== NONE) this.log.writer.abort();
  }

  publish(): void {
    this.log.writer.publish();
    this.published = this.sizes.length;
  }

  next(slot: number): void {
    const reader = this.log.readers[slot];
    const barrier = Math.min(this.published, ...DIAMOND[slot].map((other) => this.released[other]));
    const at = reader.next();
    expect(at === NONE).toBe(this.read[slot] === barrier);
    if (at === NONE) return;
    expect(look(this.log, reader, this.sizes[this.read[slot]])).toBe(this.read[slot]);
    this.read[slot] += 1;
  }

  release(slot: number): void {
    this.log.readers[slot].release();
    this.released[slot] = this.read[slot];
  }
}

describe("a log and its readers", () => {
  /** Steps come in bursts, so that readers run far apart and the ring is often full. */
  const step = fc.record({
    what: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom("append" as const, "publish" as const) },
      { weight: 8, arbitrary: fc.constantFrom("next" as const, "release" as const) },
      { weight: 1, arbitrary: fc.constant("abort" as const) },
    ),
    reader: fc.integer({ min: 0, max: 3 }),
    bytes: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 992 })),
    repeat: fc.integer({ min: 1, max: 12 }),
  });
  const start = fc.constantFrom(0, 2 ** 31 - 2048, 2 ** 32 - 2048, 8);
  const stale = fc.integer({ min: 0, max: 255 });

  test("each reader of a diamond sees every record in order, none before those it depends on released it", () => {
    fc.assert(
      fc.property(start, stale, fc.array(step, { maxLength: 300, size: "max" }), (position, stale, steps) => {
        const diamond = new Diamond(position, stale);
        for (const { what, reader, bytes, repeat } of steps) {
          for (let n = 0; n < repeat; n += 1) {
            diamond[what](what === "append" || what === "abort" ? bytes : reader);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test("room that was promised is there, wherever the ring's end falls among the records", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 511 }), sizes, (start, batch) => {
        const log = makeLog([[]], start * 8);
        const bytes = batch.reduce((sum, size) => sum + 32 + sizeOnLog(size), 0);
        fc.pre(bytes <= CAPACITY / 2);
        // Fills the ring by 40 bytes a step; at each, a writer that is then forgotten takes what was promised.
        let filled = false;
        while (!filled && log.writer.room(bytes)) {
          const trial = { ...log, writer: LogWriter.join(log.views, BASE, identity) };
          for (const size of batch) expect(append(trial, 1, size)).toBe(true);
          filled = !append(log, 0, 8);
          log.writer.publish();
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a slow reader holds the writer up, and leaving frees it for good", () => {
    const log = makeLog([[], []]);
    const [fast, slow] = log.readers;
    let sequence = 0;
    while (append(log, sequence, 96)) {
      log.writer.publish();
      fast.next();
      fast.release();
      sequence += 1;
    }
    expect(sequence).toBe(CAPACITY / 128);
    expect(log.writer.room(128)).toBe(false);
    slow.leave();
    for (let n = 0; n < 100; n += 1) {
      expect(append(log, sequence + n, 96)).toBe(true);
      log.writer.publish();
      expect(drain(fast)).toEqual([sequence + n]);
    }
    expect(() => LogReader.join(log.views, BASE, identity, 1)).toThrow(/slot 1 has left/);
  });

  test("a reader that depends on one that left never passes where that one stopped", () => {
    const log = makeLog([[], [0]]);
    const [journal, gateway] = log.readers;
    append(log, 0, 8);
    append(log, 1, 8);
    log.writer.publish();
    journal.next();
    journal.leave();
    expect(drain(gateway)).toEqual([0]);
    expect(gateway.available()).toBe(false);
  });

  test("a reader that starts anew goes on behind the last record it released", () => {
    const log = makeLog([[]]);
    for (let n = 0; n < 3; n += 1) append(log, n, 8);
    log.writer.publish();
    log.readers[0].next();
    log.readers[0].release();
    log.readers[0].next();
    expect(drain(LogReader.join(log.views, BASE, identity, 0))).toEqual([1, 2]);
  });

  test("a reader never sees a record whose writer died between claim and publish", () => {
    const log = makeLog([[]]);
    append(log, 0, 8);
    log.writer.publish();
    append(log, 1, 8);
    log.writer.claim(1, 0, 2, 0, 8);
    expect(drain(log.readers[0])).toEqual([0]);
    const restarted = { ...log, writer: LogWriter.join(log.views, BASE, identity) };
    append(restarted, 7, 8);
    restarted.writer.publish();
    expect(drain(log.readers[0])).toEqual([7]);
  });

  test("without readers a batch may not overwrite itself", () => {
    const log = makeLog([]);
    let appended = 0;
    while (append(log, appended, 96)) appended += 1;
    expect(appended).toBe(CAPACITY / 128);
    log.writer.publish();
    expect(append(log, appended, 96)).toBe(true);
  });

  test.each([8, 16, 24, 32, 40])("both sides agree on the last %i bytes of the ring", (left) => {
    const log = makeLog([[]], CAPACITY - 64 - left, 0xff);
    append(log, 0, 32);
    append(log, 1, 64);
    log.writer.publish();
    expect(drain(log.readers[0])).toEqual([0, 1]);
    expect(log.readers[0].recordOffset).toBe(BASE + LOG_RECORDS);
  });

  test("a record in the ring is laid out as it is on disk", () => {
    const log = makeLog([[]]);
    const at = log.writer.claim(0x1234, 0x5678, 2 ** 40 + 1, 1.5e15, 12) - LOG_RECORD_HEADER;
    log.views.u8.fill(0xab, at + 32, at + 44);
    const view = new DataView(log.views.buffer, at);
    expect([view.getUint32(0, true), view.getInt32(4, true), view.getUint16(8, true)]).toEqual([0, 48, 0x1234]);
    expect([view.getUint16(10, true), view.getUint32(12, true)]).toEqual([0x5678, 0]);
    expect([view.getFloat64(16, true), view.getFloat64(24, true)]).toEqual([2 ** 40 + 1, 1.5e15]);
    expect([view.getUint32(40, true), view.getUint32(44, true)]).toEqual([0xabababab, 0]);
  });
});

describe("misuse of a log", () => {
  test("a record larger than a quarter of the ring, or room for more than half, is refused with size and limit", () => {
    const { writer } = makeLog([[]]);
    expect(() => writer.claim(1, 0, 0, 0, 993)).toThrow(/0 to 992 bytes \(was 993\)/);
    expect(() => writer.room(2049)).toThrow(/0 to 2048 bytes \(was 2049\)/);
  });

  test("calls out of turn are refused", () => {
    const { writer } = makeLog([[]]);
    expect(() => writer.commit()).toThrow(/no claim is open/);
    expect(() => writer.abort()).toThrow(/no claim is open/);
    expect(() => writer.claim(0, 0, 0, 0, 8)).toThrow(/type 0/);
    writer.claim(1, 0, 0, 0, 8);
    expect(() => writer.claim(1, 0, 0, 0, 8)).toThrow(/a claim is open/);
  });

  test("impossible readers are refused", () => {
    const { views } = makeLog([[], []]);
    expect(() => LogReader.join(views, BASE, identity, 2)).toThrow(/has 2 gating readers: there is no slot 2/);
    expect(() => LogReader.join(views, BASE, identity, 0, [1])).toThrow(/\(was 1\)/);
    expect(() => LogReader.join(views, BASE, { ...identity, buildHash: 3 }, 0)).toThrow(/build hash 0x2.*expects 0x3/);
    expect(() => LogRing.create(views, BASE, { capacity: CAPACITY, identity, readers: 9 })).toThrow(/0 to 8.*was 9/);
  });
});
