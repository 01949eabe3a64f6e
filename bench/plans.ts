/**
 * How long each benchmark runs: the plan of `sluice bench`, under three minutes on two cores, and the one with the
 * peers of other languages, which takes some minutes more.
 */
import type { AlternativesPlan } from "./alternatives/alternatives.js";
import type { DecodePlan } from "./decode/decode.js";
import type { FabricPlan } from "./fabric/fabric.js";
import type { GarbagePlan } from "./garbage/garbage.js";
import type { GrowthPlan } from "./growth/growth.js";
import type { JournalPlan } from "./journal/journal.js";
import type { LatencyCostPlan } from "./latency-cost/latency-cost.js";
import type { MathPlans } from "./math/math.js";
import type { MessagesPlan } from "./messages/messages.js";
import type { RecoveryPlan } from "./recovery/recovery.js";
import type { TickToOrderPlan } from "./tick-to-order/tick-to-order.js";

export interface Plans {
  readonly ring: FabricPlan;
  readonly messages: MessagesPlan;
  readonly latencyCost: LatencyCostPlan;
  readonly decode: DecodePlan;
  readonly math: MathPlans;
  readonly tickToOrder: TickToOrderPlan;
  readonly garbage: GarbagePlan;
  readonly growth: GrowthPlan;
  readonly journal: JournalPlan;
  readonly recovery: RecoveryPlan;
  readonly alternatives: AlternativesPlan;
}

const LADDER = [10_000, 100_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000] as const;
const BURSTS = { bursts: [1, 10, 100], pausesMs: [0, 1, 10] } as const;

export const FULL_PLANS: Plans = {
  ring: {
    ...{ rounds: 15, tripMs: 80, streamMs: 60 },
    topologies: { rounds: 5, ms: 60 },
    openLoop: { ladder: LADDER, ladderMs: 200, ...BURSTS, burstMs: 120 },
  },
  messages: { rounds: 9, roundMs: 5 },
  latencyCost: { rounds: 15, turns: 10, messages: 2_048 },
  decode: { rounds: 15, roundMs: 60 },
  math: {
    indicators: { rounds: 5, ms: 5 },
    lanes: { rounds: 5, ms: 3 },
    streams: { rounds: 5, ms: 2 },
    regimes: { rounds: 5, ms: 10 },
    risk: { rounds: 5, ms: 60 },
  },
  tickToOrder: {
    warmUp: { framesPerSecond: 10_000, frames: 20_000 },
    schedules: [10_000, 25_000, 50_000, 100_000, 200_000, 400_000].map((framesPerSecond) => ({
      framesPerSecond,
      frames: Math.max(10_000, framesPerSecond / 4),
    })),
    bursts: BURSTS.pausesMs.flatMap((pauseMs) => BURSTS.bursts.map((burst) => ({ burst, pauseMs, bursts: 50 }))),
    placements: ["shared", "dedicated"],
    rounds: {
      ...{ count: 15, controls: 5, serviceFrames: 10_000 },
      schedule: { framesPerSecond: 100_000, frames: 20_000 },
    },
    wasted: 0,
  },
  garbage: {
    threaded: { settleFrames: 1_000_000, frames: 10_000_000, windowsMax: 3 },
    single: { settleFrames: 500_000, frames: 10_000_000, windowsMax: 3 },
  },
  growth: { counts: [1, 10, 100, 1_000, 10_000], rounds: 15, messagesPerRound: 20_000, warmUp: 40_000 },
  journal: {
    directory: ".sluice",
    syncs: { rounds: 15, syncsPerRound: 50, recordBytes: 512 },
    commits: { modes: ["durable", "fast"], ordersPerSecond: [100, 1_000, 5_000], seconds: 2 },
  },
  recovery: { directory: ".sluice", inputs: 1_000_000, rounds: 3 },
  alternatives: { rounds: 15, tripMs: 100, streamMs: 100 },
};

export const PEER_PLANS: Plans = {
  ...FULL_PLANS,
  latencyCost: { rounds: 21, turns: 20, messages: 2_048 },
  math: {
    indicators: { rounds: 15, ms: 15 },
    lanes: { rounds: 15, ms: 10 },
    streams: { rounds: 15, ms: 5 },
    regimes: { rounds: 15, ms: 20 },
    risk: { rounds: 15, ms: 150 },
  },
  ring: {
    ...{ rounds: 21, tripMs: 200, streamMs: 150 },
    topologies: { rounds: 15, ms: 150 },
    openLoop: { ladder: LADDER, ladderMs: 500, ...BURSTS, burstMs: 400 },
  },
};
