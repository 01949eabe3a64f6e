/**
 * Starts a worker, always from the built output: a worker cannot be started from TypeScript source, and a test of
 * threads should run what users run.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type MessagePort, Worker } from "node:worker_threads";
import { assert } from "../engine/index.js";
import type { WorkerStart } from "./threads/thread.js";
import type { ThreadData } from "./threads/thread-data.js";
import type { AgentName } from "./topology.js";

/** Memory that a worker may use for objects; the rings are outside of it. */
const HEAP_MIB = { young: 16, old: 256 };

/** Who else will be on the thread, and how the first agent is spoken to; without, it is alone on the worker's port. */
export interface SpawnOptions {
  readonly crew?: readonly AgentName[];
  readonly port?: MessagePort;
}

/** Starts a thread with its first agent, which says that it is ready. */
export function spawnThread<Data extends ThreadData>(
  agent: AgentName,
  data: Data,
  { crew = [agent], port }: SpawnOptions = {},
): Worker {
  const entry = fileURLToPath(new URL("threads/thread.js", builtActors()));
  assert(existsSync(entry), `${entry} is missing; build first: npm run build`);
  const workerData: WorkerStart = { ...data, agent, crew, port };
  return new Worker(entry, {
    workerData,
    transferList: port ? [port] : [],
    env: {},
    name: `sluice-${crew.join("-")}`,
    resourceLimits: { maxYoungGenerationSizeMb: HEAP_MIB.young * 3, maxOldGenerationSizeMb: HEAP_MIB.old },
  });
}

/** URL of the built actors/ folder, also when this module was loaded from source by a test. */
export function builtActors(): URL {
  return import.meta.url.includes("/dist/actors/")
    ? new URL("./", import.meta.url)
    : new URL("../dist/actors/", import.meta.url);
}
