/**
 * Opens a journal for re-execution by this build, and tells plainly where what runs now is not what ran then: a bundle
 * that was changed, or another build.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { buildHash } from "../../actors/build-hash.js";
import { NodeDisk } from "../../actors/disk/node-disk.js";
import { readBundle, readSegments, segmentPaths } from "../../actors/journal/journal-directory.js";
import { readVerdicts } from "../../actors/recovery/verdicts.js";
import { configOf, type EngineConfig, type RecordReader, type SegmentBytes, TapeError } from "../../engine/index.js";
import { readSegmentHeader, tornHeader } from "../../engine/tape/segment-header.js";
import { JournalRecords } from "../../research/replay/journal-records.js";
import { ReplayWalk } from "../../research/replay/replay-walk.js";
import { SEGMENT_HEADER_BYTES, viewsOf } from "../../schemas/index.js";
import { createCrc32c, createMathCore } from "../../wasm/index.js";
import { recordedStrategies } from "../../actors/recovery/recorded-strategies.js";

/** What whoever compares must know first. */
export class Notes {
  private readonly texts = new Set<string>();

  add(text: string): void {
    this.texts.add(text);
  }

  get lines(): readonly string[] {
    return [...this.texts];
  }
}

/** Notes on a journal, with what its segments say of who wrote them. */
export function notesOn(directory: string): Notes {
  const notes = new Notes();
  noteBuilds(directory, notes);
  return notes;
}

/** A walk from the journal's beginning; `segments` may be those of `readSegments` behind a progress bar. */
export function openWalk(directory: string, notes: Notes, segments: Iterable<SegmentBytes> = readSegments(directory)) {
  return new ReplayWalk({ ...replayParts(directory, notes), segments, crc32c: createCrc32c() });
}

/** The records as they stand in the journal, nothing executed. */
export function openRecords(directory: string): JournalRecords {
  return new JournalRecords(readSegments(directory), createCrc32c());
}

/** The configuration that a journal begins with. */
export function firstConfig(directory: string): EngineConfig {
  const first = openRecords(directory).next();
  if (first === null) throw new TapeError(`${directory} holds no records yet`);
  return configOf(first as unknown as RecordReader);
}

/** What re-executes a journal: its own strategies, and the verdicts found over them. */
export function replayParts(directory: string, notes: Notes) {
  const load = recordedStrategies(directory);
  return {
    makeCore: createMathCore,
    load: (config: EngineConfig, core: Parameters<typeof load>[1]) => {
      for (const { id, bundle } of config.strategies) checkBundle(directory, id, bundle, notes);
      return load(config, core);
    },
    verdicts: readVerdicts(new NodeDisk(), directory),
  };
}

function checkBundle(directory: string, id: string, bundle: string, notes: Notes): void {
  const found = createHash("sha256").update(readBundle(directory, bundle)).digest("hex");
  if (found === bundle) return;
  notes.add(
    `the code of ${id} is another: strategies/${bundle.slice(0, 8)}….js has been changed (its SHA-256 is now ` +
      `${found.slice(0, 8)}…), so what it does may differ from what was recorded`,
  );
}

/** Says so when segments were written by another build than this one. */
function noteBuilds(directory: string, notes: Notes): void {
  const crc32c = createCrc32c();
  const own = buildHash();
  for (const path of segmentPaths(directory)) {
    const header = readStart(path, SEGMENT_HEADER_BYTES);
    if (tornHeader(header, crc32c) !== null) continue;
    const { buildHash: build } = readSegmentHeader(viewsOf(header.buffer), header.length, path, crc32c);
    if (build !== own) notes.add(`recorded by build ${hex(build)}; this is build ${hex(own)}, which may do something else`);
  }
}

function readStart(path: string, bytes: number): Uint8Array<ArrayBuffer> {
  const start = new Uint8Array(bytes);
  const file = openSync(path, "r");
  try {
    return start.slice(0, readSync(file, start, 0, bytes, 0));
  } finally {
    closeSync(file);
  }
}

const hex = (value: number): string => value.toString(16).padStart(8, "0");
