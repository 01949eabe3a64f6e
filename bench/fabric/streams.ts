/**
 * Streams: one side sends as fast as it can for a given time, the other takes what it finds. Neither looks at the clock
 * more often than once in thousands of messages.
 */
import { makeClock } from "../../actors/clock.js";
import type { Lane, LaneResult, LaneTask } from "./lane.js";

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
