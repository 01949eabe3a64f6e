/**
 * Round trips, timed two ways. The first half of the time goes in blocks of trips with one reading of the clock each,
 * which shows the link without the clock; in the second half each trip is timed by itself, which shows the tail.
 */
import { makeClock } from "../../actors/clock.js";
import type { Histogram } from "../../actors/metrics/histogram.js";
import type { Lane, LaneResult, LaneTask } from "./lane.js";
import { END, exactSum } from "./message.js";

export interface TripLink {
  /** Sends `count` messages from number `first` on, each after the answer to the one before. */
  trips(first: number, count: number): void;
  /** The sum of every word of every answer since the last call. */
  takeSum(): bigint;
  sendEnd(): void;
  /** Answers each message with its like until the end. */
  echo(): Echoed;
}

export interface Echoed {
  readonly messages: number;
  readonly checksum: bigint;
}

/** A link whose ends are written in JavaScript. */
export abstract class ScriptedTrips implements TripLink {
  private answers = 0;

  protected abstract send(message: number): void;
  /** Waits for a message and reads all of it: the sum of its words, 0 for the end. */
  protected abstract receive(): number;
  /** Gives the room of what was received back: after the answer has left, for nobody waits for it. */
  protected abstract release(): void;
  /** The number of the message received last. */
  protected abstract received(): number;

  trips(first: number, count: number): void {
    let sum = 0;
    for (let message = first; message < first + count; message += 1) {
      this.send(message);
      this.release();
      sum += this.receive();
    }
    this.answers += sum;
  }

  takeSum(): bigint {
    const sum = exactSum(this.answers);
    this.answers = 0;
    return sum;
  }

  sendEnd(): void {
    this.send(END);
    this.release();
  }

  echo(): Echoed {
    let messages = 0;
    let checksum = 0;
    for (;;) {
      const sum = this.receive();
      const message = this.received();
      if (message === END) break;
      this.send(message);
      this.release();
      checksum += sum;
      messages += 1;
    }
    this.release();
    return { messages, checksum: exactSum(checksum) };
  }
}

/** Trips to one reading of the clock. */
export const BLOCK_TRIPS = 32;
/** Trips at the start that are not timed, however long they take: the other thread is still waking. */
const UNTIMED_TRIPS = 50;
const BLOCKS_MAX = 1 << 18;
const nowUs = makeClock({ wallUsAtZero: 0 });

export class RoundTrips implements Lane {
  private readonly link: TripLink;
  private readonly latency: Histogram;
  private readonly blocksMs = new Float64Array(BLOCKS_MAX);
  private messages = 0;

  constructor(link: TripLink, latency: Histogram) {
    this.link = link;
    this.latency = latency;
  }

  run({ ms }: LaneTask): LaneResult {
    this.messages = 0;
    this.go(UNTIMED_TRIPS);
    const startUs = nowUs();
    const blocks = this.timeBlocks(ms / 2);
    this.timeTrips(ms / 2);
    const endUs = nowUs();
    this.link.sendEnd();
    const { messages } = this;
    const checksum = this.link.takeSum();
    const blockP50Ns = (medianOf(this.blocksMs.subarray(0, blocks)) * 1e6) / BLOCK_TRIPS;
    return { messages, checksum, startUs, endUs, batches: messages, blockP50Ns };
  }

  private timeBlocks(ms: number): number {
    const { blocksMs } = this;
    const untilMs = performance.now() + ms;
    let blocks = 0;
    let beforeMs = performance.now();
    while (beforeMs < untilMs && blocks < BLOCKS_MAX) {
      this.go(BLOCK_TRIPS);
      const nowMs = performance.now();
      blocksMs[blocks] = nowMs - beforeMs;
      beforeMs = nowMs;
      blocks += 1;
    }
    return blocks;
  }

  private timeTrips(ms: number): void {
    const { latency } = this;
    const untilMs = performance.now() + ms;
    let beforeMs = performance.now();
    while (beforeMs < untilMs) {
      this.go(1);
      const nowMs = performance.now();
      latency.record((nowMs - beforeMs) * 1e6);
      beforeMs = nowMs;
    }
  }

  private go(trips: number): void {
    this.link.trips(this.messages + 1, trips);
    this.messages += trips;
  }
}

/** The other side of round trips. */
export class Echo implements Lane {
  private readonly link: TripLink;

  constructor(link: TripLink) {
    this.link = link;
  }

  run(): LaneResult {
    const startUs = nowUs();
    const { messages, checksum } = this.link.echo();
    return { messages, checksum, startUs, endUs: nowUs(), batches: messages };
  }
}

function medianOf(values: Float64Array): number {
  return values.slice().sort()[values.length >> 1];
}
