/** Where a run took place: everything that a figure depends on and that the host will tell. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** "unknown" where the host does not say, as in most virtual machines. */
  readonly governor: string;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly node: string;
  readonly v8: string;
  /** Of the checkout, with "+" when files differ from it; "unknown" outside of one. */
  readonly commit: string;
  readonly flags: readonly string[];
}

const GOVERNOR = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";
const GIB = 2 ** 30;

export function readMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    governor: tryRead(() => readFileSync(GOVERNOR, "utf8").trim()),
    memoryGib: Math.round(totalmem() / GIB),
    kernel: `${process.platform} ${release()}`,
    node: process.version,
    v8: process.versions.v8,
    commit: tryRead(readCommit),
    flags: [...process.execArgv, ...(process.env.NODE_OPTIONS?.split(" ") ?? [])].filter((flag) => flag !== ""),
  };
}

export function machineLine({ cpu, cores, governor, memoryGib, kernel, node, v8, commit, flags }: Machine): string {
  const parts = [
    `${cpu}, ${cores} cores`,
    `governor ${governor}`,
    `${memoryGib} GiB`,
    kernel,
    `Node ${node}`,
    `V8 ${v8}`,
  ];
  return [...parts, `commit ${commit}`, `flags ${flags.join(" ") || "none"}`].join(" · ");
}

function readCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: dirname(fileURLToPath(import.meta.url)), stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  return git("rev-parse", "--short=12", "HEAD") + (git("status", "--porcelain") === "" ? "" : "+");
}

function tryRead(read: () => string): string {
  try {
    return read();
  } catch {
    return "unknown";
  }
}
