/**
 * A journal to break. Two lives are on disk: small segments of the first, and one of the second, whose bytes are those
 * that a crash would leave at a certain moment. What is known of these bytes comes from what was written, and not from
 * the reader that is tested: where each record stands, which were synced, and which say so of those before them.
 */
import { join } from "node:path";
import type { FileHandle } from "../../../actors/disk/disk.js";
import { readSegments, segmentNames, segmentPath } from "../../../actors/journal/journal-directory.js";
import { settleTail } from "../../../actors/journal/settle-tail.js";
import { assert, readTape, type SegmentBytes, type TapePlace } from "../../../engine/index.js";
import { SYNCED_BEFORE } from "../../../engine/tape/segment-header.js";
import { RECORD_HEADER_BYTES, RECORD_HEADER_FLAGS, SEGMENT_HEADER_BYTES } from "../../../schemas/index.js";
import { CrashDisk } from "../../support/crash-disk.js";
import { crc32c } from "../../support/tape.js";
import { LifeWriter } from "./life-writer.js";
import { type InputRecords, type RecordedRun, sequenceOf } from "./recorded-run.js";

export const DIRECTORY = "/journal";
const FIRST_SEGMENT_BYTES = 32 * 1024;
/** Of the broken one; more than is used of it. */
const SEGMENT_BYTES = 96 * 1024;
/** What is broken are its last 64 KiB. */
const USED_BYTES_MIN = 66 * 1024;
/** Inputs in a batch, in turn. */
const BATCH_INPUTS = [3, 11, 1, 6, 2, 9];
/** Between two batches: in `fast` mode several of them then share a sync. */
const BATCH_US = 400;

/**
 * What the crash met: a batch in the file and its sync not returned; in `fast` mode several such batches; nothing that
 * was not synced; or no crash, for the segment was sealed.
 */
export const ENDINGS = ["syncing", "fast", "idle", "sealed"] as const;
export type Ending = (typeof ENDINGS)[number];

export interface JournalFile extends SegmentBytes {
  /** Byte behind its last record. */
  readonly recordsEnd: number;
}

export interface TornJournal {
  readonly ending: Ending;
  /** By number; the last is the one that is broken most. */
  readonly files: readonly JournalFile[];
  /** Number of that one. */
  readonly newest: number;
  /** Byte at which each of its records starts, and behind the last the end of the records. */
  readonly starts: readonly number[];
  /** Of its records. */
  readonly sequences: readonly number[];
  /** How many of its records were synced. */
  readonly synced: number;
  /** The last of its records that says that all before it were synced; the count of records when a seal does. */
  readonly witness: number;
  /** Of the newest record before it. */
  readonly earlierSequence: number;
  readonly strategies: readonly (readonly [path: string, text: string])[];
}

export function writeTornJournal({ lives, bundles }: RecordedRun, ending: Ending): TornJournal {
  const disk = new WatchedDisk();
  writeFirstLife(disk, lives[0]);
  const earlier = [...readSegments(DIRECTORY, { disk })];
  const { end } = readTape(earlier, crc32c, () => {});
  const newest = earlier.length;
  const name = segmentPath(DIRECTORY, newest);
  const written = writeSecondLife(disk, lives[1], ending, name, end!);
  const facts = factsOf(written, ending === "sealed");
  // All of the first life's segments were sealed, but for the one that its end left.
  const files = earlier.map((file, at) =>
    withEnd(file, file.bytes.length - (at < newest - 1 ? RECORD_HEADER_BYTES : 0)),
  );
  files.push(withEnd({ name, bytes: written.bytes }, facts.starts.at(-1)!));
  const strategies = bundles.map(
    ({ sha256, bundle }) => [join(DIRECTORY, "strategies", `${sha256}.js`), bundle] as const,
  );
  return { ending, files, newest, ...facts, earlierSequence: sequenceOf(lives[0].at(-1)![0]), strategies };
}

const withEnd = (file: SegmentBytes, recordsEnd: number): JournalFile => ({ ...file, recordsEnd });

/** Ends as a killed process does: with room behind its records, which the next life cuts off. */
function writeFirstLife(disk: CrashDisk, inputs: readonly InputRecords[]): void {
  const place = { firstSegment: 0, previousCrc: 0, segmentBytes: FIRST_SEGMENT_BYTES };
  const life = new LifeWriter({ disk, directory: DIRECTORY, mode: "durable", ...place });
  for (let at = 0; at < inputs.length; at += 10) life.writeBatch(inputs.slice(at, at + 10));
  settleTail(
    disk,
    readTape(readSegments(DIRECTORY, { disk }), crc32c, () => {}),
  );
  assert(segmentNames(disk, DIRECTORY).length > 1, "the first life fills more than one segment");
}

interface WrittenLife {
  readonly records: readonly Uint8Array[];
  readonly durableSequence: number;
  /** Of the file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function writeSecondLife(
  disk: WatchedDisk,
  inputs: readonly InputRecords[],
  ending: Ending,
  name: string,
  { segment, crc }: TapePlace,
): WrittenLife {
  const mode = ending === "fast" ? "fast" : "durable";
  const place = { firstSegment: segment + 1, previousCrc: crc, segmentBytes: SEGMENT_BYTES };
  const life = new LifeWriter({ disk, directory: DIRECTORY, mode, ...place });
  const records: Uint8Array[] = [];
  const now = (): WrittenLife => ({
    records,
    durableSequence: life.durableSequence,
    bytes: Uint8Array.from(disk.bytesOf(name)),
  });
  let syncing: WrittenLife | null = null;
  disk.beforeSync = () => {
    if (disk.exists(name)) syncing = now();
  };
  let unsyncedBatches = 0;
  for (
    let at = 0, batch = 0;
    bytesOf(records) < USED_BYTES_MIN || (mode === "fast" && unsyncedBatches < 2);
    batch += 1
  ) {
    const part = inputs.slice(at, (at += BATCH_INPUTS[batch % BATCH_INPUTS.length]));
    assert(at <= inputs.length, "the second life fills what is broken of its segment");
    const { durableSequence } = life;
    records.push(...part.flat());
    life.writeBatch(part);
    life.nowUs += BATCH_US;
    unsyncedBatches = life.durableSequence === durableSequence ? unsyncedBatches + 1 : 0;
  }
  if (ending === "syncing") return syncing!;
  if (ending === "sealed") life.agent.onClose();
  return now();
}

const bytesOf = (records: readonly Uint8Array[]): number => records.reduce((sum, { length }) => sum + length, 0);

function factsOf({ records, durableSequence, bytes }: WrittenLife, isSealed: boolean) {
  const starts = [SEGMENT_HEADER_BYTES];
  for (const { length } of records) starts.push(starts.at(-1)! + length);
  const sequences = records.map(sequenceOf);
  const view = new DataView(bytes.buffer);
  const flags = starts.slice(0, -1).map((start) => view.getUint32(start + RECORD_HEADER_FLAGS, true));
  return {
    starts,
    sequences,
    synced: sequences.filter((sequence) => sequence <= durableSequence).length,
    witness: isSealed ? records.length : flags.lastIndexOf(SYNCED_BEFORE),
  };
}

/** Tells when somebody wants something synced, before it is. */
class WatchedDisk extends CrashDisk {
  beforeSync: () => void = () => {};

  override sync(file: FileHandle): void {
    this.beforeSync();
    super.sync(file);
  }
}
