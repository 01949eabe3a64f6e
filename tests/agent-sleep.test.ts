/** A thread with an event loop sleeps until its bell rings, and only then: real threads, built output. */
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { ThreadControl } from "../actors/agent/thread-control.js";
import { makeClock } from "../actors/clock.js";
import { sharedViewsOf } from "../actors/ring/views.js";

const ENTRY = new URL("support/sleeping-thread.mjs", import.meta.url);
const [CONTROL, ASKED, ANSWERED, BYTES] = [128, 4_096, 4_224, 8_192];
const ROUNDS = 10_000;
/** A wake-up that takes longer was lost: nothing else would end the sleep. */
const LOST_MS = 5_000;
const nowUs = makeClock({ wallUsAtZero: 0 });

class SleepingThread {
  readonly views = sharedViewsOf(new SharedArrayBuffer(BYTES));
  readonly control = new ThreadControl(this.views, CONTROL);
  private readonly exited: Promise<unknown>;
  private readonly worker: Worker;

  constructor(busyMs = 0) {
    const workerData = { buffer: this.views.buffer, controlAt: CONTROL, askedAt: ASKED, answeredAt: ANSWERED, busyMs };
    this.worker = new Worker(ENTRY, { workerData, env: {} });
    this.exited = new Promise((resolve) => this.worker.once("exit", resolve));
  }

  /** Looks without giving the processor away. */
  until(holds: () => boolean): boolean {
    const deadlineUs = nowUs() + LOST_MS * 1000;
    while (!holds()) if (nowUs() > deadlineUs) return false;
    return true;
  }

  /** Asks, rings and waits for the answer. Returns the microseconds it took; Infinity when it never came. */
  ask(number: number): number {
    const { i32 } = this.views;
    const fromUs = nowUs();
    Atomics.store(i32, ASKED >> 2, number);
    this.control.doorbell.ring();
    const isAnswered = this.until(() => Atomics.load(i32, ANSWERED >> 2) === number);
    return isAnswered ? nowUs() - fromUs : Number.POSITIVE_INFINITY;
  }

  async stop(): Promise<void> {
    this.control.requestStop();
    await this.exited;
  }

  async kill(): Promise<void> {
    await this.worker.terminate();
  }
}

async function withThread(busyMs: number, work: (thread: SleepingThread) => void): Promise<void> {
  const thread = new SleepingThread(busyMs);
  try {
    // The worker's start needs this thread's own event loop.
    while (thread.control.beats === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    work(thread);
    await thread.stop();
  } finally {
    await thread.kill();
  }
}

test("no wake-up of a sleeping thread is lost in 10 000", async () => {
  await withThread(0, (thread) => {
    const { control } = thread;
    const tookUs = new Float64Array(ROUNDS);
    for (let round = 0; round < ROUNDS; round += 1) {
      expect(thread.until(() => control.doorbell.isArmed)).toBe(true);
      tookUs[round] = thread.ask(round + 1);
      if (tookUs[round] === Number.POSITIVE_INFINITY) expect.fail(`wake-up ${round} was lost`);
    }
    const { parks, woken, items } = control.duty(nowUs());
    expect(items).toBe(ROUNDS);
    expect(woken).toBeGreaterThan(ROUNDS / 2);
    expect(parks).toBeGreaterThanOrEqual(woken);
    tookUs.sort();
    const at = (part: number) => tookUs[Math.floor(part * ROUNDS)].toFixed(0);
    console.log(`wake-up of an event-loop thread: p50 ${at(0.5)} µs, p99 ${at(0.99)} µs, max ${at(0.9999)} µs`);
  });
}, 60_000);

test("none is lost either when the bell rings at any moment of its falling asleep", async () => {
  await withThread(0, (thread) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const untilUs = nowUs() + (round % 64);
      while (nowUs() < untilUs);
      if (thread.ask(round + 1) === Number.POSITIVE_INFINITY) expect.fail(`wake-up ${round} was lost`);
    }
  });
}, 60_000);

test("nor while handlers on the thread block its event loop", async () => {
  await withThread(3, (thread) => {
    for (let round = 0; round < 500; round += 1) {
      if (thread.ask(round + 1) === Number.POSITIVE_INFINITY) expect.fail(`wake-up ${round} was lost`);
    }
  });
}, 60_000);

test("a thread that nobody wakes does not look", async () => {
  await withThread(0, (thread) => {
    const { control } = thread;
    expect(thread.until(() => control.doorbell.isArmed)).toBe(true);
    const { beats } = control;
    const untilUs = nowUs() + 300_000;
    while (nowUs() < untilUs);
    expect(control.beats - beats).toBeLessThanOrEqual(1);
    expect(control.duty(nowUs()).isAsleep).toBe(true);
  });
});
