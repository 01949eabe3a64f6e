/**
 * What the journal, its recovery and everything else that must survive a loss of power ask of a file system, and no
 * more; synchronous, because the threads that use it have nothing else to do. It promises what POSIX does: bytes are
 * safe after `sync` of their file, names after `syncDirectory` of their directory, and nothing before. After a `sync`
 * that failed nothing is known of what was written since the last one that did not.
 */

/** A file that is open; meaningless to any other disk. */
export type FileHandle = number;

/** `read` and `write` want a file that is there; `create` makes one that is not, for writing. */
export type FileUse = "read" | "write" | "create";

/** Every method throws an Error whose `code` is the system's, such as ENOSPC or ENOENT, when it could not do it. */
export interface Disk {
  /** Names in a directory, in no order. */
  list(directory: string): string[];
  /** Whether there is a file or a directory. */
  exists(path: string): boolean;
  /** Makes a directory and those above it; one that is there already is left as it is. */
  makeDirectory(path: string): void;
  open(path: string, use: FileUse): FileHandle;
  /** Bytes in the file. */
  size(file: FileHandle): number;
  /** Fills `into` from a place in the file on; returns the bytes read, fewer than asked only at the file's end. */
  read(file: FileHandle, into: Uint8Array, position: number): number;
  /** Writes the views one behind the other from a place on; returns the bytes written, which may be fewer. */
  write(file: FileHandle, views: readonly Uint8Array[], position: number): number;
  /** Cuts a file to this length, or lengthens it with zeros that take no room. */
  truncate(file: FileHandle, bytes: number): void;
  /** Returns when the file's bytes and its length will survive a loss of power. */
  sync(file: FileHandle): void;
  /** Returns when the names in a directory will survive a loss of power. */
  syncDirectory(directory: string): void;
  /** Moves a file in one step, over another if there is one. */
  rename(from: string, to: string): void;
  remove(path: string): void;
  close(file: FileHandle): void;
}

/** The system's code of an error that a disk threw, such as ENOSPC; "" for any other error. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}
