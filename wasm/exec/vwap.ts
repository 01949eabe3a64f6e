/**
 * Volume-weighted average price: children in proportion to a volume curve. A plan made late, or made again on the way,
 * is the same computation over what is left of the window, so there is one of it here.
 */

import { MathArgumentError } from "../errors.js";
import {
  checkOptions,
  checkWeights,
  INTEGER_MAX,
  integer,
  millionthsOf,
  number,
  parentLots,
  windowUs,
} from "./arguments.js";
import { kernels } from "./kernels.js";
import { MILLION, SLICES_MAX } from "./layout.js";
import { emptyPlan, type Plan, planOf } from "./plan.js";

export interface VwapOptions {
  /** Of the parent, an integer of at least 1. */
  readonly lots: number;
  /** A weight for each of the equal buckets of the window: 0, or 1e-150 to 1e150. At most 10 000. */
  readonly curve: Float64Array;
  /** Integer microseconds. */
  readonly startUs: number;
  /** Integer microseconds, later than the start by one for each bucket at least. */
  readonly endUs: number;
  /** The least that a child may have, an integer of 1 (the default) or more. */
  readonly lotsMin?: number;
  /** The most of the volume that may be ours, own / (own + market), 1e-6 to 1 in millionths; needs expectedVolume. */
  readonly participationMax?: number;
  /** What others are expected to trade in the window, integer lots. */
  readonly expectedVolume?: number;
}

export interface VwapProgress {
  /** Microseconds. Before the start it counts as the start; from the end on nothing is planned. */
  readonly nowUs: number;
  /** Integer lots that are done. */
  readonly executedLots: number;
  /** Integer lots of orders that are at the venue or may be: an order of unknown outcome counts in full. */
  readonly liveLots: number;
  /** Integer lots that others have traded in the window so far. Default: as expected. */
  readonly marketLots?: number;
}

export interface VwapPlan extends Plan {
  /** Lots for which participation, the minimum or the end of the window left no room. */
  readonly unplannedLots: number;
}

const NAMES = ["lots", "curve", "startUs", "endUs", "lotsMin", "participationMax", "expectedVolume"];
const PROGRESS = ["nowUs", "executedLots", "liveLots", "marketLots"];

/**
 * Divides `lots` over the buckets in proportion to `curve`, by largest remainder, one child at the beginning of each.
 * A bucket with fewer than `lotsMin` hands them on to a later one. With a cap, a bucket's children are at most
 * ⌊p / (1 − p) × its share of expectedVolume⌋, summed up to any time; what finds no room is told, not planned.
 *
 * Throws MathTypeError and MathArgumentError.
 */
export function vwap(options: VwapOptions): VwapPlan {
  checkOptions(options, NAMES);
  checkParent(options);
  const lots = parentLots(options.lots, options.lotsMin ?? 1);
  return planRest(options, options.startUs, lots, options.expectedVolume ?? 0);
}

/**
 * The plan for what is neither done nor live, over what is left of the window: the present bucket with the part of its
 * weight that is still to come, from now on, and the later buckets. So a late start and a backlog spread over the rest
 * of the curve. When no weight is left, one child is due now.
 *
 * For a cap, the market's rest is forecast as (1 − c) × ((1 − c) × expectedVolume + marketLots), where c is the share
 * of the curve that has passed: at first the expectation, towards the end the pace of the day.
 *
 * Throws MathTypeError and MathArgumentError.
 */
export function vwapRemaining(options: VwapOptions & VwapProgress): VwapPlan {
  checkOptions(options, [...NAMES, ...PROGRESS]);
  checkParent(options);
  const { lots, startUs, endUs, expectedVolume = 0 } = options;
  const now = Math.max(startUs, Math.ceil(number("nowUs", options.nowUs, 0, INTEGER_MAX)));
  const done = integer("executedLots", options.executedLots) + integer("liveLots", options.liveLots);
  const remaining = Math.max(0, lots - done);
  if (options.marketLots !== undefined) integer("marketLots", options.marketLots);
  if (now >= endUs) return { ...emptyPlan(), unplannedLots: remaining };
  const passed = shareBefore(options, now);
  const traded = options.marketLots ?? passed * expectedVolume;
  const rest = Math.floor((1 - passed) * ((1 - passed) * expectedVolume + traded));
  return planRest(options, now, remaining, Math.min(rest, INTEGER_MAX));
}

function checkParent(options: VwapOptions): void {
  const { participationMax, expectedVolume } = options;
  integer("lots", options.lots, 1);
  integer("lotsMin", options.lotsMin ?? 1, 1);
  checkWeights("curve", options.curve, SLICES_MAX);
  windowUs(options.startUs, options.endUs, options.curve.length);
  if (expectedVolume !== undefined) integer("expectedVolume", expectedVolume);
  if (participationMax === undefined) return;
  millionthsOf("participationMax", participationMax);
  if (expectedVolume === undefined) {
    throw new MathArgumentError("expectedVolume", expectedVolume, "lots, which participationMax is a share of");
  }
}

function planRest(options: VwapOptions, nowUs: number, lots: number, marketLots: number): VwapPlan {
  const { lotsMin = 1 } = options;
  if (lots < lotsMin) return { ...emptyPlan(), unplannedLots: lots };
  const { run } = kernels();
  const count = layOut(options, nowUs);
  const unplanned = apportionUnder(options.participationMax, lots, marketLots, count);
  if (lots - unplanned < lotsMin) return { ...emptyPlan(), unplannedLots: lots };
  run.mergeSmall(count, lotsMin);
  return { ...planOf(count), unplannedLots: unplanned };
}

/** Writes weights and times of the buckets from now on; returns how many there are. */
function layOut({ curve, startUs, endUs }: VwapOptions, nowUs: number): number {
  const { weights, times } = kernels();
  const first = bucketAt(curve.length, startUs, endUs, nowUs);
  const count = curve.length - first;
  for (let index = 0; index < count; index += 1) {
    weights[index] = curve[first + index]!;
    times[index] = beginning(first + index, curve.length, startUs, endUs);
  }
  const next = beginning(first + 1, curve.length, startUs, endUs);
  weights[0] = weights[0]! * ((next - nowUs) / (next - times[0]!));
  times[0] = nowUs;
  if (weights.subarray(0, count).every((weight) => weight < 1e-150)) weights[0] = 1;
  return count;
}

/** Returns the lots for which the cap leaves no room. */
function apportionUnder(participation: number | undefined, lots: number, marketLots: number, count: number): number {
  const { run } = kernels();
  const millionths = participation === undefined ? MILLION : millionthsOf("participationMax", participation);
  if (millionths === MILLION) {
    run.apportion(lots, count);
    return 0;
  }
  run.apportion(marketLots, count);
  run.capParticipation(count, millionths);
  return run.apportionCapped(lots, count);
}

/** The share of the curve that has passed. */
function shareBefore({ curve, startUs, endUs }: VwapOptions, nowUs: number): number {
  const present = bucketAt(curve.length, startUs, endUs, nowUs);
  const [from, to] = [0, 1].map((ahead) => beginning(present + ahead, curve.length, startUs, endUs)) as [
    number,
    number,
  ];
  let before = 0;
  let all = 0;
  curve.forEach((weight, bucket) => {
    all += weight;
    if (bucket < present) before += weight;
    if (bucket === present) before += weight * ((nowUs - from) / (to - from));
  });
  return before / all;
}

/** The bucket that a time of the window lies in, or the one that it ends, of which nothing is then to come. */
function bucketAt(buckets: number, startUs: number, endUs: number, nowUs: number): number {
  return kernels().floorOf(nowUs - startUs, buckets, endUs - startUs);
}

function beginning(bucket: number, buckets: number, startUs: number, endUs: number): number {
  return startUs + kernels().floorOf(bucket, endUs - startUs, buckets);
}
