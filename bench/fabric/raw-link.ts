/** The floor under every round trip: one word there, one word back, spinning, and nothing else. */
import { END, exactSum, expectedSum } from "./message.js";
import type { Echoed, TripLink } from "./trips.js";

const ENDED = -1;

export class RawTrips implements TripLink {
  private readonly i32: Int32Array;
  private readonly out: number;
  private readonly back: number;
  private messages = 0;

  /** `out` and `back` are words on different pairs of cache lines. */
  constructor(i32: Int32Array, out: number, back: number) {
    this.i32 = i32;
    this.out = out;
    this.back = back;
  }

  trips(first: number, count: number): void {
    const { i32, out, back } = this;
    for (let message = first; message < first + count; message += 1) {
      Atomics.store(i32, out, message);
      while (Atomics.load(i32, back) !== message);
    }
    this.messages += count;
  }

  /** No words travel: what the numbers of the messages stand for. */
  takeSum(): bigint {
    const sum = expectedSum(this.messages);
    this.messages = 0;
    return sum;
  }

  sendEnd(): void {
    Atomics.store(this.i32, this.back, END);
    Atomics.store(this.i32, this.out, ENDED);
  }

  echo(): Echoed {
    const { i32, out, back } = this;
    let seen = END as number;
    let sum = 0;
    for (;;) {
      const message = Atomics.load(i32, back);
      if (message === ENDED) break;
      if (message === seen) continue;
      seen = message;
      sum += message;
      Atomics.store(i32, out, message);
    }
    Atomics.store(i32, back, END);
    return { messages: seen, checksum: 8n * exactSum(sum) + 28n * BigInt(seen) };
  }
}
