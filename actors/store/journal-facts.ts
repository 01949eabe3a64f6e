/**
 * What a journal's first record, its configuration, says of all the others: which instrument, strategy, life and mode
 * their numbers mean. A journal explains itself, so the store needs no configuration of its own.
 */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { type Crc32c, configOf, type Instrument, makeInstrument, SegmentReader } from "../../engine/index.js";
import { RECORD_BYTES_MAX } from "../../engine/tape/segment.js";
import { CONFIG_EPOCH, CONFIG_MODE, SEGMENT_HEADER_BYTES } from "../../schemas/index.js";
import { segmentPath } from "../journal/journal-directory.js";
import { MODE } from "../words.js";

export interface JournalFacts {
  readonly instruments: readonly Instrument[];
  /** Ids of the strategies. */
  readonly strategies: readonly string[];
  readonly epoch: number;
  /** In words, such as "paper". */
  readonly mode: string;
}

/** Null while the first record is not there yet. Throws TapeError when it is not a configuration. */
export function readJournalFacts(directory: string, crc32c: Crc32c): JournalFacts | null {
  const path = segmentPath(directory, 0);
  const bytes = existsSync(path) ? readHead(path) : new Uint8Array();
  if (bytes.length < SEGMENT_HEADER_BYTES) return null;
  const reader = new SegmentReader(bytes, path, crc32c);
  if (!reader.next()) return null;
  const { instruments, strategies } = configOf(reader);
  return {
    instruments: instruments.map((spec, index) => makeInstrument(spec, index)),
    strategies: strategies.map(({ id }) => id),
    epoch: reader.views.u32[(reader.at + CONFIG_EPOCH) >> 2],
    mode: MODE[reader.views.u8[reader.at + CONFIG_MODE]],
  };
}

/** The header and the first record, however long. */
function readHead(path: string): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES + RECORD_BYTES_MAX);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}
