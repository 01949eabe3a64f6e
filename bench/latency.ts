/**
 * The percentiles of a latency histogram as plain numbers for a table or a file. A percentile is given only when at
 * least ten values lie beyond it: fewer say nothing about it.
 */
import type { HistogramSnapshot } from "../actors/metrics/histogram.js";

/** Nanoseconds; null where there were too few values. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly p9999: number | null;
  readonly max: number;
}

const BEYOND_MIN = 10;

export function percentilesOf(snapshot: HistogramSnapshot): Percentiles {
  const at = (fraction: number): number | null =>
    snapshot.count * (1 - fraction) >= BEYOND_MIN ? snapshot.valueAt(fraction) : null;
  return {
    count: snapshot.count,
    p50: snapshot.p50,
    p90: at(0.9),
    p99: at(0.99),
    p999: at(0.999),
    p9999: at(0.9999),
    max: snapshot.max,
  };
}
