/**
 * The recovery benchmark: how long a start takes until its engine is where the last life ended, from the first record
 * on and from a snapshot at the end. Everything is read, checked, executed and compared as a start does it, with the
 * file system's cache warm; the process, its threads and the venue are no part of it.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SnapshotKeeper } from "../../actors/archive/snapshot-keeper.js";
import { NodeDisk } from "../../actors/disk/node-disk.js";
import { readSegments } from "../../actors/journal/journal-directory.js";
import { recordedStrategies } from "../../actors/recovery/recorded-strategies.js";
import { type Recovered, recover } from "../../actors/recovery/recover.js";
import { type Engine, formatHash, readTape, stateHash } from "../../engine/index.js";
import { createCrc32c, createMathCore } from "../../wasm/index.js";
import { median } from "../statistics.js";
import type { Table } from "../table.js";
import { recordJournal } from "./recorded-journal.js";

export interface RecoveryPlan {
  /** A folder in it is made and removed. */
  readonly directory: string;
  readonly inputs: number;
  readonly rounds: number;
}

export interface RecoveryRow {
  readonly from: string;
  /** Inputs that were executed again. */
  readonly inputs: number;
  /** Median of the rounds. */
  readonly ms: number;
  readonly longestMs: number;
}

export interface RecoveryResult {
  readonly plan: RecoveryPlan;
  readonly journalBytes: number;
  readonly rows: readonly RecoveryRow[];
  /** A million inputs in no more than TARGET_MS. */
  readonly met: boolean;
}

/** For a million inputs. */
const TARGET_MS = 3_000;
const MILLION = 1_000_000;
const BUILD_HASH = 1;
const disk = new NodeDisk();
const crc32c = createCrc32c();

export async function measureRecovery(plan: RecoveryPlan, note: (text: string) => void): Promise<RecoveryResult> {
  mkdirSync(plan.directory, { recursive: true });
  const directory = mkdtempSync(join(plan.directory, "bench-recovery-"));
  try {
    note(`recovery: recording ${plan.inputs} inputs`);
    const engine = recordJournal(directory, plan.inputs, BUILD_HASH, crc32c);
    const snapshots = new SnapshotKeeper({ disk, directory, crc32c, buildHash: BUILD_HASH });
    note(`recovery: ${plan.rounds} rounds, two ways`);
    const whole = rounds("the first record", plan, engine, () => recoverFrom(directory, null));
    const journalBytes = writeSnapshot(directory, snapshots, engine);
    const kept = rounds("a snapshot at the end", plan, engine, () => recoverFrom(directory, snapshots));
    const met = (whole.ms * MILLION) / whole.inputs <= TARGET_MS;
    return { plan, journalBytes, rows: [whole, kept], met };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function rounds(from: string, plan: RecoveryPlan, engine: Engine, start: () => Recovered): RecoveryRow {
  const hash = formatHash(stateHash(engine));
  const times: number[] = [];
  let inputs = 0;
  for (let round = 0; round < plan.rounds; round += 1) {
    const startedMs = performance.now();
    const recovered = start();
    times.push(performance.now() - startedMs);
    assert.equal(formatHash(stateHash(recovered.engine!)), hash, "the recovered state is the recorded one");
    inputs = recovered.inputs;
  }
  return { from, inputs, ms: median(times), longestMs: Math.max(...times) };
}

function recoverFrom(directory: string, snapshots: SnapshotKeeper | null): Recovered {
  return recover({
    ...{ disk, directory, crc32c, buildHash: BUILD_HASH, makeCore: createMathCore },
    restore: snapshots ? (execution) => snapshots.restoreNewest(execution) : undefined,
    load: recordedStrategies(directory, disk),
  });
}

/** Of the journal's end; returns the journal's bytes. */
function writeSnapshot(directory: string, snapshots: SnapshotKeeper, engine: Engine): number {
  let bytes = 0;
  const { end } = readTape(readSegments(directory), crc32c, ({ recordBytes }) => void (bytes += recordBytes));
  snapshots.write(engine, { segment: end!.segment, offset: end!.byte, crc: end!.crc, sequence: end!.sequence });
  return bytes;
}

export function recoveryTable({ plan, journalBytes, rows, met }: RecoveryResult): Table {
  return {
    title: "Recovery: from a start to the state at the journal's end",
    head: ["from", "inputs executed", "ms", "longest", "µs an input"],
    words: 1,
    rows: rows.map(({ from, inputs, ms, longestMs }) => [
      ...[from, grouped(inputs), grouped(ms), grouped(longestMs)],
      inputs === 0 ? "–" : ((ms * 1_000) / inputs).toFixed(2),
    ]),
    notes: [
      `${grouped(journalBytes / 1e6)} MB of journal; medians of ${plan.rounds}. Included: reading, checksums, ` +
        "execution of engine and strategy, comparison of every output. Not included: process, threads, the venue.",
      `Target, a million inputs in ${grouped(TARGET_MS)} ms: ${met ? "met" : "missed"}.`,
    ],
  };
}

const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, " ");
