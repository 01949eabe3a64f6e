/** The whole way from frame bytes to the log in one thread, and what it leaves on its heap. */
import assert from "node:assert/strict";
import { parentPort, workerData } from "node:worker_threads";
import { readClockBasis } from "../../actors/clock.js";
import { openWindow } from "../tick-to-order/collections.js";
import { configOf } from "../tick-to-order/config.js";
import type { FloodPlan } from "../tick-to-order/feeder-thread.js";
import { Pipeline } from "../tick-to-order/pipeline.js";
import type { Tape } from "../tick-to-order/tape.js";
import type { GarbageRow } from "./garbage.js";

export interface PipelineThreadData {
  readonly tape: Tape;
  readonly plan: FloodPlan;
}

const { tape, plan } = workerData as PipelineThreadData;
const pipeline = new Pipeline(configOf(0), tape, readClockBasis());
pipeline.join();
pipeline.run(plan.settleFrames);
let row = measure(1);
while (row.garbage.scavenges > 0 && row.windows < plan.windowsMax) row = measure(row.windows + 1);
parentPort!.postMessage(row);

function measure(windows: number): GarbageRow {
  const { counted, engine, player } = pipeline;
  const before = { messages: counted.messages, orders: engine.ordersSent, trades: player.trades };
  const watch = openWindow();
  const startMs = performance.now();
  pipeline.run(plan.frames);
  const elapsedMs = performance.now() - startMs;
  const garbage = watch.stop();
  const messages = counted.messages - before.messages;
  const orders = engine.ordersSent - before.orders;
  assert.equal(orders, player.trades - before.trades, "every trade led to an order");
  return {
    ...{ thread: "all in one", messages, orders, garbage, windows },
    bytesPerMessage: garbage.allocatedBytes / messages,
    nsPerMessage: (elapsedMs * 1e6) / messages,
  };
}
