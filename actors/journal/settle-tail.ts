/**
 * Makes what was read of a journal its durable end, before another life writes on. What a crash tore is cut off; and
 * what the last life wrote but did not sync, and the system still shows, is synced, so that a loss of power after this
 * cannot take it from under the segment that follows.
 */
import { dirname } from "node:path";
import type { TapeSummary } from "../../engine/index.js";
import type { Disk } from "../disk/disk.js";

/** Call it with what `readTape` said of the same files. */
export function settleTail(disk: Disk, { end, torn }: Pick<TapeSummary, "end" | "torn">): void {
  if (torn?.byte === 0) {
    disk.remove(torn.name);
    disk.syncDirectory(dirname(torn.name));
  }
  if (end !== null) cut(disk, end.name, end.byte);
}

function cut(disk: Disk, path: string, bytes: number): void {
  const file = disk.open(path, "write");
  try {
    // A seal, or the zeros of room that was made ahead, may stand behind the end; both go.
    disk.truncate(file, bytes);
    disk.sync(file);
  } finally {
    disk.close(file);
  }
  disk.syncDirectory(dirname(path));
}
