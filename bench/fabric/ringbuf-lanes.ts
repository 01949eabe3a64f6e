/**
 * ringbuf.js as a lane. It copies elements in and out of arrays, so a message is written to one and read from
 * another.
 */
import { RingBuffer } from "ringbuf.js";
import type { Histogram } from "../../actors/metrics/histogram.js";
import { type Lane, type LaneResult, MESSAGES_PER_LOOK, UNCOUNTED_TRIPS } from "./lane.js";
import { END, expectedSum, sumWords, WORDS, writeWords } from "./message.js";

/** Shared memory for a ring of at least this many bytes of messages. */
export function ringbufStorage(bytes: number): SharedArrayBuffer {
  return RingBuffer.getStorageForCapacity(bytes / 4, Int32Array);
}

const open = (storage: SharedArrayBuffer): RingBuffer => new RingBuffer(storage, Int32Array);

export class RingbufRoundTrips implements Lane {
  private readonly outbox: RingBuffer;
  private readonly inbox: RingBuffer;
  private readonly latency: Histogram;
  private readonly scratch = new Int32Array(WORDS);

  constructor(outbox: SharedArrayBuffer, inbox: SharedArrayBuffer, latency: Histogram) {
    this.outbox = open(outbox);
    this.inbox = open(inbox);
    this.latency = latency;
  }

  initiate(ms: number): LaneResult {
    const { scratch } = this;
    const startMs = performance.now();
    let sentMs = startMs;
    let value = 0;
    let checksum = 0;
    while (sentMs < startMs + ms || value <= UNCOUNTED_TRIPS) {
      value += 1;
      this.send(value);
      this.receive();
      checksum = (checksum + sumWords(scratch, 0)) | 0;
      const nowMs = performance.now();
      if (value > UNCOUNTED_TRIPS) this.latency.record((nowMs - sentMs) * 1e6);
      sentMs = nowMs;
    }
    this.send(END);
    return { messages: value, seconds: (sentMs - startMs) / 1000, checksum, batches: value };
  }

  respond(): LaneResult {
    const { scratch } = this;
    let messages = 0;
    let checksum = 0;
    for (;;) {
      this.receive();
      const value = scratch[0];
      if (value === END) break;
      checksum = (checksum + sumWords(scratch, 0)) | 0;
      this.send(value);
      messages += 1;
    }
    return { messages, seconds: 0, checksum, batches: messages };
  }

  private send(value: number): void {
    writeWords(this.scratch, 0, value);
    this.outbox.push(this.scratch, WORDS);
  }

  private receive(): void {
    while (this.inbox.available_read() < WORDS);
    this.inbox.pop(this.scratch, WORDS);
  }
}

export class RingbufStream implements Lane {
  private readonly ring: RingBuffer;
  private readonly batch: number;
  private readonly scratch: Int32Array;

  /** `batch`: messages to a push and, where as many wait, to a pop. */
  constructor(storage: SharedArrayBuffer, batch: number) {
    this.ring = open(storage);
    this.batch = batch;
    this.scratch = new Int32Array(WORDS * batch);
  }

  initiate(ms: number): LaneResult {
    const { batch, scratch } = this;
    const startMs = performance.now();
    let value = 0;
    let checksum = 0;
    while (performance.now() < startMs + ms) {
      for (let count = 0; count < MESSAGES_PER_LOOK; count += batch) {
        for (let message = 0; message < batch; message += 1) {
          value += 1;
          writeWords(scratch, message * WORDS, value);
          checksum = (checksum + expectedSum(value)) | 0;
        }
        this.push(batch);
      }
    }
    writeWords(scratch, 0, END);
    this.push(1);
    return { messages: value, seconds: (performance.now() - startMs) / 1000, checksum, batches: 0 };
  }

  respond(): LaneResult {
    const { ring, scratch } = this;
    const startMs = performance.now();
    let messages = 0;
    let checksum = 0;
    let batches = 0;
    for (let ended = false; !ended; ) {
      // Pushes are of whole messages, so what can be read is too.
      const words = Math.min(ring.available_read(), scratch.length);
      if (words === 0) continue;
      ring.pop(scratch, words);
      for (let first = 0; first < words; first += WORDS) {
        if (scratch[first] === END) ended = true;
        else checksum = (checksum + sumWords(scratch, first)) | 0;
      }
      messages += words / WORDS;
      batches += 1;
    }
    return { messages: messages - 1, seconds: (performance.now() - startMs) / 1000, checksum, batches };
  }

  /** All or nothing: a push takes what fits. */
  private push(messages: number): void {
    const words = messages * WORDS;
    while (this.ring.available_write() < words);
    this.ring.push(this.scratch, words);
  }
}
