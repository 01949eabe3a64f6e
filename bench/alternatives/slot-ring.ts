/**
 * A ring of slots of one size without headers: a cursor counts messages, and there is nothing to skip at the end. Every
 * message takes what the longest would, and none can say what it is.
 */
import { NONE } from "../../actors/ring/layout.js";
import type { SharedViews } from "../../actors/ring/views.js";
import { MESSAGE_BYTES } from "../fabric/message.js";
import type { RingConsumer, RingProducer } from "../fabric/ring-links.js";
import type { VariantPlace } from "./variant-ring.js";

const TAIL_AT = 128;
const HEAD_AT = 256;
const RECORDS_AT = 768;

export class SlotProducer implements RingProducer {
  readonly views: SharedViews;
  private readonly i32: Int32Array;
  private readonly tail: number;
  private readonly head: number;
  private readonly slotsAt: number;
  private readonly slots: number;
  private next = 0;
  private headSeen = 0;

  constructor({ views, base, capacity }: VariantPlace) {
    this.views = views;
    this.i32 = views.i32;
    this.tail = (base + TAIL_AT) >> 2;
    this.head = (base + HEAD_AT) >> 2;
    this.slotsAt = base + RECORDS_AT;
    this.slots = capacity / MESSAGE_BYTES;
  }

  claim(): number {
    if (((this.next - this.headSeen) | 0) >= this.slots) {
      this.headSeen = Atomics.load(this.i32, this.head);
      if (((this.next - this.headSeen) | 0) >= this.slots) return NONE;
    }
    return this.slotsAt + (this.next & (this.slots - 1)) * MESSAGE_BYTES;
  }

  commit(): void {
    this.next = (this.next + 1) | 0;
  }

  publish(): void {
    Atomics.store(this.i32, this.tail, this.next);
  }
}

export class SlotConsumer implements RingConsumer {
  readonly views: SharedViews;
  private readonly i32: Int32Array;
  private readonly tail: number;
  private readonly head: number;
  private readonly slotsAt: number;
  private readonly slots: number;
  private taken = 0;
  private released = 0;
  private tailSeen = 0;

  constructor({ views, base, capacity }: VariantPlace) {
    this.views = views;
    this.i32 = views.i32;
    this.tail = (base + TAIL_AT) >> 2;
    this.head = (base + HEAD_AT) >> 2;
    this.slotsAt = base + RECORDS_AT;
    this.slots = capacity / MESSAGE_BYTES;
  }

  next(): number {
    if (this.taken === this.tailSeen) {
      this.tailSeen = Atomics.load(this.i32, this.tail);
      if (this.taken === this.tailSeen) return NONE;
    }
    const at = this.slotsAt + (this.taken & (this.slots - 1)) * MESSAGE_BYTES;
    this.taken = (this.taken + 1) | 0;
    return at;
  }

  release(): void {
    if (this.taken === this.released) return;
    this.released = this.taken;
    Atomics.store(this.i32, this.head, this.taken);
  }
}
