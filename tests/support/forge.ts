/**
 * Changes a journal in place. What is forged gets checksums that fit, link by link, so that nothing but what it says
 * gives it away; what is damaged does not.
 */
import type { Disk } from "../../actors/disk/disk.js";
import { readWhole, writeWhole } from "../../actors/disk/whole-file.js";
import { readSegments } from "../../actors/journal/journal-directory.js";
import { readTape } from "../../engine/index.js";
import { RECORD_CRC_FROM } from "../../engine/tape/segment-header.js";
import {
  RECORD_HEADER_BYTES,
  RECORD_HEADER_CRC,
  SEGMENT_HEADER_BYTES,
  SEGMENT_HEADER_CRC,
  SEGMENT_HEADER_PREVIOUS_CRC,
} from "../../schemas/index.js";
import { crc32c } from "./tape.js";

/** Where a record stands. */
export interface PlacedRecord {
  readonly name: string;
  /** Byte of the file at which it starts, header first. */
  readonly byte: number;
  readonly bytes: number;
  readonly type: number;
  readonly sequence: number;
  readonly index: number;
  readonly timeUs: number;
}

export function recordsOf(disk: Disk, directory: string): PlacedRecord[] {
  const records: PlacedRecord[] = [];
  readTape(
    readSegments(directory, { disk }),
    crc32c,
    ({ name, position, recordBytes: bytes, type, sequence, index, timeUs }) =>
      void records.push({ name, byte: position - bytes, bytes, type, sequence, index, timeUs }),
    { anyStart: true },
  );
  return records;
}

/** Lets `change` write on the header and message of each record, then makes every checksum fit. */
export function forgeRecords(
  disk: Disk,
  directory: string,
  change: (record: PlacedRecord, view: DataView<ArrayBuffer>) => void,
): void {
  const records = recordsOf(disk, directory);
  let crc: number | null = null;
  for (const name of new Set(records.map((record) => record.name))) {
    changeFile(disk, name, (bytes) => {
      const file = new DataView(bytes.buffer);
      crc ??= file.getUint32(SEGMENT_HEADER_PREVIOUS_CRC, true);
      file.setUint32(SEGMENT_HEADER_PREVIOUS_CRC, crc, true);
      sealHeader(bytes);
      let end = SEGMENT_HEADER_BYTES;
      for (const record of records.filter((each) => each.name === name)) {
        change(record, new DataView(bytes.buffer, record.byte, record.bytes));
        crc = sealRecord(bytes, record.byte, record.bytes, crc);
        end = record.byte + record.bytes;
      }
      const isSealed = bytes.length === end + RECORD_HEADER_BYTES && bytes.subarray(end).some((byte) => byte !== 0);
      if (isSealed) sealRecord(bytes, end, RECORD_HEADER_BYTES, crc);
    });
  }
}

/** Lets `change` write on the header of a segment, and makes its checksum fit. */
export function forgeHeader(disk: Disk, path: string, change: (view: DataView<ArrayBuffer>) => void): void {
  changeFile(disk, path, (bytes) => {
    change(new DataView(bytes.buffer));
    sealHeader(bytes);
  });
}

/** Turns one bit of a file. */
export function flipBit(disk: Disk, path: string, byte: number): void {
  changeFile(disk, path, (bytes) => {
    bytes[byte] ^= 0x10;
  });
}

/** Cuts a file to this length. */
export function cutFile(disk: Disk, path: string, bytes: number): void {
  const file = disk.open(path, "write");
  disk.truncate(file, bytes);
  disk.close(file);
}

export function sizeOf(disk: Disk, path: string): number {
  return readWhole(disk, path).length;
}

function changeFile(disk: Disk, path: string, change: (bytes: Uint8Array<ArrayBuffer>) => void): void {
  const bytes = readWhole(disk, path);
  change(bytes);
  const file = disk.open(path, "write");
  writeWhole(disk, file, [bytes], 0);
  disk.sync(file);
  disk.close(file);
}

function sealHeader(bytes: Uint8Array<ArrayBuffer>): void {
  const crc = crc32c(bytes.subarray(0, SEGMENT_HEADER_CRC), 0);
  new DataView(bytes.buffer).setUint32(SEGMENT_HEADER_CRC, crc, true);
}

function sealRecord(bytes: Uint8Array<ArrayBuffer>, at: number, length: number, seed: number): number {
  const crc = crc32c(bytes.subarray(at + RECORD_CRC_FROM, at + length), seed);
  new DataView(bytes.buffer).setUint32(at + RECORD_HEADER_CRC, crc, true);
  return crc;
}
