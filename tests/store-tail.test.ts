/** Following a journal's files while they grow: every record once and in order, whatever part of it is there yet. */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { segmentPath } from "../actors/journal/journal-directory.js";
import { JOURNAL_START, SegmentTail } from "../actors/journal/segment-tail.js";
import type { RecordReader } from "../engine/tape/segment.js";
import { RECORD_HEADER_CRC, RECORD_HEADER_FLAGS } from "../schemas/index.js";
import { recordRun, withDirectory, writeJournal } from "./support/journal.js";
import { crc32c, sealSegments } from "./support/tape.js";

let records: Uint8Array[];
beforeAll(async () => {
  records = await recordRun(10_000, 5);
});

/** The bytes of a record, CRC and flags left out: sealing set them. */
function bodyOf({ views, recordAt, recordBytes }: RecordReader): Buffer {
  return unsealed(views.u8.subarray(recordAt, recordAt + recordBytes));
}

function unsealed(record: Uint8Array): Buffer {
  const copy = Buffer.from(record);
  copy.writeUInt32LE(0, RECORD_HEADER_FLAGS);
  return copy.subarray(RECORD_HEADER_CRC + 4);
}

/** Every record that is there. */
function readAll(tail: SegmentTail): Buffer[] {
  const read: Buffer[] = [];
  for (let record = tail.next(); record !== null; record = tail.next()) read.push(bodyOf(record));
  return read;
}

const bodies = (some: readonly Uint8Array[]): Buffer[] => some.map(unsealed);

/** Quicker than `toEqual` on thousands of buffers. */
const sameAs = (read: readonly Buffer[], expected: readonly Uint8Array[]): boolean =>
  read.length === expected.length && Buffer.concat(read).equals(Buffer.concat(bodies(expected)));

describe("a finished journal", () => {
  test("is read whole, in order, across segments and chunks", () =>
    withDirectory((directory) => {
      writeJournal(directory, records, 3);
      const bytes = [0, 1, 2].map((segment) => readFileSync(segmentPath(directory, segment)).length);
      expect(Math.max(...bytes), "a segment is read in several chunks").toBeGreaterThan(1 << 20);
      const tail = new SegmentTail(directory, crc32c);
      expect(sameAs(readAll(tail), records)).toBe(true);
      expect(tail.position).toMatchObject({ segment: 2, offset: bytes[2] });
      expect(tail.ending()).toBe("end");
      tail.close();
    }));

  test("can be gone on with from any position, in another life", () =>
    withDirectory((directory) => {
      writeJournal(directory, records, 3);
      const tail = new SegmentTail(directory, crc32c);
      for (let step = 0; step < 40; step += 1) {
        const skip = Math.floor((step * records.length) / 40);
        tail.rewind(JOURNAL_START);
        for (let count = 0; count < skip; count += 1) tail.next();
        const position = JSON.parse(JSON.stringify(tail.position));
        const other = new SegmentTail(directory, crc32c, position);
        expect(bodyOf(other.next()!)).toEqual(bodies([records[skip]])[0]);
        other.close();
      }
      tail.close();
    }));
});

describe("a journal that grows", () => {
  test("gives each record when its last byte is there, and not before", () =>
    withDirectory((directory) => {
      const few = records.slice(0, 12);
      const [{ bytes }] = sealSegments(few);
      const tail = new SegmentTail(directory, crc32c);
      expect(readAll(tail), "no file yet").toEqual([]);
      writeFileSync(segmentPath(directory, 0), "");
      let end = 64;
      const ends = few.map(({ length }) => (end += length));
      for (let length = 1; length <= bytes.length; length += 1) {
        appendFileSync(segmentPath(directory, 0), bytes.subarray(length - 1, length));
        const due = ends.indexOf(length);
        expect(readAll(tail), `${length} bytes`).toEqual(due < 0 ? [] : bodies([few[due]]));
      }
      tail.close();
    }));

  test("goes on in the next segment once it is there, and reads nothing twice", () =>
    withDirectory((directory) => {
      const segments = sealSegments(records, { segments: 7 });
      const tail = new SegmentTail(directory, crc32c);
      const read: Buffer[] = [];
      segments.forEach(({ bytes }, segment) => {
        const half = bytes.length >> 1;
        writeFileSync(segmentPath(directory, segment), bytes.subarray(0, half));
        read.push(...readAll(tail));
        expect(tail.position.segment).toBe(segment);
        appendFileSync(segmentPath(directory, segment), bytes.subarray(half));
        if (segment % 2 === 0) read.push(...readAll(tail));
      });
      read.push(...readAll(tail));
      expect(sameAs(read, records)).toBe(true);
      tail.close();
    }));

  test("whose file is zero-filled ahead ends where the zeros begin", () =>
    withDirectory((directory) => {
      const few = records.slice(0, 50);
      const [{ bytes }] = sealSegments(few);
      const filled = new Uint8Array(bytes.length + 8192);
      filled.set(bytes);
      writeFileSync(segmentPath(directory, 0), filled);
      const tail = new SegmentTail(directory, crc32c);
      expect(readAll(tail)).toEqual(bodies(few));
      expect(tail.ending()).toBe("end");
      tail.close();
    }));
});

describe("damage", () => {
  const readDamaged = (change: (directory: string, bytes: Uint8Array) => void): Promise<unknown> =>
    withDirectory((directory) => {
      writeJournal(directory, records.slice(0, 400), 2);
      const path = segmentPath(directory, 0);
      const bytes = new Uint8Array(readFileSync(path));
      change(directory, bytes);
      const tail = new SegmentTail(directory, crc32c);
      try {
        readAll(tail);
        return tail.ending();
      } catch (error) {
        return String(error);
      } finally {
        tail.close();
      }
    });

  test("of a byte is an error that names the place", async () => {
    const answer = await readDamaged((directory, bytes) => {
      bytes[bytes.length - 9] ^= 1;
      writeFileSync(segmentPath(directory, 0), bytes);
    });
    expect(answer).toMatch(/000000\.seg is damaged at byte \d+, after sequence [\d.]+: its checksum/);
  });

  test("a segment that ends within a record and is followed is one", async () => {
    const answer = await readDamaged((directory, bytes) =>
      writeFileSync(segmentPath(directory, 0), bytes.subarray(0, -8)),
    );
    expect(answer).toMatch(/000000\.seg is damaged at byte \d+.* passes the end, but another segment follows/);
  });

  test("a missing segment's followers are never read", async () => {
    const answer = await readDamaged((directory) => renameSync(segmentPath(directory, 1), segmentPath(directory, 2)));
    expect(answer).toBe("end");
  });

  test("a last record cut short is told from a length that lies", () =>
    withDirectory((directory) => {
      const [{ bytes }] = sealSegments(records.slice(0, 200));
      const path = segmentPath(directory, 0);
      const tail = new SegmentTail(directory, crc32c);
      writeFileSync(path, bytes.subarray(0, -8));
      expect(readAll(tail)).toEqual(bodies(records.slice(0, 199)));
      expect(tail.ending()).toBe("torn");

      const lying = bytes.slice();
      const third = 64 + records[0].length + records[1].length;
      new DataView(lying.buffer).setInt32(third + 4, 1 << 20, true);
      writeFileSync(path, lying);
      tail.rewind(JOURNAL_START);
      expect(bodyOf(tail.next()!)).toEqual(bodies(records)[0]);
      expect(bodyOf(tail.next()!)).toEqual(bodies(records.slice(1))[0]);
      expect(() => tail.next()).toThrow(/passes the end, but records follow it/);
      tail.close();
    }));
});
