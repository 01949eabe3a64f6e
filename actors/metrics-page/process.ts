/** Which process wrote a page, and whether it is still there: a number alone may be another's by now. */
import { readFileSync } from "node:fs";
import { codeOf } from "../disk/disk.js";

/** Fields of /proc/PID/stat behind the name, which is in brackets and may hold anything. */
const STATE = 0;
const BORN = 19;

/** When a process began, in clock ticks since the host did; null when there is none or the system does not tell. */
export function bornAt(pid: number): string | null {
  return statOf(pid)?.[BORN] ?? null;
}

/** Whether the process `pid` runs, and is the one that began at `born` (null: not known). */
export function isRunning(pid: number, born: string | null): boolean {
  const stat = statOf(pid);
  if (stat !== null) return stat[STATE] !== "Z" && stat[STATE] !== "X" && (born === null || stat[BORN] === born);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
