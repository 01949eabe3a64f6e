/**
 * Time-weighted average price: equal parts at equal distances. What is random is drawn from the caller's seed, and
 * never breaks the sum, the minimum, the order of times or the window.
 */
import { checkOptions, integer, number, parentLots, windowUs } from "./arguments.js";
import { kernels } from "./kernels.js";
import { SLICES_MAX } from "./layout.js";
import { type Plan, planOf, slicesThatFit } from "./plan.js";

export interface TwapOptions {
  /** Of the parent, an integer of at least `lotsMin`. */
  readonly lots: number;
  /** 1 to 10 000. Fewer are planned when the lots do not give each the minimum. */
  readonly slices: number;
  /** Integer microseconds. */
  readonly startUs: number;
  /** Integer microseconds, later than the start by one for each slice at least. */
  readonly endUs: number;
  /** The least that a child may have, an integer of 1 (the default) or more. */
  readonly lotsMin?: number;
  readonly jitter?: Jitter;
}

export interface Jitter {
  /** How far into its slice a child may move, as a part of the slice: 0 (the default) to 1. */
  readonly time?: number;
  /** How much of what it has above the minimum a child may gain or lose: 0 (the default) to 1. */
  readonly size?: number;
  /** An integer from 0; the same seed draws the same plan. */
  readonly seed: number;
}

/**
 * Divides `lots` evenly over n slices by largest remainder, one child at the beginning of each: slice i of n begins at
 * ⌊i × (end − start) / n⌋ after the start. Child sizes differ by one at most, and the larger ones are spread evenly.
 *
 * Jitter moves each child later within its own slice, and exchanges lots between neighbours.
 *
 * Throws MathTypeError and MathArgumentError.
 */
export function twap(options: TwapOptions): Plan {
  checkOptions(options, ["lots", "slices", "startUs", "endUs", "lotsMin", "jitter"]);
  const lotsMin = integer("lotsMin", options.lotsMin ?? 1, 1);
  const lots = parentLots(options.lots, lotsMin);
  const slices = integer("slices", options.slices, 1, SLICES_MAX);
  const width = windowUs(options.startUs, options.endUs, slices);
  const jitter = options.jitter === undefined ? undefined : checkJitter(options.jitter);

  const count = slicesThatFit(slices, lots, lotsMin);
  const { run, weights } = kernels();
  weights.fill(1, 0, count);
  run.apportion(lots, count);
  if (jitter === undefined) {
    run.sliceTimes(count, options.startUs, width);
  } else {
    run.jitterTimes(count, options.startUs, width, jitter.time, jitter.seed);
    run.jitterLots(count, lotsMin, jitter.size, jitter.seed);
  }
  return planOf(count);
}

function checkJitter(jitter: Jitter): Required<Jitter> {
  checkOptions(jitter, ["time", "size", "seed"]);
  return {
    time: number("jitter.time", jitter.time ?? 0, 0, 1),
    size: number("jitter.size", jitter.size ?? 0, 0, 1),
    seed: integer("jitter.seed", jitter.seed),
  };
}
