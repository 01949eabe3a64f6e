/**
 * MessagePort as a lane: what Node offers two threads without shared memory. Each message is cloned, as it always is.
 */
import type { MessagePort } from "node:worker_threads";
import type { Histogram } from "../../actors/metrics/histogram.js";
import { type Lane, type LaneResult, UNCOUNTED_TRIPS } from "./lane.js";
import { END, expectedSum, sumWords, WORDS, writeWords } from "./message.js";

/** Messages under way at most; more would only measure how the queue grows. */
const UNDER_WAY_MAX = 1024;

export class PortRoundTrips implements Lane {
  private readonly port: MessagePort;
  private readonly latency: Histogram;
  private readonly scratch = new Int32Array(WORDS);

  constructor(port: MessagePort, latency: Histogram) {
    this.port = port;
    this.latency = latency;
  }

  initiate(ms: number): Promise<LaneResult> {
    const startMs = performance.now();
    let sentMs = startMs;
    let value = 1;
    let checksum = 0;
    return this.untilDone((words) => {
      checksum = (checksum + sumWords(words, 0)) | 0;
      const nowMs = performance.now();
      if (value > UNCOUNTED_TRIPS) this.latency.record((nowMs - sentMs) * 1e6);
      sentMs = nowMs;
      if (nowMs < startMs + ms || value <= UNCOUNTED_TRIPS) {
        value += 1;
        this.send(value);
        return null;
      }
      this.send(END);
      return { messages: value, seconds: (nowMs - startMs) / 1000, checksum, batches: value };
    }, value);
  }

  respond(): Promise<LaneResult> {
    let messages = 0;
    let checksum = 0;
    return this.untilDone((words) => {
      const value = words[0];
      if (value === END) return { messages, seconds: 0, checksum, batches: messages };
      checksum = (checksum + sumWords(words, 0)) | 0;
      messages += 1;
      this.send(value);
      return null;
    });
  }

  /** Hands messages to `take` until it returns a result; `first` is sent once the handler is there. */
  private untilDone(take: (words: Int32Array) => LaneResult | null, first?: number): Promise<LaneResult> {
    return new Promise((resolve) => {
      const onMessage = (words: Int32Array): void => {
        const result = take(words);
        if (result === null) return;
        this.port.off("message", onMessage);
        resolve(result);
      };
      this.port.on("message", onMessage);
      if (first !== undefined) this.send(first);
    });
  }

  private send(value: number): void {
    writeWords(this.scratch, 0, value);
    this.port.postMessage(this.scratch);
  }
}

export class PortStream implements Lane {
  private readonly port: MessagePort;
  private readonly i32: Int32Array;
  private readonly taken: number;
  private readonly scratch = new Int32Array(WORDS);

  /** `taken`: a shared word in which the receiver counts, so that the sender can keep its distance. */
  constructor(port: MessagePort, i32: Int32Array, taken: number) {
    this.port = port;
    this.i32 = i32;
    this.taken = taken;
  }

  initiate(ms: number): LaneResult {
    const startMs = performance.now();
    let value = 0;
    let checksum = 0;
    while (performance.now() < startMs + ms) {
      value += 1;
      this.send(value);
      checksum = (checksum + expectedSum(value)) | 0;
      while (value - Atomics.load(this.i32, this.taken) >= UNDER_WAY_MAX);
    }
    this.send(END);
    return { messages: value, seconds: (performance.now() - startMs) / 1000, checksum, batches: 0 };
  }

  respond(): Promise<LaneResult> {
    const startMs = performance.now();
    let messages = 0;
    let checksum = 0;
    return new Promise((resolve) => {
      const onMessage = (words: Int32Array): void => {
        if (words[0] !== END) {
          checksum = (checksum + sumWords(words, 0)) | 0;
          messages += 1;
          Atomics.store(this.i32, this.taken, messages);
          return;
        }
        this.port.off("message", onMessage);
        Atomics.store(this.i32, this.taken, 0);
        resolve({ messages, seconds: (performance.now() - startMs) / 1000, checksum, batches: messages });
      };
      this.port.on("message", onMessage);
    });
  }

  private send(value: number): void {
    writeWords(this.scratch, 0, value);
    this.port.postMessage(this.scratch);
  }
}
