/** The disk that is there: Node's own synchronous calls, one to a method. It holds no state, so one serves a thread. */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  unlinkSync,
  writevSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Disk, FileHandle, FileUse } from "./disk.js";

const FLAGS: Readonly<Record<FileUse, string>> = { read: "r", write: "r+", create: "wx+" };

export class NodeDisk implements Disk {
  list(directory: string): string[] {
    return readdirSync(directory);
  }

  exists(path: string): boolean {
    return existsSync(path);
  }

  /** Node's own way of making those above says ENOENT where the disk is read-only. */
  makeDirectory(path: string): void {
    if (this.exists(path)) return;
    if (dirname(path) !== path) this.makeDirectory(dirname(path));
    mkdirSync(path);
  }

  open(path: string, use: FileUse): FileHandle {
    return openSync(path, FLAGS[use]);
  }

  size(file: FileHandle): number {
    return fstatSync(file).size;
  }

  /** Carries on after a short read: only the end of the file ends it. */
  read(file: FileHandle, into: Uint8Array, position: number): number {
    let got = 0;
    while (got < into.length) {
      const bytes = readSync(file, into, got, into.length - got, position + got);
      if (bytes === 0) break;
      got += bytes;
    }
    return got;
  }

  write(file: FileHandle, views: readonly Uint8Array[], position: number): number {
    return writevSync(file, views, position);
  }

  truncate(file: FileHandle, bytes: number): void {
    ftruncateSync(file, bytes);
  }

  sync(file: FileHandle): void {
    fdatasyncSync(file);
  }

  syncDirectory(directory: string): void {
    const handle = openSync(directory, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  rename(from: string, to: string): void {
    renameSync(from, to);
  }

  remove(path: string): void {
    unlinkSync(path);
  }

  close(file: FileHandle): void {
    closeSync(file);
  }
}
