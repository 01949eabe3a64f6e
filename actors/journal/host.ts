/**
 * Which host, and which start of its kernel, this process runs on: enough to tell whether a journal was written here,
 * and whether a process that said it holds a lock can still be alive. It names a host and says nothing else of it.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

export interface Host {
  /** Stays the same as long as the host is the same installation. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Of the kernel since it started, the same in all of its containers; empty where the system does not tell. */
  readonly boot: string;
}

export function thisHost(): Host {
  const name = hostname();
  const machine = textOf("/etc/machine-id") || `name:${name}`;
  const id = createHash("sha256").update(`sluice host ${machine}`).digest("hex").slice(0, 16);
  return { id, name, boot: textOf("/proc/sys/kernel/random/boot_id") };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
