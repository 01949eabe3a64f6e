/**
 * A volume curve: what share of a day's volume each part of the day has, estimated from past days.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { integer } from "./arguments.js";
import { SLICES_MAX } from "./layout.js";

const DAYS_MAX = 100_000;

/**
 * The mean over days of each bucket's share of its day: a busy day counts no more than a quiet one, and a day without
 * volume does not count. `volumes` holds days × buckets numbers of at least 0, one day after another. Returns `buckets`
 * shares that sum to 1 within rounding. Throws MathTypeError and MathArgumentError.
 */
export function curveFrom(volumes: Float64Array, buckets: number): Float64Array {
  if (!(volumes instanceof Float64Array)) throw new MathTypeError("volumes", volumes, "a Float64Array");
  integer("buckets", buckets, 1, SLICES_MAX);
  const days = volumes.length / buckets;
  if (!(Number.isInteger(days) && days >= 1 && days <= DAYS_MAX)) {
    throw new MathArgumentError("volumes.length", volumes.length, `1 to ${DAYS_MAX} times buckets, ${buckets}`);
  }
  const wrong = volumes.findIndex((volume) => volume !== 0 && !(volume >= 1e-100 && volume <= 1e100));
  if (wrong >= 0)
    throw new MathArgumentError(`volumes[${wrong}]`, volumes[wrong], "0 or a number from 1e-100 to 1e100");

  const curve = new Float64Array(buckets);
  let counted = 0;
  for (let day = 0; day < days; day += 1) counted += addShares(curve, volumes, day * buckets);
  if (counted === 0) throw new MathArgumentError("the sum of volumes", 0, "a day with volume");
  return curve.map((sum) => sum / counted);
}

/** Adds the shares of one day; returns how many days that is, 0 or 1. */
function addShares(curve: Float64Array, volumes: Float64Array, from: number): 0 | 1 {
  let total = 0;
  for (let bucket = 0; bucket < curve.length; bucket += 1) total += volumes[from + bucket]!;
  if (total === 0) return 0;
  for (let bucket = 0; bucket < curve.length; bucket += 1) {
    curve[bucket] = curve[bucket]! + volumes[from + bucket]! / total;
  }
  return 1;
}
