/**
 * The snapshots of a data directory, `DIR/snapshots/<sequence>.snap`: written whole or not at all, the newest three
 * kept. A snapshot only ever saves time: one that cannot be used is passed over with a word, and the journal leads to
 * the same state.
 */
import { join } from "node:path";
import {
  type Crc32c,
  type Engine,
  type EngineConfig,
  formatHash,
  restoreState,
  SnapshotError,
  stateHash,
} from "../../engine/index.js";
import type { Disk } from "../disk/disk.js";
import { readWhole, writeDurably } from "../disk/whole-file.js";
import { decodeSnapshot, encodeSnapshot, type Snapshot, type SnapshotOutcome } from "./snapshot-file.js";

const SNAPSHOTS_KEPT = 3;
const SEQUENCE_DIGITS = 16;
const NAME = /^(\d{16})\.snap$/;

export interface SnapshotEntry {
  readonly path: string;
  readonly sequence: number;
}

/** A snapshot that is not used, and why. */
export interface PassedOver {
  readonly path: string;
  readonly why: string;
}

export interface UsableSnapshot {
  /** Null when none can be used. */
  readonly snapshot: Snapshot | null;
  /** Newer ones that cannot, the newest first. */
  readonly passedOver: readonly PassedOver[];
}

export function snapshotPath(directory: string, sequence: number): string {
  return join(folderOf(directory), `${String(sequence).padStart(SEQUENCE_DIGITS, "0")}.snap`);
}

/**
 * Returns the path when the file is there and will be after a loss of power; older ones then go. Throws the disk's
 * error, and leaves what was there, when it could not be written.
 */
export function writeSnapshot(disk: Disk, directory: string, snapshot: Snapshot, crc32c: Crc32c): string {
  const folder = folderOf(directory);
  const path = snapshotPath(directory, snapshot.sequence);
  if (!disk.exists(folder)) {
    disk.makeDirectory(folder);
    disk.syncDirectory(directory);
  }
  try {
    writeDurably(disk, path, encodeSnapshot(snapshot, crc32c));
  } finally {
    sweep(disk, directory);
  }
  return path;
}

/** The newest first. */
export function listSnapshots(disk: Disk, directory: string): SnapshotEntry[] {
  const folder = folderOf(directory);
  const names = disk.exists(folder) ? disk.list(folder) : [];
  return names
    .filter((name) => NAME.test(name))
    .sort()
    .reverse()
    .map((name) => ({ path: join(folder, name), sequence: Number.parseInt(name, 10) }));
}

export function readSnapshot(disk: Disk, path: string, crc32c: Crc32c): SnapshotOutcome {
  let bytes: Uint8Array;
  try {
    bytes = readWhole(disk, path);
  } catch (error) {
    return {
      outcome: "damaged",
      where: `it cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  return decodeSnapshot(bytes, crc32c);
}

/** The newest one that is good, and to which `objection` has none; it answers "" to that, or says why. */
export function newestUsable(
  disk: Disk,
  directory: string,
  crc32c: Crc32c,
  objection: (snapshot: Snapshot) => string = () => "",
): UsableSnapshot {
  const passedOver: PassedOver[] = [];
  for (const { path, sequence } of listSnapshots(disk, directory)) {
    const read = readSnapshot(disk, path, crc32c);
    const why =
      read.outcome !== "good" ? wordsFor(read) : misnamed(read.snapshot, sequence) || objection(read.snapshot);
    if (read.outcome === "good" && why === "") return { snapshot: read.snapshot, passedOver };
    passedOver.push({ path, why });
  }
  return { snapshot: null, passedOver };
}

/** One that has turned out to be wrong; nothing happens when it is not there. */
export function removeSnapshot(disk: Disk, directory: string, sequence: number): void {
  const path = snapshotPath(directory, sequence);
  if (!disk.exists(path)) return;
  disk.remove(path);
  disk.syncDirectory(folderOf(directory));
}

/**
 * Restores a snapshot into the engine that `makeEngine` makes of its configuration, and compares the state hash with
 * the one it was written with. The engine may then be used.
 */
export function verifySnapshot(
  snapshot: Snapshot,
  makeEngine: (config: EngineConfig) => Engine,
): { readonly engine: Engine } | { readonly why: string } {
  const engine = makeEngine(snapshot.config);
  try {
    restoreState(engine, snapshot.state);
  } catch (error) {
    if (error instanceof SnapshotError) return { why: error.message };
    throw error;
  }
  const [is, was] = [formatHash(stateHash(engine)), formatHash(snapshot.stateHash)];
  return is === was ? { engine } : { why: `what it restores has the state hash ${is}; it was written with ${was}` };
}

function wordsFor(read: Exclude<SnapshotOutcome, { outcome: "good" }>): string {
  // biome-ignore format: one arm a line
  switch (read.outcome) {
    case "damaged": return `it is damaged: ${read.where}`;
    case "newer": return `it was written by a newer Sluice, in version ${read.version}`;
    case "other-schema": return `it was written with other messages (schema ${read.schemaHash.toString(16)})`;
  }
}

const misnamed = (snapshot: Snapshot, sequence: number): string =>
  snapshot.sequence === sequence ? "" : `it holds the state at ${snapshot.sequence}, which is not what it is named`;

/** Removes old snapshots and halves of new ones. What cannot be removed now is tried again with the next snapshot. */
function sweep(disk: Disk, directory: string): void {
  const folder = folderOf(directory);
  try {
    const halves = disk.list(folder).filter((name) => name.endsWith(".snap.tmp"));
    for (const name of halves) disk.remove(join(folder, name));
    for (const { path } of listSnapshots(disk, directory).slice(SNAPSHOTS_KEPT)) disk.remove(path);
  } catch {
    // The snapshot itself is whole, or its own error is on its way.
  }
}

const folderOf = (directory: string): string => join(directory, "snapshots");
