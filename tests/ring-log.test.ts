/** The sequenced log with the readers it waits for, at its edges. Against a plain list see ring-log-model. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LOG_RECORD_HEADER, LOG_RECORDS, NONE } from "../actors/ring/layout.js";
import { LogReader } from "../actors/ring/log-reader.js";
import { LogRing, LogWriter } from "../actors/ring/log-ring.js";
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

function drain(reader: LogReader): number[] {
  const seen: number[] = [];
  while (reader.next() !== NONE) seen.push(reader.sequence);
  reader.release();
  return seen;
}

describe("a log and its readers", () => {
  test("room that was promised is there, wherever the ring's end falls among the records", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 511 }), sizes, (start, batch) => {
        let log = makeLog([[]], start * 8);
        const bytes = batch.reduce((sum, size) => sum + 32 + sizeOnLog(size), 0);
        fc.pre(bytes <= CAPACITY / 2);
        // Fills the ring by 40 bytes a step; at each, a writer that is then forgotten takes what was promised.
        let filled = false;
        while (!filled && log.writer.room(bytes)) {
          const trial = { ...log, writer: LogWriter.join(log.views, BASE, identity) };
          for (const size of batch) expect(append(trial, 1, size)).toBe(true);
          log = { ...log, writer: LogWriter.join(log.views, BASE, identity) };
          filled = !append(log, 0, 8);
          log.writer.publish();
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a reader says of its record what the writer said of it", () => {
    const log = makeLog([[]]);
    const [reader] = log.readers;
    append(log, 4, 12);
    log.writer.publish();
    const at = reader.next();
    expect([reader.type, reader.index, reader.flags, reader.sequence, reader.timeUs]).toEqual([5, 1, 0, 4, 4002]);
    expect([reader.recordOffset, reader.payloadOffset]).toEqual([at, at + 32]);
    expect([reader.recordBytes, reader.payloadBytes]).toEqual([48, 16]);
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
