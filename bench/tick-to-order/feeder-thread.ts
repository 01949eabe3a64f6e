/** The thread beside the engine's: it feeds one row of the table after the other and reports what each came to. */
import { parentPort, workerData } from "node:worker_threads";
import { Histogram } from "../../actors/metrics/histogram.js";
import { ThreadContext, type ThreadData } from "../../actors/threads/thread-data.js";
import type { EngineConfig } from "../../engine/index.js";
import { type Percentiles, percentilesOf } from "../latency.js";
import { CollectionProbe, type Collections } from "./collections.js";
import { Feeder, type Schedule } from "./feeder.js";
import type { Tape } from "./tape.js";

export interface FeederThreadData extends ThreadData {
  readonly config: EngineConfig;
  readonly tape: Tape;
  readonly probe: SharedArrayBuffer;
  readonly warmUp: Schedule;
  readonly schedules: readonly Schedule[];
}

export interface Measured extends Schedule {
  readonly achievedPerSecond: number;
  /** From the scheduled moment of a trade's frame to its order in the log. */
  readonly tickToOrder: Percentiles;
  /** Of one input within the engine. */
  readonly inEngine: Percentiles;
  /** From the decoder's end to the engine's beginning. */
  readonly ring: Percentiles;
  readonly inputs: number;
  readonly orders: number;
  /** What `orders` must be: one for every trade fed. */
  readonly ordersDue: number;
  readonly dropped: number;
  readonly collections: Collections;
}

const data = workerData as FeederThreadData;
const context = new ThreadContext("feeds", data);
const feeder = new Feeder(context, data, data.config, data.tape);
const probe = new CollectionProbe(data.probe);
const { counters, histograms, views, map } = context;

feeder.join();
feeder.drain();
feeder.run(data.warmUp);
feeder.drain();
parentPort!.postMessage(data.schedules.map(measure) satisfies Measured[]);

function measure(schedule: Schedule): Measured {
  clearHistograms();
  const before = totals();
  probe.open();
  const achievedPerSecond = feeder.run(schedule);
  feeder.drain();
  const collections = probe.close();
  const after = totals();
  return {
    ...schedule,
    achievedPerSecond,
    tickToOrder: percentilesOf(histograms["tick-to-order"].snapshot()),
    inEngine: percentilesOf(histograms.engine.snapshot()),
    ring: percentilesOf(histograms.ring.snapshot()),
    inputs: after.inputs - before.inputs,
    orders: after.orders - before.orders,
    ordersDue: after.ordersDue - before.ordersDue,
    dropped: after.dropped - before.dropped,
    collections,
  };
}

function totals() {
  const { dropped, ordersDue } = feeder;
  return { inputs: counters.get("engine.inputs"), orders: counters.get("engine.orders"), ordersDue, dropped };
}

/** The engine has drained: nobody writes to them now. */
function clearHistograms(): void {
  for (const at of Object.values(map.histograms)) views.f64.fill(0, at >> 3, (at + Histogram.bytesFor()) >> 3);
}
