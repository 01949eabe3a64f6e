/**
 * What a run's latencies were, for whoever asks after it is over: the percentiles of every hop as JSON, and a
 * distribution for each hop, in a folder of the life beside the journal's segments. It is not part of
 * the journal: a replay neither reads nor makes it, and when the disk refuses it nothing is lost but these figures.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOPS, type Hop } from "./hops.js";
import type { Histogram } from "./metrics/histogram.js";
import { latencyOf, type Snapshot } from "./snapshot.js";

export interface RunLatency {
  readonly epoch: number;
  /** Microseconds since the epoch. */
  readonly endedUs: number;
  readonly snapshot: Pick<Snapshot, "elapsedMs" | "orders" | "untimedOrders">;
  readonly histograms: Readonly<Record<Hop, Histogram>>;
}

const FORMAT = 1;

/** Where the figures of a life stand. */
export const latencyDirectory = (journal: string, epoch: number): string => join(journal, "latency", String(epoch));

/** Writes latency.json and the distributions; throws what the disk throws. */
export async function writeLatency(directory: string, run: RunLatency): Promise<void> {
  const { epoch, endedUs, snapshot, histograms } = run;
  const { elapsedMs, orders, untimedOrders } = snapshot;
  await writeDistributions(directory, histograms);
  const latency = latencyOf(histograms);
  const ended = new Date(endedUs / 1000).toISOString();
  const report = { format: FORMAT, epoch, ended, elapsedMs, unit: "µs", orders, untimedOrders, latency };
  writeFileSync(join(directory, "latency.json"), `${JSON.stringify(report, null, 2)}\n`);
}

/** One file a hop, such as ring.hgrm, in place of an older one. The library is loaded when it is needed. */
export async function writeDistributions(
  directory: string,
  histograms: Readonly<Record<Hop, Histogram>>,
): Promise<void> {
  const { hgrmText } = await import("./metrics/hgrm.js");
  mkdirSync(directory, { recursive: true });
  for (const hop of HOPS) writeFileSync(join(directory, `${hop}.hgrm`), hgrmText(histograms[hop].snapshot()));
}
