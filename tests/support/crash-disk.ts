/**
 * A disk in memory that knows what a loss of power may leave of it: of every file its synced bytes and, sector by
 * sector, any choice of what was written since, torn within a sector too; of names those synced, and a beginning of the
 * changes since. `onOperation` is called before and after everything that changes it, and in the middle of writes.
 */
import { dirname } from "node:path";
import type { Disk, FileHandle, FileUse } from "../../actors/disk/disk.js";

const SECTOR_BYTES = 512;

/** Uniform in [0, 1). */
export type Random = () => number;

class CrashFile {
  current: Uint8Array = new Uint8Array();
  synced: Uint8Array = new Uint8Array();

  resize(bytes: number): void {
    const resized = new Uint8Array(bytes);
    resized.set(this.current.subarray(0, bytes));
    this.current = resized;
  }

  put(bytes: Uint8Array, position: number): void {
    if (position + bytes.length > this.current.length) this.resize(position + bytes.length);
    this.current.set(bytes, position);
  }

  /** What a loss of power leaves. */
  remains(random: Random): Uint8Array {
    const { current, synced } = this;
    const [least, most] = [current.length, synced.length].sort((a, b) => a - b);
    const size = random() < 0.5 ? current.length : least + Math.floor(random() * (most - least + 1));
    const left = new Uint8Array(size);
    const kept = random();
    for (let at = 0; at < size; at += SECTOR_BYTES) {
      left.set(synced.subarray(at, Math.min(at + SECTOR_BYTES, size)), at);
      if (random() >= kept) continue;
      const torn = random() < 0.1 ? Math.floor(random() * SECTOR_BYTES) : SECTOR_BYTES;
      left.set(current.subarray(at, Math.min(at + torn, size)), at);
    }
    return left;
  }
}

type NameChange = readonly (readonly [path: string, file: CrashFile | null])[];

export class CrashDisk implements Disk {
  onOperation: () => void = () => {};
  private names = new Map<string, CrashFile>();
  private readonly syncedNames = new Map<string, CrashFile>();
  private changes: NameChange[] = [];
  private readonly handles = new Map<FileHandle, CrashFile>();
  private nextHandle = 1;

  /** The disk as it may be found after a loss of power at this moment; this one goes on. */
  afterPowerLoss(random: Random): CrashDisk {
    const found = new CrashDisk();
    const names = new Map(this.syncedNames);
    const kept = Math.floor(random() * (this.changes.length + 1));
    for (const change of this.changes.slice(0, kept)) apply(names, change);
    for (const [path, file] of names) found.place(path, file.remains(random));
    return found;
  }

  /** The disk as the next process finds it when only the process ended. */
  afterKill(): CrashDisk {
    const found = new CrashDisk();
    for (const [path, { current }] of this.names) found.place(path, current.slice());
    return found;
  }

  bytesOf(path: string): Uint8Array {
    return this.names.get(path)!.current;
  }

  place(path: string, bytes: Uint8Array): void {
    const file = new CrashFile();
    file.current = bytes;
    file.synced = bytes.slice();
    this.names.set(path, file);
    this.syncedNames.set(path, file);
  }

  list(directory: string): string[] {
    return [...this.names.keys()]
      .filter((path) => dirname(path) === directory)
      .map((path) => path.slice(directory.length + 1));
  }

  exists(path: string): boolean {
    return this.names.has(path) || [...this.names.keys()].some((each) => each.startsWith(`${path}/`));
  }

  makeDirectory(): void {}

  open(path: string, use: FileUse): FileHandle {
    const known = this.names.get(path);
    if (use === "create" ? known : !known) throw Object.assign(new Error(path), { code: known ? "EEXIST" : "ENOENT" });
    const file = known ?? new CrashFile();
    if (use === "create") this.change([[path, file]]);
    this.handles.set(this.nextHandle, file);
    return this.nextHandle++;
  }

  size(file: FileHandle): number {
    return this.at(file).current.length;
  }

  read(file: FileHandle, into: Uint8Array, position: number): number {
    const bytes = this.at(file).current.subarray(position, position + into.length);
    into.set(bytes);
    return bytes.length;
  }

  write(file: FileHandle, views: readonly Uint8Array[], position: number): number {
    const bytes = Buffer.concat(views);
    const half = bytes.length >> 1;
    this.at(file).put(bytes.subarray(0, half), position);
    this.onOperation();
    this.at(file).put(bytes.subarray(half), position + half);
    this.onOperation();
    return bytes.length;
  }

  truncate(file: FileHandle, bytes: number): void {
    this.at(file).resize(bytes);
    this.onOperation();
  }

  sync(file: FileHandle): void {
    this.onOperation();
    const open = this.at(file);
    open.synced = open.current.slice();
    this.onOperation();
  }

  syncDirectory(): void {
    this.onOperation();
    for (const change of this.changes) apply(this.syncedNames, change);
    this.changes = [];
  }

  rename(from: string, to: string): void {
    const file = this.names.get(from);
    if (!file) throw Object.assign(new Error(from), { code: "ENOENT" });
    this.change([
      [from, null],
      [to, file],
    ]);
  }

  remove(path: string): void {
    if (!this.names.has(path)) throw Object.assign(new Error(path), { code: "ENOENT" });
    this.change([[path, null]]);
  }

  close(file: FileHandle): void {
    this.handles.delete(file);
  }

  private at(file: FileHandle): CrashFile {
    const open = this.handles.get(file);
    if (!open) throw Object.assign(new Error("no such handle"), { code: "EBADF" });
    return open;
  }

  private change(change: NameChange): void {
    apply(this.names, change);
    this.changes.push(change);
    this.onOperation();
  }
}

function apply(names: Map<string, CrashFile>, change: NameChange): void {
  for (const [path, file] of change) {
    if (file === null) names.delete(path);
    else names.set(path, file);
  }
}
