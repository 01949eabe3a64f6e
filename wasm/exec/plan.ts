/**
 * A plan: when to send how many lots. Times rise strictly and lie in the window, every child has lots, and the children
 * sum to what was planned. A plan is data; `follow` works it off.
 */
import { kernels } from "./kernels.js";

export interface Plan {
  /** When each child is due, microseconds since the epoch. */
  readonly timesUs: Float64Array;
  /** Lots of each child, integers. */
  readonly lots: Float64Array;
}

/** The slices that have lots, of the `count` in the kernels' memory. */
export function planOf(count: number): Plan {
  const { times, lots } = kernels();
  let children = 0;
  for (let slice = 0; slice < count; slice += 1) if (lots[slice]! > 0) children += 1;
  const plan = { timesUs: new Float64Array(children), lots: new Float64Array(children) };
  let child = 0;
  for (let slice = 0; slice < count; slice += 1) {
    if (lots[slice]! === 0) continue;
    plan.timesUs[child] = times[slice]!;
    plan.lots[child] = lots[slice]!;
    child += 1;
  }
  return plan;
}

/** No children at all. */
export function emptyPlan(): Plan {
  return { timesUs: new Float64Array(0), lots: new Float64Array(0) };
}

/** The most slices, of those asked for, that can all have the minimum. */
export function slicesThatFit(slices: number, lots: number, lotsMin: number): number {
  return Math.min(slices, Math.floor(lots / lotsMin));
}
