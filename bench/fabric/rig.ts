/**
 * The threads of one lane and their memory, on the main thread's side: it starts them, tells them to run, and compares
 * what was sent with what was received, to the last word. Between two runs they sleep in their event loops.
 */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { MessageChannel, type Worker } from "node:worker_threads";
import { usableCores } from "../../actors/affinity.js";
import { Histogram, type HistogramSnapshot } from "../../actors/metrics/histogram.js";
import { type SharedViews, sharedViewsOf } from "../../actors/ring/views.js";
import { createSharedMemory } from "../../wasm/index.js";
import { nextMessage, startBuiltWorker } from "../built-worker.js";
import { type Garbage, totalGarbage } from "./garbage.js";
import type { LaneReply, LaneResult, LaneTask } from "./lane.js";
import { createRings, LANE_BYTES, LATENCY_AT, RING_BYTES } from "./lane-memory.js";
import type { LaneDefinition } from "./lane-thread.js";
import { expectedSum } from "./message.js";
import { ringbufStorage } from "./ringbuf-links.js";
import type { LaneReady, LaneThreadData } from "./thread.js";

/** One run of a lane. */
export interface LaneRun {
  readonly messages: number;
  readonly seconds: number;
  /** Messages that a receiver found at once, on average: the regime. */
  readonly meanBatch: number;
  readonly blockP50Ns: number | null;
  readonly latency: HistogramSnapshot;
  readonly garbage: Garbage;
}

const PATIENCE_MS = 60_000;

export class LaneRig {
  readonly name: string;
  /** Whether each of its two threads has a core of its own; false for lanes of more threads. */
  readonly pinned: boolean;
  private readonly sources: number;
  private readonly views: SharedViews;
  private readonly workers: readonly Worker[];

  private constructor(name: string, sources: number, views: SharedViews, workers: readonly Worker[], pinned: boolean) {
    this.name = name;
    this.sources = sources;
    this.views = views;
    this.workers = workers;
    this.pinned = pinned;
  }

  static async start(name: string, { members, sources }: LaneDefinition): Promise<LaneRig> {
    const memory = createSharedMemory(LANE_BYTES);
    const views = sharedViewsOf(memory.buffer);
    createRings(views);
    const workers = startThreads(name, members, memory);
    const ready = await Promise.all(workers.map((worker) => nextMessage<LaneReady>(worker)));
    return new LaneRig(
      name,
      sources,
      views,
      workers,
      ready.every(({ pinned }) => pinned),
    );
  }

  async run(task: LaneTask): Promise<LaneRun> {
    const { views, workers } = this;
    views.f64.fill(0, LATENCY_AT >> 3, (LATENCY_AT + Histogram.bytesFor()) >> 3);
    const answers = Promise.all(workers.map((worker) => nextMessage<LaneReply>(worker)));
    // Receivers first, so that senders wait for them as little as can be.
    for (const worker of [...workers].reverse()) worker.postMessage(task);
    const replies = await this.inTime(answers, task.ms);
    const results = replies.map(({ result }) => result);
    const sent = results.slice(0, this.sources);
    this.check(sent, results.slice(this.sources));
    const messages = total(sent);
    return {
      messages,
      seconds: (Math.max(...results.map(({ endUs }) => endUs)) - Math.min(...sent.map(({ startUs }) => startUs))) / 1e6,
      // The message that ends a run is not counted, and may have been a batch of its own.
      meanBatch: Math.max(1, messages / Math.max(...results.slice(this.sources).map(({ batches }) => batches))),
      blockP50Ns: results[0].blockP50Ns ?? null,
      latency: new Histogram(views, LATENCY_AT).snapshot(),
      garbage: totalGarbage(replies.map(({ garbage }) => garbage)),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  /** A lane that lost a message may wait for it for ever. */
  private async inTime<T>(answers: Promise<T>, ms: number): Promise<T> {
    const late = new AbortController();
    const deadline = delay(ms + PATIENCE_MS, undefined, { signal: late.signal }).then(() => {
      throw new Error(`${this.name}: no answer ${PATIENCE_MS / 1000} s after the time was up`);
    });
    deadline.catch(() => {});
    try {
      return await Promise.race([answers, deadline]);
    } finally {
      late.abort();
    }
  }

  /** Every receiver has seen every message of every sender, whole. */
  private check(sent: readonly LaneResult[], received: readonly LaneResult[]): void {
    const expected = BigInt.asUintN(
      64,
      sent.reduce((sum, { messages }) => sum + expectedSum(messages), 0n),
    );
    for (const { messages, checksum } of received) {
      assert.equal(messages, total(sent), `${this.name}: messages received and sent`);
      assert.equal(checksum, expected, `${this.name}: sum of every word received and sent`);
    }
    const answered = sent.filter(({ checksum }) => checksum !== null);
    for (const { checksum } of answered) assert.equal(checksum, expected, `${this.name}: sum of every word answered`);
  }
}

function startThreads(lane: string, members: number, memory: WebAssembly.Memory): Worker[] {
  const storages = [ringbufStorage(RING_BYTES), ringbufStorage(RING_BYTES)];
  const { port1, port2 } = new MessageChannel();
  const cores = usableCores();
  return Array.from({ length: members }, (_, member) => {
    // Only two threads may have a core each; of more, the scheduler must be free to run whichever has work.
    const core = members === 2 && cores.length >= 2 ? cores[member] : null;
    const port = [port1, port2][member] ?? new MessageChannel().port1;
    const workerData: LaneThreadData = { lane, member, memory, storages, port, core };
    return startBuiltWorker("fabric/thread.js", { workerData, transferList: [port], name: `bench-${lane}-${member}` });
  });
}

function total(results: readonly LaneResult[]): number {
  return results.reduce((sum, { messages }) => sum + messages, 0);
}
