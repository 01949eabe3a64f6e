/**
 * The files of a journal: segments named by their number, the spare that is to become the next one, and the strategies'
 * bundles named by their hash. Here are their names, their reading, and the start of a new journal; nothing here ever
 * overwrites or deletes a segment.
 */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { ConfigError, type Crc32c, type SegmentBytes, type SegmentInfo, TapeError } from "../../engine/index.js";
import { readSegmentHeader, tornHeader } from "../../engine/tape/segment-header.js";
import { SEGMENT_HEADER_BYTES, viewsOf } from "../../schemas/index.js";
import { codeOf, type Disk } from "../disk/disk.js";
import { NodeDisk } from "../disk/node-disk.js";
import { readWhole, writeDurably } from "../disk/whole-file.js";

const SEGMENT_NAME = /^(\d{6,})\.seg$/;
const NODE_DISK = new NodeDisk();

export const segmentPath = (directory: string, segment: number): string =>
  join(directory, `${String(segment).padStart(6, "0")}.seg`);

/** The next segment, made of zeros ahead of time; no part of the journal until it is renamed. */
export const sparePath = (directory: string): string => join(directory, "spare.seg");

/** Names of the segments' files, in order; none when there is no journal, or no directory. */
export function segmentNames(disk: Disk, directory: string): string[] {
  if (!disk.exists(directory)) return [];
  return disk
    .list(directory)
    .filter((name) => SEGMENT_NAME.test(name))
    .sort((a, b) => numberIn(a) - numberIn(b));
}

/** Paths of the segments, in order. Throws TapeError when there are none. */
export function segmentPaths(directory: string, disk: Disk = NODE_DISK): string[] {
  if (!disk.exists(directory)) throw new TapeError(`${directory} does not exist`);
  const names = namesIn(disk, directory);
  if (names.length === 0) throw new TapeError(`${directory} holds no journal: there is no file like 000000.seg in it`);
  return names.map((name) => join(directory, name));
}

export interface ReadOptions {
  readonly disk?: Disk;
  /** First segment to read; default: the oldest that is there. */
  readonly fromSegment?: number;
}

/** The segments' bytes, read one at a time as the caller walks on. Throws TapeError when there is no segment. */
export function* readSegments(directory: string, options: ReadOptions = {}): Generator<SegmentBytes> {
  const { disk = NODE_DISK, fromSegment = 0 } = options;
  for (const name of segmentPaths(directory, disk)) {
    if (numberIn(basename(name)) >= fromSegment) yield { name, bytes: readWhole(disk, name) };
  }
}

/** A segment's file as its header tells it. */
export interface SegmentFile {
  readonly path: string;
  readonly bytes: number;
  /** Null for a segment that a crash left without one. */
  readonly info: SegmentInfo | null;
}

/** Every segment's header, in order; reads nothing else. Throws TapeError for a damaged one, or another schema's. */
export function segmentFiles(disk: Disk, directory: string, crc32c: Crc32c): SegmentFile[] {
  return segmentNames(disk, directory).map((name) => fileOf(disk, join(directory, name), crc32c));
}

/** Throws TapeError when it is not there, or not what its name, its SHA-256, says. */
export function readBundle(directory: string, hash: string, disk: Disk = NODE_DISK): string {
  const path = bundlePath(directory, hash);
  if (!disk.exists(path))
    throw new TapeError(`${path} is missing: the journal names this strategy bundle, so it cannot be replayed`);
  const bytes = readWhole(disk, path);
  const is = createHash("sha256").update(bytes).digest("hex");
  if (is !== hash) {
    throw new TapeError(`${path} is damaged: its SHA-256 is ${is}; put the file back from where it was bundled`);
  }
  return new TextDecoder().decode(bytes);
}

/** Puts the bundles that are not there yet beside the journal; they are durable when it returns. Throws ConfigError. */
export function storeBundles(disk: Disk, directory: string, bundles: ReadonlyMap<string, string>): void {
  try {
    disk.makeDirectory(join(directory, "strategies"));
    for (const [hash, text] of bundles) {
      const path = bundlePath(directory, hash);
      if (!disk.exists(path)) writeDurably(disk, path, new TextEncoder().encode(text));
    }
    disk.syncDirectory(join(directory, "strategies"));
    disk.syncDirectory(directory);
    disk.syncDirectory(dirname(directory));
  } catch (error) {
    throw new ConfigError(
      `cannot write the journal to ${directory} (${codeOf(error) || String(error)}); choose another with --journal DIR`,
    );
  }
}

/** Makes the directory ready for a new journal. Throws ConfigError when it holds one already or cannot be written. */
export function createJournalDirectory(
  directory: string,
  bundles: ReadonlyMap<string, string>,
  disk: Disk = NODE_DISK,
): void {
  storeBundles(disk, directory, bundles);
  if (segmentNames(disk, directory).length > 0) {
    throw new ConfigError(
      `${directory} holds a journal already; choose a new directory with --journal DIR, or look at it with: ` +
        `sluice replay ${directory}`,
    );
  }
}

const numberIn = (name: string): number => Number.parseInt(name, 10);

function namesIn(disk: Disk, directory: string): string[] {
  try {
    return segmentNames(disk, directory);
  } catch (error) {
    if (codeOf(error) === "ENOTDIR") throw new TapeError(`${directory} is not a directory`);
    throw error;
  }
}

function fileOf(disk: Disk, path: string, crc32c: Crc32c): SegmentFile {
  const file = disk.open(path, "read");
  try {
    const head = viewsOf(new ArrayBuffer(SEGMENT_HEADER_BYTES));
    const got = disk.read(file, head.u8, 0);
    const bytes = disk.size(file);
    const isTorn = tornHeader(head.u8.subarray(0, got), crc32c) !== null;
    return { path, bytes, info: isTorn ? null : readSegmentHeader(head, got, path, crc32c) };
  } finally {
    disk.close(file);
  }
}

function bundlePath(directory: string, hash: string): string {
  return join(directory, "strategies", `${hash}.js`);
}
