/**
 * The product's point-to-point ring with its choices laid open: where the cursors stand, whether a side remembers the
 * other's, and by what they are loaded and stored. It checks nothing and carries no heartbeat; it is here to show what
 * each choice is worth, next to the same code with the product's own.
 */
import { NONE } from "../../actors/ring/layout.js";
import type { SharedViews } from "../../actors/ring/views.js";
import type { RingConsumer, RingProducer } from "../fabric/ring-links.js";

/** How a cursor, an int32 at a byte offset, is loaded and stored. */
export interface CursorAccess {
  load(at: number): number;
  store(at: number, value: number): void;
}

export interface Variant {
  readonly access: CursorAccess;
  /** Byte offsets of the cursors from the ring's base. */
  readonly tailAt: number;
  readonly headAt: number;
  /** Whether each side keeps a copy of the other's cursor until it says full or empty. */
  readonly remembers: boolean;
}

export interface VariantPlace {
  readonly views: SharedViews;
  readonly base: number;
  readonly capacity: number;
}

const RECORDS_AT = 768;
const RECORD_HEADER = 8;
const PADDING = 0;

export const atomicsAccess = ({ i32 }: SharedViews): CursorAccess => ({
  load: (at) => Atomics.load(i32, at >> 2),
  store: (at, value) => void Atomics.store(i32, at >> 2, value),
});

export class VariantProducer implements RingProducer {
  readonly views: SharedViews;
  private readonly i32: Int32Array;
  private readonly access: CursorAccess;
  private readonly tail: number;
  private readonly head: number;
  private readonly records: number;
  private readonly capacity: number;
  private readonly remembers: boolean;
  private position = 0;
  private claimed = 0;
  private headSeen = 0;

  constructor({ views, base, capacity }: VariantPlace, { access, tailAt, headAt, remembers }: Variant) {
    this.views = views;
    this.i32 = views.i32;
    this.access = access;
    this.tail = base + tailAt;
    this.head = base + headAt;
    this.records = base + RECORDS_AT;
    this.capacity = capacity;
    this.remembers = remembers;
  }

  claim(type: number, payloadBytes: number): number {
    const { i32, capacity } = this;
    const bytes = (payloadBytes + RECORD_HEADER + 7) & ~7;
    const index = this.position & (capacity - 1);
    const skipped = bytes > capacity - index ? capacity - index : 0;
    if (!this.hasRoom(skipped + bytes)) return NONE;
    if (skipped !== 0) i32[((this.records + index) >> 2) + 1] = PADDING;
    const at = this.records + (skipped === 0 ? index : 0);
    i32[at >> 2] = bytes;
    i32[(at >> 2) + 1] = type;
    this.claimed = skipped + bytes;
    return at + RECORD_HEADER;
  }

  commit(): void {
    this.position = (this.position + this.claimed) | 0;
  }

  publish(): void {
    this.access.store(this.tail, this.position);
  }

  private hasRoom(bytes: number): boolean {
    const oldest = (this.position + bytes - this.capacity) | 0;
    if (this.remembers && ((this.headSeen - oldest) | 0) >= 0) return true;
    this.headSeen = this.access.load(this.head);
    return ((this.headSeen - oldest) | 0) >= 0;
  }
}

export class VariantConsumer implements RingConsumer {
  readonly views: SharedViews;
  private readonly i32: Int32Array;
  private readonly access: CursorAccess;
  private readonly tail: number;
  private readonly head: number;
  private readonly records: number;
  private readonly capacity: number;
  private readonly remembers: boolean;
  private position = 0;
  private released = 0;
  private tailSeen = 0;

  constructor({ views, base, capacity }: VariantPlace, { access, tailAt, headAt, remembers }: Variant) {
    this.views = views;
    this.i32 = views.i32;
    this.access = access;
    this.tail = base + tailAt;
    this.head = base + headAt;
    this.records = base + RECORDS_AT;
    this.capacity = capacity;
    this.remembers = remembers;
  }

  next(): number {
    const { i32, capacity } = this;
    if (!this.remembers || this.position === this.tailSeen) {
      this.tailSeen = this.access.load(this.tail);
      if (this.position === this.tailSeen) return NONE;
    }
    let index = this.position & (capacity - 1);
    if (i32[((this.records + index) >> 2) + 1] === PADDING) {
      this.position = (this.position + capacity - index) | 0;
      index = 0;
    }
    const at = this.records + index;
    this.position = (this.position + i32[at >> 2]) | 0;
    return at + RECORD_HEADER;
  }

  release(): void {
    if (this.position === this.released) return;
    this.released = this.position;
    this.access.store(this.head, this.position);
  }
}
