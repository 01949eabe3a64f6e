/**
 * The engine's own point-to-point ring as a lane: round trips that spin or sleep, and streams with their batch sizes.
 */

import type { Doorbell } from "../../actors/agent/doorbell.js";
import { IDLE, IdleCount } from "../../actors/agent/idle.js";
import type { Histogram } from "../../actors/metrics/histogram.js";
import { NONE } from "../../actors/ring/layout.js";
import type { SpscConsumer, SpscProducer } from "../../actors/ring/spsc.js";
import { type Lane, type LaneResult, MESSAGES_PER_LOOK, UNCOUNTED_TRIPS } from "./lane.js";
import { END, expectedSum, MESSAGE_BYTES, MESSAGE_TYPE, sumWords, writeWords } from "./message.js";

/** Records that a consumer takes before it gives their room back, as the engine does. */
const TAKE_MAX = 256;

export class RingRoundTrips implements Lane {
  protected readonly inbox: SpscConsumer;
  private readonly outbox: SpscProducer;
  private readonly latency: Histogram;

  constructor(outbox: SpscProducer, inbox: SpscConsumer, latency: Histogram) {
    this.outbox = outbox;
    this.inbox = inbox;
    this.latency = latency;
  }

  initiate(ms: number): LaneResult {
    const { inbox } = this;
    const { i32 } = inbox.views;
    const startMs = performance.now();
    let sentMs = startMs;
    let value = 0;
    let checksum = 0;
    while (sentMs < startMs + ms || value <= UNCOUNTED_TRIPS) {
      value += 1;
      this.send(value);
      checksum = (checksum + sumWords(i32, this.receive() >> 2)) | 0;
      inbox.release();
      const nowMs = performance.now();
      if (value > UNCOUNTED_TRIPS) this.latency.record((nowMs - sentMs) * 1e6);
      sentMs = nowMs;
    }
    this.send(END);
    return { messages: value, seconds: (sentMs - startMs) / 1000, checksum, batches: value };
  }

  respond(): LaneResult {
    const { inbox } = this;
    const { i32 } = inbox.views;
    let messages = 0;
    let checksum = 0;
    for (;;) {
      const word = this.receive() >> 2;
      const value = i32[word];
      if (value === END) break;
      checksum = (checksum + sumWords(i32, word)) | 0;
      inbox.release();
      this.send(value);
      messages += 1;
    }
    inbox.release();
    return { messages, seconds: 0, checksum, batches: messages };
  }

  protected send(value: number): void {
    const { outbox } = this;
    const at = outbox.claim(MESSAGE_TYPE, MESSAGE_BYTES);
    writeWords(outbox.views.i32, at >> 2, value);
    outbox.commit();
    outbox.publish();
  }

  /** Byte offset of the next message. */
  protected receive(): number {
    let at = this.inbox.next();
    while (at === NONE) at = this.inbox.next();
    return at;
  }
}

/** Both sides sleep at their doorbells after a short spin, as the engine's threads do on shared cores. */
export class ParkedRoundTrips extends RingRoundTrips {
  private readonly own: Doorbell;
  private readonly other: Doorbell;
  private readonly idle = new IdleCount(IDLE.shared);

  constructor(outbox: SpscProducer, inbox: SpscConsumer, latency: Histogram, own: Doorbell, other: Doorbell) {
    super(outbox, inbox, latency);
    this.own = own;
    this.other = other;
  }

  protected override send(value: number): void {
    super.send(value);
    this.other.ring();
  }

  protected override receive(): number {
    for (;;) {
      const at = this.inbox.next();
      if (!this.idle.shouldPark(at === NONE ? 0 : 1)) {
        if (at !== NONE) return at;
        continue;
      }
      this.own.arm();
      if (this.inbox.available()) this.own.disarm();
      else this.own.wait(IDLE.shared.parkMs);
    }
  }
}

export class RingStream implements Lane {
  private readonly outbox: SpscProducer;
  private readonly inbox: SpscConsumer;
  private readonly batch: number;
  private readonly reads: number;

  /** `batch`: messages to a publish, a power of two; one also releases one by one. `reads`: 1, or more to be slowed. */
  constructor(outbox: SpscProducer, inbox: SpscConsumer, batch: number, reads = 1) {
    this.outbox = outbox;
    this.inbox = inbox;
    this.batch = batch;
    this.reads = reads;
  }

  initiate(ms: number): LaneResult {
    const { outbox } = this;
    const startMs = performance.now();
    let value = 0;
    let checksum = 0;
    while (performance.now() < startMs + ms) {
      for (let count = 0; count < MESSAGES_PER_LOOK; count += 1) {
        value += 1;
        this.append(outbox, value);
        checksum = (checksum + expectedSum(value)) | 0;
        if ((value & (this.batch - 1)) === 0) outbox.publish();
      }
    }
    this.append(outbox, END);
    outbox.publish();
    const seconds = (performance.now() - startMs) / 1000;
    return { messages: value, seconds, checksum: Math.imul(checksum, this.reads), batches: 0 };
  }

  respond(): LaneResult {
    const { inbox } = this;
    const takeMax = this.batch === 1 ? 1 : TAKE_MAX;
    const startMs = performance.now();
    let messages = 0;
    let checksum = 0;
    let batches = 0;
    for (let ended = false; !ended; ) {
      let taken = 0;
      for (let at = inbox.next(); at !== NONE; at = inbox.next()) {
        taken += 1;
        if (inbox.views.i32[at >> 2] === END) ended = true;
        else checksum = (checksum + this.read(inbox, at)) | 0;
        if (taken === takeMax) break;
      }
      if (taken === 0) continue;
      inbox.release();
      messages += taken;
      batches += 1;
    }
    return { messages: messages - 1, seconds: (performance.now() - startMs) / 1000, checksum, batches };
  }

  private append(outbox: SpscProducer, value: number): void {
    let at = outbox.claim(MESSAGE_TYPE, MESSAGE_BYTES);
    while (at === NONE) {
      outbox.publish();
      at = outbox.claim(MESSAGE_TYPE, MESSAGE_BYTES);
    }
    writeWords(outbox.views.i32, at >> 2, value);
    outbox.commit();
  }

  private read(inbox: SpscConsumer, at: number): number {
    let sum = 0;
    for (let read = 0; read < this.reads; read += 1) sum = (sum + sumWords(inbox.views.i32, at >> 2)) | 0;
    return sum;
  }
}
