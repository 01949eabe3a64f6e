/**
 * Stands in the place of `node:fs` for the one file of the journal that reads through it, actors/journal/segment-
 * tail.ts: the calls that it makes, on the simulated disk of the life that runs.
 */
import type { Mount } from "./mount.js";

let mounted: Mount | undefined;

/** From now on files are those of this life. */
export function mountFiles(mount: Mount): void {
  mounted = mount;
}

export const existsSync = (path: string): boolean => mounted!.exists(path);
export const openSync = (path: string): number => mounted!.open(path, "read");
export const closeSync = (file: number): void => mounted!.close(file);
export const fstatSync = (file: number): { readonly size: number } => ({ size: mounted!.size(file) });

export function readSync(file: number, into: Uint8Array, offset: number, length: number, position: number): number {
  return mounted!.read(file, into.subarray(offset, offset + length), position);
}
