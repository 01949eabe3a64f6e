/**
 * Latency of one way through the ring under load that does not wait: each message has a moment at which it is due,
 * whether or not the ring keeps up, and counts from that moment until it has been read. The sender spins to its
 * schedule; the receiver spins, or sleeps at its doorbell after a short spin.
 */
import type { Doorbell } from "../../actors/agent/doorbell.js";
import { IDLE, IdleCount } from "../../actors/agent/idle.js";
import { makeStamp } from "../../actors/clock.js";
import type { Histogram } from "../../actors/metrics/histogram.js";
import { NONE } from "../../actors/ring/layout.js";
import type { SpscProducer } from "../../actors/ring/spsc.js";
import type { SpscConsumer } from "../../actors/ring/spsc-consumer.js";
import type { Lane, LaneResult, LaneTask } from "./lane.js";
import { END, exactSum, MESSAGE_BYTES, MESSAGE_TYPE, writeWords } from "./message.js";

/** Steady, or bursts whose messages are all due at once, each burst so long after the one before was sent. */
export type Schedule = { readonly perSecond: number } | { readonly burst: number; readonly pauseMs: number };

/** Messages that the receiver reads before it looks at the clock and gives their room back. */
const TAKE_MAX = 64;
/** The last word of a message carries the moment it was due. */
const DUE_WORD = 7;
/** Between the decision to begin and the first message. */
const LEAD_US = 200;
const stamp = makeStamp({ wallUsAtZero: 0 });
const moment = new Float64Array(1);

/** On the clock that all threads share; it makes no garbage where the engine's does not. */
function nowUs(): number {
  stamp(moment, 0);
  return moment[0];
}

export class ScheduledSender implements Lane {
  private readonly outbox: SpscProducer;
  private readonly bell: Doorbell;
  /** When the next message is due. An array, for a number passed to a call would be boxed as garbage. */
  private readonly due = new Float64Array(1);
  private messages = 0;

  constructor(outbox: SpscProducer, bell: Doorbell) {
    this.outbox = outbox;
    this.bell = bell;
  }

  run({ ms, schedule }: LaneTask): LaneResult {
    if (schedule === undefined) throw new RangeError("a scheduled lane needs a schedule (was none)");
    this.messages = 0;
    const startUs = nowUs() + LEAD_US;
    if ("perSecond" in schedule) this.sendSteadily(startUs, schedule.perSecond, ms);
    else this.sendBursts(startUs, schedule.burst, schedule.pauseMs * 1e3, ms);
    const endUs = nowUs();
    this.append(END);
    this.publish();
    return { messages: this.messages, checksum: null, startUs, endUs, batches: 0 };
  }

  /** What is due goes together; a sender that is late sends all that it owes. */
  private sendSteadily(startUs: number, perSecond: number, ms: number): void {
    const intervalUs = 1e6 / perSecond;
    const count = Math.max(1, Math.round((perSecond * ms) / 1e3));
    const { due } = this;
    due[0] = startUs;
    while (this.messages < count) {
      const untilUs = nowUs();
      if (untilUs < due[0]) continue;
      for (; due[0] <= untilUs && this.messages < count; due[0] = startUs + this.messages * intervalUs) {
        this.messages += 1;
        this.append(this.messages);
      }
      this.publish();
    }
  }

  private sendBursts(startUs: number, burst: number, pauseUs: number, ms: number): void {
    const { due } = this;
    for (due[0] = startUs; due[0] < startUs + ms * 1e3; due[0] = nowUs() + pauseUs) {
      while (nowUs() < due[0]);
      for (let each = 0; each < burst; each += 1) {
        this.messages += 1;
        this.append(this.messages);
      }
      this.publish();
    }
  }

  private append(message: number): void {
    const { outbox } = this;
    const { f64 } = outbox.views;
    let at = outbox.claim(MESSAGE_TYPE, MESSAGE_BYTES);
    while (at === NONE) {
      this.publish();
      at = outbox.claim(MESSAGE_TYPE, MESSAGE_BYTES);
    }
    writeWords(f64, at >> 3, message);
    f64[(at >> 3) + DUE_WORD] = this.due[0];
    outbox.commit();
  }

  private publish(): void {
    this.outbox.publish();
    this.bell.ring();
  }
}

export class ScheduledReceiver implements Lane {
  private readonly inbox: SpscConsumer;
  private readonly latency: Histogram;
  /** Null for a receiver that only spins. */
  private readonly bell: Doorbell | null;
  private readonly idle = new IdleCount(IDLE.shared);
  private readonly due = new Float64Array(TAKE_MAX);
  private sum = 0;
  private ended = false;

  constructor(inbox: SpscConsumer, latency: Histogram, bell: Doorbell | null) {
    this.inbox = inbox;
    this.latency = latency;
    this.bell = bell;
  }

  run(): LaneResult {
    const startUs = nowUs();
    this.sum = 0;
    this.ended = false;
    let messages = 0;
    let batches = 0;
    while (!this.ended) {
      const taken = this.take();
      if (this.bell !== null && this.idle.shouldPark(taken)) this.park(this.bell);
      if (taken === 0) continue;
      this.time(taken);
      messages += taken;
      batches += 1;
    }
    return { messages: messages - 1, checksum: exactSum(this.sum), startUs, endUs: nowUs(), batches };
  }

  private take(): number {
    const { inbox, due } = this;
    const { f64 } = inbox.views;
    let taken = 0;
    while (taken < TAKE_MAX) {
      const at = inbox.next();
      if (at === NONE) break;
      const word = at >> 3;
      due[taken] = f64[word + DUE_WORD];
      taken += 1;
      if (f64[word] === END) this.ended = true;
      else this.sum += sumButDue(f64, word);
    }
    return taken;
  }

  /** All that was read together had been read by now. The message that ends the run is not timed. */
  private time(taken: number): void {
    const { due, latency } = this;
    const endUs = nowUs();
    this.inbox.release();
    const timed = this.ended ? taken - 1 : taken;
    for (let each = 0; each < timed; each += 1) latency.record((endUs - due[each]) * 1e3);
  }

  private park(bell: Doorbell): void {
    bell.arm();
    if (this.inbox.available()) bell.disarm();
    else bell.wait(IDLE.shared.parkMs);
  }
}

/** As sumWords, with the last word as it would have been. */
function sumButDue(f64: Float64Array, first: number): number {
  const low = f64[first] + f64[first + 1] + (f64[first + 2] + f64[first + 3]);
  return low + (f64[first + 4] + f64[first + 5] + (f64[first + 6] + (f64[first] + DUE_WORD)));
}
