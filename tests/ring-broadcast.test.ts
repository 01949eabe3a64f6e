/** The lossy reader: what it returns is whole, and what it lost it says exactly. On real threads see litmus. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BroadcastReader } from "../actors/ring/broadcast.js";
import { NONE } from "../actors/ring/layout.js";
import { LogRing, LogWriter } from "../actors/ring/log-ring.js";
import { sharedViewsOf } from "../actors/ring/views.js";

const identity = { schemaHash: 1, buildHash: 2 };

const CAPACITY = 4096;

function makeBroadcast(capacity = CAPACITY, startPosition = 0) {
  const views = sharedViewsOf(new SharedArrayBuffer(LogRing.bytesFor(capacity)));
  LogRing.create(views, 0, { capacity, identity, readers: 0, startPosition });
  const writer = LogWriter.join(views, 0, identity);
  const append = (sequence: number, bytes: number, index = 0): void => {
    let at = writer.claim(1, index, sequence, 0, bytes);
    if (at === NONE) writer.publish();
    if (at === NONE) at = writer.claim(1, index, sequence, 0, bytes);
    views.u8.fill(sequence & 0xff, at, at + bytes);
    writer.commit();
  };
  return { views, writer, append, reader: BroadcastReader.join(views, 0, identity) };
}

describe("a broadcast reader", () => {
  const step = fc.record({
    what: fc.constantFrom("append", "append", "append", "append", "publish", "publish", "read"),
    bytes: fc.integer({ min: 0, max: 500 }),
    repeat: fc.integer({ min: 1, max: 6 }),
  });
  const start = fc.constantFrom(0, 2 ** 31 - 4096, 2 ** 32 - 4096, 1000);

  test("returns whole records in order, and the gaps it reports are exactly what is missing", () => {
    fc.assert(
      fc.property(start, fc.array(step, { maxLength: 300, size: "max" }), (position, steps) => {
        const { views, writer, append, reader } = makeBroadcast(CAPACITY, position);
        const ends: number[] = [];
        let next = 0;
        let base = 0;
        let last = writer.position;
        const read = (): void => {
          const at = reader.next();
          if (at === NONE) return;
          const { sequence, payloadOffset, payloadBytes, gap } = reader;
          const payload = views.u8.subarray(payloadOffset, payloadOffset + payloadBytes);
          expect(payload.every((byte) => byte === (sequence & 0xff))).toBe(true);
          expect(reader.lapped).toBe(sequence !== next);
          if (reader.lapped) {
            expect([gap.fromSequence, gap.toSequence, gap.fromIndex, gap.toIndex]).toEqual([next - 1, sequence, 0, 0]);
            const began = ends[sequence] - reader.recordBytes;
            const lastEnd = next === 0 ? 0 : ends[next - 1];
            expect(gap.lostBytes).toBe(began - lastEnd);
            expect(base - lastEnd).toBeGreaterThan(CAPACITY * 0.75);
          }
          expect(reader.validate()).toBe(true);
          next = sequence + 1;
        };
        for (const { what, bytes, repeat } of steps) {
          for (let n = 0; n < repeat; n += 1) {
            if (what === "append") {
              append(ends.length, bytes & ~7);
              base += (writer.position - last) | 0;
              last = writer.position;
              ends.push(base);
            }
            if (what === "publish") writer.publish();
            if (what === "read") read();
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test("loses nothing while it keeps up", () => {
    const { writer, append, reader } = makeBroadcast();
    for (let n = 0; n < 1000; n += 1) {
      append(n, 200);
      writer.publish();
      expect(reader.next()).not.toBe(NONE);
      expect([reader.sequence, reader.lapped]).toEqual([n, false]);
    }
  });

  test("a reader overtaken while it copies is told so, and that record counts as lost", () => {
    const { writer, append, reader } = makeBroadcast();
    append(0, 200);
    append(1, 200);
    writer.publish();
    reader.next();
    expect(reader.validate()).toBe(true);
    reader.next();
    for (let n = 2; n < 40; n += 1) append(n, 200);
    writer.publish();
    expect(reader.validate()).toBe(false);
    expect(reader.next()).toBe(NONE);
    append(40, 200, 3);
    writer.publish();
    reader.next();
    expect(reader.lapped).toBe(true);
    expect(reader.gap).toMatchObject({ fromSequence: 0, fromIndex: 0, toSequence: 40, toIndex: 3 });
  });

  test("bytes announced but not yet published count as overwritten", () => {
    const { writer, append, reader } = makeBroadcast();
    append(0, 200);
    writer.publish();
    reader.next();
    for (let n = 1; n < 17; n += 1) append(n, 200);
    writer.publish();
    expect(reader.validate()).toBe(true);
    writer.claim(1, 0, 17, 0, 900);
    expect(reader.validate()).toBe(false);
  });

  test("a reader that slept while exactly 2^32 bytes went by does not take the new bytes for the old", () => {
    const { writer, append, reader } = makeBroadcast(2 ** 20);
    append(0, 96);
    writer.publish();
    reader.next();
    const before = writer.position;
    // Records that end with the ring, so that nothing is skipped: 2^32 bytes in all.
    append(1, 2 ** 17 - 128 - 32);
    for (let n = 2; n <= 2 ** 15; n += 1) {
      writer.claim(1, 0, n, 0, 2 ** 17 - 32);
      writer.commit();
      writer.publish();
    }
    append(2 ** 15 + 1, 96);
    writer.publish();
    expect(writer.position).toBe(before);
    expect(reader.validate()).toBe(false);
    expect(reader.next()).toBe(NONE);
    append(99_999, 96);
    writer.publish();
    reader.next();
    expect([reader.sequence, reader.gap.lostBytes]).toEqual([99_999, 2 ** 32 + 128]);
  });

  test("begins with the first record published after it joined", () => {
    const { views, writer, append } = makeBroadcast();
    append(0, 8);
    writer.publish();
    const late = BroadcastReader.join(views, 0, identity);
    expect(late.next()).toBe(NONE);
    append(1, 8);
    writer.publish();
    late.next();
    expect([late.sequence, late.lapped]).toEqual([1, false]);
  });
});
