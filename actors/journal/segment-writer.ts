/**
 * Writes sealed records to segment files, each at its place: ring bytes go to the disk as they are, without a copy. A
 * new segment takes the spare file when one was made ahead, so that a sync finds its room and its length settled. Every
 * method may be called again after it threw, and then goes on where it stopped; what is not synced is never believed.
 */
import { assert, type Crc32c, encodeSegmentHeader } from "../../engine/index.js";
import { encodeSeal, type RecordMark } from "../../engine/tape/segment-header.js";
import { SCHEMA_HASH, SEGMENT_HEADER_BYTES } from "../../schemas/index.js";
import { codeOf, type Disk, type FileHandle } from "../disk/disk.js";
import { writeWhole } from "../disk/whole-file.js";
import { segmentPath, sparePath } from "./journal-directory.js";

/**
 * A rotation costs the journal's thread three syncs more, about half a millisecond: once in 32 MiB that is lost among
 * the others. Zero-filling a spare of this size takes some 40 ms, so that even the first segment can have one, and a
 * reader, who takes in a segment at a time, needs no more memory than that.
 */
export const SEGMENT_BYTES = 32 * 1024 * 1024;
/** Kept free behind the input that a segment takes last, for the outputs it may cause. */
const MARGIN_BYTES = 64 * 1024;
const NO_FILE = -1;

export interface SegmentWriterOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly buildHash: number;
  readonly crc32c: Crc32c;
  readonly nowUs: () => number;
  /** Number of the first segment that is written; default 0. */
  readonly firstSegment?: number;
  readonly segmentBytes?: number;
}

export class SegmentWriter {
  /** Bytes written to all segments, headers included. */
  bytesWritten = 0;
  private readonly options: SegmentWriterOptions;
  private readonly segmentBytes: number;
  private file: FileHandle = NO_FILE;
  /** Of the open segment, or of the next. */
  private segment: number;
  /** Whether the spare has this segment's name. */
  private renamed = false;
  /** Whether the open file has a durable name and header. */
  private ready = false;
  private used = 0;
  private synced = 0;

  constructor(options: SegmentWriterOptions) {
    this.options = options;
    this.segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.segment = options.firstSegment ?? 0;
  }

  get isOpen(): boolean {
    return this.ready;
  }

  get path(): string {
    return segmentPath(this.options.directory, this.segment);
  }

  get directory(): string {
    return this.options.directory;
  }

  /** Whether something was written that may not survive a loss of power. */
  get hasUnsynced(): boolean {
    return this.used > this.synced;
  }

  /** Bytes of inputs that still belong into the open segment; what they cause may pass its size. */
  get room(): number {
    return this.ready ? Math.max(this.roomOfNew + SEGMENT_HEADER_BYTES - this.used, 0) : 0;
  }

  get roomOfNew(): number {
    return this.segmentBytes - SEGMENT_HEADER_BYTES - Math.min(MARGIN_BYTES, this.segmentBytes >> 3);
  }

  /** Opens the next segment; its name and its header are durable when it returns. */
  open(previousCrc: number, firstSequence: number): void {
    assert(!this.ready, "the segment before was closed");
    const { disk, directory, crc32c, nowUs, buildHash } = this.options;
    if (this.file === NO_FILE) this.file = this.takeSpare() ?? disk.open(this.path, "create");
    // The name first: a spare that got its old name back in a crash must still be all zeros.
    disk.syncDirectory(directory);
    const chain = { previousCrc, segment: this.segment, firstSequence };
    const info = { schemaHash: SCHEMA_HASH, buildHash, ...chain, createdTimeUs: nowUs() };
    writeWhole(disk, this.file, [encodeSegmentHeader(info, crc32c)], 0);
    disk.sync(this.file);
    this.used = SEGMENT_HEADER_BYTES;
    this.synced = this.used;
    this.bytesWritten += this.used;
    this.ready = true;
  }

  /** Appends whole records: all of them, or when it throws none. */
  write(views: readonly Uint8Array[]): void {
    assert(this.ready, "a segment is open");
    const bytes = writeWhole(this.options.disk, this.file, views, this.used);
    this.used += bytes;
    this.bytesWritten += bytes;
  }

  /** Returns when what was written will survive a loss of power. When it throws, call `discardUnsynced`. */
  sync(): void {
    if (!this.hasUnsynced) return;
    this.options.disk.sync(this.file);
    this.synced = this.used;
  }

  /** Seals the segment behind its last record, cuts it to its length and closes it. Everything must be synced. */
  finish(last: RecordMark): void {
    if (!this.ready) return;
    assert(!this.hasUnsynced, "what a seal vouches for is durable");
    const { disk, crc32c } = this.options;
    const seal = encodeSeal(last, crc32c);
    writeWhole(disk, this.file, [seal], this.used);
    disk.truncate(this.file, this.used + seal.length);
    disk.sync(this.file);
    this.leave();
  }

  /**
   * After a sync that failed: the system may have dropped what it could not write and call it clean, so no later sync
   * of this file would mean anything. Cuts off what is not known to be durable and leaves the file for good.
   */
  discardUnsynced(): void {
    if (!this.ready) return;
    const { disk } = this.options;
    disk.truncate(this.file, this.synced);
    disk.sync(this.file);
    this.leave();
  }

  private leave(): void {
    const { file } = this;
    this.file = NO_FILE;
    this.ready = false;
    this.renamed = false;
    this.segment += 1;
    this.used = 0;
    this.synced = 0;
    this.options.disk.close(file);
  }

  /** The spare under this segment's name, or null when there is none. */
  private takeSpare(): FileHandle | null {
    const { disk, directory } = this.options;
    this.renamed ||= !disk.exists(this.path) && moved(disk, sparePath(directory), this.path);
    return this.renamed ? disk.open(this.path, "write") : null;
  }
}

/** False when there is nothing to move; the spare's maker may take it away at any moment. */
function moved(disk: Disk, from: string, to: string): boolean {
  try {
    disk.rename(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
