/** One thread of one lane: it makes its side once, and runs it whenever it is told to. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { pinThisThread } from "../../actors/affinity.js";
import { Histogram } from "../../actors/metrics/histogram.js";
import { sharedViewsOf } from "../../actors/ring/views.js";
import { ALTERNATIVES } from "../alternatives/lanes.js";
import { GarbageWatch } from "./garbage.js";
import type { LaneReply, LaneResult, LaneTask } from "./lane.js";
import { LATENCY_AT, READY_AT } from "./lane-memory.js";
import type { LaneDefinition } from "./lane-thread.js";
import { LANES } from "./lanes.js";

export interface LaneThreadData {
  readonly lane: string;
  readonly member: number;
  readonly memory: WebAssembly.Memory;
  readonly storages: readonly SharedArrayBuffer[];
  readonly port: MessagePort;
  /** Where the thread is to run; null where the scheduler may choose. */
  readonly core: number | null;
}

/** What a thread says when it is ready for tasks. */
export interface LaneReady {
  readonly pinned: boolean;
}

const data = workerData as LaneThreadData;
const views = sharedViewsOf(data.memory.buffer);
const definitions: Readonly<Record<string, LaneDefinition>> = { ...LANES, ...ALTERNATIVES };
const { members, sources, make } = definitions[data.lane];
const lane = make({ ...data, views, latency: new Histogram(views, LATENCY_AT) });
let runs = 0;

parentPort!.on("message", (task: LaneTask) => {
  void answer(task).then((reply) => parentPort!.postMessage(reply satisfies LaneReply));
});
const pinned = data.core !== null && pinThisThread([data.core]);
parentPort!.postMessage({ pinned } satisfies LaneReady);

async function answer(task: LaneTask): Promise<LaneReply> {
  const watch = new GarbageWatch();
  const result = await run(task);
  return { result, garbage: watch.stop() };
}

/** A sender waits until every receiver is about to listen. */
function run(task: LaneTask): LaneResult | Promise<LaneResult> {
  runs += 1;
  const word = READY_AT >> 2;
  if (data.member < sources) {
    const wanted = runs * (members - sources);
    for (let ready = Atomics.load(views.i32, word); ready < wanted; ready = Atomics.load(views.i32, word)) {
      Atomics.wait(views.i32, word, ready);
    }
    return lane.run(task);
  }
  // Before it listens: a ring keeps what comes too early, and a port's messages wait for the end of this call.
  Atomics.add(views.i32, word, 1);
  Atomics.notify(views.i32, word);
  return lane.run(task);
}
