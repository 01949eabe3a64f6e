/**
 * A recorded server, whichever way it runs: does it live, where does it listen, end it. The two ways differ only behind
 * these three.
 */
import { containerPort, endContainer, isContainerAlive } from "./docker-server.js";
import { awaitJavaPort, endJava, isJavaAlive } from "./java-server.js";
import type { ServerRecord } from "./record.js";

export async function isAlive(record: ServerRecord): Promise<boolean> {
  return record.how === "java" ? isJavaAlive(record) : isContainerAlive(record);
}

/** Waits at most `deadlineMs` for the port. Throws, with the remedy, when the server ends first. */
export async function portOf(directory: string, record: ServerRecord, deadlineMs: number): Promise<number> {
  return record.how === "java" ? awaitJavaPort(directory, record, deadlineMs) : containerPort(record);
}

/** Ends it, by force after `graceMs`; returns whether force was needed. */
export async function end(record: ServerRecord, graceMs: number): Promise<boolean> {
  return record.how === "java" ? endJava(record, graceMs) : endContainer(record, graceMs);
}
