/**
 * Where the schedule kernels find their numbers in the math module's workspace, and their limits. Both compilers read
 * this file, so it holds integer constants and nothing else. Nothing in these places outlives a call.
 *
 *   each a slice or bucket of a plan, 80 000 bytes apart:
 *        0  weights     in; not negative
 *        1  lots        out, or in where a plan is changed
 *        2  times       out, microseconds
 *        3  caps        in or out; the most lots that a slice may have
 *        4  remainders  scratch
 *        5  totals      scratch; or the holdings of a trajectory
 *   of a routing:
 *   640 Ki  venues      a record of 64 bytes each
 *   648 Ki  costs       of a lot, by run of blocks
 *   776 Ki  sizes       of the run, in lots
 */
export const SLICES_MAX = 10_000;
export const SCHEDULE_WEIGHTS = 0x80000;
export const SCHEDULE_LOTS = 0x93880;
export const SCHEDULE_TIMES = 0xa7100;
export const SCHEDULE_CAPS = 0xba980;
export const SCHEDULE_REMAINDERS = 0xce200;
export const SCHEDULE_TOTALS = 0xe1a80;

/** Rates are counted in millionths, so that shares of a volume are exact integers. */
export const MILLION = 1_000_000;

export const VENUES_MAX = 16;
export const RUNS_MAX = 16_384;
/** Nodes that a routing searches, and how deep, before it settles for the best division that it has. */
export const ROUTE_NODES_MAX = 5_000;
export const ROUTE_DEPTH_MAX = 1_000;
export const ROUTE_VENUES = 0x120000;
export const ROUTE_COSTS = 0x122000;
export const ROUTE_SIZES = 0x142000;

/** A venue's record, doubles. In: where its runs begin and end, its block, minimum and bounds. */
export const VENUE_BYTES = 64;
export const VENUE_FIRST = 0;
export const VENUE_END = 8;
export const VENUE_BLOCK = 16;
export const VENUE_MINIMUM = 24;
export const VENUE_LOW = 32;
export const VENUE_HIGH = 40;
/** The allocation under trial, and the best one so far. */
export const VENUE_TAKEN = 48;
export const VENUE_BEST = 56;
