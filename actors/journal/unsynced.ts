/**
 * The records that were written and not synced: they must be at hand to be written again should the sync fail. Those
 * that stay in the ring until they are synced are only referred to; those that are released before, in `fast` mode, are
 * copied. Bounded: when it is full, the journal syncs first.
 */
import type { Batch } from "./batch.js";

const COPIED_BYTES_MAX = 4 << 20;

export class Unsynced {
  records = 0;
  firstSequence = Number.NaN;
  firstTimeUs = Number.NaN;
  /** CRC of the record before the first. */
  previousCrc = 0;
  /** The memory that the records fill, in order. */
  views: readonly Uint8Array[] = [];
  private copies: Uint8Array | null;
  private used = 0;

  constructor(copies: boolean) {
    this.copies = copies ? new Uint8Array(COPIED_BYTES_MAX) : null;
  }

  hasRoom(bytes: number): boolean {
    return this.copies === null ? this.records === 0 : this.used + bytes <= this.copies.length;
  }

  /** Takes a batch in; there must be room, or nothing else. */
  add(batch: Batch): void {
    if (this.records === 0) {
      this.firstSequence = batch.firstSequence;
      this.firstTimeUs = batch.firstTimeUs;
      this.previousCrc = batch.previousCrc;
    }
    this.records += batch.records;
    this.views = this.copies === null ? batch.runs : [this.copy(this.copies, batch)];
  }

  clear(): void {
    this.records = 0;
    this.used = 0;
    this.views = [];
  }

  private copy(copies: Uint8Array, { runs, bytes }: Batch): Uint8Array {
    let into = copies;
    // One batch may pass the bound by its last input.
    if (!this.hasRoom(bytes)) this.copies = into = new Uint8Array(bytes);
    for (const run of runs) {
      into.set(run, this.used);
      this.used += run.length;
    }
    return into.subarray(0, this.used);
  }
}
