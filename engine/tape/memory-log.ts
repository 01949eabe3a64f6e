/**
 * A log in private memory: what a backtest writes, and what a test compares. Records have the journal's own layout;
 * their CRCs are left zero until somebody seals them. Memory grows by chunks, and a record never spans two.
 */
import {
  type MessageViews,
  padTo8,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_INDEX,
  RECORD_HEADER_LENGTH,
  RECORD_HEADER_SEQUENCE,
  RECORD_HEADER_TIME_US,
  RECORD_HEADER_TYPE,
  viewsOf,
} from "../../schemas/index.js";
import { assert } from "../assert.js";
import type { LogSink } from "../log-sink.js";

const MEMORY_LOG_BYTES = 1 << 20;

/** Called with each record when it is complete: its header's offset and length in `views`. */
export type OnLogged = (
  type: number,
  timeUs: number,
  views: MessageViews,
  recordAt: number,
  recordBytes: number,
) => void;

/** Holds the newest record only, in one reused buffer, and hands each to `onLogged`. */
export class MemoryLog implements LogSink {
  readonly views: MessageViews = viewsOf(new ArrayBuffer(MEMORY_LOG_BYTES));
  private readonly onLogged: OnLogged;
  private type = 0;
  private recordAt = 0;
  private recordBytes = 0;
  private next = 0;

  constructor(onLogged: OnLogged) {
    this.onLogged = onLogged;
  }

  /** An input starts over at the beginning: its outputs stay behind it, and it stays readable while it is applied. */
  claim(type: number, index: number, sequence: number, timeUs: number, payloadBytes: number): number {
    if (index === 0) this.next = 0;
    const at = this.next;
    this.recordBytes = RECORD_HEADER_BYTES + padTo8(payloadBytes);
    assert(at + this.recordBytes <= MEMORY_LOG_BYTES, "an input and its outputs fit the memory log");
    const { i32, u16, u32, f64 } = this.views;
    u32[at >> 2] = 0;
    i32[(at + RECORD_HEADER_LENGTH) >> 2] = this.recordBytes;
    u16[(at + RECORD_HEADER_TYPE) >> 1] = type;
    u16[(at + RECORD_HEADER_INDEX) >> 1] = index;
    u32[(at + 12) >> 2] = 0;
    f64[(at + RECORD_HEADER_SEQUENCE) >> 3] = sequence;
    f64[(at + RECORD_HEADER_TIME_US) >> 3] = timeUs;
    this.type = type;
    this.recordAt = at;
    return at + RECORD_HEADER_BYTES;
  }

  commit(): void {
    this.next = this.recordAt + this.recordBytes;
    const timeUs = this.views.f64[(this.recordAt + RECORD_HEADER_TIME_US) >> 3];
    this.onLogged(this.type, timeUs, this.views, this.recordAt, this.recordBytes);
  }
}
