/**
 * The thread beside the engine's: it feeds one row of the table after the other, or paired rounds, or a flood, and
 * reports what each came to.
 */
import { parentPort, workerData } from "node:worker_threads";
import { pinThisThread, usableCores } from "../../actors/affinity.js";
import { ThreadContext, type ThreadData } from "../../actors/threads/thread-data.js";
import type { EngineConfig } from "../../engine/index.js";
import type { Garbage } from "../fabric/garbage.js";
import { type Percentiles, percentilesOf } from "../latency.js";
import { CollectionProbe, openWindow } from "./collections.js";
import { type Bursts, Feeder, REACHED, type Schedule } from "./feeder.js";
import { Host } from "./guest.js";
import { Pipeline } from "./pipeline.js";
import type { Tape } from "./tape.js";

export interface FeederThreadData extends ThreadData {
  readonly config: EngineConfig;
  readonly tape: Tape;
  readonly probe: SharedArrayBuffer;
  readonly guest: SharedArrayBuffer;
  readonly task: Task;
}

/** Each part that is there is done after the warm-up, in this order: a rate that is not reached costs frames. */
export interface Task {
  readonly warmUp: Schedule;
  readonly flood?: FloodPlan;
  readonly rounds?: RoundsPlan;
  readonly bursts?: readonly Bursts[];
  /** The rows end with the first whose rate was not reached. */
  readonly schedules?: readonly Schedule[];
}

export interface RoundsPlan {
  readonly count: number;
  /** The threaded half of a round. */
  readonly schedule: Schedule;
  /** Its other half: frames through the single thread, back to back. */
  readonly serviceFrames: number;
}

export interface FloodPlan {
  /** Until V8 has compiled all of it, and what it compiled has settled. */
  readonly settleFrames: number;
  readonly frames: number;
  /** Windows that are tried: V8's compiler may still be at work in one. */
  readonly windowsMax: number;
}

export interface Window {
  readonly achievedPerSecond: number;
  /** From the scheduled moment of a trade's frame to its order in the log. */
  readonly tickToOrder: Percentiles;
  /** Of one input within the engine. */
  readonly inEngine: Percentiles;
  /** From the engine's beginning with an input to the publication of its order. */
  readonly command: Percentiles;
  /** From the decoder's end to the engine's beginning. */
  readonly ring: Percentiles;
  readonly inputs: number;
  readonly orders: number;
  /** What `orders` must be: one for every trade fed. */
  readonly ordersDue: number;
  readonly dropped: number;
  /** Inputs taken in one duty cycle that took any. */
  readonly meanBatch: number;
  /** Of the engine's thread, and of the one that decodes. */
  readonly engineGarbage: Garbage;
  readonly feederGarbage: Garbage;
}

export type Measured = Schedule & Window;
export type MeasuredBursts = Bursts & Window;

/** Nanoseconds. */
export interface Round {
  readonly hopNs: number;
  readonly serviceNs: number;
  readonly p50Ns: number;
  readonly p999Ns: number;
  readonly commandNs: number;
  readonly orders: number;
}

export interface Flooded extends Window {
  readonly frames: number;
  readonly messages: number;
  readonly windows: number;
}

export interface Fed {
  readonly rows: readonly Measured[];
  readonly bursts: readonly MeasuredBursts[];
  readonly rounds: readonly Round[];
  readonly flood: Flooded | null;
  /** What the two threads ran on; empty where they could not be pinned. */
  readonly cores: readonly number[];
}

const SERVICE_WARM_UP = 50_000;

const data = workerData as FeederThreadData;
const { schedules = [], bursts = [], rounds, flood, warmUp } = data.task;
const usable = usableCores();
const isPinned = usable.length > 1 && pinThisThread([usable[0]]);
const context = new ThreadContext("feeds", data);
const feeder = new Feeder(context, data, data.config, data.tape);
const probe = new CollectionProbe(data.probe);
const host = new Host(data.guest);
const { counters, histograms } = context;

feeder.join();
feeder.drain();
feeder.run(warmUp);
feeder.drain();
parentPort!.postMessage({
  flood: flood === undefined ? null : flooded(flood),
  rounds: rounds === undefined ? [] : paired(rounds),
  bursts: bursts.map((each) => ({ ...each, ...measure(() => feeder.runBursts(each)) })),
  rows: ladder(),
  cores: isPinned ? usable.slice(0, 2) : [],
} satisfies Fed);

/** From rate to rate, to the first that is not reached. */
function ladder(): Measured[] {
  const rows: Measured[] = [];
  for (const schedule of schedules) {
    const window = measure(() => feeder.run(schedule));
    rows.push({ ...schedule, ...window });
    if (window.achievedPerSecond < REACHED * schedule.framesPerSecond || window.dropped > 0) break;
  }
  return rows;
}

function measure(run: () => number): Window {
  for (const histogram of Object.values(histograms)) histogram.clear();
  const before = totals();
  probe.open();
  const watch = openWindow();
  const achievedPerSecond = run();
  const feederGarbage = watch.stop();
  feeder.drain();
  const engineGarbage = probe.close();
  const after = totals();
  return {
    achievedPerSecond,
    tickToOrder: percentilesOf(histograms["tick-to-order"].snapshot()),
    inEngine: percentilesOf(histograms.engine.snapshot()),
    command: percentilesOf(histograms.command.snapshot()),
    ring: percentilesOf(histograms.ring.snapshot()),
    inputs: after.inputs - before.inputs,
    orders: after.orders - before.orders,
    ordersDue: after.ordersDue - before.ordersDue,
    dropped: after.dropped - before.dropped,
    meanBatch: (after.items - before.items) / Math.max(after.busy - before.busy, 1),
    engineGarbage,
    feederGarbage,
  };
}

function totals() {
  const { dropped, ordersDue } = feeder;
  const { items, busy } = context.controls.engine.duty(context.nowUs());
  return {
    ...{ inputs: counters.get("engine.inputs"), orders: counters.get("engine.orders") },
    ...{ ordersDue, dropped, items, busy },
  };
}

/** Hop, single thread, two threads, in every round anew: they share whatever the host does meanwhile. */
function paired({ count, schedule, serviceFrames }: RoundsPlan): Round[] {
  const pipeline = new Pipeline(data.config, data.tape, data.clock);
  pipeline.join();
  host.alone(() => pipeline.run(SERVICE_WARM_UP));
  return Array.from({ length: count }, () => {
    const hopNs = host.hopNs();
    pipeline.tickToOrder.clear();
    host.alone(() => pipeline.run(serviceFrames));
    for (const histogram of Object.values(histograms)) histogram.clear();
    feeder.run(schedule);
    feeder.drain();
    const whole = histograms["tick-to-order"].snapshot();
    return {
      hopNs,
      serviceNs: pipeline.tickToOrder.snapshot().p50,
      ...{ p50Ns: whole.p50, p999Ns: whole.p999, orders: whole.count },
      commandNs: histograms.command.snapshot().p50,
    };
  });
}

/** The last window: the first in which nothing was collected, if there was one. */
function flooded({ settleFrames, frames, windowsMax }: FloodPlan): Flooded {
  feeder.flood(settleFrames);
  feeder.drain();
  for (let windows = 1; ; windows += 1) {
    const before = feeder.messages;
    const window = measure(() => {
      const startMs = performance.now();
      feeder.flood(frames);
      return (frames * 1000) / (performance.now() - startMs);
    });
    const collections = window.engineGarbage.scavenges + window.feederGarbage.scavenges;
    if (collections === 0 || windows === windowsMax)
      return { ...window, frames, messages: feeder.messages - before, windows };
  }
}
