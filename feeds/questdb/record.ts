/**
 * What a directory remembers of its server: questdb.json, written the moment the process exists, so that a server whose
 * starter was killed is found again. And the lock that lets one start or stop at a time touch it. The record is
 * replaced whole, never half-written.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processBirth } from "./process-birth.js";

const LOCK_POLL_MS = 100;

export interface ServerRecord {
  readonly how: "docker" | "java";
  readonly pid: number;
  /** Java: the process's birth. Docker: the container's id. */
  readonly identity: string;
  /** 0 until the server has said which port it listens on. */
  readonly httpPort: number;
  readonly version: string;
  readonly startedAtMs: number;
}

export function readRecord(directory: string): ServerRecord | null {
  try {
    const record: unknown = JSON.parse(readFileSync(recordPath(directory), "utf8"));
    return isRecord(record) ? record : null;
  } catch {
    return null;
  }
}

export function writeRecord(directory: string, record: ServerRecord): void {
  const temporary = `${recordPath(directory)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(temporary, recordPath(directory));
}

export function removeRecord(directory: string): void {
  rmSync(recordPath(directory), { force: true });
}

/**
 * Runs `work` while no other process starts or stops the server of this directory. It waits for as long as the holder
 * lives (its work has deadlines of its own) and takes the lock over from a holder that died. Should two waiters take
 * over at the same instant, QuestDB's lock on its data still lets only one server live.
 */
export async function withDirectoryLock<T>(
  directory: string,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const lock = join(directory, "questdb.lock");
  for (let waits = 0; !tryLock(lock); waits++) {
    if (waits === 0) say(`Waiting for another command that starts or stops the server in ${directory}.`);
    await sleep(LOCK_POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A link appears with its content in one step, so that no one reads a lock whose owner is not written yet. */
function tryLock(lock: string): boolean {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, `${process.pid} ${processBirth(process.pid)}`);
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    removeIfOrphaned(lock);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function removeIfOrphaned(lock: string): void {
  try {
    const [pid = "", birth = ""] = readFileSync(lock, "utf8").split(/ (.*)/s);
    if (processBirth(Number(pid)) !== birth) rmSync(lock, { force: true });
  } catch {
    // It was released between the failed link and this read.
  }
}

function recordPath(directory: string): string {
  return join(directory, "questdb.json");
}

function isRecord(value: unknown): value is ServerRecord {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Partial<Record<keyof ServerRecord, unknown>>;
  return (
    (record.how === "docker" || record.how === "java") &&
    Number.isInteger(record.pid) &&
    (record.pid as number) > 1 &&
    typeof record.identity === "string" &&
    Number.isInteger(record.httpPort) &&
    typeof record.version === "string" &&
    typeof record.startedAtMs === "number"
  );
}
