/**
 * Streams: one side sends as fast as it can for a given time, the other takes what it finds. Neither looks at the clock
 * more often than once in thousands of messages.
 */
import { makeClock } from "../../actors/clock.js";
import type { Lane, LaneResult, LaneTask } from "./lane.js";
import { END_SUM, exactSum } from "./message.js";

export interface StreamSender {
  /** Sends messages from number `first` on, waiting for room where there is none. */
  send(first: number, count: number): void;
  sendEnd(): void;
}

export interface StreamTaker {
  /** Takes messages until the end. */
  takeAll(): Taken;
}

export interface Taken {
  readonly messages: number;
  readonly batches: number;
  readonly checksum: bigint;
}

/**
 * A taker written in JavaScript. A batch is taken in a call of its own: V8 compiles that whole, while the loop around
 * it, which runs once, is replaced half-way through, and then its sums are boxed.
 */
export abstract class ScriptedTaker implements StreamTaker {
  /** Over all words read, and whether the end was among them. */
  protected sum = 0;
  protected ended = false;

  /** Takes what is there up to a bound. Returns how many messages it was. */
  protected abstract take(): number;

  takeAll(): Taken {
    this.sum = 0;
    this.ended = false;
    let messages = 0;
    let batches = 0;
    while (!this.ended) {
      const taken = this.take();
      if (taken === 0) continue;
      messages += taken;
      batches += 1;
    }
    return { messages: messages - 1, batches, checksum: exactSum(this.sum - END_SUM) };
  }
}

/** Messages between two looks at the clock. */
const MESSAGES_PER_LOOK = 16_384;
const nowUs = makeClock({ wallUsAtZero: 0 });

export class Sending implements Lane {
  private readonly link: StreamSender;

  constructor(link: StreamSender) {
    this.link = link;
  }

  run({ ms }: LaneTask): LaneResult {
    const { link } = this;
    const startUs = nowUs();
    let messages = 0;
    do {
      link.send(messages + 1, MESSAGES_PER_LOOK);
      messages += MESSAGES_PER_LOOK;
    } while (nowUs() < startUs + ms * 1000);
    link.sendEnd();
    return { messages, checksum: null, startUs, endUs: nowUs(), batches: 0 };
  }
}

export class Taking implements Lane {
  private readonly link: StreamTaker;

  constructor(link: StreamTaker) {
    this.link = link;
  }

  run(): LaneResult {
    const startUs = nowUs();
    const taken = this.link.takeAll();
    return { ...taken, startUs, endUs: nowUs() };
  }
}
