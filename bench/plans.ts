/** How long each benchmark runs: the full plan of `sluice bench`, under three minutes on two cores. */
import type { DecodePlan } from "./decode/decode.js";
import type { FabricPlan } from "./fabric/fabric.js";
import type { JournalPlan } from "./journal/journal.js";
import type { RecoveryPlan } from "./recovery/recovery.js";
import type { TickToOrderPlan } from "./tick-to-order/tick-to-order.js";

export interface Plans {
  readonly fabric: FabricPlan;
  readonly decode: DecodePlan;
  readonly tickToOrder: TickToOrderPlan;
  readonly journal: JournalPlan;
  readonly recovery: RecoveryPlan;
}

export const FULL_PLANS: Plans = {
  fabric: { rounds: 21, roundTripMs: 200, streamMs: 200 },
  decode: { rounds: 21, roundMs: 60 },
  tickToOrder: {
    warmUp: { framesPerSecond: 10_000, frames: 20_000 },
    schedules: [
      { framesPerSecond: 1_000, frames: 10_000 },
      { framesPerSecond: 10_000, frames: 100_000 },
      { framesPerSecond: 50_000, frames: 150_000 },
    ],
    placements: ["shared", "dedicated"],
    wasted: 0,
  },
  journal: {
    directory: ".sluice",
    syncs: { rounds: 21, syncsPerRound: 50, recordBytes: 512 },
    commits: { modes: ["durable", "fast"], ordersPerSecond: [100, 1_000, 5_000], seconds: 3 },
  },
  recovery: { directory: ".sluice", inputs: 1_000_000, rounds: 5 },
};
