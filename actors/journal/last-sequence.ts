/** Where a journal ends that nobody writes any more: the sequence of its last whole record; 0 when it has none. */
import { readTape } from "../../engine/index.js";
import { createCrc32c } from "../../wasm/index.js";
import { NodeDisk } from "../disk/node-disk.js";
import { readSegments, segmentNames } from "./journal-directory.js";

/** Reads all of it. Throws TapeError where it is damaged. */
export function lastSequence(directory: string): number {
  if (segmentNames(new NodeDisk(), directory).length === 0) return 0;
  return readTape(readSegments(directory), createCrc32c(), () => {}, { anyStart: true }).lastSequence;
}
