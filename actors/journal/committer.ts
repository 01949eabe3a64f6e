/**
 * Gets sealed batches to the disk and keeps what it needs to know of them: what is written, what is synced, and what of
 * it would have to be written again. Every method may be called again after it threw, and goes on where it stopped.
 *
 * After a sync that failed nothing it covered is believed: a second sync may succeed although the bytes are gone, since
 * the system marks pages clean that it could not write. The file is cut at its last synced byte and left, and the
 * records, which are still at hand, go into a new segment; their seals hold there as well, for the chain is the same.
 */
import { assert } from "../../engine/index.js";
import type { RecordMark } from "../../engine/tape/segment-header.js";
import type { NowUs } from "../clock.js";
import type { Batch } from "./batch.js";
import type { SegmentWriter } from "./segment-writer.js";
import { Unsynced } from "./unsynced.js";

export class Committer {
  syncs = 0;
  /** How long the newest sync took. */
  syncUs = 0;
  /** The newest record written, and the newest that is durable; null before the first. */
  written: RecordMark | null = null;
  durable: RecordMark | null = null;
  readonly unsynced: Unsynced;
  private readonly writer: SegmentWriter;
  private readonly nowUs: NowUs;
  /** What a failed sync left to do. */
  private doubt: "none" | "discard" | "rewrite" = "none";

  /** `copies`: the log may overwrite what is written before it is synced. */
  constructor(writer: SegmentWriter, nowUs: NowUs, copies: boolean) {
    this.writer = writer;
    this.nowUs = nowUs;
    this.unsynced = new Unsynced(copies);
  }

  get isSynced(): boolean {
    return this.unsynced.records === 0;
  }

  /** The batch is in the file when it returns. */
  write(batch: Batch): void {
    this.resolveDoubt();
    if (batch.opensSegment) this.rotate(batch);
    if (!this.unsynced.hasRoom(batch.bytes)) this.sync();
    this.writer.write(batch.runs);
    this.unsynced.add(batch);
    this.written = batch.mark;
  }

  /** All that was written is durable when it returns. */
  sync(): void {
    this.resolveDoubt();
    if (this.isSynced) return;
    const startUs = this.nowUs();
    try {
      this.writer.sync();
    } catch (error) {
      this.doubt = "discard";
      throw error;
    }
    this.syncUs = this.nowUs() - startUs;
    this.syncs += 1;
    this.unsynced.clear();
    this.durable = this.written;
  }

  /** Syncs and closes the segment in order. */
  finish(): void {
    this.sync();
    if (this.written !== null) this.writer.finish(this.written);
  }

  private rotate(batch: Batch): void {
    this.finish();
    this.writer.open(batch.previousCrc, batch.firstSequence);
    batch.opensSegment = false;
  }

  private resolveDoubt(): void {
    const { writer, unsynced } = this;
    if (this.doubt === "none") return;
    assert(!this.isSynced, "a sync that failed had something to do");
    if (this.doubt === "discard") writer.discardUnsynced();
    this.doubt = "rewrite";
    if (!writer.isOpen) writer.open(unsynced.previousCrc, unsynced.firstSequence);
    writer.write(unsynced.views);
    this.doubt = "none";
  }
}
