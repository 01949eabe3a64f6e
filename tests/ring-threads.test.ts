/**
 * Rings, doorbells and runners together on real threads: who sleeps is woken, who is asked to stop stops, who throws
 * ends. The threads sleep for up to ten minutes: a wake-up lost would fail by the time limit.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { IdleStrategy } from "../actors/agent/idle.js";
import { ThreadControl } from "../actors/agent/thread-control.js";
import { SpscProducer, SpscRing } from "../actors/ring/spsc.js";
import { SpscConsumer } from "../actors/ring/spsc-consumer.js";
import { type SharedViews, sharedViewsOf } from "../actors/ring/views.js";
import { type BuiltThread, buildThread } from "./litmus/run-litmus.js";
import type { RunnerThreadData } from "./litmus/runner-thread.js";
import { controlOf, identity, RING, SECOND_RING, STAGE_BYTES } from "./litmus/stage.js";

const parks: IdleStrategy = { spinsMax: 0, parkMs: 600_000 };

let built: BuiltThread;
let views: SharedViews;
const workers: Worker[] = [];

beforeAll(async () => {
  built = await buildThread(join(import.meta.dirname, ".."), { entry: "runner-thread.ts", name: "runner" });
});
afterAll(() => built.remove());
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.terminate();
});

function prepare(): void {
  views = sharedViewsOf(new SharedArrayBuffer(STAGE_BYTES));
  for (const place of [RING, SECOND_RING]) SpscRing.create(views, place, { capacity: 4096, identity });
}

/** Starts an echo; settles with how many messages it passed on. */
function start(rest: Partial<RunnerThreadData>): Promise<number> {
  const workerData = {
    buffer: views.buffer,
    requests: RING,
    replies: SECOND_RING,
    messages: 1,
    thread: 0,
    peer: 1,
    idle: parks,
    runner: "blocking",
    ...rest,
  } satisfies RunnerThreadData;
  const worker = new Worker(built.file, { workerData });
  workers.push(worker);
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

function send(type: number, word: number): void {
  const producer = SpscProducer.join(views, RING, identity);
  views.i32[producer.claim(type, 8) >> 2] = word;
  producer.commit();
  producer.publish();
}

describe("two threads", () => {
  test.each(["blocking", "event-loop"] as const)("no wake-up of a sleeping %s thread is lost", async (runner) => {
    prepare();
    const messages = 4000;
    // One message goes round: each reads the ring that the other fills.
    const first = start({ messages, runner });
    const other = start({ messages, runner, thread: 1, peer: 0, requests: SECOND_RING, replies: RING });
    send(1, 4711);
    new ThreadControl(views, controlOf(0)).doorbell.ring();
    expect(await Promise.all([first, other])).toEqual([messages, messages]);
    expect(views.i32[SpscConsumer.join(views, RING, identity).next() >> 2]).toBe(4711);
  });

  test("a thread asleep stops when asked, and one that throws ends with its error", async () => {
    prepare();
    const control = new ThreadControl(views, controlOf(0));
    const asleep = start({});
    while (control.beats === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    control.requestStop();
    expect(await asleep).toBe(0);
    control.reset();
    send(5, 0);
    await expect(start({})).rejects.toThrow(/messages of type 1/);
    await expect(start({ requests: 0 })).rejects.toThrow(/this actor expects/);
  });
});
