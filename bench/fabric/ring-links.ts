/** The product's point-to-point ring with handlers in JavaScript: round trips that spin or sleep, and streams. */
import type { Doorbell } from "../../actors/agent/doorbell.js";
import { IDLE, IdleCount } from "../../actors/agent/idle.js";
import { NONE } from "../../actors/ring/layout.js";
import { SpscProducer } from "../../actors/ring/spsc.js";
import type { SpscConsumer } from "../../actors/ring/spsc-consumer.js";
import type { SharedViews } from "../../actors/ring/views.js";
import { END, exactSum, MESSAGE_BYTES, MESSAGE_TYPE, sumWords, writeWords } from "./message.js";
import { ScriptedTaker, type StreamSender } from "./streams.js";
import { type Echoed, ScriptedTrips, type TripLink } from "./trips.js";

/** Messages that a consumer takes before it gives their room back, as the engine does. */
export const TAKE_MAX = 256;
/** Messages to a publish, where they are sent in batches. */
export const BATCH = 64;
/** From one message of a batch to the next. */
export const STRIDE_WORDS = SpscProducer.strideOf(MESSAGE_BYTES) / 8;
/** How often the slowed consumer reads each message. */
const SLOWED_READS = 64;

/** The verbs that all rings from producers to one consumer have in common. */
export interface RingProducer {
  readonly views: SharedViews;
  claim(type: number, payloadBytes: number): number;
  commit(): void;
  publish(): void;
}

export interface RingConsumer {
  readonly views: SharedViews;
  next(): number;
  release(): void;
}

/**
 * Loops of their own rather than ScriptedTrips', each with one call of `next` and one of `claim`: V8 inlines so much
 * code into a function and no more, and here a call that is left would be seen.
 */
export class RingTrips implements TripLink {
  private readonly outbox: RingProducer;
  private readonly inbox: RingConsumer;
  private answers = 0;

  constructor(outbox: RingProducer, inbox: RingConsumer) {
    this.outbox = outbox;
    this.inbox = inbox;
  }

  trips(first: number, count: number): void {
    const { outbox, inbox } = this;
    const { f64 } = outbox.views;
    let sum = 0;
    for (let message = first; message < first + count; message += 1) {
      writeWords(f64, outbox.claim(MESSAGE_TYPE, MESSAGE_BYTES) >> 3, message);
      outbox.commit();
      outbox.publish();
      inbox.release();
      let at: number;
      do at = inbox.next();
      while (at === NONE);
      sum += sumWords(f64, at >> 3);
    }
    this.answers += sum;
  }

  takeSum(): bigint {
    const sum = exactSum(this.answers);
    this.answers = 0;
    return sum;
  }

  sendEnd(): void {
    const { outbox, inbox } = this;
    writeWords(outbox.views.f64, outbox.claim(MESSAGE_TYPE, MESSAGE_BYTES) >> 3, END);
    outbox.commit();
    outbox.publish();
    inbox.release();
  }

  echo(): Echoed {
    const { outbox, inbox } = this;
    const { f64 } = outbox.views;
    let messages = 0;
    let sum = 0;
    for (;;) {
      let at: number;
      do at = inbox.next();
      while (at === NONE);
      const message = f64[at >> 3];
      if (message === END) break;
      writeWords(f64, outbox.claim(MESSAGE_TYPE, MESSAGE_BYTES) >> 3, message);
      outbox.commit();
      outbox.publish();
      sum += sumWords(f64, at >> 3);
      inbox.release();
      messages += 1;
    }
    inbox.release();
    return { messages, checksum: exactSum(sum) };
  }
}

/** Both sides sleep at their doorbells after a short spin, as the engine's threads do on shared cores. */
export class ParkedTrips extends ScriptedTrips {
  private readonly outbox: RingProducer;
  private readonly inbox: SpscConsumer;
  private readonly f64: Float64Array;
  private readonly own: Doorbell;
  private readonly other: Doorbell;
  private readonly idle = new IdleCount(IDLE.shared);

  /** Index of the last message's first word. */
  private word = 0;

  constructor(outbox: RingProducer, inbox: SpscConsumer, own: Doorbell, other: Doorbell) {
    super();
    this.outbox = outbox;
    this.inbox = inbox;
    this.f64 = outbox.views.f64;
    this.own = own;
    this.other = other;
  }

  protected send(message: number): void {
    const { outbox } = this;
    writeWords(this.f64, outbox.claim(MESSAGE_TYPE, MESSAGE_BYTES) >> 3, message);
    outbox.commit();
    outbox.publish();
    this.other.ring();
  }

  protected receive(): number {
    for (let at = this.inbox.next(); ; at = this.inbox.next()) {
      if (at !== NONE) {
        this.idle.shouldPark(1);
        this.word = at >> 3;
        return sumWords(this.f64, this.word);
      }
      if (this.idle.shouldPark(0)) this.park();
    }
  }

  protected release(): void {
    this.inbox.release();
  }

  protected received(): number {
    return this.f64[this.word];
  }

  private park(): void {
    this.own.arm();
    if (this.inbox.available()) this.own.disarm();
    else this.own.wait(IDLE.shared.parkMs);
  }
}

/** Claims record by record, and shows them in batches. */
export class RingSender implements StreamSender {
  private readonly outbox: RingProducer;
  private readonly batch: number;

  /** `batch`: messages to a publish, a power of two. */
  constructor(outbox: RingProducer, batch: number) {
    this.outbox = outbox;
    this.batch = batch;
  }

  send(first: number, count: number): void {
    const { outbox, batch } = this;
    const { f64 } = outbox.views;
    for (let message = first; message < first + count; message += 1) {
      let at: number;
      while ((at = outbox.claim(MESSAGE_TYPE, MESSAGE_BYTES)) === NONE) outbox.publish();
      writeWords(f64, at >> 3, message);
      outbox.commit();
      if ((message & (batch - 1)) === 0) outbox.publish();
    }
  }

  sendEnd(): void {
    this.send(END, 1);
    this.outbox.publish();
  }
}

/** Takes record by record, and gives their room back in batches. */
export class RingTaker extends ScriptedTaker {
  private readonly inbox: RingConsumer;
  private readonly takeMax: number;

  constructor(inbox: RingConsumer, takeMax: number) {
    super();
    this.inbox = inbox;
    this.takeMax = takeMax;
  }

  protected take(): number {
    const { inbox, takeMax } = this;
    const { f64 } = inbox.views;
    let sum = 0;
    let taken = 0;
    for (; taken < takeMax; taken += 1) {
      const at = inbox.next();
      if (at === NONE) break;
      if (f64[at >> 3] === END) this.ended = true;
      sum += sumWords(f64, at >> 3);
    }
    inbox.release();
    this.sum += sum;
    return taken;
  }
}

/** Claims 64 records at once, the ring's own form for batches. */
export class BatchSender implements StreamSender {
  private readonly outbox: SpscProducer;
  private readonly f64: Float64Array;

  constructor(outbox: SpscProducer) {
    this.outbox = outbox;
    this.f64 = outbox.views.f64;
  }

  send(first: number, count: number): void {
    for (let batch = first; batch < first + count; batch += BATCH) this.sendBatch(batch, BATCH);
  }

  sendEnd(): void {
    this.sendBatch(END, 1);
  }

  private sendBatch(first: number, count: number): void {
    const { outbox, f64 } = this;
    let at: number;
    do at = outbox.claimMany(MESSAGE_TYPE, MESSAGE_BYTES, count);
    while (at === NONE);
    for (let each = 0; each < count; each += 1) writeWords(f64, (at >> 3) + each * STRIDE_WORDS, first + each);
    outbox.commit();
    outbox.publish();
  }
}

/** Takes all records of one length that stand side by side at once, the dual of claiming many. */
export class BatchTaker extends ScriptedTaker {
  private readonly inbox: SpscConsumer;

  constructor(inbox: SpscConsumer) {
    super();
    this.inbox = inbox;
  }

  protected take(): number {
    const { inbox } = this;
    const { f64 } = inbox.views;
    const at = inbox.nextMany(TAKE_MAX);
    if (at === NONE) return 0;
    const end = (at >> 3) + inbox.count * STRIDE_WORDS;
    let sum = 0;
    for (let word = at >> 3; word < end; word += STRIDE_WORDS) {
      if (f64[word] === END) this.ended = true;
      sum += sumWords(f64, word);
    }
    inbox.release();
    this.sum += sum;
    return inbox.count;
  }
}

/** Reads every message many times over. */
export class SlowedTaker extends ScriptedTaker {
  private readonly inbox: RingConsumer;

  constructor(inbox: RingConsumer) {
    super();
    this.inbox = inbox;
  }

  protected take(): number {
    const { inbox } = this;
    const { f64 } = inbox.views;
    const at = inbox.next();
    if (at === NONE) return 0;
    let sum = 0;
    for (let read = 0; read < SLOWED_READS; read += 1) sum += sumWords(f64, at >> 3);
    if (f64[at >> 3] === END) this.ended = true;
    inbox.release();
    this.sum += sum / SLOWED_READS;
    return 1;
  }
}
