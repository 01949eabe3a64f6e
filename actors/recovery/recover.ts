/**
 * Recovery, which is the only way to start: the newest good snapshot, then every record behind it, to the last whole one.
 * What a crash cut short behind that is cut off; anything else that does not fit is refused with its place. An empty
 * directory recovers to nothing.
 */
import { join } from "node:path";
import { type Crc32c, type Engine, type RecordReader, readTape, TapeError, type TapePlace, type TornEnd } from "../../engine/index.js";
import type { Disk } from "../disk/disk.js";
import { readWhole } from "../disk/whole-file.js";
import { segmentNames } from "../journal/journal-directory.js";
import { settleTail } from "../journal/settle-tail.js";
import type { TailPosition } from "../journal/segment-tail.js";
import { Execution, type ExecutionParts } from "./execution.js";
import { readVerdicts } from "./verdicts.js";

/** Brings an execution to the newest snapshot that can be used; null when there is none. */
export type RestoreSnapshot = (execution: Execution) => TailPosition | null;

export interface RecoveryParts extends Omit<ExecutionParts, "verdicts"> {
  readonly disk: Disk;
  readonly directory: string;
  readonly crc32c: Crc32c;
  readonly restore?: RestoreSnapshot;
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

export function recover(parts: RecoveryParts): Recovered {
  const { disk, directory, crc32c, restore } = parts;
  const execution = new Execution({ ...parts, verdicts: readVerdicts(disk, directory) });
  const names = segmentNames(disk, directory);
  const place = names.length > 0 ? (restore?.(execution) ?? null) : null;
  const from = place === null ? names : names.filter((name) => Number.parseInt(name, 10) >= place.segment);
  const tape = readTape(segmentsOf(disk, directory, from), crc32c, stepper(execution, place), {
    anyStart: place !== null,
  });
  if (place !== null && endsBefore(tape.end, place)) throw missingRecords(directory, tape.end, place);
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

/** Takes the records behind a place; those of its segment before it were taken when the snapshot was made. */
function stepper(execution: Execution, place: TailPosition | null) {
  let segment = -1;
  return (record: RecordReader & { readonly info: { readonly segment: number; readonly buildHash: number } }): void => {
    if (record.info.segment !== segment) {
      segment = record.info.segment;
      execution.enterSegment(record.info.buildHash);
    }
    if (place === null || record.sequence > place.sequence) return execution.take(record);
    if (record.position === place.offset && segment === place.segment && record.crc !== place.crc) {
      throw record.damage(`the snapshot at ${place.sequence} was made of other records`);
    }
  };
}

/** Also within the input of the snapshot: the outputs that follow it there were taken with it. */
function endsBefore(end: TapePlace | null, { segment, offset }: TailPosition): boolean {
  return end === null || end.segment < segment || (end.segment === segment && end.byte < offset);
}

function missingRecords(directory: string, end: TapePlace | null, { sequence }: TailPosition): TapeError {
  const ends = end === null ? `the journal in ${directory} is empty` : `${end.name} ends at byte ${end.byte}`;
  return new TapeError(
    `${ends}, before sequence ${sequence}, of which there is a snapshot: records that were safe are missing; ` +
      "put them back, or start anew in another directory",
  );
}

function* segmentsOf(disk: Disk, directory: string, names: readonly string[]) {
  for (const name of names) {
    const path = join(directory, name);
    yield { name: path, bytes: readWhole(disk, path) };
  }
}
