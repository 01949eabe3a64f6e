/**
 * Execution schedules by themselves, in Node and browsers: plans that say when to send how much, orders that are worked
 * by what the market does, routing among venues, and what it all has cost. Quantities are integer lots below 2^53,
 * times microseconds, prices ticks; sums are exact, and the same inputs give the same bits everywhere.
 */
import { curveFrom } from "./curve.js";
import { follow } from "./follow.js";
import { iceberg } from "./iceberg.js";
import { pov } from "./pov.js";
import { parentReport } from "./report.js";
import { route } from "./route.js";
import { shortfall, shortfallFrontier } from "./shortfall.js";
import { twap } from "./twap.js";
import { vwap, vwapRemaining } from "./vwap.js";

export { MathArgumentError, MathStateError, MathTypeError } from "../errors.js";
export type { RouteVenue } from "./book.js";
export type { Completion, FollowOptions, PlanFollower } from "./follow.js";
export type { Iceberg, IcebergOptions } from "./iceberg.js";
export type { Plan } from "./plan.js";
export type { Pov, PovOptions } from "./pov.js";
export type { ParentFills, ParentReport } from "./report.js";
export type { RouteCosts, RouteOptions, Routing } from "./route.js";
export type { Frontier, ImpactModel, ShortfallOptions, ShortfallPlan, ShortfallWindow } from "./shortfall.js";
export type { Jitter, TwapOptions } from "./twap.js";
export type { VwapOptions, VwapPlan, VwapProgress } from "./vwap.js";
export type { WorkingOrder } from "./working.js";

export const exec = Object.freeze({
  twap,
  vwap,
  vwapRemaining,
  curveFrom,
  shortfall,
  shortfallFrontier,
  iceberg,
  pov,
  follow,
  route,
  parentReport,
});
