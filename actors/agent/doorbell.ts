/**
 * One word of shared memory through which a sleeping thread is woken. It carries no data and counts nothing: whoever
 * wakes looks at its rings. A peer that is awake costs the ringer one atomic load.
 *
 * Why no ring is lost. Sleeper: store parked (1), then look at every ring (2), then wait while parked (3). Ringer:
 * publish (a), then load parked (b), and if it is set, exchange it for awake and notify (c). All of these are
 * sequentially consistent atomics, so they have one order. If (b) comes after (1), the ringer sees parked and wakes
 * the sleeper; should (c) come before (3), the wait finds the word changed and returns at once. If (b) comes before
 * (1), then (a) comes before (2), and the sleeper finds the record. Hence: arm, look once more at everything, and
 * only then wait.
 */
import { LINE_PAIR } from "../ring/layout.js";
import type { SharedViews } from "../ring/views.js";

const AWAKE = 0;
const PARKED = 1;

interface AsyncWait {
  readonly async: boolean;
  readonly value: Promise<"ok" | "timed-out"> | "not-equal" | "timed-out";
}

/** Part of ES2024 and of Node since 16; the declared library does not have it everywhere. */
const { waitAsync } = Atomics as unknown as {
  waitAsync(words: Int32Array, index: number, value: number): AsyncWait;
};

export class Doorbell {
  /** Of shared memory: a pair of lines, for every peer reads the word all the time. */
  static readonly bytes = LINE_PAIR;
  /** Sleepers that this thread has woken, at whichever bell. */
  static wakesSent = 0;
  private readonly i32: Int32Array;
  private readonly word: number;

  /** The doorbell whose word is at byte `offset` of the shared memory; every side makes its own object. */
  constructor(views: SharedViews, offset: number) {
    this.i32 = views.i32;
    this.word = offset >> 2;
  }

  /** For the peers: wakes the thread if it sleeps. Call it after publishing. */
  ring(): void {
    if (Atomics.load(this.i32, this.word) === PARKED) this.wake();
  }

  /** For the thread: announces that it is about to sleep. It must look at all its rings once more before it waits. */
  arm(): void {
    Atomics.store(this.i32, this.word, PARKED);
  }

  /** For the thread: it has found work after all. */
  disarm(): void {
    Atomics.store(this.i32, this.word, AWAKE);
  }

  /** Sleeps, if still armed, until rung or for `timeoutMs` at most; blocks the thread. True when it was rung. */
  wait(timeoutMs: number): boolean {
    const ending = Atomics.wait(this.i32, this.word, PARKED, timeoutMs);
    this.disarm();
    return ending !== "timed-out";
  }

  /** Settles when rung, at once if no longer armed; the thread goes on with its event loop meanwhile. */
  async waitAsync(): Promise<void> {
    await waitAsync(this.i32, this.word, PARKED).value;
  }

  /** Whether the bell is armed and has not been rung. */
  get isArmed(): boolean {
    return Atomics.load(this.i32, this.word) === PARKED;
  }

  private wake(): void {
    // Of several ringers only the one that changed the word pays for the notify.
    if (Atomics.exchange(this.i32, this.word, AWAKE) !== PARKED) return;
    Atomics.notify(this.i32, this.word);
    Doorbell.wakesSent += 1;
  }
}
