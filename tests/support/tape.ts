/**
 * Seals records into segment bytes, as the journal writer does: header, then records whose CRC32Cs form one chain, each
 * input marked as written when all before it was durable.
 */
import { encodeSegmentHeader, type SegmentBytes } from "../../engine/index.js";
import { SYNCED_BEFORE } from "../../engine/tape/segment-header.js";
import {
  RECORD_HEADER_CRC,
  RECORD_HEADER_FLAGS,
  RECORD_HEADER_INDEX,
  RECORD_HEADER_SEQUENCE,
  SCHEMA_HASH,
  SEGMENT_HEADER_BYTES,
} from "../../schemas/index.js";
import { createCrc32c } from "../../wasm/index.js";

export interface SealOptions {
  /** Into how many segments the records are spread; inputs and their outputs stay together. Default 1. */
  readonly segments?: number;
  readonly schemaHash?: number;
}

export const crc32c = createCrc32c();

/** The records' bytes are copied; the flags and the CRC of each are written into the copy. */
export function sealSegments(
  records: readonly Uint8Array[],
  { segments = 1, schemaHash = SCHEMA_HASH }: SealOptions = {},
): SegmentBytes[] {
  const sealed: SegmentBytes[] = [];
  let crc = 0;
  for (const part of spread(records, segments)) {
    const header = {
      schemaHash,
      buildHash: 1,
      previousCrc: crc,
      segment: sealed.length,
      firstSequence: sequenceOf(part[0]),
      createdTimeUs: 0,
    };
    const bytes = new Uint8Array(SEGMENT_HEADER_BYTES + part.reduce((sum, { length }) => sum + length, 0));
    bytes.set(encodeSegmentHeader(header, crc32c));
    let at = SEGMENT_HEADER_BYTES;
    for (const record of part) {
      bytes.set(record, at);
      const view = new DataView(bytes.buffer, at, record.length);
      if (view.getUint16(RECORD_HEADER_INDEX, true) === 0) view.setUint32(RECORD_HEADER_FLAGS, SYNCED_BEFORE, true);
      crc = crc32c(bytes.subarray(at + RECORD_HEADER_CRC + 4, at + record.length), crc);
      view.setUint32(RECORD_HEADER_CRC, crc, true);
      at += record.length;
    }
    sealed.push({ name: `segment-${sealed.length}`, bytes });
  }
  return sealed;
}

function sequenceOf(record: Uint8Array): number {
  return new DataView(record.buffer, record.byteOffset).getFloat64(RECORD_HEADER_SEQUENCE, true);
}

/** Cuts where an input starts. */
function spread(records: readonly Uint8Array[], parts: number): Uint8Array[][] {
  const size = Math.ceil(records.length / parts);
  const spreadOut: Uint8Array[][] = [[]];
  for (const record of records) {
    const newest = spreadOut[spreadOut.length - 1];
    const startsInput = newest.length > 0 && sequenceOf(record) !== sequenceOf(newest[newest.length - 1]);
    if (newest.length >= size && startsInput) spreadOut.push([record]);
    else newest.push(record);
  }
  return spreadOut;
}
