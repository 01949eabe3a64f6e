/** `sluice replay --at`, and where `--until` stops: prints the whole state at one place of a journal. */
import type { ReplayWalk, Step } from "../../research/replay/replay-walk.js";
import type { Output } from "../output.js";
import type { Notes } from "./open-journal.js";
import { placeLines, placeReport } from "./travel.js";

export function showPlace(walk: ReplayWalk, step: Step, notes: Notes, json: boolean, output: Output): void {
  if (walk.missing > 0) {
    notes.add(`the journal ends within this input: ${walk.missing} of its outputs are not in it, only in this replay`);
  }
  if (json) return output.json({ ...placeReport(walk.engine, step), notes: notes.lines });
  for (const line of placeLines(walk.engine, step)) output.line(line);
  for (const note of notes.lines) output.line(`note: ${note}`);
}
