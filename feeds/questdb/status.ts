/**
 * The state of a directory's server for an operator: running or not, since when, and how its tables fare. Looking
 * changes nothing: it starts, stops and repairs no server, and waits for none beyond a query's deadline.
 */
import { resolve } from "node:path";
import { askVersion, configuredUrl, type QuestdbLocation } from "./configured.js";
import { isAlive } from "./instance.js";
import { readRecord, type ServerRecord } from "./record.js";
import { type TableStatus, tableStatuses } from "./table-status.js";

export interface QuestdbStatus {
  readonly state: "running" | "starting" | "unresponsive" | "stopped";
  /** Who runs it; `configured` is a server that Sluice did not start. Null when stopped. */
  readonly how: "configured" | "docker" | "java" | null;
  readonly directory: string;
  readonly url: string | null;
  readonly pid: number | null;
  readonly version: string | null;
  readonly uptimeS: number | null;
  readonly tables: readonly TableStatus[];
  /** What is wrong and what to do, or empty. */
  readonly message: string;
}

/**
 * Describes the server of the directory, or the configured one when there is none. Starts, stops and waits for nothing.
 */
export async function questdbStatus(options: QuestdbLocation): Promise<QuestdbStatus> {
  const directory = resolve(options.directory);
  const record = readRecord(directory);
  if (record !== null && (await isAlive(record))) return describeOurs(directory, record);
  const url = configuredUrl(options);
  if (url !== null) return describeConfigured(directory, url);
  const message = record === null ? "" : `The server (pid ${record.pid}) ended without being stopped; start it again.`;
  return { ...absent(directory), message };
}

async function describeOurs(directory: string, record: ServerRecord): Promise<QuestdbStatus> {
  const { how, pid, version } = record;
  const uptimeS = Math.max(0, Math.floor((Date.now() - record.startedAtMs) / 1000));
  const known = { ...absent(directory), how, pid, version, uptimeS };
  if (record.httpPort === 0) return { ...known, state: "starting", message: "The server is still starting." };
  const url = `http://127.0.0.1:${record.httpPort}`;
  return describeTables({ ...known, url }, `Read ${directory}/questdb.log; \`sluice questdb stop\`, then start.`);
}

async function describeConfigured(directory: string, url: string): Promise<QuestdbStatus> {
  const known: QuestdbStatus = { ...absent(directory), how: "configured", url };
  try {
    const version = await askVersion(url);
    return await describeTables({ ...known, version }, "");
  } catch (error) {
    return { ...known, state: "unresponsive", message: messageOf(error) };
  }
}

async function describeTables(known: QuestdbStatus, remedy: string): Promise<QuestdbStatus> {
  try {
    const tables = await tableStatuses(known.url ?? "");
    const suspended = tables.filter((table) => table.wal === "suspended").map((table) => table.name);
    const message =
      suspended.length === 0
        ? ""
        : `Suspended: ${suspended.join(", ")}. Remove the cause, then run ALTER TABLE <name> RESUME WAL.`;
    return { ...known, state: "running", tables, message };
  } catch (error) {
    return { ...known, state: "unresponsive", message: `${messageOf(error)} ${remedy}`.trim() };
  }
}

function absent(directory: string): QuestdbStatus {
  const unknown = { how: null, url: null, pid: null, version: null, uptimeS: null };
  return { state: "stopped", directory, ...unknown, tables: [], message: "" };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
