/** Goes to a place in a journal: the state right after an input, and what that input caused. */

import { TYPE } from "../../actors/words.js";
import { ConfigError, type Engine } from "../../engine/index.js";
import type { JournalRecord } from "../../research/replay/journal-records.js";
import type { ReplayWalk, Step } from "../../research/replay/replay-walk.js";
import { engineLines } from "./engine-lines.js";
import { type EngineReport, engineReport, namesOf } from "./engine-report.js";
import { isoTime, type Place, resolveTime } from "./moments.js";
import { openWalk, openWalkBefore } from "./open-journal.js";
import { recordFields } from "./record-fields.js";
import { recordLine, recordNumber } from "./record-line.js";

/** A walk that stands at a place, from the newest snapshot before it or from the journal's beginning, and its step. */
export function goTo(directory: string, place: Place, first: JournalRecord): { walk: ReplayWalk; step: Step } {
  const isPast = isBehind(place, first);
  const near = openWalkBefore(directory, ({ sequence, timeUs }) => !isPast({ sequence: sequence + 1, timeUs }));
  const next = near.peek();
  const walk = near.restoredAt > 0 && (next === null || isPast(next)) ? openWalk(directory) : near;
  return { walk, step: travelTo(walk, place, first) };
}

/** Executes up to a place: that input, or the newest one not behind that time. Throws ConfigError without one. */
function travelTo(walk: ReplayWalk, place: Place, first: JournalRecord): Step {
  const isPast = isBehind(place, first);
  let step: Step | null = null;
  for (let next = walk.peek(); next !== null && !isPast(next); next = walk.peek()) step = walk.next();
  if (step === null) throw new ConfigError(`the journal begins at ${isoTime(first.timeUs)}, after that place`);
  if (place.kind === "sequence" && step.input.sequence !== place.sequence) {
    throw new ConfigError(`the journal ends at sequence ${step.input.sequence}; there is no ${place.sequence}`);
  }
  return step;
}

type Moment = Pick<JournalRecord, "sequence" | "timeUs">;

/** Whether an input lies behind a place, in a journal that begins with `first`. */
export function isBehind(place: Place, first: JournalRecord): (input: Moment) => boolean {
  if (place.kind === "sequence") return ({ sequence }) => sequence > place.sequence;
  const untilUs = resolveTime(place, first.timeUs);
  return ({ timeUs }) => timeUs > untilUs;
}

/** Everything to be said about a place. */
export interface PlaceReport extends EngineReport {
  readonly input: object;
  readonly outputs: readonly object[];
}

export function placeReport(engine: Engine, { input, outputs }: Step): PlaceReport {
  const names = namesOf(engine);
  const plain = (record: JournalRecord) => ({
    index: record.index,
    type: TYPE[record.type],
    ...recordFields(record, names),
  });
  return { ...engineReport(engine), input: plain(input), outputs: outputs.map(plain) };
}

export function placeLines(engine: Engine, { input, outputs }: Step): string[] {
  const names = namesOf(engine);
  return [
    ...engineLines(engineReport(engine)),
    "",
    "newest input, and what it caused",
    ...[input, ...outputs].map((each) => `  ${recordNumber(each).padEnd(10)} ${recordLine(each, names)}`),
  ];
}
