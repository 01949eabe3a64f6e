/**
 * The disk as one life of the process sees it: every operation of the `Disk` port, with the faults of the seed, and a
 * crash at any of them. Once the life is dead it refuses everything, so that code that still unwinds changes nothing.
 */
import type { Disk, FileHandle, FileUse } from "../../../actors/disk/disk.js";
import type { DiskOptions } from "../options.js";
import type { Random } from "../random.js";
import type { Tally } from "../tally.js";
import type { SimDisk } from "./sim-disk.js";
import { SECTOR_BYTES, type SimFile } from "./sim-file.js";

/** Thrown out of a disk operation when the process dies there. */
export class ProcessDied extends Error {
  override readonly name = "ProcessDied";
}

export interface MountParts {
  readonly disk: SimDisk;
  readonly options: DiskOptions;
  readonly random: Random;
  readonly tally: Tally;
  readonly nowUs: () => number;
  /** The thread that called is kept waiting for so long. */
  readonly charge: (waitUs: number) => void;
  /** Called when a crash that was armed is due; marks the life dead. */
  readonly onCrash: () => void;
  /** Whether the process is to die in the middle of a large write. */
  readonly diesMidWrite: () => boolean;
}

/** Bytes of a write that is large: an input and what it caused, not the time alone. */
const LARGE_BYTES = 300;

interface OpenFile {
  readonly path: string;
  readonly file: SimFile;
}

export class Mount implements Disk {
  isDead = false;
  /** Faults of the seed; the checks at the end of a run are made without. */
  isFaulty = true;
  private readonly parts: MountParts;
  private readonly handles = new Map<FileHandle, OpenFile>();
  private nextHandle = 3;
  private crashAfter = 0;

  constructor(parts: MountParts) {
    this.parts = parts;
  }

  /** The process dies in the operation that comes after so many others; 0 disarms. */
  armCrash(operations: number): void {
    this.crashAfter = operations;
  }

  list(directory: string): string[] {
    this.begin();
    if (!this.parts.disk.directories.has(directory)) throw fault("ENOENT", directory);
    return this.parts.disk.list(directory);
  }

  exists(path: string): boolean {
    this.begin();
    return this.parts.disk.files.has(path) || this.parts.disk.directories.has(path);
  }

  makeDirectory(path: string): void {
    this.begin();
    this.parts.disk.makeDirectory(path);
  }

  open(path: string, use: FileUse): FileHandle {
    this.begin();
    const { disk } = this.parts;
    const known = disk.files.get(path);
    if (use === "create" ? known !== undefined : known === undefined) {
      throw fault(use === "create" ? "EEXIST" : "ENOENT", path);
    }
    if (use === "create") this.refuseWhenFull(path, 1);
    const handle = this.nextHandle++;
    this.handles.set(handle, { path, file: known ?? disk.create(path) });
    this.end();
    return handle;
  }

  size(handle: FileHandle): number {
    this.begin();
    return this.at(handle).file.size;
  }

  read(handle: FileHandle, into: Uint8Array, position: number): number {
    this.begin();
    return this.at(handle).file.read(into, position);
  }

  write(handle: FileHandle, views: readonly Uint8Array[], position: number): number {
    const bytes = views.reduce((sum, { length }) => sum + length, 0);
    if (!this.isDead && bytes >= LARGE_BYTES && this.parts.diesMidWrite()) this.crashAfter = 1;
    // A process that dies in a write has written some of it.
    if (this.crashAfter === 1) this.put(this.at(handle).file, views, this.parts.random.integer(0, bytes), position);
    this.begin();
    const { path, file } = this.at(handle);
    const { options, random, tally, charge } = this.parts;
    if (this.isFaulty && random.chance(options.writeError)) {
      tally.fault("disk.write-eio");
      throw fault("EIO", path);
    }
    this.refuseWhenFull(path, position + bytes - file.size);
    const isShort = this.isFaulty && bytes > 1 && random.chance(options.shortWrite);
    if (isShort) tally.fault("disk.short-write");
    const written = isShort ? random.integer(1, bytes - 1) : bytes;
    this.put(file, views, written, this.misdirected(file, position));
    charge(random.exponential(20));
    this.end();
    return written;
  }

  private put(file: SimFile, views: readonly Uint8Array[], bytes: number, position: number): void {
    let written = 0;
    for (const view of views) {
      if (written === bytes) break;
      const part = view.subarray(0, bytes - written);
      file.write(part, position + written);
      written += part.length;
    }
  }

  truncate(handle: FileHandle, bytes: number): void {
    this.begin();
    this.at(handle).file.resize(bytes);
    this.end();
  }

  sync(handle: FileHandle): void {
    this.begin();
    const { options, random, tally, charge } = this.parts;
    const { path, file } = this.at(handle);
    const isSlow = this.isFaulty && random.chance(options.slowSync);
    if (isSlow) tally.fault("disk.slow-sync");
    charge(isSlow ? random.between(10_000, 1_500_000) : random.exponential(options.syncUs));
    if (this.isFaulty && random.chance(options.syncError)) {
      tally.fault("disk.sync-eio");
      file.dropSync(random);
      throw fault("EIO", path);
    }
    if (this.isFaulty && random.chance(options.lostSync)) tally.fault("disk.lost-sync");
    else file.sync();
    this.end();
  }

  syncDirectory(directory: string): void {
    this.begin();
    this.parts.charge(this.parts.random.exponential(this.parts.options.syncUs));
    this.parts.disk.syncDirectory(directory);
    this.end();
  }

  rename(from: string, to: string): void {
    this.begin();
    if (!this.parts.disk.files.has(from)) throw fault("ENOENT", from);
    this.parts.disk.rename(from, to);
    this.end();
  }

  remove(path: string): void {
    this.begin();
    if (!this.parts.disk.files.has(path)) throw fault("ENOENT", path);
    this.parts.disk.remove(path);
    this.end();
  }

  close(handle: FileHandle): void {
    this.begin();
    this.handles.delete(handle);
  }

  private at(handle: FileHandle): OpenFile {
    const open = this.handles.get(handle);
    if (!open) throw fault("EBADF", `handle ${handle}`);
    return open;
  }

  private refuseWhenFull(path: string, growth: number): void {
    const { options, nowUs, tally } = this.parts;
    if (!this.isFaulty || growth <= 0 || nowUs() < options.fullFromUs || nowUs() >= options.fullUntilUs) return;
    tally.fault("disk.full");
    throw fault("ENOSPC", path);
  }

  private misdirected(file: SimFile, position: number): number {
    const { options, random, tally } = this.parts;
    if (!this.isFaulty || !random.chance(options.misdirectedWrite)) return position;
    tally.fault("disk.misdirected-write");
    const sectors = Math.floor(file.size / SECTOR_BYTES);
    return random.integer(0, sectors) * SECTOR_BYTES + (position % SECTOR_BYTES);
  }

  private begin(): void {
    if (this.isDead) throw new ProcessDied("the process has ended");
    this.passCrashPoint();
  }

  /** A crash may come right behind an operation as well as right before it. */
  private end(): void {
    this.passCrashPoint();
  }

  private passCrashPoint(): void {
    if (this.crashAfter === 0) return;
    this.crashAfter -= 1;
    if (this.crashAfter > 0) return;
    this.isDead = true;
    this.parts.onCrash();
    throw new ProcessDied("the process ended in a disk operation");
  }
}

function fault(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${what}`), { code });
}
