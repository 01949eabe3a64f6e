/**
 * MessagePort as a lane: what Node offers two threads without shared memory. Each message is cloned, as it always is,
 * and each trip is timed by itself, for one takes a thousand times longer than reading the clock.
 */
import type { MessagePort } from "node:worker_threads";
import { makeClock } from "../../actors/clock.js";
import type { Histogram } from "../../actors/metrics/histogram.js";
import type { Lane, LaneResult, LaneTask } from "./lane.js";
import { END, exactSum, sumWords, WORDS, writeWords } from "./message.js";

/** Messages under way at most; more would only measure how the queue grows. */
const UNDER_WAY_MAX = 1024;
const UNTIMED_TRIPS = 50;
const nowUs = makeClock({ wallUsAtZero: 0 });

abstract class PortLane {
  protected readonly port: MessagePort;
  private readonly scratch = new Float64Array(WORDS);

  constructor(port: MessagePort) {
    this.port = port;
  }

  protected send(message: number): void {
    writeWords(this.scratch, 0, message);
    this.port.postMessage(this.scratch);
  }

  /** Hands messages to `take` until it returns a result; `first` is sent once the handler is there. */
  protected untilDone(take: (words: Float64Array) => LaneResult | null, first?: number): Promise<LaneResult> {
    return new Promise((resolve) => {
      const onMessage = (words: Float64Array): void => {
        const result = take(words);
        if (result === null) return;
        this.port.off("message", onMessage);
        resolve(result);
      };
      this.port.on("message", onMessage);
      if (first !== undefined) this.send(first);
    });
  }

  /** Receives until the end. */
  protected receiveAll(received: (message: number, count: number) => void): Promise<LaneResult> {
    const startUs = nowUs();
    let messages = 0;
    let sum = 0;
    return this.untilDone((words) => {
      if (words[0] === END) return { messages, checksum: exactSum(sum), startUs, endUs: nowUs(), batches: messages };
      sum += sumWords(words, 0);
      messages += 1;
      received(words[0], messages);
      return null;
    });
  }
}

export class PortTrips extends PortLane implements Lane {
  private readonly latency: Histogram;

  constructor(port: MessagePort, latency: Histogram) {
    super(port);
    this.latency = latency;
  }

  run({ ms }: LaneTask): Promise<LaneResult> {
    const startUs = nowUs();
    let sentUs = startUs;
    let messages = 1;
    let sum = 0;
    return this.untilDone((words) => {
      sum += sumWords(words, 0);
      const endUs = nowUs();
      if (messages > UNTIMED_TRIPS) this.latency.record((endUs - sentUs) * 1e3);
      sentUs = endUs;
      if (endUs < startUs + ms * 1e3 || messages <= UNTIMED_TRIPS) {
        messages += 1;
        this.send(messages);
        return null;
      }
      this.send(END);
      return { messages, checksum: exactSum(sum), startUs, endUs, batches: messages };
    }, messages);
  }
}

export class PortEcho extends PortLane implements Lane {
  run(): Promise<LaneResult> {
    return this.receiveAll((message) => this.send(message));
  }
}

/** `taken` is a shared word in which the receiver counts, so that the sender can keep its distance. */
export class PortSending extends PortLane implements Lane {
  private readonly i32: Int32Array;
  private readonly taken: number;

  constructor(port: MessagePort, i32: Int32Array, taken: number) {
    super(port);
    this.i32 = i32;
    this.taken = taken;
  }

  run({ ms }: LaneTask): LaneResult {
    const { i32, taken } = this;
    const startUs = nowUs();
    let messages = 0;
    while (nowUs() < startUs + ms * 1e3) {
      messages += 1;
      this.send(messages);
      while (messages - Atomics.load(i32, taken) >= UNDER_WAY_MAX);
    }
    this.send(END);
    return { messages, checksum: null, startUs, endUs: nowUs(), batches: 0 };
  }
}

export class PortTaking extends PortLane implements Lane {
  private readonly i32: Int32Array;
  private readonly taken: number;

  constructor(port: MessagePort, i32: Int32Array, taken: number) {
    super(port);
    this.i32 = i32;
    this.taken = taken;
  }

  async run(): Promise<LaneResult> {
    const result = await this.receiveAll((_, count) => Atomics.store(this.i32, this.taken, count));
    Atomics.store(this.i32, this.taken, 0);
    return result;
  }
}
