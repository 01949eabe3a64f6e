/**
 * Starts one of the topology's threads as a worker. Always from the built output: a worker cannot be started from
 * TypeScript source, and a test of threads should run what users run.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { assert } from "../engine/index.js";
import type { ThreadName } from "./topology.js";

/** Memory that a worker may use for objects; the rings are outside of it. */
const HEAP_MIB = { young: 16, old: 256 };

export function spawnThread(name: Exclude<ThreadName, "main">, data: object): Worker {
  const entry = fileURLToPath(new URL(`threads/${name}.js`, builtActors()));
  assert(existsSync(entry), `${entry} is missing; build first: npm run build`);
  const limits = { maxYoungGenerationSizeMb: HEAP_MIB.young * 3, maxOldGenerationSizeMb: HEAP_MIB.old };
  return new Worker(entry, { workerData: data, env: {}, name: `sluice-${name}`, resourceLimits: limits });
}

/** URL of the built actors/ folder, also when this module was loaded from source by a test. */
function builtActors(): URL {
  return import.meta.url.includes("/dist/actors/")
    ? new URL("./", import.meta.url)
    : new URL("../dist/actors/", import.meta.url);
}
