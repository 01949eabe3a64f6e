/**
 * Starts a worker of the benchmarks, always from the built output: a worker cannot be started from TypeScript source.
 */
import { on, once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";
import { ConfigError } from "../engine/index.js";

/** `file` is relative to bench/, such as `fabric/thread.js`. */
export function startBuiltWorker(file: string, options: WorkerOptions): Worker {
  const entry = fileURLToPath(new URL(file, builtBench()));
  if (!existsSync(entry))
    throw new ConfigError(`the benchmarks are not built (${file} is missing); run: npm run build`);
  return new Worker(entry, { env: {}, ...options });
}

/** The worker's next message. Rejects when the worker fails instead. */
export async function nextMessage<T>(worker: Worker): Promise<T> {
  const [message] = (await once(worker, "message")) as [T];
  return message;
}

/** Settles when a thread of the engine's has joined its rings. Rejects when it fails instead. */
export async function readyMessage(worker: Worker): Promise<void> {
  for await (const [message] of on(worker, "message") as AsyncIterable<[{ readonly type: string }]>) {
    if (message.type === "ready") return;
  }
}

function builtBench(): URL {
  const built = import.meta.url.includes("/dist/bench/");
  return new URL(built ? "./" : "../dist/bench/", import.meta.url);
}
