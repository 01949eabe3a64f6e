/**
 * Which faults of a disk the journal waits out, and what it says of them. A disk that is full, or fails for a while, is
 * the world's doing: nothing is lost by waiting, because the log keeps what was not written. Anything else is ours.
 */
import { codeOf } from "../disk/disk.js";

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: make room on it",
  EDQUOT: "the disk quota is used up: make room or raise it",
  EIO: "the device reported an error: see the kernel's log and the disk's health",
  EROFS: "the file system became read-only: see the kernel's log, then mount it for writing",
};

/** A fault that may pass. */
export const mayPass = (error: unknown): boolean => codeOf(error) in REMEDIES;

export type DiskStep = "written" | "synced" | "zero-filled";

/** One line for a person: the file, the fault, the remedy. The same for every repetition. */
export function troubleText(path: string, step: DiskStep, error: unknown): string {
  const code = codeOf(error);
  return `${path} cannot be ${step} (${code}); ${REMEDIES[code] ?? String(error)}`;
}

/** The journal was closed while its disk did not take what was still to be written. */
export class UnsavedRecords extends Error {
  override readonly name = "UnsavedRecords";
}

/** A disk that is slower than this is said to be slow. */
export const SLOW_US = 1_000_000;
