/**
 * QuestDB as a Java process of this machine: detached, so that it outlives the command that started it, its words in
 * questdb.log, its data in data/. The log is also where the chosen port and the reason of a failed start are read.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type JavaSource, QUESTDB_VERSION } from "./jar.js";
import { processBirth, signalIfSame } from "./process-birth.js";
import type { ServerRecord } from "./record.js";
import { serverEnvironment } from "./settings.js";

const POLL_MS = 50;
const HEAP = ["-Xms64m", "-Xmx256m", "-XX:+UseSerialGC"];

/** The server gets no more of our environment than it needs: a trader's environment holds keys. */
const INHERITED = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "JAVA_HOME", "JAVA_TOOL_OPTIONS", "LD_LIBRARY_PATH"];

/** Starts the process and returns its record at once; it listens on nothing yet. */
export function spawnJava(source: JavaSource, directory: string, httpPort: number, smallPages: boolean): ServerRecord {
  mkdirSync(join(directory, "data"), { recursive: true });
  const log = openFreshLog(directory);
  const bindings = { http: `127.0.0.1:${httpPort}`, postgres: "127.0.0.1:0" };
  try {
    const child = spawn(source.java, [...HEAP, "-jar", source.jar, "-d", join(directory, "data"), "-n"], {
      cwd: directory,
      detached: true,
      env: { ...inheritedEnvironment(), ...serverEnvironment(bindings, smallPages) },
      stdio: ["ignore", log, log],
    });
    // A program that cannot be executed has no pid; the error event only repeats that.
    child.on("error", () => {});
    child.unref();
    if (child.pid === undefined) throw new Error(`${source.java} could not be executed; check JAVA_HOME and PATH.`);
    const identity = processBirth(child.pid) ?? "gone";
    return { how: "java", pid: child.pid, identity, httpPort: 0, version: QUESTDB_VERSION, startedAtMs: Date.now() };
  } finally {
    closeSync(log);
  }
}

/**
 * Waits until the server says its port. Throws, in one line and with the remedy, when it dies first or `deadlineMs`
 * passes.
 */
export async function awaitJavaPort(directory: string, record: ServerRecord, deadlineMs: number): Promise<number> {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const alive = isJavaAlive(record);
    const log = readLog(directory);
    const port = Number(/http-server listening on 127\.0\.0\.1:(\d+)/.exec(log)?.[1] ?? 0);
    if (!alive) throw new Error(deathReason(directory, log));
    if (port > 0) return port;
    if (Date.now() > until) {
      throw new Error(`QuestDB did not listen within ${deadlineMs} ms; read ${logPath(directory)} and try again.`);
    }
    await sleep(POLL_MS);
  }
}

export function isJavaAlive(record: ServerRecord): boolean {
  return processBirth(record.pid) === record.identity;
}

/** Asks the server to end, insists after `graceMs`; returns whether it had to be killed. */
export async function endJava(record: ServerRecord, graceMs: number): Promise<boolean> {
  signalIfSame(record.pid, record.identity, "SIGTERM");
  if (await diesWithin(record, graceMs)) return false;
  signalIfSame(record.pid, record.identity, "SIGKILL");
  if (await diesWithin(record, graceMs)) return true;
  throw new Error(
    `QuestDB (pid ${record.pid}) survived SIGKILL for ${graceMs} ms: its disk hangs. Check the disk, then stop again.`,
  );
}

async function diesWithin(record: ServerRecord, graceMs: number): Promise<boolean> {
  for (const until = Date.now() + graceMs; Date.now() <= until; await sleep(POLL_MS)) {
    if (!isJavaAlive(record)) return true;
  }
  return !isJavaAlive(record);
}

/** The log of the start before stays readable beside the new one. */
function openFreshLog(directory: string): number {
  try {
    renameSync(logPath(directory), `${logPath(directory)}.1`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return openSync(logPath(directory), "a", 0o600);
}

function inheritedEnvironment(): Record<string, string> {
  const pairs = INHERITED.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function deathReason(directory: string, log: string): string {
  const taken = /could not bind socket \[who=[\w-]+, bindTo=127\.0\.0\.1:(\d+)\]/.exec(log);
  if (taken !== null)
    return `Port ${taken[1]} is taken by another process. Free it, or choose another port (0 takes a free one).`;
  if (log.includes("cannot lock table name registry")) {
    const lock = join(directory, "data", "db", "tables.d.lock");
    const finding = `Find it with \`fuser ${lock}\` and stop it.`;
    return `Another server already uses ${directory}/data, and is not on record. ${finding}`;
  }
  const last = log.split("\n").findLast((line) => line.trim() !== "" && !/^\s*at /.test(line));
  const lastWords = last?.trim() ?? "it said nothing";
  return `QuestDB ended while starting: ${lastWords}. The whole story is in ${logPath(directory)}.`;
}

function readLog(directory: string): string {
  try {
    return readFileSync(logPath(directory), "utf8");
  } catch {
    return "";
  }
}

function logPath(directory: string): string {
  return join(directory, "questdb.log");
}
