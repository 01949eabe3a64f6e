/**
 * Opens a journal for re-execution by this build, and tells plainly where that is not the build that wrote it. Strategy
 * code that was changed is refused where it is read.
 */
import { newestUsable, verifySnapshot } from "../../actors/archive/snapshot-store.js";
import { buildHash } from "../../actors/build-hash.js";
import { NodeDisk } from "../../actors/disk/node-disk.js";
import { readSegments, segmentFiles } from "../../actors/journal/journal-directory.js";
import { recordedStrategies } from "../../actors/recovery/recorded-strategies.js";
import { readVerdicts } from "../../actors/recovery/verdicts.js";
import { type Engine, type EngineConfig, TapeError } from "../../engine/index.js";
import { type JournalRecord, JournalRecords } from "../../research/replay/journal-records.js";
import { ReplayWalk } from "../../research/replay/replay-walk.js";
import { createCrc32c, createMathCore } from "../../wasm/index.js";
import type { Output } from "../output.js";
import { withProgress } from "../progress.js";

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

/** A walk from a journal's beginning. */
export function openWalk(directory: string, output: Output | null = null): ReplayWalk {
  const segments = withProgress(readSegments(directory), directory, "replay", output);
  return new ReplayWalk({ ...replayParts(directory), segments, crc32c: createCrc32c() });
}

/** A walk that begins with the newest snapshot that stands before a place; without one, at the journal's beginning. */
export function openWalkBefore(directory: string, isBefore: (engine: Engine) => boolean): ReplayWalk {
  const crc32c = createCrc32c();
  let fromSegment = 0;
  const restore = (build: (config: EngineConfig) => Engine): Engine | null => {
    let restored: Engine | null = null;
    const { snapshot } = newestUsable(new NodeDisk(), directory, crc32c, (each) => {
      if (each.buildHash !== buildHash()) return "another build made it";
      const verified = verifySnapshot(each, build);
      if ("why" in verified) return verified.why;
      restored = verified.engine;
      return isBefore(restored) ? "" : "it stands behind the place";
    });
    fromSegment = snapshot?.place.segment ?? 0;
    return snapshot && restored;
  };
  const segments = { [Symbol.iterator]: () => readSegments(directory, { fromSegment }) };
  return new ReplayWalk({ ...replayParts(directory), segments, crc32c, restore });
}

/** The records as they stand in the journal, nothing executed. */
export function openRecords(directory: string): JournalRecords {
  return new JournalRecords(readSegments(directory), createCrc32c());
}

/** The input that a journal begins with, a configuration. Throws TapeError when it holds none. */
export function firstInput(directory: string): JournalRecord {
  const first = openRecords(directory).next();
  if (first === null) throw new TapeError("the journal holds no records; there is nothing to replay");
  return first;
}

/** What re-executes a journal: its own strategies, and the verdicts found over them. */
export function replayParts(directory: string) {
  return {
    makeCore: createMathCore,
    load: recordedStrategies(directory),
    verdicts: readVerdicts(new NodeDisk(), directory),
  };
}

/** Says so when segments were written by another build than this one. */
function noteBuilds(directory: string, notes: Notes): void {
  const own = buildHash();
  for (const { info } of segmentFiles(new NodeDisk(), directory, createCrc32c())) {
    if (info === null || info.buildHash === own) continue;
    notes.add(`recorded by build ${hex(info.buildHash)}; this is build ${hex(own)}, which may do something else`);
  }
}

const hex = (value: number): string => value.toString(16).padStart(8, "0");
