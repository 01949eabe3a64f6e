/**
 * The engine's real thread, and the thread beside it that feeds it, in one shared memory: started, used and stopped.
 * The engine recovers what its journal's directory holds, which is its strategy and no record.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { ControlDesk } from "../../actors/control-desk.js";
import { NodeDisk } from "../../actors/disk/node-disk.js";
import { storeBundles } from "../../actors/journal/journal-directory.js";
import type { Placement } from "../../actors/placement.js";
import { prepareMemory } from "../../actors/prepare-memory.js";
import { ThreadContext } from "../../actors/threads/thread-data.js";
import { LifeStart, Mode } from "../../schemas/index.js";
import { nextMessage, readyMessage, startBuiltWorker } from "../built-worker.js";
import { PROBE_BYTES } from "./collections.js";
import { configOf } from "./config.js";
import type { Fed, FeederThreadData, Task } from "./feeder-thread.js";
import { GUEST_BYTES } from "./guest.js";
import { STRATEGY_TEXT } from "./strategy.js";
import type { Tape } from "./tape.js";

/** As the product gives them to the engine. */
const HEAP_MIB = { young: 48, old: 256 };
/** Starts an engine, has it fed, and stops it. Rejects when either thread fails. */
export async function fed(placement: Placement, wasted: number, tape: Tape, task: Task): Promise<Fed> {
  const config = configOf(wasted);
  const memory = prepareMemory(placement);
  const context = new ThreadContext("main", memory);
  const probe = new SharedArrayBuffer(PROBE_BYTES);
  const guest = new SharedArrayBuffer(GUEST_BYTES);
  const directory = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  storeBundles(new NodeDisk(), directory, new Map([[config.strategies[0].bundle, STRATEGY_TEXT]]));
  const engine = startBuiltWorker("tick-to-order/engine-thread.js", {
    workerData: { ...memory, agent: "engine", crew: ["engine"], config, directory, simulated: true, probe, guest },
    resourceLimits: { maxYoungGenerationSizeMb: HEAP_MIB.young, maxOldGenerationSizeMb: HEAP_MIB.old },
    name: "sluice-engine",
  });
  const ended = once(engine, "exit");
  try {
    await readyMessage(engine);
    const bell = context.controls.engine.doorbell;
    new ControlDesk(context.producer("control"), bell, context.nowUs).configure(config, 1, Mode.Paper, LifeStart.Fresh);
    return await whileRunning(engine, feed({ ...memory, config, tape, probe, guest, task }));
  } finally {
    context.controls.engine.requestStop();
    await ended;
    rmSync(directory, { recursive: true });
  }
}

async function feed(workerData: FeederThreadData): Promise<Fed> {
  const feeder = startBuiltWorker("tick-to-order/feeder-thread.js", { workerData, name: "bench-feeder" });
  try {
    return await nextMessage<Fed>(feeder);
  } finally {
    await feeder.terminate();
  }
}

/** A dead engine ends the wait. */
async function whileRunning<T>(engine: Worker, work: Promise<T>): Promise<T> {
  const died = once(engine, "exit").then(() =>
    Promise.reject(new Error("the engine's thread ended during the benchmark")),
  );
  died.catch(() => {});
  return Promise.race([work, died]);
}
