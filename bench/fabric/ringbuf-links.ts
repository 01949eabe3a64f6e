/**
 * ringbuf.js as its users would use it: arrays of doubles are copied in and out. Pushes and pops are of whole messages
 * and so is its capacity, so neither ever splits one.
 */
import { RingBuffer } from "ringbuf.js";
import { END, MESSAGE_BYTES, sumWords, WORDS, writeWords } from "./message.js";
import { ScriptedTaker, type StreamSender } from "./streams.js";
import { ScriptedTrips } from "./trips.js";

/** Shared memory for a ring of this many bytes of messages. */
export function ringbufStorage(bytes: number): SharedArrayBuffer {
  return RingBuffer.getStorageForCapacity((bytes / MESSAGE_BYTES) * WORDS, Float64Array);
}

const open = (storage: SharedArrayBuffer): RingBuffer => new RingBuffer(storage, Float64Array);

export class RingbufTrips extends ScriptedTrips {
  private readonly outbox: RingBuffer;
  private readonly inbox: RingBuffer;
  private readonly out = new Float64Array(WORDS);
  private readonly in = new Float64Array(WORDS);

  constructor(outbox: SharedArrayBuffer, inbox: SharedArrayBuffer) {
    super();
    this.outbox = open(outbox);
    this.inbox = open(inbox);
  }

  protected send(message: number): void {
    writeWords(this.out, 0, message);
    this.outbox.push(this.out, WORDS);
  }

  protected receive(): number {
    while (this.inbox.pop(this.in, WORDS) === 0);
    return sumWords(this.in, 0);
  }

  /** A pop has given the room back already. */
  protected release(): void {}

  protected received(): number {
    return this.in[0];
  }
}

export class RingbufSender implements StreamSender {
  private readonly ring: RingBuffer;
  private readonly batch: number;
  private readonly scratch: Float64Array;

  /** `batch`: messages to a push. */
  constructor(storage: SharedArrayBuffer, batch: number) {
    this.ring = open(storage);
    this.batch = batch;
    this.scratch = new Float64Array(WORDS * batch);
  }

  send(first: number, count: number): void {
    const { batch, scratch } = this;
    for (let message = first; message < first + count; message += batch) {
      for (let each = 0; each < batch; each += 1) writeWords(scratch, each * WORDS, message + each);
      this.push(batch);
    }
  }

  sendEnd(): void {
    writeWords(this.scratch, 0, END);
    this.push(1);
  }

  private push(messages: number): void {
    const words = messages * WORDS;
    for (let pushed = 0; pushed < words; ) pushed += this.ring.push(this.scratch, words - pushed, pushed);
  }
}

export class RingbufTaker extends ScriptedTaker {
  private readonly ring: RingBuffer;
  private readonly scratch: Float64Array;

  /** `batch`: messages to a pop, where as many wait. */
  constructor(storage: SharedArrayBuffer, batch: number) {
    super();
    this.ring = open(storage);
    this.scratch = new Float64Array(WORDS * batch);
  }

  protected take(): number {
    const { scratch } = this;
    const words = this.ring.pop(scratch, scratch.length);
    let sum = 0;
    for (let first = 0; first < words; first += WORDS) {
      if (scratch[first] === END) this.ended = true;
      sum += sumWords(scratch, first);
    }
    this.sum += sum;
    return words / WORDS;
  }
}
