/**
 * The store on its thread. It joins no ring: it follows the journal's files. A server that cannot be reached, now or
 * later, is no reason to stop anything; the error log counts it.
 */
import type { MessagePort } from "node:worker_threads";
import { createCrc32c } from "../../wasm/index.js";
import { StoreAgent } from "../store/store-agent.js";
import type { RowCounts } from "../store/tables.js";
import type { Hosted, Surroundings } from "./hosted.js";
import type { ThreadContext, ThreadData } from "./thread-data.js";

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

export async function start(
  context: ThreadContext,
  data: StoreThreadData,
  { port, wake }: Surroundings,
): Promise<Hosted> {
  const { counters } = context;
  const failedBefore = data.restarts ? counters.get("store.failures") : 0;
  const agent = new StoreAgent({
    directory: data.directory,
    url: data.url,
    crc32c: createCrc32c(),
    counters: {
      set: (name, value) => counters.set(name, name === "store.failures" ? failedBefore + value : value),
    },
    durableSequence: () => Math.max(data.recoveredSequence, counters.get("journal.durableSequence")),
    // An outage fails every few seconds with the same words: the error log counts them.
    onFailure: (error) => context.recordError(error, "store"),
    wake,
  });
  port.on("message", (message: StoreMessage) => {
    if (message.type === "drain") void drain(agent, port);
  });
  // Begins the first look at the server.
  agent.work();
  await agent.opened;
  return { agent };
}

async function drain(agent: StoreAgent, port: MessagePort): Promise<void> {
  try {
    await agent.drain();
    port.postMessage({ type: "drained", rows: agent.cursor.rows } satisfies StoreMessage);
  } catch (error) {
    port.postMessage({ type: "undrained", message: (error as Error).message } satisfies StoreMessage);
  }
}
