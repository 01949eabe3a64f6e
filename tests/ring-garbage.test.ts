/** The garbage that the rings make: none, counted in a process of its own, once V8 has compiled what runs. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { describe, expect, test } from "vitest";

const RINGS = join(import.meta.dirname, "..", "actors", "ring");

describe("garbage", () => {
  /** Runs a loop over the rings in a process of its own and returns the number of collections it caused. */
  function collectionsOf(loop: string): number {
    const script = `
      import { GCProfiler } from "node:v8";
      import { sharedViewsOf } from "./views.js";
      import { SpscConsumer } from "./spsc-consumer.js";
import { SpscRing, SpscProducer } from "./spsc.js";
      import { MpscConsumer } from "./mpsc-consumer.js";
import { MpscRing, MpscProducer } from "./mpsc.js";
      import { LogReader } from "./log-reader.js";
import { LogRing, LogWriter } from "./log-ring.js";
      import { BroadcastReader } from "./broadcast.js";
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
    const [bundled] = buildSync({
      stdin: { contents: script, resolveDir: RINGS },
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      write: false,
    }).outputFiles;
    const options = { input: bundled.text, encoding: "utf8" } as const;
    return Number(execFileSync(process.execPath, ["--input-type=module", "-"], options));
  }

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

  test("five million messages through a ring of many producers cause no collection", () => {
    const loop = `
      MpscRing.create(views, 0, { capacity: 65536, identity, producers: 2 });
      const producers = [0, 1].map((id) => MpscProducer.join(views, 0, identity, id));
      const consumer = MpscConsumer.join(views, 0, identity);
      function run(messages) {
        for (let n = 0; n < messages; n += 16) {
          for (let k = 0; k < 16; k += 1) {
            const producer = producers[k & 1];
            const at = producer.claim(1 + (n & 3), 64);
            i32[at >> 2] = n;
            producer.commit();
          }
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
