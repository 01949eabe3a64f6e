/**
 * Sleeps again and again beside a benchmark and counts by how much it woke late: what the host does to any thread,
 * whatever the thread runs. It wakes a hundred times a second, which costs the benchmark too little to be seen.
 */
import { workerData } from "node:worker_threads";
import { Histogram } from "../actors/metrics/histogram.js";
import { sharedViewsOf } from "../actors/ring/views.js";
import { HISTOGRAM_AT, type JitterData, SLEEP_MS, STOP_AT } from "./jitter-memory.js";

const { buffer } = workerData as JitterData;
const views = sharedViewsOf(buffer);
const late = new Histogram(views, HISTOGRAM_AT);
while (Atomics.load(views.i32, STOP_AT >> 2) === 0) {
  const beforeMs = performance.now();
  if (Atomics.wait(views.i32, STOP_AT >> 2, 0, SLEEP_MS) !== "timed-out") break;
  late.record((performance.now() - beforeMs - SLEEP_MS) * 1e6);
}
