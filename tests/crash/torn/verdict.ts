/**
 * What the real reader makes of broken bytes, held against what must come of them: an exact prefix, a refusal that
 * names file and byte, or a wrong state. A prefix is compared with the records as they were written, place by place.
 */
import { readTape, type SegmentBytes, TapeError } from "../../../engine/index.js";
import { crc32c } from "../../support/tape.js";
import type { Expected } from "./faults.js";
import type { TornJournal } from "./torn-journal.js";

/**
 * `prefix`: exact, with everything synced. `shorter`: exact, and what would have told of the synced records that are
 * missing is missing too.
 */
export const OUTCOMES = ["prefix", "shorter", "refused", "wrong"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Judged {
  readonly outcome: Outcome;
  /** What is wrong, or what the refusal says. */
  readonly why: string;
}

/** `segments` are those to be read: all, or the newest alone, as behind a snapshot. */
export function judgeReading(journal: TornJournal, segments: readonly SegmentBytes[], expected: Expected): Judged {
  try {
    return judgePrefix(journal, segments, expected);
  } catch (error) {
    return judgeRefusal(error, expected);
  }
}

function judgePrefix(journal: TornJournal, segments: readonly SegmentBytes[], expected: Expected): Judged {
  const { newest, files, starts, sequences, synced } = journal;
  let found = 0;
  let stranger = -1;
  const onRecord = ({ name, recordAt, sequence }: { name: string; recordAt: number; sequence: number }): void => {
    if (name !== files[newest].name) return;
    if (stranger < 0 && (recordAt !== starts[found] || sequence !== sequences[found])) stranger = recordAt;
    found += 1;
  };
  const { torn } = readTape(segments, crc32c, onRecord, { anyStart: true });
  if (stranger >= 0) return wrong(`the record at byte ${stranger} is not the one that was written there`);
  if (expected.refusal === "must") return wrong(`${found} records came out, and it must be refused`);
  if (found !== expected.records) return wrong(`${found} records came out, and ${expected.records} are right`);
  if (torn !== null && torn.byte > starts[found]) return wrong(`it would be cut at byte ${torn.byte}`);
  return { outcome: found >= synced ? "prefix" : "shorter", why: "" };
}

const PLACE = /\d{6}\.seg\b.*\bbytes? \d/;

export function judgeRefusal(error: unknown, { refusal }: Expected): Judged {
  if (!(error instanceof TapeError)) return wrong(`not a refusal but ${String(error)}`);
  const { message } = error;
  if (refusal === "never") return wrong(`it is refused, and there is an exact prefix: ${message}`);
  return PLACE.test(message) ? { outcome: "refused", why: message } : wrong(`no file and byte in: ${message}`);
}

export const wrong = (why: string): Judged => ({ outcome: "wrong", why });
