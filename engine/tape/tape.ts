/**
 * A tape: the records of a run of segments, in order, whatever they were recorded for. The one reader that replay,
 * backtest, the store and recovery share. Segments must follow each other without a gap: number, sequence and CRC
 * chain; only the newest may end torn, and where it does is told exactly, for whoever cuts it there.
 */
import { type Crc32c, type SegmentInfo, SegmentReader, type TapeEnd, TapeError } from "./segment.js";
import { tornHeader } from "./segment-header.js";

export interface SegmentBytes {
  /** For messages; usually the file's path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Called for each record; `reader`'s fields describe it, and are valid until the call returns. */
export type OnRecord = (reader: SegmentReader) => void;

/** The place behind a record, and what the next one has to continue. */
export interface TapePlace {
  /** Of the segment; usually its path. */
  readonly name: string;
  readonly segment: number;
  /** Byte of the segment's file. */
  readonly byte: number;
  /** Of the same file: what stands before it was durable when what stands behind it was written. */
  readonly durableUpTo: number;
  /** CRC of the record before this place. */
  readonly crc: number;
  /** Of that record. */
  readonly sequence: number;
  readonly index: number;
}

/** What a crash left behind the last whole record. */
export interface TornEnd {
  readonly name: string;
  readonly segment: number;
  /** Byte at which the file is to be cut; 0: not even its header is there, and the file is to be removed. */
  readonly byte: number;
  readonly why: string;
}

export interface TapeSummary {
  readonly segments: number;
  readonly records: number;
  readonly inputs: number;
  readonly lastSequence: number;
  /** `torn`: the newest segment ends within a record that was being written. */
  readonly ending: TapeEnd;
  readonly torn: TornEnd | null;
  /** Behind the last whole record; null when no segment has a header. */
  readonly end: TapePlace | null;
  /** The newest segment was closed in order. */
  readonly sealed: boolean;
}

export interface TapeOptions {
  /** Whether the first segment may be another than 0, because older ones were removed. */
  readonly anyStart?: boolean;
}

/** Reads every record of a tape. Throws TapeError at damage, at a gap between segments, and at another schema. */
export function readTape(
  segments: Iterable<SegmentBytes>,
  crc32c: Crc32c,
  onRecord: OnRecord,
  options: TapeOptions = {},
): TapeSummary {
  const walk = new TapeWalk(segments, crc32c, options);
  try {
    for (let record = walk.next(); record !== null; record = walk.next()) onRecord(record);
  } finally {
    walk.close();
  }
  return walk.summary;
}

/** The same record by record, for whoever may stop between two of them. */
export class TapeWalk {
  private readonly source: Iterator<SegmentBytes>;
  private readonly crc32c: Crc32c;
  private readonly anyStart: boolean;
  private reader: SegmentReader | null = null;
  private torn: TornEnd | null = null;
  private segments = 0;
  private records = 0;
  private inputs = 0;

  constructor(segments: Iterable<SegmentBytes>, crc32c: Crc32c, { anyStart = false }: TapeOptions = {}) {
    this.source = segments[Symbol.iterator]();
    this.crc32c = crc32c;
    this.anyStart = anyStart;
  }

  /** The next record, valid until the next call; null behind the last whole one. Throws as `readTape` does. */
  next(): SegmentReader | null {
    while (this.reader === null || !this.reader.next()) if (!this.enterNextSegment()) return null;
    this.records += 1;
    if (this.reader.index === 0) this.inputs += 1;
    return this.reader;
  }

  /** Ends the walk where it stands. */
  close(): void {
    this.source.return?.();
  }

  /** Of what was read so far. */
  get summary(): TapeSummary {
    const { segments, records, inputs, torn, reader } = this;
    const lastSequence = records === 0 ? 0 : reader!.sequence;
    const ending = torn === null ? "end" : "torn";
    return {
      segments,
      records,
      inputs,
      lastSequence,
      ending,
      torn,
      end: placeOf(reader),
      sealed: reader?.sealed ?? false,
    };
  }

  /** False behind the last segment that has a header. */
  private enterNextSegment(): boolean {
    const { reader: previous, crc32c } = this;
    if (previous?.ending === "torn") this.torn ??= tornEndOf(previous);
    const { done, value } = this.source.next();
    if (done) return false;
    const { name, bytes } = value;
    if (this.torn !== null) throw followedError(this.torn, name);
    this.torn = headerless(name, bytes, previous, crc32c);
    // Whatever follows a segment without a header is refused.
    if (this.torn !== null) return this.enterNextSegment();
    const reader = new SegmentReader(bytes, name, crc32c);
    continueFrom(reader, previous, this.anyStart);
    this.reader = reader;
    this.segments += 1;
    return true;
  }
}

/** Throws TapeError unless a segment continues the one before it; null: there is none before it. */
export function checkLink(
  info: SegmentInfo,
  previous: { readonly segment: number; readonly crc: number; readonly sequence: number } | null,
  name: string,
): void {
  const { segment, previousCrc, firstSequence } = info;
  if (!previous) return;
  if (segment !== previous.segment + 1) {
    throw new TapeError(`${name} is segment ${segment}, but the one before it is ${previous.segment}`);
  }
  if (previousCrc !== previous.crc) {
    throw new TapeError(
      `${name} does not continue the chain of the segment before it: its header (bytes 0 to 63) goes on at sequence ` +
        `${firstSequence}, and that one ends at ${previous.sequence}`,
    );
  }
  const isNext = firstSequence === previous.sequence + 1 || firstSequence === previous.sequence;
  if (previous.sequence > 0 && !isNext) {
    throw new TapeError(
      `${name} starts at sequence ${firstSequence}, but the one before it ends at ${previous.sequence}`,
    );
  }
}

function continueFrom(reader: SegmentReader, previous: SegmentReader | null, anyStart: boolean): void {
  const { info, name } = reader;
  if (previous === null) {
    if (info.segment !== 0 && !anyStart) {
      throw new TapeError(
        `${name} is segment ${info.segment}: the beginning of the tape, from segment 0 on, is missing`,
      );
    }
    return;
  }
  checkLink(info, { segment: previous.info.segment, crc: previous.crc, sequence: previous.sequence }, name);
  reader.follow(previous);
}

function headerless(name: string, bytes: Uint8Array, previous: SegmentReader | null, crc32c: Crc32c): TornEnd | null {
  const why = tornHeader(bytes, crc32c);
  return why === null ? null : { name, segment: (previous?.info.segment ?? -1) + 1, byte: 0, why: `the file ${why}` };
}

function placeOf(reader: SegmentReader | null): TapePlace | null {
  if (reader === null) return null;
  const { name, info, position, durableUpTo, crc, sequence, index } = reader;
  const place = { name, segment: info.segment, byte: position, durableUpTo };
  return { ...place, crc, sequence, index: Math.max(index, 0) };
}

const tornEndOf = ({ name, info, position, fault }: SegmentReader): TornEnd => ({
  ...{ name, segment: info.segment },
  ...{ byte: position, why: fault },
});

const followedError = ({ name, byte, why }: TornEnd, next: string): TapeError =>
  new TapeError(`${name} is damaged at byte ${byte}: ${why}, and yet another segment follows it, ${next}`);
