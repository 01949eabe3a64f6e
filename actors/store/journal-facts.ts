/**
 * What a life's first input, its configuration, says of the records behind it: which instrument, strategy and mode
 * their numbers mean. A journal explains itself, so the store needs no configuration of its own.
 */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import {
  type Crc32c,
  configOf,
  type Instrument,
  makeInstrument,
  OUTPUT_BYTES_MAX,
  type RecordReader,
  SegmentReader,
} from "../../engine/index.js";
import { RECORD_BYTES_MAX } from "../../engine/tape/segment.js";
import { CONFIG_MODE, MessageType, SEGMENT_HEADER_BYTES } from "../../schemas/index.js";
import { segmentPath } from "../journal/journal-directory.js";
import { MODE } from "../words.js";

export interface JournalFacts {
  readonly instruments: readonly Instrument[];
  /** Ids of the strategies. */
  readonly strategies: readonly string[];
  /** In words, such as "paper". */
  readonly mode: string;
}

/** Throws TapeError when the record is not a configuration. */
export function factsOf(record: RecordReader): JournalFacts {
  const { instruments, strategies } = configOf(record);
  return {
    instruments: instruments.map((spec, index) => makeInstrument(spec, index)),
    strategies: strategies.map(({ id }) => id),
    mode: MODE[record.views.u8[record.at + CONFIG_MODE]],
  };
}

/** Of the life to which the records of a segment belong; null when that cannot be said yet. */
export function factsAt(directory: string, segment: number, crc32c: Crc32c): JournalFacts | null {
  for (let number = segment; number >= 0; number -= 1) {
    const path = segmentPath(directory, number);
    if (!existsSync(path)) return null;
    const record = firstInput(path, crc32c);
    if (record?.type === MessageType.Config) return factsOf(record);
  }
  return null;
}

/** A life begins a segment: with outputs that the one before it did not write any more, then with its configuration. */
function firstInput(path: string, crc32c: Crc32c): RecordReader | null {
  const bytes = readHead(path);
  if (bytes.length < SEGMENT_HEADER_BYTES) return null;
  const reader = new SegmentReader(bytes, path, crc32c);
  while (reader.next()) if (reader.index === 0) return reader;
  return null;
}

/** The header, and as much as a first input and what may stand before it can take. */
function readHead(path: string): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES + OUTPUT_BYTES_MAX + RECORD_BYTES_MAX);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}
