/**
 * What the rejected designs of the point-to-point ring would give, each beside the product's in the same rounds, so
 * that a choice can be looked at again on another host, another processor, another V8.
 */
import { LaneRig } from "../fabric/rig.js";
import { middle, Samples } from "../fabric/sample.js";
import { type Ratio, ratioOf } from "../statistics.js";
import { ALTERNATIVES, DESIGN_NAMES, PRODUCT, streamLane, tripsLane } from "./lanes.js";

export interface AlternativesPlan {
  readonly rounds: number;
  readonly tripMs: number;
  readonly streamMs: number;
}

/** Ratios are the design's over the product's: above 1 the design is better. */
export interface AlternativeRow {
  readonly design: string;
  /** A round trip in blocks, p50. */
  readonly tripNs: number;
  readonly tripRatio: Ratio;
  readonly nsPerMessage: number;
  readonly streamRatio: Ratio;
}

export interface AlternativesResult {
  readonly plan: AlternativesPlan;
  readonly rows: readonly AlternativeRow[];
}

const WARM_UP_MS = 80;

export async function measureAlternatives(
  plan: AlternativesPlan,
  note: (text: string) => void,
): Promise<AlternativesResult> {
  const samples = new Samples();
  const rigs = new Map<string, LaneRig>();
  try {
    for (const [lane, definition] of Object.entries(ALTERNATIVES)) {
      rigs.set(lane, await LaneRig.start(lane, definition));
    }
    for (const rig of rigs.values()) await rig.run({ ms: Math.min(plan.streamMs, WARM_UP_MS) });
    for (let round = 1; round <= plan.rounds; round += 1) {
      note(`alternatives: round ${round} of ${plan.rounds}`);
      for (const design of DESIGN_NAMES) {
        for (const [lane, ms] of [
          [tripsLane(design), plan.tripMs] as const,
          [streamLane(design), plan.streamMs] as const,
        ]) {
          samples.addRun(lane, await rigs.get(lane)!.run({ ms }));
        }
      }
    }
    return { plan, rows: DESIGN_NAMES.map((design) => rowOf(design, samples)) };
  } finally {
    await Promise.all([...rigs.values()].map((rig) => rig.close()));
  }
}

function rowOf(design: string, samples: Samples): AlternativeRow {
  const [trips, stream] = [tripsLane(design), streamLane(design)];
  return {
    design,
    tripNs: middle(samples.of(trips), ({ blockP50Ns }) => blockP50Ns)!,
    tripRatio: ratioOf(samples.costs(tripsLane(PRODUCT), "blockP50"), samples.costs(trips, "blockP50")),
    nsPerMessage: middle(samples.of(stream), ({ nsPerMessage }) => nsPerMessage)!,
    streamRatio: ratioOf(samples.costs(streamLane(PRODUCT), "throughput"), samples.costs(stream, "throughput")),
  };
}
