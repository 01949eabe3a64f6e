/**
 * The whole of a recovery on broken bytes: snapshot, journal, execution by the real engine and strategies, and the torn
 * end cut off on the disk, where a second recovery must find everything whole. The state must be the one that the run
 * had at that input. What is refused must be left as it is.
 */
import { SnapshotKeeper } from "../../../actors/archive/snapshot-keeper.js";
import { Execution } from "../../../actors/recovery/execution.js";
import { recordedStrategies } from "../../../actors/recovery/recorded-strategies.js";
import { recover } from "../../../actors/recovery/recover.js";
import { formatHash, readTape, stateHash } from "../../../engine/index.js";
import { createMathCore } from "../../../wasm/index.js";
import { CrashDisk } from "../../support/crash-disk.js";
import { crc32c } from "../../support/tape.js";
import type { Expected } from "./faults.js";
import { BUILD_HASH } from "./life-writer.js";
import { DIRECTORY, type TornJournal } from "./torn-journal.js";
import { type Judged, judgeRefusal, wrong } from "./verdict.js";

/** The journal in a directory of its own, with nothing broken. */
export function diskWith({ files, strategies }: TornJournal): CrashDisk {
  const disk = new CrashDisk();
  for (const { name, bytes } of files) disk.place(name, bytes.slice());
  for (const [path, text] of strategies) disk.place(path, new TextEncoder().encode(text));
  return disk;
}

/** Makes a snapshot behind the newest synced input that caused outputs; returns the byte where they end. */
export function addSnapshot(disk: CrashDisk, { newest, files, starts, sequences, synced }: TornJournal): number {
  const last = sequences.findLastIndex((sequence, at) => at < synced && sequence === sequences[at - 1]);
  const load = recordedStrategies(DIRECTORY, disk);
  const execution = new Execution({ makeCore: createMathCore, load, verdicts: [], buildHash: BUILD_HASH });
  execution.enterSegment(BUILD_HASH);
  let crc = 0;
  readTape(files, crc32c, (record) => {
    if (record.sequence > sequences[last]) return;
    execution.take(record);
    crc = record.crc;
  });
  const offset = starts[last + 1];
  keeperOf(disk).write(execution.engine!, { segment: newest, offset, crc, sequence: sequences[last] });
  return offset;
}

/** `hashes` are those of the run, by sequence. */
export function judgeRecovery(
  disk: CrashDisk,
  journal: TornJournal,
  expected: Expected,
  hashes: ReadonlyMap<number, string>,
): Judged {
  const names = journal.files.map(({ name }) => name);
  const before = names.map((name) => disk.bytesOf(name).slice());
  try {
    return judgeState(journal, recoverFrom(disk), () => recoverFrom(disk), expected, hashes);
  } catch (error) {
    const isUntouched = names.every((name, at) => Buffer.compare(disk.bytesOf(name), before[at]) === 0);
    return isUntouched ? judgeRefusal(error, expected) : wrong(`it was changed, and then refused: ${String(error)}`);
  }
}

interface Found {
  readonly sequence: number;
  readonly hash: string;
  readonly isTorn: boolean;
}

function judgeState(
  { starts, sequences, synced, earlierSequence }: TornJournal,
  first: Found,
  again: () => Found,
  { records, refusal }: Expected,
  hashes: ReadonlyMap<number, string>,
): Judged {
  const sequence = records === 0 ? earlierSequence : sequences[Math.min(records, starts.length - 1) - 1];
  const came = `the state at ${first.sequence} with hash ${first.hash} came out`;
  if (refusal === "must") return wrong(`${came}, and it must be refused`);
  const right = hashes.get(sequence);
  if (first.sequence !== sequence || first.hash !== right) {
    return wrong(`${came}, and that at ${sequence} with hash ${right} is right`);
  }
  const second = again();
  if (second.isTorn || second.hash !== first.hash) {
    return wrong(`${came} first, and then that at ${second.sequence} with hash ${second.hash}`);
  }
  return { outcome: records >= synced ? "prefix" : "shorter", why: "" };
}

function recoverFrom(disk: CrashDisk): Found {
  const { engine, torn } = recover({
    ...{ disk, crc32c, directory: DIRECTORY, buildHash: BUILD_HASH },
    makeCore: createMathCore,
    load: recordedStrategies(DIRECTORY, disk),
    restore: (execution) => keeperOf(disk).restoreNewest(execution),
  });
  return { sequence: engine!.sequence, hash: formatHash(stateHash(engine!)), isTorn: torn !== null };
}

const keeperOf = (disk: CrashDisk): SnapshotKeeper =>
  new SnapshotKeeper({ disk, directory: DIRECTORY, crc32c, buildHash: BUILD_HASH });
