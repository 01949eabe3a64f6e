/**
 * A tape: the records of a run of segments, in order, whatever they were recorded for. The one reader that replay,
 * backtest, the store and recovery share. Segments must follow each other without a gap: number, sequence and CRC
 * chain.
 */
import { SCHEMA_HASH } from "../../schemas/index.js";
import { type Crc32c, type SegmentInfo, SegmentReader, type TapeEnd, TapeError } from "./segment.js";

export interface SegmentBytes {
  /** For messages; usually the file's path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Called for each record; `reader`'s fields describe it, and are valid until the call returns. */
export type OnRecord = (reader: SegmentReader) => void;

export interface TapeSummary {
  readonly segments: number;
  readonly records: number;
  readonly inputs: number;
  readonly lastSequence: number;
  /** `torn`: the newest segment ends within a record that was being written. */
  readonly ending: TapeEnd;
}

/** Reads every record of a tape. Throws TapeError at damage, at a gap between segments, and at another schema. */
export function readTape(segments: Iterable<SegmentBytes>, crc32c: Crc32c, onRecord: OnRecord): TapeSummary {
  let previous: SegmentReader | null = null;
  const summary = { segments: 0, records: 0, inputs: 0, lastSequence: 0, ending: "end" as TapeEnd };
  for (const { name, bytes } of segments) {
    const reader = new SegmentReader(bytes, name, crc32c);
    checkFollows(reader, previous, name);
    while (reader.next()) {
      summary.records += 1;
      if (reader.index === 0) summary.inputs += 1;
      summary.lastSequence = reader.sequence;
      onRecord(reader);
    }
    summary.segments += 1;
    summary.ending = reader.ending;
    previous = reader;
  }
  return summary;
}

function checkFollows(reader: SegmentReader, previous: SegmentReader | null, name: string): void {
  if (previous?.ending === "torn") throw new TapeError(`the segment before ${name} ends within a record`);
  checkLink(reader.info, previous && { segment: previous.info.segment, crc: previous.crc }, name);
}

/** Throws TapeError unless a segment has our schemas and continues the one before it; null: there is none before it. */
export function checkLink(info: SegmentInfo, previous: { segment: number; crc: number } | null, name: string): void {
  const { schemaHash, segment, previousCrc } = info;
  if (schemaHash !== SCHEMA_HASH) {
    throw new TapeError(
      `${name} was written with schemas ${schemaHash.toString(16)}; this build has ${SCHEMA_HASH.toString(16)}`,
    );
  }
  if (!previous) return;
  if (segment !== previous.segment + 1) {
    throw new TapeError(`${name} is segment ${segment}, but the one before it is ${previous.segment}`);
  }
  if (previousCrc !== previous.crc) {
    throw new TapeError(`${name} does not continue the chain of the segment before it`);
  }
}
