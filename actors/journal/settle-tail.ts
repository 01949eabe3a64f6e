/**
 * Makes what was read of a journal its durable end, before another life writes on. What a crash tore is cut off. What
 * the last life wrote and may not have synced, and the system still shows, is written once more and synced, so that a
 * loss of power after this cannot take it from under the segment that follows. Synced alone it might not be: where a
 * sync of it has failed before, the system may have given it up and yet calls it clean.
 */
import { dirname } from "node:path";
import type { TapePlace, TapeSummary } from "../../engine/index.js";
import type { Disk } from "../disk/disk.js";
import { readWhole, writeWhole } from "../disk/whole-file.js";

/** Call it with what `readTape` said of the same files. */
export function settleTail(disk: Disk, { end, torn }: Pick<TapeSummary, "end" | "torn">): void {
  if (torn?.byte === 0) {
    disk.remove(torn.name);
    disk.syncDirectory(dirname(torn.name));
  }
  if (end !== null) settle(disk, end);
}

function settle(disk: Disk, { name, byte, durableUpTo }: TapePlace): void {
  const doubtful = readWhole(disk, name).subarray(durableUpTo, byte);
  const file = disk.open(name, "write");
  try {
    if (doubtful.length > 0) writeWhole(disk, file, [doubtful], durableUpTo);
    // A seal, or the zeros of room that was made ahead, may stand behind the end; both go.
    disk.truncate(file, byte);
    disk.sync(file);
  } finally {
    disk.close(file);
  }
  disk.syncDirectory(dirname(name));
}
