/**
 * The files of a journal: segments named by their number, and the strategies' bundles named by their hash. Opening is
 * the start of a new journal; nothing here ever overwrites or deletes one.
 */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ConfigError, type SegmentBytes, TapeError } from "../../engine/index.js";

const SEGMENT_NAME = /^(\d{6})\.seg$/;

export const segmentPath = (directory: string, segment: number): string =>
  join(directory, `${String(segment).padStart(6, "0")}.seg`);

/** Paths of the segments, in order. Throws TapeError when there are none. */
export function segmentPaths(directory: string): string[] {
  const names = listDirectory(directory)
    .filter((name) => SEGMENT_NAME.test(name))
    .sort();
  if (names.length === 0) throw new TapeError(`${directory} holds no journal: there is no file like 000000.seg in it`);
  return names.map((name) => join(directory, name));
}

/** The segments' bytes, read one at a time as the caller walks on. */
export function* readSegments(directory: string): Generator<SegmentBytes> {
  for (const path of segmentPaths(directory)) yield { name: path, bytes: readFileSync(path) };
}

export function readBundle(directory: string, hash: string): string {
  const path = bundlePath(directory, hash);
  if (!existsSync(path))
    throw new TapeError(`${path} is missing: the journal names this strategy bundle, so it cannot be replayed`);
  return readFileSync(path, "utf8");
}

/** Makes the directory ready for a new journal. Throws ConfigError when it holds one already or cannot be written. */
export function createJournalDirectory(directory: string, bundles: ReadonlyMap<string, string>): void {
  try {
    mkdirSync(join(directory, "strategies"), { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new ConfigError(
      `cannot write the journal to ${directory} (${reason(error)}); choose another with --journal DIR`,
    );
  }
  if (listDirectory(directory).some((name) => SEGMENT_NAME.test(name))) {
    throw new ConfigError(
      `${directory} holds a journal already; choose a new directory with --journal DIR, or look at it with: ` +
        `sluice replay ${directory}`,
    );
  }
  try {
    for (const [hash, text] of bundles) writeFileSync(bundlePath(directory, hash), text);
    closeSync(openSync(segmentPath(directory, 0), "wx"));
  } catch (error) {
    throw new ConfigError(
      `cannot write the journal to ${directory} (${reason(error)}); choose another with --journal DIR`,
    );
  }
}

function bundlePath(directory: string, hash: string): string {
  return join(directory, "strategies", `${hash}.js`);
}

function listDirectory(directory: string): string[] {
  if (!existsSync(directory)) throw new TapeError(`${directory} does not exist`);
  if (!statSync(directory).isDirectory()) throw new TapeError(`${directory} is not a directory`);
  return readdirSync(directory);
}

const reason = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
