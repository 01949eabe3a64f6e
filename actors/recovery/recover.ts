/**
 * Recovery, which is the only way to start: the newest good snapshot, then every record behind it, to the last whole
 * one. What a crash cut short behind that is cut off; anything else that does not fit is refused with its place. An
 * empty directory recovers to nothing.
 */
import { join } from "node:path";
import {
  type Crc32c,
  type Engine,
  ReplayDivergence,
  readTape,
  type SegmentReader,
  TapeError,
  type TapePlace,
  type TapeSummary,
  type TornEnd,
} from "../../engine/index.js";
import type { Disk } from "../disk/disk.js";
import { readWhole } from "../disk/whole-file.js";
import { segmentNames, segmentPath } from "../journal/journal-directory.js";
import type { TailPosition } from "../journal/segment-tail.js";
import { settleTail } from "../journal/settle-tail.js";
import { Execution, type ExecutionParts } from "./execution.js";
import { readVerdicts } from "./verdicts.js";

/** Brings an execution to the newest snapshot that can be used; null when there is none. */
export type RestoreSnapshot = (execution: Execution) => TailPosition | null;

export interface RecoveryParts extends Omit<ExecutionParts, "verdicts"> {
  readonly disk: Disk;
  readonly directory: string;
  readonly crc32c: Crc32c;
  readonly restore?: RestoreSnapshot;
  /** Told why a snapshot that could be restored was left all the same. */
  readonly onLeft?: (why: string) => void;
}

export interface Recovered {
  readonly execution: Execution;
  /** Null when the directory holds no record. */
  readonly engine: Engine | null;
  /** Number of the segment that the next life begins, and the CRC that its chain continues. */
  readonly nextSegment: number;
  readonly crc: number;
  /** Sequence of the snapshot that was restored; 0 without one. */
  readonly snapshot: number;
  /** Inputs that were applied after it. */
  readonly inputs: number;
  /** What a crash had cut short, and was cut off. */
  readonly torn: TornEnd | null;
}

/**
 * Throws TapeError for a journal that is damaged or incomplete, and ReplayDivergence for one that executes otherwise. A
 * snapshot behind which it does may lack what a strategy keeps outside of its state: then everything is executed.
 */
export function recover({ restore, ...parts }: RecoveryParts): Recovered {
  if (restore === undefined) return recoverFrom(parts);
  let isRestored = false;
  const watched: RestoreSnapshot = (execution) => {
    const place = restore(execution);
    isRestored = place !== null;
    return place;
  };
  try {
    return recoverFrom({ ...parts, restore: watched });
  } catch (error) {
    if (!(error instanceof ReplayDivergence) || !isRestored || !beginsAtFirst(parts)) throw error;
    parts.onLeft?.(`the newest snapshot does not lead where the journal does (${error.message}): it is left out`);
    return recoverFrom(parts);
  }
}

function recoverFrom(parts: RecoveryParts): Recovered {
  const { disk, directory, crc32c, restore } = parts;
  const execution = new Execution({ ...parts, verdicts: readVerdicts(disk, directory) });
  const names = segmentNames(disk, directory);
  const place = restore?.(execution) ?? null;
  const from = place === null ? names : names.filter((name) => Number.parseInt(name, 10) >= place.segment);
  requireBeginning(directory, names, place);
  const joint = new SnapshotJoin(execution, place);
  const tape = readTape(segmentsOf(disk, directory, from), crc32c, (record) => joint.take(record), {
    anyStart: place !== null,
  });
  if (place !== null && endsBefore(tape.end, place)) throw missingRecords(directory, tape, place);
  joint.requireMet(directory);
  settleTail(disk, tape);
  return {
    execution,
    engine: execution.engine,
    nextSegment: tape.end === null ? 0 : tape.end.segment + 1,
    crc: tape.end?.crc ?? 0,
    snapshot: place?.sequence ?? 0,
    inputs: execution.inputs,
    torn: tape.torn,
  };
}

/**
 * Takes the records behind a snapshot; those of its segment before it were taken when it was made. The record that it
 * stands behind must be met: a snapshot of other records leads to a state that never was.
 */
class SnapshotJoin {
  private readonly execution: Execution;
  private readonly place: TailPosition | null;
  private isMet: boolean;
  private segment = -1;

  constructor(execution: Execution, place: TailPosition | null) {
    this.execution = execution;
    this.place = place;
    this.isMet = place === null;
  }

  take(record: SegmentReader): void {
    const { place, execution } = this;
    if (record.info.segment !== this.segment) {
      this.segment = record.info.segment;
      execution.enterSegment(record.info.buildHash);
    }
    if (place !== null && record.sequence <= place.sequence) return this.pass(record, place);
    if (!this.isMet) throw record.damage(otherRecords(place!));
    execution.take(record);
  }

  requireMet(directory: string): void {
    if (!this.isMet) throw new TapeError(`the journal in ${directory} does not fit: ${otherRecords(this.place!)}`);
  }

  private pass(record: SegmentReader, place: TailPosition): void {
    if (this.segment !== place.segment || record.position !== place.offset) return;
    if (record.crc !== place.crc) throw record.damage(otherRecords(place));
    this.isMet = true;
  }
}

const otherRecords = ({ sequence }: TailPosition): string =>
  `the snapshot at ${sequence} was made of other records; put the journal's own back, or remove that snapshot`;

const firstSegment = ([first]: readonly string[]): number => (first === undefined ? 0 : Number.parseInt(first, 10));

const beginsAtFirst = ({ disk, directory }: RecoveryParts): boolean =>
  firstSegment(segmentNames(disk, directory)) === 0;

/** Only a snapshot can stand for segments that are gone. */
function requireBeginning(directory: string, names: readonly string[], place: TailPosition | null): void {
  const segment = firstSegment(names);
  if (place !== null || segment === 0) return;
  throw new TapeError(
    `the journal in ${directory} begins with segment ${segment}, and there is no snapshot that can be used: put the ` +
      "segments before it back, or a snapshot, or start anew in another directory",
  );
}

/** Also within the input of the snapshot: the outputs that follow it there were taken with it. */
function endsBefore(end: TapePlace | null, { segment, offset }: TailPosition): boolean {
  return end === null || end.segment < segment || (end.segment === segment && end.byte < offset);
}

function missingRecords(directory: string, { end, torn }: TapeSummary, { segment, sequence }: TailPosition): TapeError {
  const { name, byte } = end ?? torn ?? { name: segmentPath(directory, segment), byte: 0 };
  return new TapeError(
    `${name} ends at byte ${byte}, before sequence ${sequence}, of which there is a snapshot: records that were safe ` +
      "are missing; put them back, or start anew in another directory",
  );
}

function* segmentsOf(disk: Disk, directory: string, names: readonly string[]) {
  for (const name of names) {
    const path = join(directory, name);
    yield { name: path, bytes: readWhole(disk, path) };
  }
}
