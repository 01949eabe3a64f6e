/**
 * `sluice journal verify` walks every byte of a journal and says what it is; `sluice journal cat` prints its records.
 * Both only read, also beside a running engine: what is being written while they look simply is not there yet.
 */
import { NodeDisk } from "../actors/disk/node-disk.js";
import { type LockHolder, lockHolder } from "../actors/journal/directory-lock.js";
import { readSegments, type SegmentFile, segmentFiles, segmentPaths } from "../actors/journal/journal-directory.js";
import { type RunNames, runNames } from "../actors/stream/message-fields.js";
import { TYPE } from "../actors/words.js";
import { ConfigError, configOf, SegmentReader, TapeError } from "../engine/index.js";
import { RECORD_BYTES_MAX } from "../engine/tape/segment.js";
import { type TapeSummary, TapeWalk } from "../engine/tape/tape.js";
import { MessageType, SEGMENT_HEADER_BYTES } from "../schemas/index.js";
import { createCrc32c } from "../wasm/index.js";
import { JournalSurvey } from "./journal-survey.js";
import { type Output, plural } from "./output.js";
import { withProgress } from "./progress.js";
import { recordFields } from "./replay/record-fields.js";
import { recordLine, recordNumber } from "./replay/record-line.js";

export interface VerifyOptions {
  readonly json: boolean;
}

export interface CatOptions {
  /** First and last sequence; default: all. */
  readonly from?: number;
  readonly to?: number;
  /** In words, such as submit-order; default: all. */
  readonly type?: string;
  /** Records printed at most; default: all. */
  readonly limit?: number;
  readonly json: boolean;
}

const disk = new NodeDisk();

/** Throws TapeError, which names the place of the damage, also when there is no journal. */
export function runJournalVerify(directory: string, { json }: VerifyOptions, output: Output): void {
  const startedMs = performance.now();
  const bytes = segmentPaths(directory).reduce((sum, path) => sum + sizeOf(path), 0);
  const { tape, survey } = verify(directory, json ? null : output);
  const seconds = Number(((performance.now() - startedMs) / 1000).toFixed(3));
  const holder = lockHolder(directory);
  if (json) return output.json({ journal: directory, bytes, ...resultOf(tape, survey), holder, seconds });
  for (const line of linesOf(directory, bytes, tape, survey, holder)) output.line(line);
  output.line(`every record is whole and in its place; checked in ${seconds.toFixed(2)} s`);
}

/** One line a record; with `json` one JSON object a line. Throws TapeError at damage, ConfigError for another type. */
export function runJournalCat(directory: string, options: CatOptions, output: Output): void {
  const { from = 0, to = Number.POSITIVE_INFINITY, limit = Number.POSITIVE_INFINITY, json } = options;
  const type = options.type === undefined ? null : typeNumber(options.type);
  const { fromSegment, config } = startAt(directory, from);
  let names = config;
  let printed = 0;
  const walk = new TapeWalk(readSegments(directory, { fromSegment }), createCrc32c(), { anyStart: true });
  for (let record = walk.next(); record !== null && record.sequence <= to && printed < limit; record = walk.next()) {
    if (record.type === MessageType.Config) names = runNames(configOf(record));
    if (record.sequence < from || (type !== null && record.type !== type)) continue;
    output.line(json ? JSON.stringify(objectOf(record, names)) : lineOf(record, names));
    printed += 1;
  }
  walk.close();
  const { torn } = walk.summary;
  if (torn !== null) output.note(`the journal ends torn: ${torn.why}, at byte ${torn.byte} of ${torn.name}`);
}

interface Verified {
  readonly tape: TapeSummary;
  readonly survey: JournalSurvey;
}

/**
 * A file that is read while it grows may show a later write and miss an earlier one. So what looks like damage in a
 * journal that somebody holds is looked at once more.
 */
function verify(directory: string, output: Output | null): Verified {
  try {
    return walkAll(directory, output);
  } catch (error) {
    if (lockHolder(directory) === null) throw error;
    return walkAll(directory, output);
  }
}

function walkAll(directory: string, output: Output | null): Verified {
  const survey = new JournalSurvey();
  const segments = withProgress(readSegments(directory), directory, "verify", output);
  const walk = new TapeWalk(segments, createCrc32c(), { anyStart: true });
  try {
    for (let record = walk.next(); record !== null; record = walk.next()) survey.take(record);
  } catch (error) {
    if (!(error instanceof TapeError)) throw error;
    throw new TapeError(`${error.message} (${plural(walk.summary.records, "record")} before it are whole)`);
  } finally {
    walk.close();
  }
  return { tape: walk.summary, survey };
}

function resultOf(
  { segments, records, inputs, lastSequence, ending, torn, sealed }: TapeSummary,
  survey: JournalSurvey,
) {
  const { firstSegment, firstSequence, fromUs, toUs, recordBytes, batches, types, lives, builds } = survey;
  return {
    ...{ segments, firstSegment, records, inputs, outputs: records - inputs, recordBytes },
    ...{ firstSequence, lastSequence, fromUs, toUs, types, lives, builds, batches },
    ...{ ending, torn, closedInOrder: sealed },
  };
}

function linesOf(
  directory: string,
  bytes: number,
  tape: TapeSummary,
  survey: JournalSurvey,
  holder: LockHolder | null,
): string[] {
  const { records, inputs, segments, lastSequence } = tape;
  const { firstSegment, firstSequence, fromUs, toUs, lives, builds, batches, types } = survey;
  const removed = firstSegment ? `; ${plural(firstSegment, "older one")} removed` : "";
  const kinds = Object.entries(types).map(([type, count]) => `${type} ${count}`);
  return [
    `${directory}: ${plural(segments, "segment")}, ${mebibytes(bytes)}${removed}`,
    `records   ${plural(records, "record")}: ${plural(inputs, "input")}, ${plural(records - inputs, "output")}`,
    ...(records === 0 ? [] : [`          ${kinds.join(", ")}`]),
    ...(firstSequence === null ? [] : [`sequence  ${firstSequence} to ${lastSequence}`]),
    ...(fromUs === null || toUs === null ? [] : [`time      ${time(fromUs)} to ${time(toUs)}`]),
    ...lives.map(
      ({ epoch, mode, start, sequence, timeUs }) =>
        `life      ${epoch}, ${mode}, ${start}, from sequence ${sequence} on, ${time(timeUs)}`,
    ),
    ...builds.map((build) => `build     ${build}`),
    `syncs     ${batches} at least, by the records' own marks`,
    `ending    ${endingText(tape, holder)}`,
  ];
}

function endingText({ torn, sealed, end }: TapeSummary, holder: LockHolder | null): string {
  const held = holder === null ? "" : `; held by process ${holder.pid} on ${holder.host} since ${holder.since}`;
  if (torn !== null) {
    const place = torn.byte === 0 ? `in the header of ${torn.name}` : `at byte ${torn.byte} of ${torn.name}`;
    return `torn ${place}: ${torn.why}; the next start cuts it off${held}`;
  }
  if (sealed) return `closed in order${held}`;
  return `at byte ${end?.byte ?? 0} of ${end?.name ?? "nothing"}, not closed${held}`;
}

/** The segment in which a sequence stands, and what the configuration in force there calls things. */
function startAt(directory: string, sequence: number): { fromSegment: number; config: RunNames | null } {
  segmentPaths(directory);
  const files = segmentFiles(disk, directory, createCrc32c());
  const index = Math.max(
    files.findLastIndex(({ info }) => info !== null && info.firstSequence <= sequence),
    0,
  );
  let config: RunNames | null = null;
  // A life begins a segment, with its configuration.
  for (const file of files.slice(0, index)) config = namesAtStart(file) ?? config;
  return { fromSegment: files[index].info?.segment ?? 0, config };
}

function namesAtStart({ path }: SegmentFile): RunNames | null {
  const head = new Uint8Array(SEGMENT_HEADER_BYTES + RECORD_BYTES_MAX);
  const file = disk.open(path, "read");
  try {
    const reader = new SegmentReader(head.subarray(0, disk.read(file, head, 0)), path, createCrc32c());
    return reader.next() && reader.type === MessageType.Config ? runNames(configOf(reader)) : null;
  } finally {
    disk.close(file);
  }
}

/** Without a configuration, which may have been removed with the oldest segments, only the header can be told. */
function objectOf(record: SegmentReader, names: RunNames | null): object {
  const { sequence, index, timeUs, type } = record;
  const fields = names === null ? { fields: null } : recordFields(record, names);
  return { sequence, index, timeUs, type: TYPE[type] ?? type, ...fields };
}

function lineOf(record: SegmentReader, names: RunNames | null): string {
  const text = names === null ? (TYPE[record.type] ?? `type ${record.type}`) : recordLine(record, names);
  return `${recordNumber(record).padStart(10)}  ${time(record.timeUs)}  ${text}`;
}

function typeNumber(word: string): number {
  const number = TYPE.indexOf(word);
  if (number > 0) return number;
  const words = TYPE.filter((each) => each !== undefined && each !== "padding");
  throw new ConfigError(`there is no type of record "${word}"; there are ${words.join(", ")}`);
}

function sizeOf(path: string): number {
  const file = disk.open(path, "read");
  try {
    return disk.size(file);
  } finally {
    disk.close(file);
  }
}

const time = (us: number): string => new Date(us / 1000).toISOString();
const mebibytes = (bytes: number): string => `${(bytes / (1 << 20)).toFixed(1)} MiB`;
