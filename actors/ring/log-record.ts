/**
 * The header of the log record on which a reader stands, copied out of the ring field by field. Both kinds of reader,
 * the gating and the lossy one, are such a record that moves; it owns no cursor and decides nothing.
 */
import {
  LOG_FLAGS,
  LOG_INDEX,
  LOG_LENGTH,
  LOG_RECORD_HEADER,
  LOG_SEQUENCE,
  LOG_TIME_US,
  LOG_TYPE,
  PADDING,
} from "./layout.js";
import type { SharedViews } from "./views.js";

export abstract class LogRecord {
  readonly views: SharedViews;
  readonly capacity: number;
  // The doubles begin as doubles: a field that begins as a small integer may be boxed anew, as garbage, at every store.
  /** Of the input; the outputs that it caused carry the same number. NaN before the first record. */
  sequence = Number.NaN;
  /** 0 for an input; 1, 2, … for its outputs. */
  index = 0;
  type = PADDING as number;
  flags = 0;
  /** Engine time, microseconds since the epoch. */
  timeUs = Number.NaN;
  /** Byte offset of the header, and bytes of the whole record. */
  recordOffset = 0;
  recordBytes = 0;
  payloadOffset = 0;
  /** Payload with its padding: a multiple of eight. */
  payloadBytes = 0;

  protected constructor(views: SharedViews, capacity: number) {
    this.views = views;
    this.capacity = capacity;
  }

  protected readHeader(at: number): void {
    const { u16, i32, u32, f64 } = this.views;
    this.recordOffset = at;
    this.recordBytes = i32[(at + LOG_LENGTH) >> 2];
    this.type = u16[(at + LOG_TYPE) >> 1];
    this.index = u16[(at + LOG_INDEX) >> 1];
    this.flags = u32[(at + LOG_FLAGS) >> 2];
    this.sequence = f64[(at + LOG_SEQUENCE) >> 3];
    this.timeUs = f64[(at + LOG_TIME_US) >> 3];
    this.payloadOffset = at + LOG_RECORD_HEADER;
    this.payloadBytes = this.recordBytes - LOG_RECORD_HEADER;
  }

  /** Bytes from `position` to the next record: 0, or what is left of the ring when its end is skipped or padded. */
  protected skippedAt(position: number, records: number): number {
    const index = position & (this.capacity - 1);
    const untilEnd = this.capacity - index;
    if (untilEnd < LOG_RECORD_HEADER) return untilEnd;
    return this.views.u16[(records + index + LOG_TYPE) >> 1] === PADDING ? untilEnd : 0;
  }
}
