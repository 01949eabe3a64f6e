/**
 * Which cores a thread may run on. Node has no call for it; on Linux the `taskset` command changes any thread by its
 * number, and /proc tells the truth afterwards. It is asked once, at a thread's start, for it starts a process. Where
 * the system offers none of this, threads run where the scheduler puts them, and nobody is told otherwise.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Workers have no environment of their own, so that the search for the command is told where to look. */
const PATH = "/usr/local/bin:/usr/bin:/bin";
const TASKSET_MS = 5_000;

/**
 * Lets the calling thread run on these cores alone, numbered from 0. False where there is no way to, and when the
 * system allows it only some of them; threads that it starts later begin with the same cores.
 */
export function pinThisThread(cores: readonly number[]): boolean {
  if (cores.length === 0) throw new RangeError("a thread needs a core to run on (was an empty list)");
  const thread = threadNumber();
  if (thread === null || !taskset("-cp", cores.join(","), thread)) return false;
  const wanted = [...new Set(cores)].sort((one, other) => one - other);
  return coresOfThisThread()?.join() === wanted.join();
}

/** The cores that the calling thread may run on, ascending; null where the system does not say. */
export function coresOfThisThread(): number[] | null {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/thread-self/status", "utf8"))?.[1];
    return list === undefined ? null : parseCoreList(list);
  } catch {
    return null;
  }
}

/** The same, and where the system does not say, as many as it runs at a time. */
export function usableCores(): number[] {
  return coresOfThisThread() ?? Array.from({ length: availableParallelism() }, (_, core) => core);
}

/** Whether threads can be pinned here. */
export function hasTaskset(): boolean {
  return threadNumber() !== null && taskset("--version");
}

/** Reads the kernel's way of writing cores, such as 0-2,5. */
export function parseCoreList(list: string): number[] {
  return list.split(",").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** The kernel's number of the calling thread; null where there is no /proc. */
function threadNumber(): string | null {
  try {
    return readlinkSync("/proc/thread-self").split("/").at(-1) ?? null;
  } catch {
    return null;
  }
}

function taskset(...parameters: string[]): boolean {
  try {
    execFileSync("taskset", parameters, { env: { PATH }, stdio: "ignore", timeout: TASKSET_MS });
    return true;
  } catch {
    return false;
  }
}
