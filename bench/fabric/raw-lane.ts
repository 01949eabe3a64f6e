/** The floor under every round trip: one word there, one word back, spinning, and nothing else. */
import type { Histogram } from "../../actors/metrics/histogram.js";
import { type Lane, type LaneResult, UNCOUNTED_TRIPS } from "./lane.js";
import { END } from "./message.js";

export class RawRoundTrips implements Lane {
  private readonly i32: Int32Array;
  private readonly there: number;
  private readonly back: number;
  private readonly latency: Histogram;

  /** `there` and `back` are words on different pairs of cache lines. */
  constructor(i32: Int32Array, there: number, back: number, latency: Histogram) {
    this.i32 = i32;
    this.there = there;
    this.back = back;
    this.latency = latency;
  }

  initiate(ms: number): LaneResult {
    const { i32, there, back, latency } = this;
    const startMs = performance.now();
    let sentMs = startMs;
    let value = 0;
    while (sentMs < startMs + ms || value <= UNCOUNTED_TRIPS) {
      value += 1;
      Atomics.store(i32, there, value);
      while (Atomics.load(i32, back) !== value);
      const nowMs = performance.now();
      if (value > UNCOUNTED_TRIPS) latency.record((nowMs - sentMs) * 1e6);
      sentMs = nowMs;
    }
    Atomics.store(i32, back, END);
    Atomics.store(i32, there, -1);
    return { messages: value, seconds: (sentMs - startMs) / 1000, checksum: value, batches: value };
  }

  respond(): LaneResult {
    const { i32, there, back } = this;
    let seen = END as number;
    for (;;) {
      const value = Atomics.load(i32, there);
      if (value === -1) break;
      if (value === seen) continue;
      seen = value;
      Atomics.store(i32, back, value);
    }
    Atomics.store(i32, there, END);
    return { messages: seen, seconds: 0, checksum: seen, batches: seen };
  }
}
