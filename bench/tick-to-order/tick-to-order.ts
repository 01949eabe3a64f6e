/**
 * The tick-to-order benchmark: open loop, from frame bytes on a schedule to the order in the engine's log, through
 * the real intake, the market ring and the real engine thread, sleeping when idle (shared) and spinning (dedicated).
 * The order's way on, over the disk and the network, is no part of it; neither is the socket that a frame would have
 * come from.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { ControlDesk } from "../../actors/control-desk.js";
import { NodeDisk } from "../../actors/disk/node-disk.js";
import { storeBundles } from "../../actors/journal/journal-directory.js";
import type { Placement } from "../../actors/placement.js";
import { prepareMemory } from "../../actors/prepare-memory.js";
import { ThreadContext } from "../../actors/threads/thread-data.js";
import { DEFAULT_PAPER, type EngineConfig } from "../../engine/index.js";
import { LifeStart, Mode } from "../../schemas/index.js";
import { nextMessage, readyMessage, startBuiltWorker } from "../built-worker.js";
import { SPECS } from "../decode/frames.js";
import { PROBE_BYTES } from "./collections.js";
import type { Schedule } from "./feeder.js";
import type { FeederThreadData, Measured } from "./feeder-thread.js";
import { STRATEGY_TEXT, strategyConfig } from "./strategy.js";
import { makeTape, type Tape } from "./tape.js";

export interface TickToOrderPlan {
  readonly warmUp: Schedule;
  readonly schedules: readonly Schedule[];
  readonly placements: readonly Placement[];
  /** Turns of a useless loop before each order, for the negative control; 0 otherwise. */
  readonly wasted: number;
}

export interface TickToOrderRow extends Measured {
  readonly placement: Placement;
  readonly targetNs: number;
  readonly met: boolean;
  /** The rate was not reached, or frames were dropped: the percentiles are those of an overload. */
  readonly overloaded: boolean;
  /** Null when something was collected, and growth is not what was allocated. */
  readonly bytesPerInput: number | null;
}

export interface TickToOrderResult {
  readonly plan: TickToOrderPlan;
  readonly rows: readonly TickToOrderRow[];
}

/** p50 of tick-to-order on two cores. */
export const TARGET_NS: Readonly<Record<Placement, number>> = { shared: 100_000, dedicated: 10_000 };
const REACHED = 0.99;
/** The engine's as the engine has it. The feeder's clock makes garbage while it waits: room to let it lie. */
const HEAP_MIB = { young: 48, old: 256, feederYoung: 384 };
/** So wide that every order of the benchmark passes. */
const RISK = { maxPosition: "1000000", maxOrderValue: "100000", maxDailyLoss: "1000000" };

export async function measureTickToOrder(
  plan: TickToOrderPlan,
  note: (text: string) => void,
): Promise<TickToOrderResult> {
  note("tick-to-order: making the tape");
  const tape = makeTape();
  const rows: TickToOrderRow[] = [];
  for (const placement of plan.placements) {
    note(`tick-to-order: ${placement}, ${plan.schedules.map((each) => each.framesPerSecond).join(", ")} frames/s`);
    rows.push(...(await measurePlacement(placement, plan, tape)));
  }
  return { plan, rows };
}

async function measurePlacement(placement: Placement, plan: TickToOrderPlan, tape: Tape): Promise<TickToOrderRow[]> {
  const config: EngineConfig = {
    ...{ format: 1, currency: "USDT", seed: 1, instruments: SPECS, risk: RISK, paper: DEFAULT_PAPER },
    strategies: [strategyConfig(plan.wasted)],
  };
  const memory = prepareMemory(placement);
  const context = new ThreadContext("main", memory);
  const probe = new SharedArrayBuffer(PROBE_BYTES);
  // The engine recovers what is there, which is its strategy and no record.
  const directory = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  storeBundles(new NodeDisk(), directory, new Map([[config.strategies[0].bundle, STRATEGY_TEXT]]));
  const engine = startBuiltWorker("tick-to-order/engine-thread.js", {
    workerData: { ...memory, agent: "engine", crew: ["engine"], config, directory, simulated: true, probe },
    resourceLimits: { maxYoungGenerationSizeMb: HEAP_MIB.young, maxOldGenerationSizeMb: HEAP_MIB.old },
    name: "sluice-engine",
  });
  const ended = once(engine, "exit");
  try {
    await readyMessage(engine);
    const bell = context.controls.engine.doorbell;
    new ControlDesk(context.producer("control"), bell, context.nowUs).configure(config, 1, Mode.Paper, LifeStart.Fresh);
    const data: FeederThreadData = { ...memory, config, tape, probe, warmUp: plan.warmUp, schedules: plan.schedules };
    const measured = await whileRunning(engine, feed(data));
    return measured.map((each) => judge(placement, each));
  } finally {
    context.controls.engine.requestStop();
    await ended;
    rmSync(directory, { recursive: true });
  }
}

async function feed(workerData: FeederThreadData): Promise<Measured[]> {
  const feeder = startBuiltWorker("tick-to-order/feeder-thread.js", {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: HEAP_MIB.feederYoung },
    name: "bench-feeder",
  });
  try {
    return await nextMessage<Measured[]>(feeder);
  } finally {
    await feeder.terminate();
  }
}

/** A dead engine ends the wait. */
async function whileRunning<T>(engine: Worker, work: Promise<T>): Promise<T> {
  const died = once(engine, "exit").then(() =>
    Promise.reject(new Error("the engine's thread ended during the benchmark")),
  );
  died.catch(() => {});
  return Promise.race([work, died]);
}

function judge(placement: Placement, measured: Measured): TickToOrderRow {
  const { tickToOrder, framesPerSecond, achievedPerSecond, dropped, collections, inputs, orders, ordersDue } = measured;
  assert.equal(tickToOrder.count, orders, "every order was timed");
  assert(dropped > 0 || orders === ordersDue, `${ordersDue} orders were due (were ${orders})`);
  const targetNs = TARGET_NS[placement];
  const collected = collections.scavenges + collections.others > 0;
  return {
    ...measured,
    placement,
    targetNs,
    met: tickToOrder.p50 < targetNs,
    overloaded: achievedPerSecond < REACHED * framesPerSecond || dropped > 0,
    bytesPerInput: collected ? null : collections.growthBytes / inputs,
  };
}
