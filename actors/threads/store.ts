/**
 * The store's thread. It joins no ring: it follows the journal's files. A server that cannot be reached, now or later,
 * is no reason to stop anything; the error log counts it.
 */
import { parentPort, workerData } from "node:worker_threads";
import { createCrc32c } from "../../wasm/index.js";
import { EventLoopRunner } from "../agent/event-loop-runner.js";
import { StoreAgent } from "../store/store-agent.js";
import type { RowCounts } from "../store/tables.js";
import { reportReady } from "./report.js";
import { ThreadContext, type ThreadData } from "./thread-data.js";

export interface StoreThreadData extends ThreadData {
  readonly directory: string;
  /** The server's base address. */
  readonly url: string;
  /** Sequence at which this life begins: all before it is durable. */
  readonly recoveredSequence: number;
}

/** Acknowledged rows of the journal, by table. */
export type StoredRows = Readonly<RowCounts>;

export type StoreMessage =
  /** To the thread, once the journal's writer has finished. */
  | { readonly type: "drain" }
  | { readonly type: "drained"; readonly rows: StoredRows }
  /** The journal cannot be stored; trying again would not help. */
  | { readonly type: "undrained"; readonly message: string };

const data = workerData as StoreThreadData;
const context = new ThreadContext("store", data);

const agent = new StoreAgent({
  directory: data.directory,
  url: data.url,
  crc32c: createCrc32c(),
  counters: context.counters,
  durableSequence: () => Math.max(data.recoveredSequence, context.counters.get("journal.durableSequence")),
  onFailure,
  wake: () => runner.wake(),
});
const runner = new EventLoopRunner([agent], context.control, context.idle, context.recordError);

parentPort?.on("message", (message: StoreMessage) => {
  if (message.type === "drain") void drain();
});
// A port that is listened to keeps the thread alive, and the thread has to end with its runner.
void runner.done.catch(() => {}).then(() => parentPort?.close());
void agent.opened.then(reportReady);
runner.start();

async function drain(): Promise<void> {
  try {
    await agent.drain();
    parentPort?.postMessage({ type: "drained", rows: agent.cursor.rows } satisfies StoreMessage);
  } catch (error) {
    parentPort?.postMessage({ type: "undrained", message: (error as Error).message } satisfies StoreMessage);
  }
}

/** An outage fails every few seconds with the same words: the error log counts them. */
function onFailure(error: Error): void {
  context.recordError(error, "store");
}
