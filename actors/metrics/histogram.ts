/**
 * Latencies in shared memory: counted by one thread without allocating, read by any. Buckets are exact up to 32 ns
 * and then 32 to an octave, so a value read back is at most 1/32 above the one recorded and never below it. It keeps
 * no order in time, and a snapshot taken while the writer counts may miss its last few values.
 *
 *     0  refused  values that were negative or not a number, counted as 0 too
 *     8  max      the largest value, exact
 *   128  counts   1024 buckets, f64 each: an int32 would wrap after 36 minutes at a million a second
 */
import assert from "node:assert/strict";
import { LINE_PAIR } from "../ring/layout.js";
import type { SharedViews } from "../ring/views.js";

const SUB_BITS = 5;
const SUB_BUCKETS = 1 << SUB_BITS;
/** Values from 2^36 ns (about 69 s) on fall into the last bucket; the maximum still tells their size. */
const RANGE_BITS = 36;
const BUCKETS = SUB_BUCKETS * (RANGE_BITS - SUB_BITS + 1);
const LAST = BUCKETS - 1;
const RANGE_NS = 2 ** RANGE_BITS;

/** From this value on an integer operation would overflow, so the low bits, which no bucket needs, go first. */
const WIDE_NS = 2 ** 31;
const WIDE_SHIFT = 10;

const REFUSED = 0;
const MAX = 8;
const COUNTS = LINE_PAIR;
const END = COUNTS + BUCKETS * 8;

assert(RANGE_BITS - WIDE_SHIFT < 31, "a narrowed value is an int32");
assert(31 - WIDE_SHIFT > SUB_BITS, "narrowing keeps the bits that choose the bucket");

export class Histogram {
  private readonly f64: Float64Array;
  private readonly refused: number;
  private readonly max: number;
  private readonly counts: number;

  /** The histogram at byte `base` of the shared memory, all zero at the start; one thread records. */
  constructor(views: SharedViews, base: number) {
    this.f64 = views.f64;
    this.refused = (base + REFUSED) >> 3;
    this.max = (base + MAX) >> 3;
    this.counts = (base + COUNTS) >> 3;
  }

  static bytesFor(): number {
    return END;
  }

  /** Counts one value, in nanoseconds. */
  record(valueNs: number): void {
    const f64 = this.f64;
    if (!(valueNs >= 0)) {
      // Set to 0 and gone on with, the value might be either sort of number to V8, and be boxed.
      f64[this.refused] += 1;
      f64[this.counts] += 1;
      return;
    }
    f64[this.counts + bucketOf(valueNs)] += 1;
    if (valueNs > f64[this.max]) f64[this.max] = valueNs;
  }

  /** Forgets all; only while nobody records. */
  clear(): void {
    this.f64.fill(0, this.refused, this.counts + BUCKETS);
  }

  snapshot(): HistogramSnapshot {
    const counts = this.f64.slice(this.counts, this.counts + BUCKETS);
    return new HistogramSnapshot(counts, this.f64[this.max], this.f64[this.refused]);
  }
}

/** What a histogram held at one moment, or several merged; a plain value. */
export class HistogramSnapshot {
  readonly count: number;
  /** Nanoseconds, exact; 0 for an empty one. */
  readonly max: number;
  readonly refused: number;
  private readonly counts: Float64Array;

  constructor(counts: Float64Array, max: number, refused: number) {
    this.counts = counts;
    this.count = counts.reduce((sum, count) => sum + count, 0);
    this.max = max;
    this.refused = refused;
  }

  static empty(): HistogramSnapshot {
    return new HistogramSnapshot(new Float64Array(BUCKETS), 0, 0);
  }

  /**
   * The value, in nanoseconds, that the given fraction of all values does not exceed: between the true one and 1/32
   * above it, below 69 s. 0 for an empty snapshot.
   */
  readonly valueAt = (fraction: number): number => {
    if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`a fraction is from 0 to 1 (was ${fraction})`);
    if (this.count === 0) return 0;
    const rank = Math.max(1, Math.ceil(fraction * this.count));
    let seen = 0;
    let bucket = -1;
    while (seen < rank) seen += this.counts[++bucket];
    return bucket === LAST ? this.max : Math.min(highestIn(bucket), this.max);
  };

  get p50(): number {
    return this.valueAt(0.5);
  }

  get p99(): number {
    return this.valueAt(0.99);
  }

  get p999(): number {
    return this.valueAt(0.999);
  }

  /** Every value that was seen, as valueAt gives it, with how often, ascending. */
  get values(): { readonly valueNs: number; readonly count: number }[] {
    const { max, counts } = this;
    const valueIn = (bucket: number): number => (bucket === LAST ? max : Math.min(highestIn(bucket), max));
    return [...counts].flatMap((count, bucket) => (count === 0 ? [] : [{ valueNs: valueIn(bucket), count }]));
  }

  /** Both together, as if one histogram had recorded all. */
  merge(other: HistogramSnapshot): HistogramSnapshot {
    const counts = this.counts.map((count, bucket) => count + other.counts[bucket]);
    return new HistogramSnapshot(counts, Math.max(this.max, other.max), this.refused + other.refused);
  }
}

function bucketOf(valueNs: number): number {
  if (valueNs >= RANGE_NS) return LAST;
  const isWide = valueNs >= WIDE_NS;
  const value = isWide ? (valueNs / (1 << WIDE_SHIFT)) | 0 : valueNs | 0;
  if (value < SUB_BUCKETS) return value;
  const octave = 31 - Math.clz32(value) - SUB_BITS;
  const sub = (value >> octave) & (SUB_BUCKETS - 1);
  return (octave + 1 + (isWide ? WIDE_SHIFT : 0)) * SUB_BUCKETS + sub;
}

/** The largest whole number of nanoseconds that a bucket takes. */
function highestIn(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket;
  const octave = Math.floor(bucket / SUB_BUCKETS) - 1;
  const sub = bucket % SUB_BUCKETS;
  return (SUB_BUCKETS + sub + 1) * 2 ** octave - 1;
}
