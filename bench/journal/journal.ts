/**
 * The journal benchmark: what a group commit costs on this disk, and how long an order waits until it is safe, in both
 * modes. It measures the disk of the directory that it is given as much as the code: compare rows, not hosts.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Percentiles } from "../latency.js";
import type { Comparison } from "../statistics.js";
import type { Table } from "../table.js";
import { measureSyncs, type SyncPlan, type SyncRow } from "./disk-syncs.js";
import { type CommitPlan, type CommitRow, measureCommits } from "./group-commit.js";

export interface JournalPlan {
  /** On the disk that is measured; a folder in it is made and removed. */
  readonly directory: string;
  readonly syncs: SyncPlan;
  readonly commits: CommitPlan;
}

export interface JournalResult {
  readonly plan: JournalPlan;
  readonly syncs: readonly SyncRow[];
  readonly comparisons: readonly Comparison[];
  readonly commits: readonly CommitRow[];
}

export async function measureJournal(plan: JournalPlan, note: (text: string) => void): Promise<JournalResult> {
  mkdirSync(plan.directory, { recursive: true });
  const directory = mkdtempSync(join(plan.directory, "bench-journal-"));
  try {
    note(`journal: ${plan.syncs.rounds} rounds of ${plan.syncs.syncsPerRound} syncs, two ways`);
    const { rows: syncs, comparison } = measureSyncs(directory, plan.syncs);
    const commits = await measureCommits(directory, plan.commits, note);
    return { plan, syncs, comparisons: [comparison], commits };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export function journalTables({ plan, syncs, commits }: JournalResult): Table[] {
  return [
    {
      title: "Tick to safe, µs: from the moment an event was due to its order being safe on disk",
      head: ["mode", "orders/s", "p50", "p90", "p99", "p99.9", "max", "orders a sync"],
      words: 1,
      rows: commits.map(({ mode, ordersPerSecond, tickToSafe, ordersPerSync }) => [
        mode,
        grouped(ordersPerSecond),
        ...cells(tickToSafe),
        ordersPerSync.toFixed(1),
      ]),
      notes: [
        "durable: an order is safe when fdatasync has returned. fast: when it is written; a crash of the process " +
          "loses nothing, a loss of power at most the last 2 ms.",
        "Included: the wake-up of the sleeping journal's thread, its CRCs, the write, the sync. Not included: the " +
          "decision before it, the gateway behind it.",
        "Open loop: a record written late counts from the moment it was due.",
      ],
    },
    {
      title: `One group commit of ${plan.syncs.recordBytes} bytes on this disk, µs`,
      head: ["way", "commits", "p50", "p90", "p99", "p99.9", "max"],
      words: 1,
      rows: syncs.map((row) => [row.way, grouped(row.count), ...cells(row)]),
      notes: ["The journal writes over zeros that another thread made ahead."],
    },
  ];
}

const NOTHING = "–";

const cells = ({ p50, p90, p99, p999, max }: Percentiles): string[] => [p50, p90, p99, p999, max].map(micros);
const micros = (ns: number | null): string => (ns === null ? NOTHING : grouped(ns / 1_000));
const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, " ");
