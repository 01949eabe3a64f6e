/**
 * A histogram as the text that HdrHistogram's tools and plotters read: the percentile distribution, in microseconds.
 * Values are those that our own percentiles give, each rounded up once more, by at most 1/1024.
 */
import { build } from "hdr-histogram-js";
import type { HistogramSnapshot } from "./histogram.js";

/** Lines until the distance to 100 % has halved. */
const LINES_PER_HALVING = 5;
const NS_PER_US = 1_000;

export function hgrmText(snapshot: HistogramSnapshot): string {
  const histogram = build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const { valueNs, count } of snapshot.values) histogram.recordValueWithCount(Math.ceil(valueNs), count);
  return histogram.outputPercentileDistribution(LINES_PER_HALVING, NS_PER_US);
}
