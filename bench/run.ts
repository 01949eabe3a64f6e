/**
 * Runs the benchmarks, all or one, each beside the jitter thread. Loaded by `sluice bench`; nothing else imports it.
 */
import { readFileSync } from "node:fs";
import { measureDecode } from "./decode/decode.js";
import { measureFabric } from "./fabric/fabric.js";
import { type Measured, withJitter } from "./jitter.js";
import { measureJournal } from "./journal/journal.js";
import { readMachine } from "./machine.js";
import { FULL_PLANS, type Plans } from "./plans.js";
import { insertTables } from "./readme.js";
import { measureRecovery } from "./recovery/recovery.js";
import { type BenchReport, faultsOf, type Timed } from "./report.js";
import { renderText } from "./table.js";
import { tablesOf } from "./tables.js";
import { measureTickToOrder } from "./tick-to-order/tick-to-order.js";

export const BENCHMARKS = ["fabric", "decode", "tick-to-order", "journal", "recovery"] as const;
export type Benchmark = (typeof BENCHMARKS)[number];

export interface RunOptions {
  readonly only?: Benchmark;
  readonly plans?: Plans;
  /** Told of the progress. */
  readonly note: (text: string) => void;
}

export async function runBenchmarks({ only, plans = FULL_PLANS, note }: RunOptions): Promise<BenchReport> {
  const date = new Date().toISOString();
  const machine = readMachine();
  const runs = (name: Benchmark): boolean => only === undefined || only === name;
  const parts = {
    ...(runs("fabric") && { fabric: await timed("latency", () => measureFabric(plans.fabric, note)) }),
    ...(runs("decode") && { decode: await timed("rounds", async () => measureDecode(plans.decode, note)) }),
    ...(runs("tick-to-order") && {
      tickToOrder: await timed("latency", () => measureTickToOrder(plans.tickToOrder, note)),
    }),
    ...(runs("journal") && { journal: await timed("latency", () => measureJournal(plans.journal, note)) }),
    ...(runs("recovery") && { recovery: await timed("rounds", () => measureRecovery(plans.recovery, note)) }),
  };
  return { format: 1, date, machine, invalid: faultsOf(parts), ...parts };
}

/** The report for a terminal. */
export function reportText(report: BenchReport): string {
  return renderText(tablesOf(report));
}

/** The README's text with its tables made anew from a file of results. */
export function readmeWith(readme: string, resultsPath: string): string {
  return insertTables(readme, JSON.parse(readFileSync(resultsPath, "utf8")) as BenchReport, resultsPath);
}

async function timed<T>(measured: Measured, work: () => Promise<T>): Promise<Timed<T>> {
  const startMs = performance.now();
  const { result, jitter } = await withJitter(measured, work);
  return { seconds: Math.round((performance.now() - startMs) / 100) / 10, jitter, result };
}
