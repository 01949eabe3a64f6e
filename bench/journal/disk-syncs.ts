/**
 * What one group commit costs on this disk: a record appended to a file that grows, or written over zeros that were
 * made ahead, each followed by fdatasync. Rounds of the two alternate, so that a busy moment of the disk meets both.
 */
import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync, writevSync } from "node:fs";
import { join } from "node:path";
import { Histogram } from "../../actors/metrics/histogram.js";
import { sharedViewsOf } from "../../actors/ring/views.js";
import { type Percentiles, percentilesOf } from "../latency.js";
import { type Comparison, compare, median } from "../statistics.js";

export interface SyncPlan {
  readonly rounds: number;
  readonly syncsPerRound: number;
  readonly recordBytes: number;
}

export interface SyncRow extends Percentiles {
  readonly way: string;
}

export interface SyncResult {
  readonly rows: readonly SyncRow[];
  readonly comparison: Comparison;
}

const APPEND = "append, fdatasync";
const OVERWRITE = "over zeros, fdatasync";
const ROOM_STEP = 1 << 20;

export function measureSyncs(directory: string, plan: SyncPlan): SyncResult {
  const files = new Map([APPEND, OVERWRITE].map((way) => [way, new TimedFile(directory, way === OVERWRITE, plan)]));
  const costs = new Map([...files.keys()].map((way) => [way, [] as number[]]));
  try {
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const [way, file] of files) costs.get(way)!.push(file.round());
    }
    const rows = [...files].map(([way, file]) => ({ way, ...percentilesOf(file.latency.snapshot()) }));
    const contest = { measure: "group commit", subject: OVERWRITE, peer: APPEND, goal: 1 };
    return { rows, comparison: compare(contest, costs) };
  } finally {
    for (const file of files.values()) file.remove();
  }
}

class TimedFile {
  readonly latency = new Histogram(sharedViewsOf(new SharedArrayBuffer(Histogram.bytesFor())), 0);
  private readonly path: string;
  private readonly file: number;
  private readonly plan: SyncPlan;
  private readonly record: Uint8Array;
  private position = 0;

  constructor(directory: string, hasRoom: boolean, plan: SyncPlan) {
    this.path = join(directory, hasRoom ? "room" : "growing");
    this.file = openSync(this.path, "w");
    this.plan = plan;
    this.record = new Uint8Array(new SharedArrayBuffer(plan.recordBytes)).fill(7);
    if (hasRoom) this.fill(plan.rounds * plan.syncsPerRound * plan.recordBytes);
  }

  /** Median of a round, ns. */
  round(): number {
    const times: number[] = [];
    for (let count = 0; count < this.plan.syncsPerRound; count += 1) {
      const startMs = performance.now();
      this.position += writevSync(this.file, [this.record], this.position);
      fdatasyncSync(this.file);
      times.push((performance.now() - startMs) * 1e6);
      this.latency.record(times[count]);
    }
    return median(times);
  }

  remove(): void {
    closeSync(this.file);
    unlinkSync(this.path);
  }

  private fill(bytes: number): void {
    const zeros = new Uint8Array(ROOM_STEP);
    for (let at = 0; at < bytes; at += ROOM_STEP) writeSync(this.file, zeros, 0, ROOM_STEP, at);
    fdatasyncSync(this.file);
  }
}
