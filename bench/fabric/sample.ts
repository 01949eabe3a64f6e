/** What one run of one lane came to, ours and a peer's alike, and all runs of a benchmark by lane and round. */
import { HistogramSnapshot } from "../../actors/metrics/histogram.js";
import { type Percentiles, percentilesOf } from "../latency.js";
import type { PeerAnswer } from "../peers/process.js";
import { median } from "../statistics.js";
import type { LaneRun } from "./rig.js";

/** Times are nanoseconds; null where a lane does not know. */
export interface Sample {
  readonly messages: number;
  readonly nsPerMessage: number;
  /** Of trips without the clock. */
  readonly blockP50Ns: number | null;
  readonly latency: Percentiles | null;
  readonly meanBatch: number | null;
  readonly bytesPerMessage: number | null;
  readonly scavenges: number | null;
}

/** What the rounds of a lane are compared by; all of them are better when smaller. */
export const COSTS = {
  throughput: ({ nsPerMessage }: Sample): number => nsPerMessage,
  blockP50: ({ blockP50Ns }: Sample): number => blockP50Ns ?? Number.NaN,
  p50: ({ latency }: Sample): number => latency?.p50 ?? Number.NaN,
  p99: ({ latency }: Sample): number => latency?.p99 ?? Number.NaN,
} as const satisfies Record<string, (sample: Sample) => number>;
export type Cost = keyof typeof COSTS;

export function sampleOfRun({ messages, seconds, meanBatch, blockP50Ns, latency, garbage }: LaneRun): Sample {
  return {
    messages,
    nsPerMessage: (seconds * 1e9) / messages,
    blockP50Ns,
    latency: latency.count > 0 ? percentilesOf(latency) : null,
    meanBatch,
    bytesPerMessage: Math.max(0, garbage.allocatedBytes) / messages,
    scavenges: garbage.scavenges,
  };
}

export function sampleOfPeer(answer: PeerAnswer): Sample {
  const { messages, seconds, batches = 0, blockP50Ns = null } = answer;
  return {
    messages,
    nsPerMessage: (seconds * 1e9) / messages,
    blockP50Ns,
    latency: peerPercentiles(answer),
    meanBatch: batches > 0 ? messages / batches : null,
    bytesPerMessage: null,
    scavenges: null,
  };
}

function peerPercentiles({ messages, p50Ns, p90Ns, p99Ns, p999Ns, p9999Ns, maxNs }: PeerAnswer): Percentiles | null {
  if (p50Ns === undefined || maxNs === undefined) return null;
  const rest = { p90: p90Ns ?? null, p99: p99Ns ?? null, p999: p999Ns ?? null, p9999: p9999Ns ?? null };
  return { count: messages, p50: p50Ns, ...rest, max: maxNs };
}

export class Samples {
  private readonly byLane = new Map<string, Sample[]>();
  private readonly latencies = new Map<string, HistogramSnapshot>();

  add(lane: string, sample: Sample): void {
    const samples = this.byLane.get(lane);
    if (samples) samples.push(sample);
    else this.byLane.set(lane, [sample]);
  }

  /** A run of ours, whose histogram is kept as well. */
  addRun(lane: string, run: LaneRun): void {
    this.add(lane, sampleOfRun(run));
    this.latencies.set(lane, run.latency.merge(this.latencies.get(lane) ?? HistogramSnapshot.empty()));
  }

  has(lane: string): boolean {
    return this.byLane.has(lane);
  }

  of(lane: string): readonly Sample[] {
    return this.byLane.get(lane) ?? [];
  }

  /** Latencies of all rounds of a lane of ours; empty for others. */
  latencyOf(lane: string): HistogramSnapshot {
    return this.latencies.get(lane) ?? HistogramSnapshot.empty();
  }

  costs(lane: string, cost: Cost): number[] {
    return this.of(lane).map(COSTS[cost]);
  }

  /** Every round of every lane, so that ratios can be computed again. */
  rounds(): Record<string, Partial<Record<Cost, number[]>>> {
    return Object.fromEntries([...this.byLane.keys()].map((lane) => [lane, this.roundsOf(lane)]));
  }

  private roundsOf(lane: string): Partial<Record<Cost, number[]>> {
    const known = (Object.keys(COSTS) as Cost[])
      .map((cost) => [cost, this.costs(lane, cost)] as const)
      .filter(([, values]) => values.every((value) => !Number.isNaN(value)));
    return Object.fromEntries(known);
  }
}

/** The median over the rounds of what they know. */
export function middle(samples: readonly Sample[], of: (sample: Sample) => number | null | undefined): number | null {
  const known = samples.map(of).filter((value): value is number => value !== null && value !== undefined);
  return known.length === 0 ? null : median(known);
}
