/**
 * Which segments a journal can do without: whole ones that lie before the record at which the oldest snapshot kept was
 * made, and before the one that the store has confirmed; whoever goes on from there still finds that record. Nothing is
 * removed unless it was asked for; without a snapshot nothing ever is. The decision is a pure function; removal goes
 * from the oldest on, so that what is left has no gap.
 */
import { type Crc32c, TapeError } from "../../engine/index.js";
import type { Disk } from "../disk/disk.js";
import { type SegmentFile, segmentFiles } from "./journal-directory.js";

export interface Retention {
  /** Newest bytes of the journal that are kept in any case; default: all. */
  readonly keepBytes?: number;
  /** Sequence of the oldest snapshot that is kept; null: there is none. */
  readonly snapshotSequence: number | null;
  /** Sequence up to which the store has everything; null: there is no store. */
  readonly storedSequence: number | null;
}

/** Segments that may go, oldest first. */
export function removable(files: readonly SegmentFile[], retention: Retention): readonly SegmentFile[] {
  const { keepBytes = Number.POSITIVE_INFINITY, snapshotSequence, storedSequence } = retention;
  if (snapshotSequence === null) return [];
  const neededFrom = Math.min(snapshotSequence, storedSequence ?? Number.POSITIVE_INFINITY);
  let left = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let count = 0;
  for (const [index, { bytes }] of files.slice(0, -1).entries()) {
    const next = files[index + 1].info;
    left -= bytes;
    // A life may begin within an input: then the sequence that a segment starts with is also the one before's last.
    if (next === null || next.firstSequence >= neededFrom || left < keepBytes) break;
    count += 1;
  }
  return files.slice(0, count);
}

export interface Retained {
  readonly removed: number;
  readonly removedBytes: number;
}

/** Removes what may go. Safe beside the thread that writes: the newest segment is never touched. */
export function retain(disk: Disk, directory: string, crc32c: Crc32c, retention: Retention): Retained {
  const { keepBytes = Number.POSITIVE_INFINITY, snapshotSequence } = retention;
  if (keepBytes === Number.POSITIVE_INFINITY || snapshotSequence === null) return { removed: 0, removedBytes: 0 };
  const old = removable(readableFiles(disk, directory, crc32c), retention);
  for (const { path } of old) disk.remove(path);
  if (old.length > 0) disk.syncDirectory(directory);
  return { removed: old.length, removedBytes: old.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** A header that cannot be read is no reason to remove anything. */
function readableFiles(disk: Disk, directory: string, crc32c: Crc32c): readonly SegmentFile[] {
  try {
    return segmentFiles(disk, directory, crc32c);
  } catch (error) {
    if (error instanceof TapeError) return [];
    throw error;
  }
}
