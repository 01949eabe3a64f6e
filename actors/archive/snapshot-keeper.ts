/**
 * The snapshots of one data directory as recovery and the shadow use them: an execution is brought to one, or one is
 * made of it. A snapshot that does not restore to the state that it was made of is passed over.
 */
import type { Crc32c, Engine } from "../../engine/index.js";
import type { Disk } from "../disk/disk.js";
import type { TailPosition } from "../journal/segment-tail.js";
import type { Execution } from "../recovery/execution.js";
import { type Snapshot, takeSnapshot } from "./snapshot-file.js";
import {
  newestUsable,
  type PassedOver,
  readSnapshot,
  removeSnapshot,
  snapshotPath,
  verifySnapshot,
  writeSnapshot,
} from "./snapshot-store.js";

export interface SnapshotKeeperParts {
  readonly disk: Disk;
  readonly directory: string;
  readonly crc32c: Crc32c;
  readonly buildHash: number;
  /** Told of each snapshot that could not be used. */
  readonly onPassedOver?: (snapshot: PassedOver) => void;
}

export class SnapshotKeeper {
  private readonly parts: SnapshotKeeperParts;

  constructor(parts: SnapshotKeeperParts) {
    this.parts = parts;
  }

  /** Of an engine between two inputs, whose newest record ends at `place`. */
  write(engine: Engine, place: TailPosition): void {
    const { disk, directory, crc32c, buildHash } = this.parts;
    writeSnapshot(disk, directory, takeSnapshot(engine, place, buildHash), crc32c);
  }

  /**
   * Brings a new execution to the snapshot of a sequence. Throws when that does not lead to the state it was made of.
   */
  restore(execution: Execution, sequence: number): void {
    const { disk, directory, crc32c } = this.parts;
    const path = snapshotPath(directory, sequence);
    const read = readSnapshot(disk, path, crc32c);
    const why = read.outcome === "good" ? this.adopt(execution, read.snapshot) : `it is ${read.outcome}`;
    if (why !== "") throw new Error(`${path} was written and cannot be used: ${why}`);
  }

  /** Brings a new execution to the newest snapshot that can be used; null when there is none. */
  restoreNewest(execution: Execution): TailPosition | null {
    const { disk, directory, crc32c, onPassedOver } = this.parts;
    const { snapshot, passedOver } = newestUsable(disk, directory, crc32c, (each) => this.adopt(execution, each));
    for (const each of passedOver) onPassedOver?.(each);
    return snapshot && { ...snapshot.place, sequence: snapshot.sequence };
  }

  remove(sequence: number): void {
    removeSnapshot(this.parts.disk, this.parts.directory, sequence);
  }

  /** Why not; empty when the execution now stands behind the snapshot. */
  private adopt(execution: Execution, snapshot: Snapshot): string {
    let verified: ReturnType<typeof verifySnapshot>;
    try {
      verified = verifySnapshot(snapshot, (config) => execution.replayer.build(config));
    } catch (error) {
      // Its strategies cannot be loaded, for one.
      return error instanceof Error ? error.message : String(error);
    }
    if ("why" in verified) return verified.why;
    execution.adopt(verified.engine, snapshot.buildHash === this.parts.buildHash);
    return "";
  }
}
