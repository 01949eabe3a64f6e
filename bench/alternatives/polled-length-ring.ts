/**
 * A ring without a published tail, after Agrona's: a record shows itself by its length, which the producer stores last
 * and atomically, and for which the consumer looks. What was consumed has to be zeroed before its room is given back,
 * and no batch can be shown at once.
 */
import { NONE } from "../../actors/ring/layout.js";
import type { SharedViews } from "../../actors/ring/views.js";
import type { RingConsumer, RingProducer } from "../fabric/ring-links.js";
import type { VariantPlace } from "./variant-ring.js";

const HEAD_AT = 256;
const RECORDS_AT = 768;
const RECORD_HEADER = 8;
const PADDING = 0;

export class PolledLengthProducer implements RingProducer {
  readonly views: SharedViews;
  private readonly i32: Int32Array;
  private readonly head: number;
  private readonly records: number;
  private readonly capacity: number;
  private position = 0;
  private headSeen = 0;
  private word = 0;
  private bytes = 0;

  constructor({ views, base, capacity }: VariantPlace) {
    this.views = views;
    this.i32 = views.i32;
    this.head = (base + HEAD_AT) >> 2;
    this.records = base + RECORDS_AT;
    this.capacity = capacity;
  }

  claim(type: number, payloadBytes: number): number {
    const bytes = (payloadBytes + RECORD_HEADER + 7) & ~7;
    const index = this.position & (this.capacity - 1);
    const skipped = bytes > this.capacity - index ? this.capacity - index : 0;
    if (!this.hasRoom(skipped + bytes)) return NONE;
    if (skipped !== 0) this.show((this.records + index) >> 2, PADDING, skipped);
    const at = this.records + (skipped === 0 ? index : 0);
    this.i32[(at >> 2) + 1] = type;
    this.word = at >> 2;
    this.bytes = bytes;
    this.position = (this.position + skipped + bytes) | 0;
    return at + RECORD_HEADER;
  }

  commit(): void {
    Atomics.store(this.i32, this.word, this.bytes);
  }

  /** Every commit has shown its record. */
  publish(): void {}

  private show(word: number, type: number, bytes: number): void {
    this.i32[word + 1] = type;
    Atomics.store(this.i32, word, bytes);
  }

  private hasRoom(bytes: number): boolean {
    const oldest = (this.position + bytes - this.capacity) | 0;
    if (((this.headSeen - oldest) | 0) >= 0) return true;
    this.headSeen = Atomics.load(this.i32, this.head);
    return ((this.headSeen - oldest) | 0) >= 0;
  }
}

export class PolledLengthConsumer implements RingConsumer {
  readonly views: SharedViews;
  private readonly i32: Int32Array;
  private readonly head: number;
  private readonly records: number;
  private readonly capacity: number;
  private position = 0;
  private released = 0;

  constructor({ views, base, capacity }: VariantPlace) {
    this.views = views;
    this.i32 = views.i32;
    this.head = (base + HEAD_AT) >> 2;
    this.records = base + RECORDS_AT;
    this.capacity = capacity;
  }

  next(): number {
    const { i32 } = this;
    // A ring read to its end and not released begins again at records already read.
    if (((this.position - this.released) | 0) >= this.capacity) return NONE;
    for (;;) {
      const word = this.wordAt(this.position);
      const bytes = Atomics.load(i32, word);
      if (bytes === 0) return NONE;
      this.position = (this.position + bytes) | 0;
      if (i32[word + 1] !== PADDING) return (word << 2) + RECORD_HEADER;
    }
  }

  /** Clears all that was consumed, for the next lap's records may begin anywhere in it. */
  release(): void {
    const { i32 } = this;
    for (let at = this.released; at !== this.position; at = (at + 4) | 0) i32[this.wordAt(at)] = 0;
    if (this.position === this.released) return;
    this.released = this.position;
    Atomics.store(i32, this.head, this.position);
  }

  private wordAt(position: number): number {
    return (this.records + (position & (this.capacity - 1))) >> 2;
  }
}
