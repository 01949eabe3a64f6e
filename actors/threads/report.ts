/**
 * A worker's last words and its first. A blocking thread has no event loop to send a message with, so an error goes to
 * stderr at once; the supervisor also sees the thread end.
 */
import { writeSync } from "node:fs";
import { parentPort, threadId } from "node:worker_threads";

export interface ReadyMessage {
  readonly type: "ready";
}

/** Tells the supervisor that this thread has joined its rings. Sent before the loop is entered. */
export function reportReady(): void {
  parentPort?.postMessage({ type: "ready" } satisfies ReadyMessage);
}

export function reportError(error: unknown, role: string): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  writeSync(2, `sluice: ${role} (thread ${threadId}) stopped: ${text}\n`);
}
