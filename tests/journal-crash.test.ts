/**
 * A loss of power at any moment leaves an exact prefix that holds everything that was synced; a kill leaves everything
 * that was written; a bit that turned is found. Whatever is found, the next life goes on from it.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSegments, segmentNames } from "../actors/journal/journal-directory.js";
import { SegmentPreparer } from "../actors/journal/segment-preparer.js";
import { settleTail } from "../actors/journal/settle-tail.js";
import { readTape, TapeError, type TapeSummary } from "../engine/index.js";
import { CrashDisk, type Random } from "./support/crash-disk.js";
import { JournalLog } from "./support/journal-log.js";
import { engineBytes } from "./support/record-bytes.js";
import { crc32c } from "./support/tape.js";

const DIRECTORY = "/journal";
const SEGMENT_BYTES = 8_192;
const MODES = ["durable", "fast"] as const;

/** Mulberry32. */
function seeded(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A sync that fails gives up what it covered: a later one says yes and saves nothing of it. */
class GivingUpDisk extends CrashDisk {
  isFailing = false;
  private hasWritten = false;

  override write(file: number, views: readonly Uint8Array[], position: number): number {
    this.hasWritten = true;
    return super.write(file, views, position);
  }

  override sync(file: number): void {
    if (this.isFailing) {
      this.hasWritten = false;
      throw Object.assign(new Error("EIO"), { code: "EIO" });
    }
    if (this.hasWritten) super.sync(file);
  }
}

function readAll(disk: CrashDisk): TapeSummary & { bytes: Uint8Array[] } {
  const bytes: Uint8Array[] = [];
  const segments = segmentNames(disk, DIRECTORY).length === 0 ? [] : readSegments(DIRECTORY, { disk });
  const summary = readTape(segments, crc32c, ({ views, recordAt, recordBytes }) => {
    bytes.push(engineBytes(views.u8, recordAt, recordBytes));
  });
  return { ...summary, bytes };
}

/** Fails unless `found` are the first of `records`, and at least so many of them. */
function requirePrefix(found: readonly Uint8Array[], records: readonly Uint8Array[], least: number): void {
  expect(found.length).toBeGreaterThanOrEqual(least);
  expect(found.length).toBeLessThanOrEqual(records.length);
  const expected = records.slice(0, found.length).map((record) => engineBytes(record, 0, record.length));
  expect(Buffer.concat(found).equals(Buffer.concat(expected))).toBe(true);
}

/** Recovers what is on the disk, lets another life write on, and reads everything. */
function goOn(disk: CrashDisk, records: readonly Uint8Array[], least: number, random: Random): void {
  const found = readAll(disk);
  requirePrefix(found.bytes, records, least);
  settleTail(disk, found);
  const again = disk.afterPowerLoss(random);
  const settled = readAll(again);
  expect(settled).toMatchObject({ ending: "end", records: found.records });
  const life = new JournalLog({
    disk: again,
    directory: DIRECTORY,
    firstSegment: settled.end === null ? 0 : settled.end.segment + 1,
    previousCrc: settled.end?.crc,
    // The input that was cut short is completed by its next output, or the next one follows.
    firstSequence: settled.lastSequence + 1,
  });
  life.inputs(2, 40, [40]);
  life.agent.onClose();
  const whole = readAll(again);
  expect(whole).toMatchObject({ ending: "end", sealed: true, records: found.records + 4 });
  requirePrefix(whole.bytes, [...records.slice(0, found.records), ...life.records], found.records + 4);
}

interface Step {
  readonly inputs: readonly { readonly bytes: number; readonly outputs: readonly number[] }[];
  readonly waitUs: number;
}

const steps = fc.array(
  fc.record({
    inputs: fc.array(
      fc.record({
        bytes: fc.integer({ min: 0, max: 700 }),
        outputs: fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 3 }),
      }),
      { maxLength: 8 },
    ),
    waitUs: fc.integer({ min: 0, max: 1_500 }),
  }),
  { minLength: 1, maxLength: 12 },
) satisfies fc.Arbitrary<Step[]>;

describe.each(MODES)("in %s mode", (mode) => {
  test.each([true, false])(
    "a loss of power at any moment leaves an exact prefix with everything synced; spare: %s",
    (spare) => {
      let images = 0;
      let torn = 0;
      fc.assert(
        fc.property(steps, fc.integer(), (plan, seed) => {
          const random = seeded(seed);
          const disk = new CrashDisk();
          const log = new JournalLog({ disk, directory: DIRECTORY, mode, segmentBytes: SEGMENT_BYTES });
          const parts = { disk, directory: DIRECTORY, nowUs: () => log.nowUs, recordError: () => {} };
          const preparer = new SegmentPreparer({ ...parts, segmentBytes: SEGMENT_BYTES });
          let passed = 0;
          /** Records that must be there: in durable mode what passed, in fast mode what the journal says is durable. */
          const least = (): number => {
            passed += log.passed();
            const durable = log.counters["journal.durableSequence"] ?? 0;
            return mode === "durable" ? passed : log.records.filter((record) => sequenceOf(record) <= durable).length;
          };
          disk.onOperation = () => {
            if (random() > 0.2) return;
            images += 1;
            const found = disk.afterPowerLoss(random);
            const { ending, bytes } = readAll(found);
            if (ending === "torn") torn += 1;
            requirePrefix(bytes, log.records, least());
            if (random() < 0.2) goOn(found, log.records, least(), random);
          };
          if (spare) preparer.prepare();
          for (const { inputs, waitUs } of plan) {
            for (const { bytes, outputs } of inputs) log.inputs(1, bytes, outputs);
            log.nowUs += waitUs;
            log.agent.work();
            if (spare && random() < 0.5) preparer.prepare();
          }
          log.agent.onClose();
          preparer.onClose();
          goOn(disk.afterPowerLoss(random), log.records, log.records.length, random);
        }),
        { numRuns: 60 },
      );
      expect(images).toBeGreaterThan(300);
      expect(torn).toBeGreaterThan(0);
    },
  );

  test("a kill at any moment leaves everything that was written", () => {
    fc.assert(
      fc.property(steps, fc.integer(), (plan, seed) => {
        const random = seeded(seed);
        const disk = new CrashDisk();
        const log = new JournalLog({ disk, directory: DIRECTORY, mode, segmentBytes: SEGMENT_BYTES });
        let passed = 0;
        for (const { inputs } of plan) {
          for (const { bytes, outputs } of inputs) log.inputs(1, bytes, outputs);
          log.agent.work();
          passed += log.passed();
          goOn(disk.afterKill(), log.records, passed, random);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("a journal that was closed in order", () => {
  const disk = new CrashDisk();
  const log = new JournalLog({ disk, directory: DIRECTORY, segmentBytes: 1_024 });
  for (let step = 0; step < 16; step += 1) {
    log.inputs(1 + (step % 3), 20 + step, step % 2 ? [16] : []);
    log.drain();
  }
  log.agent.onClose();
  const names = segmentNames(disk, DIRECTORY).map((name) => `${DIRECTORY}/${name}`);
  const files = names.map((name) => disk.bytesOf(name));

  const withFile = (index: number, bytes: Uint8Array): ReturnType<typeof readAll> => {
    const changed = new CrashDisk();
    for (const [at, name] of names.entries()) changed.place(name, at === index ? bytes : files[at]);
    return readAll(changed);
  };

  test("with any single bit turned is refused, or nothing of it is missing", () => {
    expect(names.length).toBeGreaterThan(2);
    for (const [index, bytes] of files.entries()) {
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = bytes.slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        let found: Uint8Array[];
        try {
          found = withFile(index, flipped).bytes;
        } catch (error) {
          expect(error).toBeInstanceOf(TapeError);
          expect((error as Error).message).toContain(names[index].slice(-10));
          continue;
        }
        // Only the seal of the last segment may be harmed unnoticed: it vouches for records that are all there.
        expect(index, `bit ${bit}`).toBe(files.length - 1);
        expect(bit >> 3).toBeGreaterThanOrEqual(bytes.length - 32);
        requirePrefix(found, log.records, log.records.length);
      }
    }
  });

  test("cut at any byte gives an exact prefix from the newest segment, and is refused in any other", () => {
    for (const [index, bytes] of files.entries()) {
      for (let length = 0; length < bytes.length; length += 1) {
        if (index === files.length - 1) requirePrefix(withFile(index, bytes.slice(0, length)).bytes, log.records, 0);
        // What is left of an earlier segment may be whole but for its seal: then nothing is missing.
        else if (length >= bytes.length - 32 && (bytes.length - length) % 8 === 0 && isBlankSeal(length, bytes))
          continue;
        else expect(() => withFile(index, bytes.slice(0, length)), `${length}`).toThrow(TapeError);
      }
    }
  });

  test("with any sector zeroed is refused, or gives an exact prefix of which only the last batch is missing", () => {
    for (const [index, bytes] of files.entries()) {
      for (let at = 0; at < bytes.length; at += 512) {
        const holed = bytes.slice();
        holed.fill(0, at, at + 512);
        try {
          requirePrefix(withFile(index, holed).bytes, log.records, 0);
          expect(index).toBe(files.length - 1);
          expect(at + 512).toBeGreaterThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(TapeError);
        }
      }
    }
  });
});

test("a torn record whose header is garbage is cut off, also when whole records of its batch stand behind it", () => {
  const disk = new CrashDisk();
  const log = new JournalLog({ disk, directory: DIRECTORY });
  log.inputs(2, 64);
  log.drain();
  log.inputs(6, 64);
  log.drain();
  const bytes = disk.bytesOf(`${DIRECTORY}/000000.seg`).slice();
  const third = 64 + 2 * 96;
  const random = seeded(5);
  for (let at = third + 96; at < third + 192; at += 1) bytes[at] = Math.floor(random() * 256);
  const found = new CrashDisk();
  found.place(`${DIRECTORY}/000000.seg`, bytes);
  const { torn, ...summary } = readAll(found);
  expect(summary).toMatchObject({ records: 3, ending: "torn", lastSequence: 3 });
  expect(torn).toMatchObject({ segment: 0, byte: third + 96 });
  goOn(found, log.records, 3, random);
});

const sequenceOf = (record: Uint8Array): number => new DataView(record.buffer, record.byteOffset).getFloat64(16, true);

/** Whether what is left behind the last record is nothing at all. */
const isBlankSeal = (length: number, bytes: Uint8Array): boolean => length === bytes.length - 32;

test("what a failed sync gave up is written once more before the next life goes on", () => {
  const disk = new GivingUpDisk();
  const log = new JournalLog({ disk, directory: DIRECTORY, segmentBytes: SEGMENT_BYTES });
  log.inputs(5);
  log.drain();
  disk.isFailing = true;
  log.inputs(4);
  log.drain();
  // The process ends here; the next one reads all nine from the system's memory.
  disk.isFailing = false;
  const found = readAll(disk);
  expect(found.records).toBe(9);
  settleTail(disk, found);
  expect(readAll(disk.afterPowerLoss(() => 0)).records).toBe(9);
});
