/**
 * Writes sealed records to segment files: ring bytes go to the disk as they are, without a copy. A segment is closed
 * when it is full, at a boundary between inputs, so that an input and what it caused stand in one file.
 */
import { closeSync, fdatasyncSync, fsyncSync, openSync, writevSync } from "node:fs";
import { dirname } from "node:path";
import { type Crc32c, encodeSegmentHeader } from "../../engine/index.js";
import { SCHEMA_HASH } from "../../schemas/index.js";
import { segmentPath } from "./journal-directory.js";

const SEGMENT_BYTES = 64 * 1024 * 1024;

export interface SegmentWriterOptions {
  readonly directory: string;
  readonly buildHash: number;
  readonly crc32c: Crc32c;
  readonly nowUs: () => number;
  readonly segmentBytes?: number;
}

export class SegmentWriter {
  /** Bytes written to all segments, headers included. */
  bytesWritten = 0;
  private readonly options: SegmentWriterOptions;
  private file = -1;
  private segment = -1;
  private segmentUsed = 0;

  constructor(options: SegmentWriterOptions) {
    this.options = options;
  }

  /** Opens the next segment when there is none or the present one is full. Call before an input's record. */
  prepare(previousCrc: number, firstSequence: number): void {
    if (this.file >= 0 && this.segmentUsed < (this.options.segmentBytes ?? SEGMENT_BYTES)) return;
    this.close();
    this.segment += 1;
    const { directory, buildHash, crc32c, nowUs } = this.options;
    this.file = openSync(segmentPath(directory, this.segment), this.segment === 0 ? "w" : "wx");
    const info = {
      schemaHash: SCHEMA_HASH,
      buildHash,
      previousCrc,
      segment: this.segment,
      firstSequence,
      createdTimeUs: nowUs(),
    };
    this.write([encodeSegmentHeader(info, crc32c)]);
    syncDirectory(dirname(segmentPath(directory, this.segment)));
  }

  /** Appends whole records. A short write is carried on with; an error is the caller's to stop on. */
  write(views: Uint8Array[]): void {
    let left = views;
    while (left.length > 0) {
      const written = writevSync(this.file, left);
      this.segmentUsed += written;
      this.bytesWritten += written;
      left = behind(left, written);
    }
  }

  /** Returns when what was written will survive a loss of power. */
  sync(): void {
    if (this.file >= 0) fdatasyncSync(this.file);
  }

  close(): void {
    if (this.file < 0) return;
    this.sync();
    closeSync(this.file);
    this.file = -1;
    this.segmentUsed = 0;
  }
}

/** What is left of the views after `written` bytes. */
function behind(views: Uint8Array[], written: number): Uint8Array[] {
  let skip = written;
  let first = 0;
  while (first < views.length && skip >= views[first].length) skip -= views[first++].length;
  if (first === views.length) return [];
  return skip === 0 ? views.slice(first) : [views[first].subarray(skip), ...views.slice(first + 1)];
}

/** A new file's name is durable only once its directory is. */
function syncDirectory(directory: string): void {
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
