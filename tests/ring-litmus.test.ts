/**
 * The rings, the doorbells and the runners on real threads, and the garbage they make. Threads start built output, so
 * this file brings dist/ up to date first. The threads sleep for up to ten minutes: a wake-up lost would fail by the
 * time limit.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { IdleStrategy } from "../actors/agent/idle.js";
import { ThreadControl } from "../actors/agent/thread-control.js";
import { LINE_PAIR, NONE } from "../actors/ring/layout.js";
import type { LitmusData, LitmusResult, LitmusRole } from "../actors/ring/litmus-worker.js";
import { LogRing, LogWriter } from "../actors/ring/log-ring.js";
import { SpscConsumer, SpscProducer, SpscRing } from "../actors/ring/spsc.js";
import { type SharedViews, sharedViewsOf } from "../actors/ring/views.js";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const BUILT = join(ROOT, "dist/actors/ring");
const WORKER = join(BUILT, "litmus-worker.js");
const CAPACITY = 16_384;
const identity = { schemaHash: 11, buildHash: 22 };
const parks: IdleStrategy = { spinsMax: 0, parkMs: 600_000 };
const spinsAWhile: IdleStrategy = { spinsMax: 1000, parkMs: 600_000 };

function isStale(folder: string): boolean {
  const sources = readdirSync(join(ROOT, "actors", folder)).filter((name) => name.endsWith(".ts"));
  return sources.some((name) => {
    const built = statSync(join(ROOT, "dist/actors", folder, name.replace(/ts$/, "js")), { throwIfNoEntry: false });
    return built === undefined || built.mtimeMs < statSync(join(ROOT, "actors", folder, name)).mtimeMs;
  });
}

beforeAll(() => {
  if (!isStale("ring") && !isStale("agent")) return;
  spawnSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-b", "actors"], { cwd: ROOT });
}, 120_000);

/** A shared memory with two rings' room and the control words of four threads. */
class Stage {
  readonly views: SharedViews;
  readonly ring = 4 * ThreadControl.bytesFor();
  readonly second = this.ring + roundUp(LogRing.bytesFor(CAPACITY));
  private readonly workers: Worker[] = [];

  constructor() {
    this.views = sharedViewsOf(new SharedArrayBuffer(this.second + roundUp(LogRing.bytesFor(CAPACITY))));
  }

  controlOf(thread: number): number {
    return thread * ThreadControl.bytesFor();
  }

  /** Starts a side on a thread of its own, which wakes the peers named; settles with what it saw. */
  run(thread: number, role: LitmusRole, peers: number[], rest: Partial<LitmusData>): Promise<LitmusResult> {
    const workerData = {
      buffer: this.views.buffer,
      ring: this.ring,
      identity,
      messages: 0,
      role,
      own: this.controlOf(thread),
      peers: peers.map((peer) => this.controlOf(peer)),
      idle: spinsAWhile,
      runner: "blocking",
      ...rest,
    } satisfies LitmusData;
    const worker = new Worker(WORKER, { workerData });
    this.workers.push(worker);
    return new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  }

  async close(): Promise<void> {
    for (const worker of this.workers) await worker.terminate();
  }
}

const roundUp = (bytes: number): number => Math.ceil(bytes / LINE_PAIR) * LINE_PAIR;

let stage: Stage;
afterEach(() => stage?.close());

describe("two threads", () => {
  test("a million messages cross a ring, each whole, once and in order", async () => {
    stage = new Stage();
    const messages = 1_000_000;
    SpscRing.create(stage.views, stage.ring, { capacity: CAPACITY, identity, startPosition: 2 ** 31 - CAPACITY });
    const consumer = stage.run(0, { kind: "spsc-consumer" }, [1], { messages });
    const producer = stage.run(1, { kind: "spsc-producer" }, [0], { messages });
    expect(await Promise.all([producer, consumer])).toMatchObject([{ seen: messages }, { seen: messages }]);
  });

  test("a dependent reader finds in each of half a million records what the reader before it left there", async () => {
    stage = new Stage();
    const messages = 500_000;
    LogRing.create(stage.views, stage.ring, {
      capacity: CAPACITY,
      identity,
      readers: 2,
      startPosition: 2 ** 32 - CAPACITY,
    });
    const sides = [
      stage.run(0, { kind: "log-reader", slot: 0, dependsOn: [] }, [1, 2], { messages }),
      stage.run(1, { kind: "log-reader", slot: 1, dependsOn: [0] }, [2], { messages }),
      stage.run(2, { kind: "log-writer" }, [0], { messages }),
    ];
    expect(await Promise.all(sides)).toMatchObject(sides.map(() => ({ seen: messages })));
  });

  test("a lossy reader is never given a torn record, and what it lost is what it says", async () => {
    stage = new Stage();
    const messages = 1_000_000;
    LogRing.create(stage.views, stage.ring, { capacity: CAPACITY, identity, readers: 0 });
    const reader = stage.run(0, { kind: "broadcast-reader" }, [], { messages: messages + 1, runner: "event-loop" });
    await untilBeats(stage, 0);
    await stage.run(1, { kind: "log-writer" }, [0], { messages });
    const result = await untilSeen(stage, reader, messages);
    expect(result.seen).toBeGreaterThan(0);
    expect(result.seen + result.lostMessages).toBeGreaterThan(messages);
  });

  test.each(["blocking", "event-loop"] as const)("no wake-up of a sleeping %s thread is lost", async (runner) => {
    stage = new Stage();
    const { views, ring, second } = stage;
    const messages = 4000;
    for (const place of [ring, second]) SpscRing.create(views, place, { capacity: 4096, identity });
    // Threads 0 and 1 answer: 0 reads the first ring and fills the second, 1 the other way round; one message goes
    // round.
    const first = stage.run(0, { kind: "echo", replies: second }, [1], { messages, idle: parks, runner });
    const other = stage.run(1, { kind: "echo", replies: ring }, [0], { ring: second, messages, idle: parks, runner });
    const producer = SpscProducer.join(views, ring, identity);
    views.i32[producer.claim(1, 8) >> 2] = 4711;
    producer.commit();
    producer.publish();
    new ThreadControl(views, stage.controlOf(0)).doorbell.ring();
    expect(await Promise.all([first, other])).toMatchObject([{ seen: messages }, { seen: messages }]);
    expect(views.i32[SpscConsumer.join(views, ring, identity).next() >> 2]).toBe(4711);
  });

  test("a thread asleep stops when asked, and one that throws ends with its error", async () => {
    stage = new Stage();
    SpscRing.create(stage.views, stage.ring, { capacity: CAPACITY, identity });
    const control = new ThreadControl(stage.views, stage.controlOf(0));
    const idle = stage.run(0, { kind: "spsc-consumer" }, [], { messages: 1, idle: parks });
    await untilBeats(stage, 0);
    control.requestStop();
    expect(await idle).toMatchObject({ seen: 0 });
    control.reset();

    const producer = SpscProducer.join(stage.views, stage.ring, identity);
    producer.claim(5, 8);
    producer.commit();
    producer.publish();
    await expect(stage.run(0, { kind: "spsc-consumer" }, [], { messages: 1 })).rejects.toThrow();
    await expect(stage.run(1, { kind: "log-writer" }, [], {})).rejects.toThrow(/kind 0x1, this actor expects 0x2/);
  });
});

async function untilBeats(stage: Stage, thread: number): Promise<void> {
  const control = new ThreadControl(stage.views, stage.controlOf(thread));
  while (control.beats === 0) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** A reader that lost the last message learns so from the next one: sends more until it has seen one. */
async function untilSeen(stage: Stage, reader: Promise<LitmusResult>, from: number): Promise<LitmusResult> {
  const writer = LogWriter.join(stage.views, stage.ring, identity);
  const control = new ThreadControl(stage.views, stage.controlOf(0));
  let result: LitmusResult | undefined;
  const end = reader.then((seen) => {
    result = seen;
  });
  for (let n = from; result === undefined; n += 1) {
    const at = writer.claim(1 + (n % 7), n % 3, n, n + 0.5, 8 + ((n * 13) % 29) * 4);
    expect(at).not.toBe(NONE);
    for (let place = 0; place < (8 + ((n * 13) % 29) * 4) >> 2; place += 1) {
      stage.views.i32[(at >> 2) + place] = Math.imul(n + place, 0x9e37_79b1) ^ n;
    }
    writer.commit();
    writer.publish();
    control.doorbell.ring();
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 5))]);
  }
  return result;
}

describe("garbage", () => {
  /** Runs a loop over built rings in a process of its own and returns the number of collections it caused. */
  function collectionsOf(loop: string): number {
    const script = `
      import { GCProfiler } from "node:v8";
      import { sharedViewsOf } from "${url("views.js")}";
      import { SpscRing, SpscProducer, SpscConsumer } from "${url("spsc.js")}";
      import { LogRing, LogWriter, LogReader } from "${url("log-ring.js")}";
      import { BroadcastReader } from "${url("broadcast.js")}";
      const identity = { schemaHash: 1, buildHash: 2 };
      const views = sharedViewsOf(new SharedArrayBuffer(1 << 18));
      const { i32, f64 } = views;
      ${loop}
      // V8 compiles on a thread of its own, which a busy machine keeps waiting: it is given its turns.
      const pause = new Int32Array(new SharedArrayBuffer(4));
      for (let round = 0; round < 6; round += 1) {
        for (let warm = 0; warm < 100; warm += 1) run(1600);
        Atomics.wait(pause, 0, 0, 50);
      }
      const profiler = new GCProfiler();
      profiler.start();
      run(5_000_000);
      console.log(profiler.stop().statistics.length);`;
    return Number(execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" }));
  }
  const url = (name: string): string => pathToFileURL(join(BUILT, name)).href;

  test("five million messages through a ring cause no collection", () => {
    const loop = `
      SpscRing.create(views, 0, { capacity: 65536, identity });
      const producer = SpscProducer.join(views, 0, identity), consumer = SpscConsumer.join(views, 0, identity);
      function run(messages) {
        for (let n = 0; n < messages; n += 16) {
          for (let k = 0; k < 16; k += 1) {
            const at = producer.claim(1 + (n & 3), 64);
            i32[at >> 2] = n;
            producer.commit();
          }
          producer.publish();
          while (consumer.next() >= 0);
          consumer.release();
        }
      }`;
    expect(collectionsOf(loop)).toBe(0);
  });

  test("five million records through a log and two kinds of reader cause no collection", () => {
    const loop = `
      LogRing.create(views, 0, { capacity: 65536, identity, readers: 1 });
      const writer = LogWriter.join(views, 0, identity), reader = LogReader.join(views, 0, identity, 0);
      const lossy = BroadcastReader.join(views, 0, identity);
      const sums = new Float64Array(2);
      const stamp = Float64Array.of(4e9, 1.7e15);
      function send() {
        for (let k = 0; k < 16; k += 1) {
          stamp[0] += 1;
          stamp[1] += 0.25;
          const at = writer.claim(1, 0, stamp[0], stamp[1], 64);
          f64[at >> 3] = stamp[1];
          writer.commit();
        }
        writer.publish();
      }
      function receive() {
        while (reader.next() >= 0) sums[0] += reader.timeUs;
        reader.release();
        while (lossy.next() >= 0) if (lossy.validate()) sums[1] += lossy.sequence;
      }
      function run(messages) {
        for (let n = 0; n < messages; n += 16) {
          send();
          receive();
        }
      }`;
    expect(collectionsOf(loop)).toBe(0);
  });
});
