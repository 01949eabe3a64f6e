/**
 * Starts, stops and describes the QuestDB server of a directory. One directory has at most one server; it outlives the
 * command that started it and is found again through its record. A server that Sluice did not start is used, but never
 * stopped.
 */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { askVersion, configuredUrl, type QuestdbLocation } from "./configured.js";
import { runContainer } from "./docker-server.js";
import { end, isAlive, portOf } from "./instance.js";
import { type JavaSource, QUESTDB_VERSION } from "./jar.js";
import { spawnJava } from "./java-server.js";
import { QuestdbUnreachable } from "./query.js";
import { readRecord, removeRecord, type ServerRecord, withDirectoryLock, writeRecord } from "./record.js";
import { findSource } from "./source.js";

export type { QuestdbLocation } from "./configured.js";
export { type QuestdbStatus, questdbStatus } from "./status.js";

const START_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 30_000;
const ANSWER_POLL_MS = 100;

export interface QuestdbStartOptions extends QuestdbLocation {
  /** Port on 127.0.0.1; 0 (the default) takes a free one. A server that already runs keeps its port. */
  readonly httpPort?: number;
  /** Small files instead of fast ones: for tests and demonstrations. */
  readonly smallPages?: boolean;
  /** Only this way of starting; by default Docker, then Java. */
  readonly only?: "docker" | "java";
  /** Told, line by line, what takes time. */
  readonly signalProgress?: (line: string) => void;
}

export interface QuestdbServer {
  readonly url: string;
  /** Null when the server is not ours and its process unknown. */
  readonly pid: number | null;
  readonly version: string;
  /** `running`: it was there already, nothing was started. */
  readonly how: "running" | "docker" | "java";
  readonly directory: string;
}

export interface QuestdbStopped {
  /** `killed`: it ignored SIGTERM until the deadline and was ended with SIGKILL. */
  readonly outcome: "stopped" | "killed" | "not-running";
  readonly pid: number | null;
  /** One sentence for the operator. */
  readonly message: string;
}

type Say = (line: string) => void;

/** Returns the server of the directory, starting it if none runs. Throws one line that names the remedy. */
export async function startQuestdb(options: QuestdbStartOptions): Promise<QuestdbServer> {
  const { httpPort = 0, signalProgress: say = () => {} } = options;
  if (!Number.isInteger(httpPort) || httpPort < 0 || httpPort > 65_535) {
    throw new Error(`The HTTP port must be 0 (any free one) to 65535 (was ${httpPort}).`);
  }
  const configured = await useConfigured(options, say);
  if (configured !== null) return configured;
  const directory = resolve(options.directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return withDirectoryLock(directory, say, async () => {
    return (await adopt(directory, say)) ?? (await launch(directory, { ...options, httpPort }, say));
  });
}

/** Ends the server of the directory and waits until it is gone; its data stays. A configured server is left alone. */
export async function stopQuestdb(
  options: QuestdbLocation & { readonly graceMs?: number; readonly signalProgress?: Say },
): Promise<QuestdbStopped> {
  const { graceMs = STOP_GRACE_MS, signalProgress: say = () => {} } = options;
  const directory = resolve(options.directory);
  if (readRecord(directory) === null) return notRunning(options);
  return withDirectoryLock(directory, say, async () => {
    const record = readRecord(directory);
    if (record === null || !(await isAlive(record))) {
      removeRecord(directory);
      return notRunning(options);
    }
    const killed = await end(record, graceMs);
    removeRecord(directory);
    const message = killed
      ? `QuestDB (pid ${record.pid}) did not end within ${graceMs} ms and was killed; acknowledged rows are safe.`
      : `QuestDB (pid ${record.pid}) has stopped.`;
    return { outcome: killed ? "killed" : "stopped", pid: record.pid, message };
  });
}

/** Finds what would run the server, fetching the jar if Java would. Throws one line that says what to install. */
export async function prepareQuestdb(
  options: Pick<QuestdbStartOptions, "only" | "signalProgress">,
): Promise<"docker" | "java"> {
  return (await findSource(options.only, options.signalProgress ?? (() => {}))).how;
}

async function useConfigured(options: QuestdbLocation, say: Say): Promise<QuestdbServer | null> {
  const url = configuredUrl(options);
  if (url === null) return null;
  try {
    const version = await askVersion(url);
    return { url, pid: null, version, how: "running", directory: resolve(options.directory) };
  } catch (error) {
    say(`The configured server is passed over. ${messageOf(error)}`);
    return null;
  }
}

/** The server on record, if it lives; one that is still starting is waited for. */
async function adopt(directory: string, say: Say): Promise<QuestdbServer | null> {
  const record = readRecord(directory);
  if (record === null) return null;
  if (!(await isAlive(record))) {
    say(`The server on record (pid ${record.pid}) is gone; starting another on its data.`);
    removeRecord(directory);
    return null;
  }
  return { ...(await awaitReady(directory, record)), how: "running" };
}

async function launch(
  directory: string,
  options: QuestdbStartOptions & { readonly httpPort: number },
  say: Say,
): Promise<QuestdbServer> {
  const source = await findSource(options.only, say);
  if (source.how === "java") return launchJava(directory, source.java, options, say);
  try {
    return await launchContainer(directory, options, say);
  } catch (error) {
    if (options.only === "docker") throw error;
    say(`Docker could not run QuestDB, trying Java. ${messageOf(error)}`);
    return launch(directory, { ...options, only: "java" }, say);
  }
}

function launchJava(
  directory: string,
  java: JavaSource,
  options: QuestdbStartOptions & { readonly httpPort: number },
  say: Say,
): Promise<QuestdbServer> {
  const record = spawnJava(java, directory, options.httpPort, options.smallPages ?? false);
  return seeThrough(directory, record, say);
}

async function launchContainer(
  directory: string,
  options: QuestdbStartOptions & { readonly httpPort: number },
  say: Say,
): Promise<QuestdbServer> {
  const record = await runContainer(directory, options.httpPort, options.smallPages ?? false, say);
  return seeThrough(directory, record, say);
}

/** Records a server that was just started and waits for it; a start that fails leaves neither record nor process. */
async function seeThrough(directory: string, record: ServerRecord, say: Say): Promise<QuestdbServer> {
  // First of all: a starter that dies from here on leaves a server that can be found.
  writeRecord(directory, record);
  try {
    say(`Starting QuestDB ${QUESTDB_VERSION} (${record.how}, pid ${record.pid}).`);
    return await awaitReady(directory, record);
  } catch (error) {
    await end(record, STOP_GRACE_MS);
    removeRecord(directory);
    throw error;
  }
}

/** Waits for the port and the first answer, and completes the record with both. */
async function awaitReady(directory: string, record: ServerRecord): Promise<QuestdbServer> {
  const httpPort = record.httpPort || (await portOf(directory, record, START_DEADLINE_MS));
  const url = `http://127.0.0.1:${httpPort}`;
  const version = await awaitVersion(url, record);
  writeRecord(directory, { ...record, httpPort, version });
  return { url, pid: record.pid, version, how: record.how, directory };
}

async function awaitVersion(url: string, record: ServerRecord): Promise<string> {
  for (const until = Date.now() + START_DEADLINE_MS; ; await sleep(ANSWER_POLL_MS)) {
    try {
      return await askVersion(url);
    } catch (error) {
      if (!(error instanceof QuestdbUnreachable)) throw error;
      if (!(await isAlive(record))) {
        throw new Error(`QuestDB (pid ${record.pid}) ended before it answered; start it again.`);
      }
      if (Date.now() > until) {
        throw new Error(
          `QuestDB (pid ${record.pid}) runs but does not answer at ${url}. Run \`sluice questdb stop\`, then start.`,
        );
      }
    }
  }
}

function notRunning(options: QuestdbLocation): QuestdbStopped {
  const url = configuredUrl(options);
  const message =
    url === null
      ? `No server of ${resolve(options.directory)} is running.`
      : "The configured server was not started by Sluice and is left alone; stop it where it was started.";
  return { outcome: "not-running", pid: null, message };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
