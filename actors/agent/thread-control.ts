/**
 * What the other threads may do to one thread, and see of it: wake it, ask it to stop, watch its heart beat and how it
 * spends its time. The heartbeat is a count and not a time, so that beating costs no clock; a supervisor notes when it
 * last saw the count move.
 *
 *     0  doorbell   see doorbell.ts; written by all
 *   128  stop       1 once somebody wants the thread to end
 *   256  heartbeat  duty cycles done, modulo 2^32; written by the thread
 *   264  duty       see duty-layout.ts; written by the thread's runner
 */
import type { StampUs } from "../clock.js";
import { LINE_PAIR } from "../ring/layout.js";
import type { SharedViews } from "../ring/views.js";
import { Doorbell } from "./doorbell.js";
import { DutyCycle } from "./duty-cycle.js";
import { DUTY_BYTES } from "./duty-layout.js";
import { type DutyReading, readDuty } from "./duty-reading.js";

const STOP = Doorbell.bytes;
const HEARTBEAT = STOP + LINE_PAIR;
const DUTY = HEARTBEAT + 8;
const END = Math.ceil((DUTY + DUTY_BYTES) / LINE_PAIR) * LINE_PAIR;

export class ThreadControl {
  readonly doorbell: Doorbell;
  private readonly views: SharedViews;
  private readonly i32: Int32Array;
  private readonly base: number;
  private readonly stop: number;
  private readonly heartbeat: number;

  /** The control words at byte `base` of the shared memory, zero at the start; every side makes its own object. */
  constructor(views: SharedViews, base: number) {
    this.doorbell = new Doorbell(views, base);
    this.views = views;
    this.i32 = views.i32;
    this.base = base;
    this.stop = (base + STOP) >> 2;
    this.heartbeat = (base + HEARTBEAT) >> 2;
  }

  static bytesFor(): number {
    return END;
  }

  /** Asks the thread to end after its current duty cycle, and wakes it. */
  requestStop(): void {
    Atomics.store(this.i32, this.stop, 1);
    this.doorbell.ring();
  }

  get stopRequested(): boolean {
    return Atomics.load(this.i32, this.stop) !== 0;
  }

  /** For the supervisor, before it starts a thread on these words anew. */
  reset(): void {
    Atomics.store(this.i32, this.stop, 0);
    this.doorbell.disarm();
  }

  /** For the thread, once a duty cycle. A plain store: it orders nothing and may be seen a little late. */
  beat(): void {
    this.i32[this.heartbeat] = (this.i32[this.heartbeat] + 1) | 0;
  }

  /** How often the heart has beaten, modulo 2^32. A thread that sleeps beats at every end of its longest sleep. */
  get beats(): number {
    return Atomics.load(this.i32, this.heartbeat);
  }

  /** For the thread's runner: what counts its duty cycles; `stamp` is the monotonic clock or a test's. */
  dutyCycle(stamp?: StampUs): DutyCycle {
    return new DutyCycle(this.views, this.base + DUTY, stamp);
  }

  /** How the thread has spent its time up to `atUs` on the monotonic clock. */
  duty(atUs: number): DutyReading {
    return readDuty(this.views, this.base + DUTY, atUs);
  }
}
