/** A divergence for a reader: what was recorded and what this engine wrote, field by field, side by side. */

import type { RunNames } from "../../actors/stream/message-fields.js";
import { TYPE } from "../../actors/words.js";
import { ReplayDivergence } from "../../engine/index.js";
import { Divergence } from "../../research/replay/divergence.js";
import type { JournalRecord } from "../../research/replay/journal-records.js";
import { namesOf } from "./engine-report.js";
import { isoTime } from "./moments.js";
import type { Notes } from "./open-journal.js";
import { recordFields } from "./record-fields.js";

/** Runs `work`; a divergence in it is thrown with both records and the notes in its message. */
export async function showingDivergence<T>(notes: Notes, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Divergence)) throw error;
    throw new ReplayDivergence([...divergenceLines(error), ...notes.lines.map((note) => `note: ${note}`)].join("\n"));
  }
}

function divergenceLines({ message, engine, recorded, made }: Divergence): string[] {
  const names = namesOf(engine);
  return [message, ...sideBySide(["", "recorded", "this engine"], [recorded, made], names)];
}

/** Two records field by field; a star marks where they differ. */
function sideBySide(
  head: readonly [string, string, string],
  records: readonly [JournalRecord | null, JournalRecord | null],
  names: RunNames,
): string[] {
  const [left, right] = records.map((record) => cellsOf(record, names));
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  const rows = keys.map((key) => {
    const cells = [left.get(key) ?? "", right.get(key) ?? ""] as const;
    return [`${cells[0] === cells[1] ? "  " : "* "}${key}`, ...cells] as const;
  });
  const table = [head, ...rows];
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => row[column].length)));
  return table.map(([key, one, other]) => `  ${key.padEnd(widths[0])}  ${one.padEnd(widths[1])}  ${other}`.trimEnd());
}

function cellsOf(record: JournalRecord | null, names: RunNames): Map<string, string> {
  if (record === null) return new Map([["record", "none"]]);
  const { sequence, index, timeUs, bytes } = record;
  const header = { record: `${sequence}.${index}`, type: TYPE[record.type], time: isoTime(timeUs), bytes };
  const cells = Object.entries({ ...header, ...recordFields(record, names) });
  return new Map(cells.map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : String(value)]));
}
