/**
 * `sluice replay`: re-executes a journal through the real engine and strategies and asserts every recorded output. With
 * `--at`, `--until`, `--step` or `--why` it stops on the way and shows what was there.
 */
import { readSegments } from "../actors/journal/journal-directory.js";
import { ConfigError, formatHash, formatMoney, Replayer, readTape, stateHash, TapeError } from "../engine/index.js";
import { requireNothingMissing, takeOrShow } from "../research/replay/divergence.js";
import { createCrc32c } from "../wasm/index.js";
import { type Output, plural } from "./output.js";
import { withProgress } from "./progress.js";
import { showPlace } from "./replay/at.js";
import { showingDivergence } from "./replay/divergence-lines.js";
import { readPlace } from "./replay/moments.js";
import { firstInput, notesOn, openWalk, replayParts } from "./replay/open-journal.js";
import { stepThrough } from "./replay/step.js";
import { goTo } from "./replay/travel.js";
import { travelUntil } from "./replay/until.js";
import { runWhy } from "./replay/why.js";

export interface ReplayCommandOptions {
  readonly json: boolean;
  /** A sequence number or a time: shows the state there. */
  readonly at?: string;
  /** A condition: shows the state where it first holds, from `at` on if that is given. */
  readonly until?: string;
  /** Goes on input by input, by commands from stdin, from where `at` and `until` lead. */
  readonly step?: boolean;
  /** An order: shows what led to it and what became of it. */
  readonly why?: string;
}

export async function runReplay(directory: string, options: ReplayCommandOptions, output: Output): Promise<void> {
  const { at, until, step, why, json } = options;
  if (why !== undefined) {
    if (at !== undefined || until !== undefined || step)
      throw new ConfigError("--why goes alone: it finds the order itself");
    return runWhy(directory, why, json, output);
  }
  if (step && json) throw new ConfigError("--step is for a person; --json goes with --at, --until and --why");
  if (at === undefined && until === undefined && !step) return replayWhole(directory, json, output);
  await visit(directory, options, output);
}

/** Goes to a place and shows it, or steps on from there. */
async function visit(
  directory: string,
  { at, until, step, json }: ReplayCommandOptions,
  output: Output,
): Promise<void> {
  const place = at === undefined ? null : readPlace(at, "--at");
  const notes = notesOn(directory);
  const first = firstInput(directory);
  await showingDivergence(notes, async () => {
    const gone = place && goTo(directory, place, first);
    const walk = gone?.walk ?? openWalk(directory, json || step ? null : output);
    const reached = until === undefined ? (gone?.step ?? null) : travelUntil(walk, until, first.timeUs);
    if (step) return stepThrough(walk, reached, first.timeUs, notes, output);
    showPlace(walk, reached!, notes, json, output);
  });
}

async function replayWhole(directory: string, json: boolean, output: Output): Promise<void> {
  const startedMs = performance.now();
  const notes = notesOn(directory);
  const segments = withProgress(readSegments(directory), directory, "replay", json ? null : output);
  const replayer = new Replayer(replayParts(directory));
  const tape = await showingDivergence(notes, () => {
    const summary = readTape(segments, createCrc32c(), (record) => takeOrShow(replayer, record));
    if (summary.ending === "end" && replayer.hasBegun) requireNothingMissing(replayer);
    return summary;
  });
  if (!replayer.hasBegun) throw new TapeError("the journal holds no records; there is nothing to replay");
  const { engine, outputsEqual } = replayer;
  const seconds = (performance.now() - startedMs) / 1000;
  const result = {
    journal: directory,
    stateHash: formatHash(stateHash(engine)),
    inputs: tape.inputs,
    outputs: outputsEqual,
    segments: tape.segments,
    lastSequence: tape.lastSequence,
    ending: tape.ending,
    orders: { sent: engine.ordersSent },
    fills: { count: engine.fills },
    pnl: formatMoney(engine.profitMoney()),
    seconds: Number(seconds.toFixed(3)),
  };
  if (json) return output.json(notes.lines.length === 0 ? result : { ...result, notes: notes.lines });
  output.line(`replayed ${plural(tape.inputs, "input")} of ${directory} in ${seconds.toFixed(2)} s`);
  output.line(`all ${plural(outputsEqual, "recorded output")} equal, byte for byte`);
  output.line(`orders ${engine.ordersSent}   fills ${engine.fills}   P&L ${result.pnl} ${engine.config.currency}`);
  if (tape.ending === "torn")
    output.line("the journal ends within a record that was being written; everything before it was replayed");
  for (const note of notes.lines) output.line(`note: ${note}`);
  output.line(`state hash ${result.stateHash}`);
}
