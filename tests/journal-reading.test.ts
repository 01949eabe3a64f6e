/**
 * What reading tells apart: the end, a torn end, damage, a gap, another schema, a newer Sluice; and what may go.
 */
import { readdirSync, rmSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { NodeDisk } from "../actors/disk/node-disk.js";
import { type SegmentFile, segmentFiles } from "../actors/journal/journal-directory.js";
import { removable, retain } from "../actors/journal/retention.js";
import { readTape, type SegmentBytes, TapeError } from "../engine/index.js";
import { encodeSegmentHeader, SYNCED_BEFORE } from "../engine/tape/segment-header.js";
import {
  RECORD_HEADER_CRC,
  RECORD_HEADER_FLAGS,
  RECORD_HEADER_INDEX,
  RECORD_HEADER_LENGTH,
  RECORD_HEADER_SEQUENCE,
  RECORD_HEADER_TYPE,
  SCHEMA_HASH,
  SEGMENT_HEADER_BYTES,
  SEGMENT_HEADER_CRC,
  SEGMENT_HEADER_HEADER_BYTES,
  SEGMENT_HEADER_VERSION,
} from "../schemas/index.js";
import { withDirectory } from "./support/journal.js";
import { JournalLog } from "./support/journal-log.js";
import { crc32c } from "./support/tape.js";

interface Shape {
  readonly sequence: number;
  readonly index?: number;
  /** Whether a sync came before it. */
  readonly synced?: boolean;
}

const RECORD_BYTES = 96;

/** One segment of records of 96 bytes, of these sequences and indexes. */
function segmentOf(
  shapes: readonly Shape[],
  info: { segment?: number; previousCrc?: number; firstSequence?: number } = {},
) {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES + shapes.length * RECORD_BYTES);
  const view = new DataView(bytes.buffer);
  let crc = info.previousCrc ?? 0;
  const chain = { segment: 0, previousCrc: 0, firstSequence: shapes[0]?.sequence ?? 1, ...info };
  bytes.set(encodeSegmentHeader({ schemaHash: SCHEMA_HASH, buildHash: 1, createdTimeUs: 0, ...chain }, crc32c));
  for (const [at, { sequence, index = 0, synced = false }] of shapes.entries()) {
    const start = SEGMENT_HEADER_BYTES + at * RECORD_BYTES;
    view.setInt32(start + RECORD_HEADER_LENGTH, RECORD_BYTES, true);
    view.setUint16(start + RECORD_HEADER_TYPE, 1, true);
    view.setUint16(start + RECORD_HEADER_INDEX, index, true);
    view.setUint32(start + RECORD_HEADER_FLAGS, synced ? SYNCED_BEFORE : 0, true);
    view.setFloat64(start + RECORD_HEADER_SEQUENCE, sequence, true);
    bytes.fill(0xa0 + at, start + 32, start + RECORD_BYTES);
    crc = crc32c(bytes.subarray(start + RECORD_HEADER_CRC + 4, start + RECORD_BYTES), crc);
    view.setUint32(start + RECORD_HEADER_CRC, crc, true);
  }
  return { name: `segment-${chain.segment}`, bytes, crc };
}

function read(segments: readonly SegmentBytes[], anyStart = false): string | ReturnType<typeof readTape> {
  try {
    return readTape(segments, crc32c, () => {}, { anyStart });
  } catch (error) {
    if (error instanceof TapeError) return error.message;
    throw error;
  }
}

const inputs = (first: number, count: number): Shape[] =>
  Array.from({ length: count }, (_, at) => ({ sequence: first + at, synced: at === 0 }));
const placeOf = (record: number): number => SEGMENT_HEADER_BYTES + record * RECORD_BYTES;

/** The segment with something done to its bytes. */
function changed({ name, bytes }: SegmentBytes, change: (copy: Uint8Array, view: DataView) => void): SegmentBytes {
  const copy = bytes.slice();
  change(copy, new DataView(copy.buffer));
  return { name, bytes: copy };
}

/** The segment as it is with room made ahead. */
const roomy = ({ name, bytes }: SegmentBytes): SegmentBytes => {
  const room = new Uint8Array(bytes.length + 4_096);
  room.set(bytes);
  return { name, bytes: room };
};

describe("a bad record", () => {
  const unsynced = segmentOf([...inputs(1, 3), ...inputs(4, 5)]);
  const followed = segmentOf([...inputs(1, 3), ...inputs(4, 2), ...inputs(6, 1)]);
  const kinds: readonly (readonly [string, (copy: Uint8Array, at: number) => void])[] = [
    ["of zeros", (copy, at) => copy.fill(0, at, at + RECORD_BYTES)],
    ["of garbage", (copy, at) => copy.fill(0xe7, at, at + RECORD_BYTES)],
    ["whose length lies", (copy, at) => copy.fill(0x08, at + 4, at + 6)],
    ["whose length is zero", (copy, at) => copy.fill(0, at + 4, at + 8)],
    ["whose message changed", (copy, at) => copy.fill(1, at + 60, at + 61)],
    ["whose checksum changed", (copy, at) => copy.fill(1, at, at + 1)],
    ["with half of it gone", (copy, at) => copy.fill(0, at + 40, at + RECORD_BYTES)],
    ["without its head", (copy, at) => copy.fill(0, at, at + 40)],
  ];

  test.each(kinds)("%s is torn when only records of its own batch stand behind it", (_, spoil) => {
    for (const segment of [unsynced, roomy(unsynced)]) {
      const summary = read([changed(segment, (copy) => spoil(copy, placeOf(5)))]);
      expect(summary).toMatchObject({
        ...{ ending: "torn", records: 5, lastSequence: 5 },
        torn: { name: "segment-0", segment: 0, byte: placeOf(5) },
        end: { segment: 0, byte: placeOf(5), sequence: 5, index: 0 },
      });
    }
  });

  test.each(kinds)("%s is damage when a record that knows it was durable stands behind it", (_, spoil) => {
    for (const segment of [followed, roomy(followed)]) {
      expect(read([changed(segment, (copy) => spoil(copy, placeOf(4)))])).toMatch(
        new RegExp(`^segment-0 is damaged at byte ${placeOf(4)}, after sequence 4\\.0: .*it was on disk once`),
      );
      expect(read([changed(segment, (copy) => spoil(copy, placeOf(0)))])).toMatch(
        new RegExp(`^segment-0 is damaged at byte ${placeOf(0)}, at its first record: `),
      );
    }
  });

  test("is damage in a segment that another follows, whatever stands behind it", () => {
    const next = segmentOf(inputs(9, 1), { segment: 1, previousCrc: unsynced.crc });
    expect(read([unsynced, next])).toMatchObject({ ending: "end", records: 9 });
    const torn = changed(unsynced, (copy) => copy.fill(0, placeOf(7)));
    expect(read([torn, next])).toMatch(/^segment-1 does not continue the chain/);
    const spoilt = changed(unsynced, (copy) => copy.fill(1, placeOf(7)));
    expect(read([spoilt, next])).toMatch(
      new RegExp(`^segment-0 is damaged at byte ${placeOf(7)}: .*and yet another segment follows it, segment-1$`),
    );
  });
});

describe("records out of order are damage though each is whole:", () => {
  const cases: readonly (readonly [string, readonly Shape[]])[] = [
    ["a sequence left out", [{ sequence: 1 }, { sequence: 3 }]],
    ["a sequence again", [{ sequence: 1 }, { sequence: 1 }]],
    ["a sequence that goes back", [{ sequence: 5 }, { sequence: 4 }]],
    ["an output left out", [{ sequence: 1 }, { sequence: 1, index: 2 }]],
    ["an output of another input", [{ sequence: 1 }, { sequence: 2, index: 1 }]],
    ["a first record that is an output", [{ sequence: 1, index: 1 }]],
    ["a first record that the header does not announce", [{ sequence: 2 }]],
  ];
  test.each(cases)("%s", (_, shapes) => {
    const firstSequence = shapes.length === 1 ? 1 : shapes[0].sequence;
    const summary = read([segmentOf(shapes, { firstSequence })]);
    expect(summary).toMatch(
      /^segment-0 is damaged at byte \d+, .*: the record there is [\d.]+, which does not follow$/,
    );
  });
});

describe("a segment's header", () => {
  const first = segmentOf(inputs(1, 4));
  const second = segmentOf([], { segment: 1, previousCrc: first.crc, firstSequence: 5 });
  /** With a checksum that fits what it was changed to. */
  const resealed = (segment: SegmentBytes, change: (view: DataView) => void): SegmentBytes =>
    changed(segment, (copy, view) => {
      change(view);
      view.setUint32(SEGMENT_HEADER_CRC, crc32c(copy.subarray(0, SEGMENT_HEADER_CRC)), true);
    });

  test.each([
    ["is missing", () => new Uint8Array()],
    ["is cut short", (bytes: Uint8Array) => bytes.slice(0, 37)],
    ["is zeros", (bytes: Uint8Array) => new Uint8Array(bytes.length)],
    ["is zeros before room made ahead", () => new Uint8Array(8_192)],
    ["is there by half", (bytes: Uint8Array) => bytes.slice().fill(0, 20)],
    ["is there by three bytes", (bytes: Uint8Array) => bytes.slice().fill(0, 3)],
  ])("that %s in the newest segment ends the tape before it", (_, spoil) => {
    expect(read([first, { name: "segment-1", bytes: spoil(second.bytes) }])).toMatchObject({
      ...{ ending: "torn", segments: 1, records: 4 },
      torn: { name: "segment-1", segment: 1, byte: 0 },
      end: { segment: 0, byte: first.bytes.length, crc: first.crc, sequence: 4 },
    });
    expect(read([{ name: "segment-0", bytes: spoil(second.bytes) }])).toMatchObject({ ending: "torn", end: null });
  });

  test("that is bad is damage when anything stands behind it, or another segment", () => {
    const next = segmentOf(inputs(5, 2), { segment: 1, previousCrc: first.crc });
    for (const spoilt of [
      changed(next, (copy) => copy.fill(0, 0, 64)),
      changed(next, (copy) => copy.fill(9, 40, 41)),
    ]) {
      expect(read([first, spoilt])).toMatch(/^segment-1 is (not a journal segment|damaged in its header)/);
    }
    expect(read([changed(first, (copy) => copy.fill(0)), second])).toMatch(/another segment follows it, segment-1$/);
    expect(read([{ name: "segment-0", bytes: new TextEncoder().encode("precious") }])).toBe(
      "segment-0 is 8 bytes long, too short for a segment",
    );
  });

  test("of another schema, of a newer Sluice, also with a longer header, or of none is refused clearly", () => {
    expect(read([segmentOf([], {}), second])).toMatch(/does not continue the chain/);
    const foreign = encodeSegmentHeader(
      {
        ...{ schemaHash: 0xabcd, buildHash: 1, previousCrc: 0 },
        ...{ segment: 0, firstSequence: 1, createdTimeUs: 0 },
      },
      crc32c,
    );
    expect(read([{ name: "segment-0", bytes: foreign }])).toMatch(
      /^segment-0 was written with schemas abcd; this build has [0-9a-f]+: read it with the Sluice that wrote it$/,
    );
    const newer = resealed(first, (view) => view.setUint32(SEGMENT_HEADER_VERSION, 2, true));
    expect(read([newer])).toBe("segment-0 was written by a newer Sluice (format 2; this one reads 1): update it");
    const longer = changed(roomy(first), (copy, view) => {
      view.setUint32(SEGMENT_HEADER_VERSION, 3, true);
      view.setUint32(SEGMENT_HEADER_HEADER_BYTES, 128, true);
      view.setUint32(124, crc32c(copy.subarray(0, 124)), true);
    });
    expect(read([longer])).toContain("was written by a newer Sluice (format 3;");
    expect(read([resealed(first, (view) => view.setUint32(SEGMENT_HEADER_VERSION, 0, true))])).toContain("no Sluice");
  });

  test("that does not fit the segment before it is refused", () => {
    const wrong = (info: { segment?: number; previousCrc?: number; firstSequence?: number }) =>
      read([first, segmentOf([], { segment: 1, previousCrc: first.crc, firstSequence: 5, ...info })]);
    expect(wrong({})).toMatchObject({ ending: "end", segments: 2, records: 4 });
    expect(wrong({ segment: 2 })).toBe("segment-2 is segment 2, but the one before it is 0");
    expect(wrong({ previousCrc: 1 })).toMatch(/^segment-1 does not continue the chain of the segment before it/);
    expect(wrong({ firstSequence: 7 })).toBe("segment-1 starts at sequence 7, but the one before it ends at 4");
  });

  test("may begin within an input, which the segment before began, or may have", () => {
    const next = segmentOf([{ sequence: 4, index: 1 }, { sequence: 5 }], { segment: 1, previousCrc: first.crc });
    expect(read([first, next])).toMatchObject({ records: 6, inputs: 5, lastSequence: 5 });
    expect(read([next], true)).toMatchObject({ records: 2, inputs: 1 });
    const tooLate = segmentOf([{ sequence: 4, index: 2 }], { segment: 1, previousCrc: first.crc });
    expect(read([first, tooLate])).toMatch(/the record there is 4\.2, which does not follow/);
  });

  test("of the first segment may be another than 0 only for a caller who says so", () => {
    const later = segmentOf(inputs(50, 3), { segment: 4, previousCrc: 77 });
    expect(read([later])).toBe("segment-4 is segment 4: the beginning of the tape, from segment 0 on, is missing");
    expect(read([later], true)).toMatchObject({ ending: "end", records: 3, lastSequence: 52 });
  });
});

describe("retention", () => {
  const disk = new NodeDisk();
  let files: SegmentFile[];
  /** Ten segments of ten inputs. */
  const makeJournal = (directory: string): void => {
    const log = new JournalLog({ disk, directory, segmentBytes: 1_376 });
    log.inputs(100, 80);
    log.drain();
    log.agent.onClose();
  };
  beforeAll(() =>
    withDirectory((directory) => {
      makeJournal(directory);
      files = segmentFiles(disk, directory, crc32c);
    }),
  );

  test("the journal of these tests has ten segments of ten inputs", () => {
    expect(files.map(({ info }) => info!.firstSequence)).toEqual([1, 11, 21, 31, 41, 51, 61, 71, 81, 91]);
  });

  const numbers = (retention: Parameters<typeof removable>[1]): number[] =>
    removable(files, retention).map(({ info }) => info!.segment);

  test("removes nothing that a recovery from the oldest snapshot needs", () => {
    const at = (snapshotSequence: number) => numbers({ keepBytes: 0, snapshotSequence, storedSequence: null });
    expect(at(11)).toEqual([]);
    expect(at(12)).toEqual([0]);
    expect(at(21)).toEqual([0]);
    expect(at(35)).toEqual([0, 1, 2]);
    expect(at(1_000)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("removes nothing that the store has not confirmed, nothing without a snapshot, and by default nothing", () => {
    expect(numbers({ keepBytes: 0, snapshotSequence: 95, storedSequence: 25 })).toEqual([0, 1]);
    expect(numbers({ keepBytes: 0, snapshotSequence: 95, storedSequence: 0 })).toEqual([]);
    expect(numbers({ keepBytes: 0, snapshotSequence: null, storedSequence: null })).toEqual([]);
    expect(numbers({ snapshotSequence: 95, storedSequence: null })).toEqual([]);
  });

  test("keeps at least the bytes that it is asked to keep", () => {
    const whole = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const keep = (keepBytes: number) => numbers({ keepBytes, snapshotSequence: 95, storedSequence: null });
    expect(keep(whole)).toEqual([]);
    expect(keep(whole - files[0].bytes)).toEqual([0]);
    expect(keep(whole - files[0].bytes + 1)).toEqual([]);
    expect(keep(files.at(-1)!.bytes)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("leaves a journal that reads on from its new beginning", () =>
    withDirectory((directory) => {
      makeJournal(directory);
      const retention = { keepBytes: 0, snapshotSequence: 42, storedSequence: 60 };
      expect(retain(disk, directory, crc32c, retention)).toMatchObject({ removed: 4 });
      expect(retain(disk, directory, crc32c, retention)).toEqual({ removed: 0, removedBytes: 0 });
      expect(readdirSync(directory).sort()[0]).toBe("000004.seg");
      const left = segmentFiles(disk, directory, crc32c);
      expect(left[0].info!.firstSequence).toBe(41);
      rmSync(left[3].path);
      expect(
        removable(segmentFiles(disk, directory, crc32c), { ...retention, snapshotSequence: 99 }).length,
      ).toBeLessThan(5);
    }));
});
