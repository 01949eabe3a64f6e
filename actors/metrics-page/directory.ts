/**
 * Where metrics pages stand: one file a process, named by its number, in a folder of the user's own on a file system in
 * memory, else among the temporary files. The places are open to all, so a folder that is not ours alone is not used.
 */
import { lstatSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "../disk/disk.js";
import { isRunning } from "./process.js";

const OTHERS = 0o077;
const DAY_MS = 86_400_000;
/** Pages of crashed engines that are kept, the newest: each takes memory. */
const ENDED_MAX = 16;

/** The folders that are looked at, the first that can be used being written to. */
export const pageFolders = (): string[] => ["/dev/shm", tmpdir()].map((root) => join(root, `sluice-${ownUser()}`));

export const ownUser = (): number => process.getuid?.() ?? 0;

/** Makes a folder, or takes one that is there. Returns why it cannot be used; an empty string when it can. */
export function openFolder(folder: string): string {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") return `${folder} cannot be made (${codeOf(error)})`;
  }
  return folderFault(folder) ?? "";
}

/** Why nothing in a folder is to be believed; null when it is ours alone. */
export function folderFault(folder: string): string | null {
  const entry = lstatSync(folder, { throwIfNoEntry: false });
  if (entry === undefined) return `there is no ${folder}`;
  if (!entry.isDirectory()) return `${folder} is not a folder`;
  if (entry.uid !== ownUser()) return `${folder} belongs to another user (${entry.uid})`;
  return (entry.mode & OTHERS) === 0 ? null : `${folder} is open to other users`;
}

/** Paths of all pages in a folder, by process; none where it cannot be believed. */
export function pagesIn(folder: string): { pid: number; path: string }[] {
  if (folderFault(folder) !== null) return [];
  return readdirSync(folder)
    .filter((name) => /^[1-9]\d{0,9}$/.test(name))
    .map((name) => ({ pid: Number(name), path: join(folder, name) }))
    .sort((one, other) => one.pid - other.pid);
}

/** Removes what engines left that ended long ago, and, of those that ended lately, all but the newest. */
export function removeOldPages(folder: string, nowMs: number): void {
  const ended = pagesIn(folder)
    .filter(({ pid }) => !isRunning(pid, null))
    .map(({ path }) => ({ path, changedMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs }))
    .sort((one, other) => other.changedMs - one.changedMs);
  ended.forEach(({ path, changedMs }, place) => {
    if (place >= ENDED_MAX || nowMs - changedMs > DAY_MS) rmSync(path, { force: true });
  });
}
