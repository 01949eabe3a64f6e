/**
 * Keeps one spare segment ready, filled with zeros and synced, so that the journal's thread never waits for the file
 * system to find room: a sync of bytes that are overwritten has no metadata to write. The file system is the only
 * channel between the two: the writer takes the spare by renaming it, and this one makes another when it is gone.
 */
import { join } from "node:path";
import type { Agent } from "../agent/agent.js";
import type { AgentErrorHandler } from "../agent/blocking-runner.js";
import type { NowUs } from "../clock.js";
import { codeOf, type Disk, type FileHandle } from "../disk/disk.js";
import { writeWhole } from "../disk/whole-file.js";
import { mayPass, troubleText } from "./disk-trouble.js";
import { sparePath } from "./journal-directory.js";
import { SEGMENT_BYTES } from "./segment-writer.js";

const STEP_BYTES = 1 << 20;
/** How often it looks whether the spare was taken, and whether a full disk has room again. */
const LOOK_US = 10_000;
const TROUBLE_US = 1_000_000;
const NO_FILE = -1;

export interface SegmentPreparerParts {
  readonly disk: Disk;
  readonly directory: string;
  readonly nowUs: NowUs;
  readonly recordError: AgentErrorHandler;
  readonly segmentBytes?: number;
  /** Room on the disk; without it, how much there is shows when it is used up. */
  readonly freeBytes?: () => number;
}

export class SegmentPreparer implements Agent {
  readonly role = "segment-preparer";
  private readonly parts: SegmentPreparerParts;
  private readonly segmentBytes: number;
  private readonly zeros: Uint8Array;
  private readonly spare: string;
  private readonly unfinished: string;
  private file: FileHandle = NO_FILE;
  private filled = 0;
  private lookAtUs = 0;

  constructor(parts: SegmentPreparerParts) {
    this.parts = parts;
    this.segmentBytes = parts.segmentBytes ?? SEGMENT_BYTES;
    this.zeros = new Uint8Array(Math.min(STEP_BYTES, this.segmentBytes));
    this.spare = sparePath(parts.directory);
    this.unfinished = join(parts.directory, "spare.tmp");
  }

  /** A spare that an earlier life left is kept if it has the right size. */
  onStart(): void {
    this.attempt(() => {
      if (this.spareBytes() !== this.segmentBytes) removeIfThere(this.parts.disk, this.spare);
    });
  }

  work(): number {
    if (this.parts.nowUs() < this.lookAtUs) return 0;
    return this.attempt(() => this.proceed()) ?? 0;
  }

  /** Makes the spare at once: for the start, when nobody waits yet. Where the disk refuses, there is none. */
  prepare(): void {
    this.onStart();
    while (this.work() > 0);
  }

  /** Takes away what would only be in the way: the journal ends here. */
  onClose(): void {
    this.attempt(() => {
      this.abandon();
      removeIfThere(this.parts.disk, this.spare);
    });
  }

  private proceed(): number {
    const { disk } = this.parts;
    if (this.file === NO_FILE) {
      if (disk.exists(this.spare)) return this.rest(LOOK_US);
      removeIfThere(disk, this.unfinished);
      if (!this.hasRoom()) return this.rest(TROUBLE_US);
      this.file = disk.open(this.unfinished, "create");
      this.filled = 0;
    }
    // Synced bit by bit: all at once it would be in the way of the journal's own syncs.
    const bytes = Math.min(this.zeros.length, this.segmentBytes - this.filled);
    this.filled += writeWhole(disk, this.file, [this.zeros.subarray(0, bytes)], this.filled);
    disk.sync(this.file);
    if (this.filled === this.segmentBytes) this.complete();
    return 1;
  }

  private complete(): void {
    const { disk, directory } = this.parts;
    const { file } = this;
    this.file = NO_FILE;
    disk.close(file);
    disk.rename(this.unfinished, this.spare);
    disk.syncDirectory(directory);
  }

  /** Taking the last room would stop the journal, which needs it more: as much as a spare takes is left to it. */
  private hasRoom(): boolean {
    const { freeBytes, directory, recordError } = this.parts;
    if (freeBytes === undefined || freeBytes() >= 2 * this.segmentBytes) return true;
    const why = `the disk of ${directory} has less room than ${(2 * this.segmentBytes) >> 20} MiB`;
    recordError(new Error(`${why}; until it has more, segments are not made ahead`), this.role);
    return false;
  }

  private rest(us: number): number {
    this.lookAtUs = this.parts.nowUs() + us;
    return 0;
  }

  /** Does what may meet a full disk; the room that an unfinished spare takes is then given back to the journal. */
  private attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!mayPass(error)) throw error;
      const message = `${troubleText(this.unfinished, "zero-filled", error)}; until then segments are not made ahead`;
      this.parts.recordError(new Error(message), this.role);
      this.abandon();
      this.rest(TROUBLE_US);
      return undefined;
    }
  }

  private abandon(): void {
    const { disk } = this.parts;
    const { file } = this;
    this.file = NO_FILE;
    if (file !== NO_FILE) disk.close(file);
    removeIfThere(disk, this.unfinished);
  }

  private spareBytes(): number {
    const { disk } = this.parts;
    if (!disk.exists(this.spare)) return 0;
    const file = disk.open(this.spare, "read");
    try {
      return disk.size(file);
    } finally {
      disk.close(file);
    }
  }
}

/** The writer may take the spare at any moment. */
function removeIfThere(disk: Disk, path: string): void {
  try {
    disk.remove(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}
