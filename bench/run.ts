/**
 * Runs the benchmarks, all or some, each beside the jitter thread. Loaded by `sluice bench`; nothing else imports it.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hgrmText } from "../actors/metrics/hgrm.js";
import { HistogramSnapshot } from "../actors/metrics/histogram.js";
import { DOCUMENTS, insertTables } from "./documents.js";
import { Peers } from "./fabric/peers.js";
import { withJitter } from "./jitter.js";
import { readMachine } from "./machine.js";
import { MathPeers } from "./math/peers.js";
import type { RunContext } from "./part.js";
import { anyPart, NAMES, type PartKey, selected } from "./parts.js";
import { FULL_PLANS, PEER_PLANS, type Plans } from "./plans.js";
import { type BenchReport, makeReport, parseReport, type Timed } from "./report.js";
import { renderText } from "./table.js";
import { tablesOf } from "./tables.js";

export { NAMES };

export interface RunOptions {
  /** One of NAMES. */
  readonly only?: string;
  /** Whether peers of other languages are built and measured too. */
  readonly peers?: boolean;
  /** A directory for the latencies as .hgrm files. */
  readonly hgrm?: string;
  readonly plans?: Plans;
  /** Told of the progress. */
  readonly note: (text: string) => void;
}

export async function runBenchmarks(options: RunOptions): Promise<BenchReport> {
  const { only, peers: wantsPeers = false, note } = options;
  const date = new Date().toISOString();
  const machine = readMachine();
  const latencies = new Map<string, HistogramSnapshot>();
  const keep = (name: string, latency: HistogramSnapshot): void => {
    latencies.set(name, latency.merge(latencies.get(name) ?? HistogramSnapshot.empty()));
  };
  const keys = selected(only);
  const peers = wantsPeers && keys.includes("ring") ? await Peers.start(note) : Peers.none();
  const mathPeers = wantsPeers && keys.includes("math") ? await MathPeers.start(note) : MathPeers.none();
  try {
    const plans = options.plans ?? (wantsPeers ? PEER_PLANS : FULL_PLANS);
    const parts: Partial<Record<PartKey, Timed<unknown>>> = {};
    // First what runs in this process's own code: others leave detached buffers, which slow every typed array.
    for (const key of [...keys].sort((a, b) => Number(b === "math") - Number(a === "math")))
      parts[key] = await timed(key, plans, { note, peers, mathPeers, keep });
    if (options.hgrm !== undefined) writeLatencies(options.hgrm, latencies);
    return makeReport(date, machine, parts as BenchReport["parts"]);
  } finally {
    await Promise.all([peers.close(), mathPeers.close()]);
  }
}

/** The report for a terminal. */
export function reportText(report: BenchReport): string {
  return renderText(tablesOf(report));
}

/** Makes the documents' tables anew from files of results; returns the paths, relative to `root`. */
export function writeDocuments(root: string, paths: readonly string[]): string[] {
  const results = paths.map((path) => ({ path, report: parseReport(readFileSync(path, "utf8"), path) }));
  const written = DOCUMENTS.map((document) => {
    const path = join(root, document.path);
    return { path, text: insertTables(document, readFileSync(path, "utf8"), results) };
  });
  for (const { path, text } of written) writeFileSync(path, text);
  return DOCUMENTS.map(({ path }) => path);
}

async function timed(key: PartKey, plans: Plans, context: RunContext): Promise<Timed<unknown>> {
  const part = anyPart(key);
  const startMs = performance.now();
  const { result, jitter } = await withJitter(part.measured, async () => part.measure(plans, context));
  return { seconds: Math.round((performance.now() - startMs) / 100) / 10, jitter, result };
}

function writeLatencies(directory: string, latencies: ReadonlyMap<string, HistogramSnapshot>): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, latency] of latencies) {
    const file = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    writeFileSync(join(directory, `${file}.hgrm`), hgrmText(latency));
  }
}
