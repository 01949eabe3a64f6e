/**
 * The thread of one side: runs it to its end and says what it counted. A side stopped by an assertion ends the others
 * too. It is bundled, the product's code with it, and started by run-litmus.ts.
 */
import { parentPort, workerData } from "node:worker_threads";
import { sharedViewsOf } from "../../actors/ring/views.js";
import { Fabric } from "../../wasm/index.js";
import { LITMUS_TESTS } from "./cases.js";
import type { Counts } from "./litmus.js";
import { Side, type SideOptions } from "./side.js";
import { ABORT, TABLES } from "./stage.js";

export interface ThreadData extends SideOptions {
  readonly memory: WebAssembly.Memory;
  readonly litmus: string;
}

export interface ThreadResult {
  readonly counts: Counts;
  /** The assertion that stopped the side. */
  readonly error?: string;
}

function run(data: ThreadData): ThreadResult {
  const views = sharedViewsOf(data.memory.buffer);
  const litmus = LITMUS_TESTS.find(({ name }) => name === data.litmus)!;
  const side = new Side(views, new Fabric(data.memory, TABLES).exports, litmus, data);
  try {
    litmus.sides[data.name](side);
    return { counts: side.counts };
  } catch (error) {
    Atomics.store(views.i32, ABORT >> 2, 1);
    side.count("stopped");
    return { counts: side.counts, error: String(error) };
  }
}

parentPort!.postMessage(run(workerData as ThreadData));
