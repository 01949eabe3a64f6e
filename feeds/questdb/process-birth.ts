/**
 * Tells one process from a later one that was given the same pid. A pid alone is no identity: it is reused, after a
 * reboot even at the same moment of the machine's uptime. Nothing here signals a process whose birth is not the
 * recorded one.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const BOOT_ID = "/proc/sys/kernel/random/boot_id";

/** Fields of /proc/<pid>/stat counted after the command name, which may itself hold spaces and brackets. */
const STATE = 0;
const START_TICKS = 19;

/**
 * A string that no other process of this pid ever has, or null when no live process has the pid (a zombie is not live).
 */
export function processBirth(pid: number): string | null {
  return process.platform === "linux" ? birthFromProc(pid) : birthFromPs(pid);
}

/** Sends the signal only if the pid still belongs to the process born as recorded; says whether it was sent. */
export function signalIfSame(pid: number, birth: string, signal: NodeJS.Signals): boolean {
  if (processBirth(pid) !== birth) return false;
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

function birthFromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[STATE] === "Z" || fields[STATE] === "X") return null;
    return `${readFileSync(BOOT_ID, "utf8").trim()}/${fields[START_TICKS]}`;
  } catch {
    return null;
  }
}

function birthFromPs(pid: number): string | null {
  try {
    const [state, ...start] = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], { encoding: "utf8" })
      .trim()
      .split(/\s+/);
    return state === undefined || state.startsWith("Z") || start.length === 0 ? null : start.join(" ");
  } catch {
    return null;
  }
}
