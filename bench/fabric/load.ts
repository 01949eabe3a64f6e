/** The ring under load that does not wait: a ladder of rates to the first that is not reached, and a grid of bursts. */
import type { HistogramSnapshot } from "../../actors/metrics/histogram.js";
import { type Percentiles, percentilesOf } from "../latency.js";
import { LANES, type LaneName } from "./lanes.js";
import type { Schedule } from "./open-loop.js";
import { LaneRig } from "./rig.js";

export interface OpenLoopPlan {
  /** Messages a second, ascending. */
  readonly ladder: readonly number[];
  readonly ladderMs: number;
  readonly bursts: readonly number[];
  readonly pausesMs: readonly number[];
  readonly burstMs: number;
}

/** Latencies in nanoseconds, from the moment a message was due until it was read. */
export interface LadderRow extends Percentiles {
  readonly perSecond: number;
  readonly achievedPerSecond: number;
  /** Otherwise the percentiles are those of an overload. */
  readonly reached: boolean;
  readonly meanBatch: number;
  readonly bytesPerMessage: number;
  readonly scavenges: number;
}

export interface BurstRow extends Percentiles {
  readonly receiver: "spins" | "sleeps";
  readonly burst: number;
  readonly pauseMs: number;
  readonly achievedPerSecond: number;
  readonly meanBatch: number;
}

interface Context {
  readonly note: (text: string) => void;
  readonly keep: (name: string, latency: HistogramSnapshot) => void;
}

const SPINS = "ring, scheduled, receiver spins";
const SLEEPS = "ring, scheduled, receiver sleeps";
const REACHED = 0.99;
const WARM_UP = { ms: 150, perSecond: 1_000_000 };

export async function measureLadder(plan: OpenLoopPlan, { note, keep }: Context): Promise<LadderRow[]> {
  return withRig(SPINS, async (run) => {
    const rows: LadderRow[] = [];
    for (const perSecond of plan.ladder) {
      note(`fabric: ${perSecond} messages/s`);
      const { messages, seconds, meanBatch, latency, garbage } = await run({ perSecond }, plan.ladderMs);
      // The last message is due one interval before the end of its time.
      const achievedPerSecond = messages / Math.max(seconds, messages / perSecond);
      const reached = achievedPerSecond >= REACHED * perSecond;
      keep(`ring, ${perSecond} messages a second`, latency);
      rows.push({
        ...{ perSecond, achievedPerSecond, reached, meanBatch, ...percentilesOf(latency) },
        bytesPerMessage: Math.max(0, garbage.allocatedBytes) / messages,
        scavenges: garbage.scavenges,
      });
      if (!reached) break;
    }
    return rows;
  });
}

export async function measureBursts(plan: OpenLoopPlan, { note }: Context): Promise<BurstRow[]> {
  const rows: BurstRow[] = [];
  for (const [receiver, lane] of [["spins", SPINS] as const, ["sleeps", SLEEPS] as const]) {
    note(`fabric: bursts, the receiver ${receiver}`);
    await withRig(lane, async (run) => {
      for (const pauseMs of plan.pausesMs) {
        for (const burst of plan.bursts) {
          const { messages, seconds, meanBatch, latency } = await run({ burst, pauseMs }, plan.burstMs);
          const achievedPerSecond = messages / seconds;
          rows.push({ receiver, burst, pauseMs, achievedPerSecond, meanBatch, ...percentilesOf(latency) });
        }
      }
    });
  }
  return rows;
}

type Run = (schedule: Schedule, ms: number) => ReturnType<LaneRig["run"]>;

async function withRig<T>(lane: LaneName, work: (run: Run) => Promise<T>): Promise<T> {
  const rig = await LaneRig.start(lane, LANES[lane]);
  try {
    const run: Run = (schedule, ms) => rig.run({ schedule, ms });
    await run({ perSecond: WARM_UP.perSecond }, WARM_UP.ms);
    return await work(run);
  } finally {
    await rig.close();
  }
}
