/**
 * Distinct errors in shared memory: each message once, with how often and when it came, so that a loop that fails a
 * million times fills nothing and any thread can read what went wrong in another. It is not a journal: the order
 * between messages is lost, and when all entries are taken new messages are only counted. Any thread may record.
 *
 *     0  used      entries taken, i32
 *     4  unlisted  errors that found no entry, i32
 *   128  entries   [count i32][hash i32][bytes i32][0 i32][first f64][last f64][utf-8 of at most 480] …, 512 bytes each
 */
import { Buffer } from "node:buffer";
import { LINE_PAIR } from "../ring/layout.js";
import type { SharedViews } from "../ring/views.js";

const USED = 0;
const UNLISTED = 4;
const ENTRIES = LINE_PAIR;

const COUNT = 0;
const HASH = 4;
const BYTES = 8;
const FIRST_US = 16;
const LAST_US = 24;
const TEXT = 32;
const ENTRY_BYTES = 512;
const TEXT_BYTES_MAX = ENTRY_BYTES - TEXT;

export interface ErrorEntry {
  readonly message: string;
  readonly count: number;
  /** Microseconds since the epoch, as the callers gave them. */
  readonly firstUs: number;
  readonly lastUs: number;
}

export class ErrorLog {
  private readonly views: SharedViews;
  private readonly base: number;
  private readonly entriesMax: number;

  /** The log at byte `base`, in memory that is zero at the start; every thread makes its own object. */
  constructor(views: SharedViews, base: number, entriesMax: number) {
    this.views = views;
    this.base = base;
    this.entriesMax = entriesMax;
  }

  static bytesFor(entriesMax: number): number {
    return ENTRIES + entriesMax * ENTRY_BYTES;
  }

  /** Counts a message, cut to 480 bytes, at the given time. */
  record(message: string, timeUs: number): void {
    const text = cut(message);
    const known = this.find(text);
    if (known !== -1) this.countAgain(known, timeUs);
    else this.append(text, timeUs);
  }

  /** Errors that were not listed because all entries were taken. */
  get unlisted(): number {
    return Atomics.load(this.views.i32, (this.base + UNLISTED) >> 2) >>> 0;
  }

  /** All distinct errors, in the order in which they first came. */
  read(): ErrorEntry[] {
    const byMessage = new Map<string, ErrorEntry>();
    for (let at = this.first; at < this.end; at += ENTRY_BYTES) {
      if (this.countAt(at) === 0) continue;
      const entry = this.entryAt(at);
      const twin = byMessage.get(entry.message);
      byMessage.set(entry.message, twin === undefined ? entry : joined(twin, entry));
    }
    return [...byMessage.values()];
  }

  private get first(): number {
    return this.base + ENTRIES;
  }

  private get end(): number {
    const used = Atomics.load(this.views.i32, (this.base + USED) >> 2);
    return this.first + Math.min(used, this.entriesMax) * ENTRY_BYTES;
  }

  private find(text: Buffer): number {
    const hash = hashOf(text);
    for (let at = this.first; at < this.end; at += ENTRY_BYTES) {
      if (this.countAt(at) === 0 || this.views.i32[(at + HASH) >> 2] !== hash) continue;
      if (text.equals(this.textAt(at))) return at;
    }
    return -1;
  }

  private countAgain(at: number, timeUs: number): void {
    this.views.f64[(at + LAST_US) >> 3] = timeUs;
    Atomics.add(this.views.i32, (at + COUNT) >> 2, 1);
  }

  /** Two threads that append the same text at once make two entries, which reading joins. */
  private append(text: Buffer, timeUs: number): void {
    const { i32, f64, u8 } = this.views;
    const used = (this.base + USED) >> 2;
    const entry = Atomics.load(i32, used) < this.entriesMax ? Atomics.add(i32, used, 1) : this.entriesMax;
    if (entry >= this.entriesMax) {
      Atomics.add(i32, (this.base + UNLISTED) >> 2, 1);
      return;
    }
    const at = this.first + entry * ENTRY_BYTES;
    i32[(at + HASH) >> 2] = hashOf(text);
    i32[(at + BYTES) >> 2] = text.length;
    f64[(at + FIRST_US) >> 3] = timeUs;
    f64[(at + LAST_US) >> 3] = timeUs;
    u8.set(text, at + TEXT);
    // Readers pass over an entry whose count is 0: whoever dies before this line has recorded nothing.
    Atomics.store(i32, (at + COUNT) >> 2, 1);
  }

  private countAt(at: number): number {
    return Atomics.load(this.views.i32, (at + COUNT) >> 2) >>> 0;
  }

  private textAt(at: number): Buffer {
    const bytes = Math.min(this.views.i32[(at + BYTES) >> 2] >>> 0, TEXT_BYTES_MAX);
    return Buffer.from(this.views.buffer, at + TEXT, bytes);
  }

  private entryAt(at: number): ErrorEntry {
    const { f64 } = this.views;
    return {
      message: this.textAt(at).toString("utf8"),
      count: this.countAt(at),
      firstUs: f64[(at + FIRST_US) >> 3],
      lastUs: f64[(at + LAST_US) >> 3],
    };
  }
}

/** The message as UTF-8, cut between two characters. */
function cut(message: string): Buffer {
  const whole = Buffer.from(message, "utf8");
  let bytes = Math.min(whole.length, TEXT_BYTES_MAX);
  while (bytes < whole.length && (whole[bytes] & 0xc0) === 0x80) bytes -= 1;
  return whole.subarray(0, bytes);
}

function hashOf(text: Buffer): number {
  let hash = 0x811c9dc5 | 0;
  for (const byte of text) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function joined(one: ErrorEntry, other: ErrorEntry): ErrorEntry {
  return {
    message: one.message,
    count: one.count + other.count,
    firstUs: Math.min(one.firstUs, other.firstUs),
    lastUs: Math.max(one.lastUs, other.lastUs),
  };
}
