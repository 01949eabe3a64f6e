/**
 * Counts how a thread spends its time: the writer of the figures drawn in duty-layout.ts. A busy cycle costs a few
 * plain stores and no clock. Time asleep is known from around each sleep; the time that idle cycles take from timing
 * one of 256 of them; what is left was work (see duty-reading.ts). It orders nothing and may be seen a little late.
 */
import { Buffer } from "node:buffer";
import { makeStamp, type StampUs } from "../clock.js";
import type { SharedViews } from "../ring/views.js";
import { Doorbell } from "./doorbell.js";
import {
  AGENTS_MAX,
  DUTY_AGENTS,
  DUTY_ASLEEP_US,
  DUTY_BUSY,
  DUTY_IDLE,
  DUTY_ITEMS,
  DUTY_PARKS,
  DUTY_ROWS,
  DUTY_RUNG,
  DUTY_SINCE_US,
  DUTY_TIMED,
  DUTY_TIMED_US,
  DUTY_WOKEN,
  ROLE_BYTES,
  ROW_BUSY,
  ROW_BYTES,
  ROW_ITEMS,
  ROW_ROLE,
} from "./duty-layout.js";

/** A power of two: one idle cycle of so many is timed. */
const TIMED_EVERY = 256;
/** A cycle that took longer was interrupted by the host: that is not what a look at the rings takes. */
const TIMED_US_MAX = 1_000;
const [BEFORE, AFTER] = [0, 1];

/** Microseconds since any fixed moment, the same for all processes of the host. */
const monotonicStamp: StampUs = makeStamp({ wallUsAtZero: 0 });

export class DutyCycle {
  private readonly f64: Float64Array;
  private readonly u8: Uint8Array;
  private readonly first: number;
  private readonly stamp: StampUs;
  /** Moments: no double is boxed on the way. */
  private readonly moments = new Float64Array(2);
  private untilTimed = TIMED_EVERY;
  private isTiming = false;
  /** What was rung before, by a predecessor, less what this thread had rung by then. */
  private readonly rungBefore: number;

  /** The figures at byte `base`; a successor on the same words goes on from its predecessor's counts. */
  constructor({ f64, u8 }: SharedViews, base: number, stamp: StampUs = monotonicStamp) {
    this.f64 = f64;
    this.u8 = u8;
    this.first = base >> 3;
    this.stamp = stamp;
    this.rungBefore = f64[this.first + (DUTY_RUNG >> 3)] - Doorbell.wakesSent;
    this.set(DUTY_SINCE_US, 0);
  }

  /** Names the agents in whose rows `worked` will count. */
  name(roles: readonly string[]): void {
    const listed = roles.slice(0, AGENTS_MAX);
    this.set(DUTY_AGENTS, listed.length);
    listed.forEach((role, agent) => {
      const at = (this.first << 3) + DUTY_ROWS + agent * ROW_BYTES + ROW_ROLE;
      this.u8.fill(0, at, at + ROLE_BYTES);
      this.u8.set(Buffer.from(role, "utf8").subarray(0, ROLE_BYTES), at);
    });
  }

  /** One agent did something, in the cycle under way. */
  worked(agent: number, items: number): void {
    if (agent >= AGENTS_MAX) return;
    const row = this.first + ((DUTY_ROWS + agent * ROW_BYTES) >> 3);
    this.f64[row + (ROW_BUSY >> 3)] += 1;
    this.f64[row + (ROW_ITEMS >> 3)] += items;
  }

  /** A duty cycle of the whole thread is over. */
  count(items: number): void {
    const { f64, first } = this;
    if (this.isTiming) this.endTiming(items);
    if (items > 0) {
      f64[first + (DUTY_BUSY >> 3)] += 1;
      f64[first + (DUTY_ITEMS >> 3)] += items;
      return;
    }
    f64[first + (DUTY_IDLE >> 3)] += 1;
    this.untilTimed -= 1;
    if (this.untilTimed === 0) this.beginTiming();
  }

  /** The thread does something else now than its duty cycles. */
  pause(): void {
    this.isTiming = false;
  }

  /** The thread goes to sleep. */
  park(): void {
    this.pause();
    this.stamp(this.moments, BEFORE);
    this.set(DUTY_SINCE_US, this.moments[BEFORE]);
    this.add(DUTY_PARKS, 1);
    this.show();
  }

  /** It is awake again, and has slept since `park`. */
  wake(isRung: boolean): void {
    this.stamp(this.moments, AFTER);
    this.add(DUTY_ASLEEP_US, this.moments[AFTER] - this.moments[BEFORE]);
    this.wakeAfter(isRung);
  }

  /** It is awake again; how long it slept is told by `slept`. */
  wakeAfter(isRung: boolean): void {
    this.set(DUTY_SINCE_US, 0);
    if (isRung) this.add(DUTY_WOKEN, 1);
  }

  slept(us: number): void {
    this.add(DUTY_ASLEEP_US, us);
  }

  /** Shows what changed since the last sleep, for a thread that does not sleep, and at the end. */
  show(): void {
    this.set(DUTY_RUNG, this.rungBefore + Doorbell.wakesSent);
  }

  private beginTiming(): void {
    this.untilTimed = TIMED_EVERY;
    this.isTiming = true;
    this.show();
    this.stamp(this.moments, BEFORE);
  }

  private endTiming(items: number): void {
    this.isTiming = false;
    if (items > 0) return;
    this.stamp(this.moments, AFTER);
    const tookUs = this.moments[AFTER] - this.moments[BEFORE];
    if (tookUs > TIMED_US_MAX) return;
    this.add(DUTY_TIMED, 1);
    this.add(DUTY_TIMED_US, tookUs);
  }

  private set(word: number, value: number): void {
    this.f64[this.first + (word >> 3)] = value;
  }

  private add(word: number, amount: number): void {
    this.f64[this.first + (word >> 3)] += amount;
  }
}
