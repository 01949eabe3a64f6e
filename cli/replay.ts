/** `sluice replay`: re-executes a journal through the real engine and strategies and asserts every recorded output. */
import { readSegments } from "../actors/journal/journal-directory.js";
import { formatHash, formatMoney, replay, stateHash } from "../engine/index.js";
import { createCrc32c, createMathCore } from "../wasm/index.js";
import { type Output, plural } from "./output.js";
import { withProgress } from "./progress.js";
import { loadRecorded } from "./strategies.js";

export interface ReplayCommandOptions {
  readonly json: boolean;
}

export function runReplay(directory: string, { json }: ReplayCommandOptions, output: Output): void {
  const math = createMathCore();
  const startedMs = performance.now();
  const segments = withProgress(readSegments(directory), directory, "replay", json ? null : output);
  const { engine, tape, outputsEqual } = replay({
    segments,
    crc32c: createCrc32c(),
    math,
    load: loadRecorded(directory, math),
  });
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
  if (json) return output.json(result);
  output.line(`replayed ${plural(tape.inputs, "input")} of ${directory} in ${seconds.toFixed(2)} s`);
  output.line(`all ${plural(outputsEqual, "recorded output")} equal, byte for byte`);
  output.line(`orders ${engine.ordersSent}   fills ${engine.fills}   P&L ${result.pnl} ${engine.config.currency}`);
  if (tape.ending === "torn")
    output.line("the journal ends within a record that was being written; everything before it was replayed");
  output.line(`state hash ${result.stateHash}`);
}
