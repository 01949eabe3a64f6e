/**
 * One side of a litmus test on real threads: sends or checks numbered records whose every word follows from the
 * number. It is started by the tests from built output and is no part of a running engine. A checker that sees a
 * record lost, doubled, out of order, torn or too early throws, which ends its thread with the error.
 */
import assert from "node:assert/strict";
import { parentPort, workerData } from "node:worker_threads";
import type { Agent } from "../agent/agent.js";
import { runBlocking } from "../agent/blocking-runner.js";
import { EventLoopRunner } from "../agent/event-loop-runner.js";
import type { IdleStrategy } from "../agent/idle.js";
import { ThreadControl } from "../agent/thread-control.js";
import { BroadcastReader } from "./broadcast.js";
import type { RingIdentity } from "./header.js";
import { LOG_FLAGS, NONE } from "./layout.js";
import { LogReader, LogWriter } from "./log-ring.js";
import { SpscConsumer, SpscProducer } from "./spsc.js";
import { type SharedViews, sharedViewsOf } from "./views.js";

export type LitmusRole =
  | { readonly kind: "spsc-producer" | "spsc-consumer" | "log-writer" | "broadcast-reader" }
  | { readonly kind: "log-reader"; readonly slot: number; readonly dependsOn: readonly number[] }
  | { readonly kind: "echo"; readonly replies: number };

export interface LitmusData {
  readonly buffer: SharedArrayBuffer;
  readonly ring: number;
  readonly identity: RingIdentity;
  readonly messages: number;
  readonly role: LitmusRole;
  /** Control words of this thread, and of the threads to wake when something was sent or released. */
  readonly own: number;
  readonly peers: readonly number[];
  readonly idle: IdleStrategy;
  readonly runner: "blocking" | "event-loop";
}

/** What a side says at its end: messages seen whole and in order, and bytes that a lossy reader knows it lost. */
export interface LitmusResult {
  readonly seen: number;
  readonly gaps: number;
  readonly lostMessages: number;
}

const BATCH_MAX = 64;
const LAST_FLAG = 0x8000_0000;

/** Payload bytes of message n: 8 to 120, so that records end everywhere in the ring. */
const sizeOf = (n: number): number => 8 + ((n * 13) % 29) * 4;
const wordOf = (n: number, place: number): number => Math.imul(n + place, 0x9e37_79b1) ^ n;

function fill(views: SharedViews, at: number, n: number): void {
  const words = sizeOf(n) >> 2;
  for (let place = 0; place < words; place += 1) views.i32[(at >> 2) + place] = wordOf(n, place);
}

function check(views: SharedViews, at: number, n: number): void {
  const words = sizeOf(n) >> 2;
  for (let place = 0; place < words; place += 1) {
    if (views.i32[(at >> 2) + place] !== wordOf(n, place)) assert.fail(`message ${n} is torn at word ${place}`);
  }
}

/** A side of the test: an agent that ends its own thread once the last message has passed. */
abstract class Side implements Agent {
  abstract readonly role: string;
  protected readonly data: LitmusData;
  protected readonly views: SharedViews;
  /** The next message to send or to see. */
  protected n = 0;
  gaps = 0;
  lostMessages = 0;
  private readonly control: ThreadControl;
  private readonly peers: readonly ThreadControl[];

  constructor(data: LitmusData, views: SharedViews, control: ThreadControl) {
    this.data = data;
    this.views = views;
    this.control = control;
    this.peers = data.peers.map((place) => new ThreadControl(views, place));
  }

  abstract work(): number;

  get seen(): number {
    return this.n - this.lostMessages;
  }

  protected endBatch(done: number): number {
    if (done > 0) for (const peer of this.peers) peer.doorbell.ring();
    if (this.n >= this.data.messages) this.control.requestStop();
    return done;
  }
}

class SpscSender extends Side {
  readonly role = "spsc-producer";
  private readonly ring = SpscProducer.join(this.views, this.data.ring, this.data.identity);

  work(): number {
    let done = 0;
    for (; done < BATCH_MAX && this.n < this.data.messages; done += 1) {
      const at = this.ring.claim(1 + (this.n % 7), sizeOf(this.n));
      if (at === NONE) break;
      fill(this.views, at, this.n);
      this.ring.commit();
      this.n += 1;
    }
    this.ring.publish();
    return this.endBatch(done);
  }
}

class SpscChecker extends Side {
  readonly role = "spsc-consumer";
  private readonly ring = SpscConsumer.join(this.views, this.data.ring, this.data.identity);

  work(): number {
    let done = 0;
    for (let at = this.ring.next(); at !== NONE; at = this.ring.next()) {
      assert(this.ring.type === 1 + (this.n % 7) && this.ring.payloadBytes === sizeOf(this.n));
      check(this.views, at, this.n);
      this.n += 1;
      if (++done === BATCH_MAX) break;
    }
    this.ring.release();
    return this.endBatch(done);
  }
}

class LogSender extends Side {
  readonly role = "log-writer";
  private readonly ring = LogWriter.join(this.views, this.data.ring, this.data.identity);

  work(): number {
    let done = 0;
    for (; done < BATCH_MAX && this.n < this.data.messages; done += 1) {
      const at = this.ring.claim(1 + (this.n % 7), this.n % 3, this.n, this.n + 0.5, sizeOf(this.n));
      if (at === NONE) break;
      fill(this.views, at, this.n);
      this.ring.commit();
      this.n += 1;
    }
    this.ring.publish();
    return this.endBatch(done);
  }
}

/** Leaves a mark in each record, as the journal does with its CRC; a dependent reader must find the mark. */
class LogChecker extends Side {
  readonly role = "log-reader";
  private readonly ring: LogReader;
  private readonly isDependent: boolean;

  constructor(
    data: LitmusData,
    views: SharedViews,
    control: ThreadControl,
    slot: number,
    dependsOn: readonly number[],
  ) {
    super(data, views, control);
    this.ring = LogReader.join(views, data.ring, data.identity, slot, dependsOn);
    this.isDependent = dependsOn.length > 0;
  }

  work(): number {
    const { ring } = this;
    let done = 0;
    while (done < BATCH_MAX && ring.next() !== NONE) {
      assert(ring.sequence === this.n && ring.index === this.n % 3 && ring.timeUs === this.n + 0.5);
      check(this.views, ring.payloadOffset, this.n);
      if (this.isDependent)
        assert.equal(ring.flags, (this.n | LAST_FLAG) >>> 0, "read before the reader it depends on");
      else this.views.u32[(ring.recordOffset + LOG_FLAGS) >> 2] = this.n | LAST_FLAG;
      this.n += 1;
      done += 1;
    }
    ring.release();
    return this.endBatch(done);
  }

  onClose(): void {
    this.ring.leave();
  }
}

class BroadcastChecker extends Side {
  readonly role = "broadcast-reader";
  private readonly ring = BroadcastReader.join(this.views, this.data.ring, this.data.identity);
  private readonly copy = new Int32Array(32);

  work(): number {
    const { ring } = this;
    let done = 0;
    while (done < BATCH_MAX && ring.next() !== NONE) {
      const words = ring.payloadBytes >> 2;
      for (let place = 0; place < words; place += 1)
        this.copy[place] = this.views.i32[(ring.payloadOffset >> 2) + place];
      const { sequence } = ring;
      if (!ring.validate()) continue;
      this.checkGap(sequence);
      const wordsSent = sizeOf(sequence) >> 2;
      for (let place = 0; place < wordsSent; place += 1) {
        if (this.copy[place] !== wordOf(sequence, place)) assert.fail(`message ${sequence} is torn at word ${place}`);
      }
      this.n = sequence + 1;
      done += 1;
    }
    return this.endBatch(done);
  }

  private checkGap(sequence: number): void {
    const { gap, lapped } = this.ring;
    const lost = sequence - this.n;
    assert.equal(lapped, lost > 0, `before message ${sequence}, ${lost} were lost`);
    if (!lapped) return;
    assert(gap.fromSequence === this.n - 1 && gap.toSequence === sequence && gap.lostBytes >= lost * 40);
    this.gaps += 1;
    this.lostMessages += lost;
  }
}

/** Sends each message that arrives back over a second ring: two threads take turns, and each must wake the other. */
class Echo extends Side {
  readonly role = "echo";
  private readonly requests = SpscConsumer.join(this.views, this.data.ring, this.data.identity);
  private readonly replies: SpscProducer;

  constructor(data: LitmusData, views: SharedViews, control: ThreadControl, replies: number) {
    super(data, views, control);
    this.replies = SpscProducer.join(views, replies, data.identity);
  }

  work(): number {
    const at = this.requests.next();
    if (at === NONE) return 0;
    const out = this.replies.claim(1, 8);
    this.views.i32[out >> 2] = this.views.i32[at >> 2];
    this.replies.commit();
    this.replies.publish();
    this.requests.release();
    this.n += 1;
    return this.endBatch(1);
  }
}

function makeSide(data: LitmusData, views: SharedViews, control: ThreadControl): Side {
  const { role } = data;
  switch (role.kind) {
    case "spsc-producer":
      return new SpscSender(data, views, control);
    case "spsc-consumer":
      return new SpscChecker(data, views, control);
    case "log-writer":
      return new LogSender(data, views, control);
    case "log-reader":
      return new LogChecker(data, views, control, role.slot, role.dependsOn);
    case "broadcast-reader":
      return new BroadcastChecker(data, views, control);
    case "echo":
      return new Echo(data, views, control, role.replies);
  }
}

async function run(data: LitmusData): Promise<LitmusResult> {
  const views = sharedViewsOf(data.buffer);
  const control = new ThreadControl(views, data.own);
  const side = makeSide(data, views, control);
  // The error itself reaches the test, as the thread's end.
  const ignore = (): void => {};
  if (data.runner === "blocking") runBlocking([side], control, data.idle, ignore);
  else await new EventLoopRunner([side], control, data.idle, ignore).start().done;
  return { seen: side.seen, gaps: side.gaps, lostMessages: side.lostMessages };
}

// Awaited and not left to a promise, so that an error ends the thread.
if (parentPort !== null) parentPort.postMessage(await run(workerData as LitmusData));
