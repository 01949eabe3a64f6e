/**
 * Verdicts: which strategy once kept the engine from returning, and at which sequence. The supervisor writes one before
 * it starts the engine again; from that sequence on, in this life, every later one and every replay, the strategy is
 * left out, until its code is another. A sequence that stops the engine twice, or outside of any strategy, is not
 * skipped but refused: the engine itself is at fault.
 */
import { join } from "node:path";
import { TapeError, type Verdict } from "../../engine/index.js";
import type { Disk } from "../disk/disk.js";
import { readWhole, writeDurably } from "../disk/whole-file.js";

const verdictsPath = (directory: string): string => join(directory, "verdicts");

/** What earlier lives found, oldest first. Throws TapeError for a file that is not one of verdicts. */
export function readVerdicts(disk: Disk, directory: string): Verdict[] {
  const path = verdictsPath(directory);
  if (!disk.exists(path)) return [];
  const lines = Buffer.from(readWhole(disk, path)).toString("utf8").split("\n").filter(Boolean);
  return lines.map((line, index) => parseVerdict(line, `${path}, line ${index + 1}`));
}

/** Returns when the verdict will survive a loss of power. */
export function addVerdict(disk: Disk, directory: string, verdict: Verdict): void {
  const lines = [...readVerdicts(disk, directory), verdict].map((each) => `${JSON.stringify(each)}\n`);
  writeDurably(disk, verdictsPath(directory), Buffer.from(lines.join("")));
}

function parseVerdict(line: string, place: string): Verdict {
  const refuse = () =>
    new TapeError(`${place} is not a verdict such as {"sequence":12,"strategy":"ema-cross","bundle":"…"}: ${line}`);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw refuse();
  }
  const { sequence, strategy, bundle } = (value ?? {}) as Record<string, unknown>;
  if (!Number.isSafeInteger(sequence) || typeof strategy !== "string" || typeof bundle !== "string") throw refuse();
  return { sequence: sequence as number, strategy, bundle };
}
