/**
 * `sluice whatif`: another strategy, other parameters, limits or another seed over a journal's market, beside what was
 * recorded: where the two part and why, and what each came to. What the other run did is modelled, and is called so.
 */
import { readSegments } from "../actors/journal/journal-directory.js";
import { configIn } from "../research/replay/journal-records.js";
import { whatIf } from "../research/whatif.js";
import { createCrc32c } from "../wasm/index.js";
import type { Output } from "./output.js";
import { withProgress } from "./progress.js";
import { comparisonLines } from "./replay/comparison-lines.js";
import { comparisonReport } from "./replay/comparison-report.js";
import { showingDivergence } from "./replay/divergence-lines.js";
import { readPlace } from "./replay/moments.js";
import { firstInput, notesOn, replayParts } from "./replay/open-journal.js";
import { isBehind } from "./replay/travel.js";
import { changesIn, type WhatIfChanges, WhatIfPlan } from "./replay/what-if-plan.js";

export interface WhatIfCommandOptions extends WhatIfChanges {
  /** A sequence number or a time: up to there both are one run. */
  readonly from?: string;
  readonly json: boolean;
}

export async function runWhatIf(directory: string, options: WhatIfCommandOptions, output: Output): Promise<void> {
  const { json, from } = options;
  const place = from === undefined ? null : readPlace(from, "--from");
  const notes = notesOn(directory);
  const recorded = configIn(firstInput(directory));
  const plan = await WhatIfPlan.make(directory, options, recorded);
  const result = await showingDivergence(notes, () =>
    whatIf({
      ...replayParts(directory),
      segments: withProgress(readSegments(directory), directory, "what-if", json ? null : output),
      crc32c: createCrc32c(),
      change: (config) => plan.change(config),
      loadModelled: (config, core) => plan.load(config, core),
      replaced: plan.target,
      partsBefore: place && ((input, first) => isBehind(place, first)(input)),
    }),
  );
  const changes = changesIn(directory, recorded, plan.change(recorded));
  const report = comparisonReport(directory, changes, result, notes);
  if (json) return output.json(report);
  for (const line of comparisonLines(report)) output.line(line);
}
