/**
 * Small files as a whole: read at once, or replaced at once. A file that is replaced is, at every moment and after any
 * crash, either the old one or the new one.
 */
import { dirname } from "node:path";
import type { Disk, FileHandle } from "./disk.js";

/** Ending of a file that is not there yet; one that a crash left behind is written over. */
const TEMPORARY = ".tmp";

export function readWhole(disk: Disk, path: string): Uint8Array<ArrayBuffer> {
  const file = disk.open(path, "read");
  try {
    const bytes = new Uint8Array(disk.size(file));
    return bytes.subarray(0, disk.read(file, bytes, 0));
  } finally {
    disk.close(file);
  }
}

/** Returns when the file holds these bytes and will after a loss of power. When it throws, the old file is there. */
export function writeDurably(disk: Disk, path: string, bytes: Uint8Array): void {
  const temporary = path + TEMPORARY;
  if (disk.exists(temporary)) disk.remove(temporary);
  const file = disk.open(temporary, "create");
  try {
    writeWhole(disk, file, [bytes], 0);
    disk.sync(file);
  } finally {
    disk.close(file);
  }
  disk.rename(temporary, path);
  disk.syncDirectory(dirname(path));
}

/** Writes all of the views, carrying on after a short write; returns the bytes written. */
export function writeWhole(disk: Disk, file: FileHandle, views: readonly Uint8Array[], position: number): number {
  let left = views;
  let at = position;
  while (left.length > 0) {
    const written = disk.write(file, left, at);
    at += written;
    left = behind(left, written);
  }
  return at - position;
}

/** What is left of the views after `written` bytes. */
function behind(views: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let skip = written;
  let first = 0;
  while (first < views.length && skip >= views[first].length) skip -= views[first++].length;
  if (first === views.length) return [];
  return skip === 0 ? views.slice(first) : [views[first].subarray(skip), ...views.slice(first + 1)];
}
