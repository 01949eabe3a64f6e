/**
 * The first difference between a journal and its re-execution, with both sides: what was recorded and what the engine
 * wrote now. The engine's log still holds the newest input and its outputs, one behind the other.
 */
import { type Engine, ReplayDivergence, type Replayer } from "../../engine/index.js";
import {
  type MessageViews,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_INDEX,
  RECORD_HEADER_LENGTH,
  RECORD_HEADER_SEQUENCE,
  RECORD_HEADER_TIME_US,
  RECORD_HEADER_TYPE,
} from "../../schemas/index.js";
import { asReader, type JournalRecord } from "./journal-records.js";

/** A ReplayDivergence that can be shown: the two records side by side. */
export class Divergence extends ReplayDivergence {
  readonly sequence: number;
  readonly index: number;
  /** Null when the journal holds no such record. */
  readonly recorded: JournalRecord | null;
  /** Null when the engine did not write one. */
  readonly made: JournalRecord | null;
  /** In the state right after the input, for names and scales. */
  readonly engine: Engine;

  constructor(message: string, engine: Engine, recorded: JournalRecord | null, made: JournalRecord | null) {
    super(message);
    const place = recorded ?? made;
    this.sequence = place?.sequence ?? engine.sequence;
    this.index = place?.index ?? 0;
    this.recorded = recorded;
    this.made = made;
    this.engine = engine;
  }
}

/** `replayer.take`, with a difference thrown as a Divergence. */
export function takeOrShow(replayer: Replayer, record: JournalRecord): void {
  explained(replayer, record, () => replayer.take(asReader(record)));
}

/** `replayer.requireNothingMissing`, likewise. */
export function requireNothingMissing(replayer: Replayer): void {
  explained(replayer, null, () => replayer.requireNothingMissing());
}

function explained(replayer: Replayer, record: JournalRecord | null, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ReplayDivergence) || !replayer.hasBegun) throw error;
    throw describe(error.message, replayer, record);
  }
}

function describe(message: string, replayer: Replayer, record: JournalRecord | null): Divergence {
  const { engine } = replayer;
  const made = madeBy(engine);
  // An input in the place of an output: outputs of the input before it are missing from the journal.
  const isMissing = record === null || (record.index === 0 && record.sequence !== engine.sequence);
  if (isMissing) return new Divergence(message, engine, null, made[made.length - replayer.missing] ?? null);
  return new Divergence(message, engine, record, made[record.index] ?? null);
}

/** The newest input in the engine's log and the outputs behind it, copied. */
function madeBy({ log, outputs }: Engine): JournalRecord[] {
  const records: JournalRecord[] = [];
  let at = 0;
  for (let index = 0; index <= outputs; index += 1) {
    records.push(recordAt(log.views, at));
    at += records[index].recordBytes;
  }
  return records;
}

/** Reads the header of a record that stands in a log. */
export function recordAt(views: MessageViews, at: number): JournalRecord {
  const recordBytes = views.i32[(at + RECORD_HEADER_LENGTH) >> 2];
  return {
    type: views.u16[(at + RECORD_HEADER_TYPE) >> 1],
    index: views.u16[(at + RECORD_HEADER_INDEX) >> 1],
    sequence: views.f64[(at + RECORD_HEADER_SEQUENCE) >> 3],
    timeUs: views.f64[(at + RECORD_HEADER_TIME_US) >> 3],
    views,
    at: at + RECORD_HEADER_BYTES,
    bytes: recordBytes - RECORD_HEADER_BYTES,
    recordAt: at,
    recordBytes,
  };
}
