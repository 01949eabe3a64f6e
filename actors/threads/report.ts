/** A worker's first word to its supervisor: it has joined its rings. Sent before its loop is entered. */
import { parentPort } from "node:worker_threads";

export interface ReadyMessage {
  readonly type: "ready";
}

export function reportReady(): void {
  parentPort?.postMessage({ type: "ready" } satisfies ReadyMessage);
}
