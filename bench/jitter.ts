/**
 * Watches the machine during a benchmark. A run in which threads woke later than the limit says more about its
 * neighbours than about the code: it is marked INVALID and not to be quoted.
 */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Histogram } from "../actors/metrics/histogram.js";
import { sharedViewsOf } from "../actors/ring/views.js";
import { startBuiltWorker } from "./built-worker.js";
import { HISTOGRAM_AT, JITTER_BYTES, type JitterData, STOP_AT } from "./jitter-memory.js";
import { type Percentiles, percentilesOf } from "./latency.js";

/**
 * A sleeping thread may wake this late in one of a thousand sleeps: where latencies are measured, a little over one
 * slice of the scheduler, and over two where the measured threads spin on every core that there is; where only whole
 * rounds are compared, well below a round. The garbage that peers of the decoder make is collected on the other core,
 * and so delays this thread by itself.
 */
const MEASURED_THREADS = 2;
const LATENCY_LIMIT_NS = availableParallelism() > MEASURED_THREADS ? 5_000_000 : 10_000_000;
const JITTER_LIMIT_NS = { latency: LATENCY_LIMIT_NS, rounds: 20_000_000 } as const;
export type Measured = keyof typeof JITTER_LIMIT_NS;

export interface Jitter extends Percentiles {
  readonly limitNs: number;
  readonly valid: boolean;
}

/** Runs `work` beside the jitter thread. */
export async function withJitter<T>(
  measured: Measured,
  work: () => Promise<T>,
): Promise<{ result: T; jitter: Jitter }> {
  const views = sharedViewsOf(new SharedArrayBuffer(JITTER_BYTES));
  const data: JitterData = { buffer: views.buffer };
  const worker = startBuiltWorker("jitter-thread.js", { workerData: data, name: "bench-jitter" });
  const ended = once(worker, "exit");
  try {
    const result = await work();
    return { result, jitter: judge(new Histogram(views, HISTOGRAM_AT), JITTER_LIMIT_NS[measured]) };
  } finally {
    Atomics.store(views.i32, STOP_AT >> 2, 1);
    Atomics.notify(views.i32, STOP_AT >> 2);
    await ended;
  }
}

/** In a short run p99.9 is not known; the worst sleep stands in for it. */
function judge(late: Histogram, limitNs: number): Jitter {
  const percentiles = percentilesOf(late.snapshot());
  const worst = late.snapshot().p999;
  return { ...percentiles, p999: worst, limitNs, valid: worst <= limitNs };
}
