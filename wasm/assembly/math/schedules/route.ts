/**
 * The cheapest division of an order among venues, in whole blocks: as many lots as can be filled and, of such
 * divisions, one of the least cost.
 *
 * A venue's book is a list of runs: blocks of one cost, each dearer than those before, so its cost is a convex function
 * of its lots. For convex functions taking the cheapest block next, over all venues, is optimal: were a dearer block
 * taken while a cheaper one was left, exchanging the two would cost less (Fox 1966). Blocks of different sizes and
 * minimums of venues break that: greedy may then end in a part of a block, or below a minimum. It is still a bound, as
 * it minimises over more than what is allowed. So the search branches: where a venue has some lots but fewer than its
 * minimum, into none and at least the minimum; where it has a part of a block, into the blocks below and above; and it
 * leaves a branch whose bound is no better than the best division found. Venues of one block size without minimums need
 * one node. At ROUTE_NODES_MAX nodes, or beneath ROUTE_DEPTH_MAX branches, it settles for the best division so far.
 */
import {
  ROUTE_COSTS, ROUTE_DEPTH_MAX, ROUTE_NODES_MAX, ROUTE_SIZES, ROUTE_VENUES,
  VENUE_BEST, VENUE_BLOCK, VENUE_BYTES, VENUE_END, VENUE_FIRST, VENUE_HIGH, VENUE_LOW, VENUE_MINIMUM, VENUE_TAKEN,
} from "../../../exec/layout";

let last: usize = 0;
let wanted: f64 = 0;
let bestFilled: f64 = 0;
let bestCost: f64 = 0;
let nodes: i32 = 0;
let isComplete: bool = false;

/** Leaves the lots of each venue in its record; returns whether the search was complete. */
export function routeSearch(venues: i32, lots: f64): i32 {
  last = <usize>(ROUTE_VENUES + venues * VENUE_BYTES);
  wanted = lots;
  nodes = 0;
  isComplete = true;
  bestFilled = 0;
  bestCost = 0;
  for (let venue: usize = ROUTE_VENUES; venue < last; venue += VENUE_BYTES) store<f64>(venue, 0, VENUE_BEST);
  search(0);
  return i32(isComplete);
}

function search(depth: i32): void {
  if (nodes == ROUTE_NODES_MAX || depth > ROUTE_DEPTH_MAX) {
    isComplete = false;
    return;
  }
  ++nodes;
  if (!takeLow()) return;
  fill(false);
  if (!isBetter(filled(), cost())) return;
  const venue = violated();
  if (venue == 0) {
    keep();
    return;
  }
  const taken = load<f64>(venue, VENUE_TAKEN);
  const minimum = load<f64>(venue, VENUE_MINIMUM);
  const below = taken < minimum ? 0 : wholeBlocks(venue, taken);
  const above = taken < minimum ? minimum : below + load<f64>(venue, VENUE_BLOCK);
  roundDown();
  fill(true);
  if (isBetter(filled(), cost())) keep();

  const low = load<f64>(venue, VENUE_LOW);
  const high = load<f64>(venue, VENUE_HIGH);
  if (above <= high) {
    store<f64>(venue, above, VENUE_LOW);
    search(depth + 1);
    store<f64>(venue, low, VENUE_LOW);
  }
  if (below >= low) {
    store<f64>(venue, below, VENUE_HIGH);
    search(depth + 1);
    store<f64>(venue, high, VENUE_HIGH);
  }
}

/** Starts from the lower bounds; whether they are no more than what is wanted. */
function takeLow(): bool {
  for (let venue: usize = ROUTE_VENUES; venue < last; venue += VENUE_BYTES) {
    store<f64>(venue, load<f64>(venue, VENUE_LOW), VENUE_TAKEN);
  }
  return filled() <= wanted;
}

/**
 * Takes the cheapest lots next, the earlier venue's among equals, until nothing is wanted or left. When `whole`, only
 * in whole blocks, and none from a venue that stands below its minimum.
 */
function fill(whole: bool): void {
  let left = wanted - filled();
  while (left > 0) {
    let from: usize = 0;
    let lowest: f64 = Infinity;
    for (let venue: usize = ROUTE_VENUES; venue < last; venue += VENUE_BYTES) {
      const next = nextCost(venue);
      if (next >= lowest || (whole && !takesWhole(venue, left))) continue;
      lowest = next;
      from = venue;
    }
    if (from == 0) return;
    const taken = load<f64>(from, VENUE_TAKEN);
    const to = min(load<f64>(runAt(from, taken), ROUTE_SIZES), load<f64>(from, VENUE_HIGH));
    const lots = min(left, to - taken);
    const taking = whole ? wholeBlocks(from, lots) : lots;
    store<f64>(from, taken + taking, VENUE_TAKEN);
    left -= taking;
  }
}

// @ts-ignore: decorator
@inline
function takesWhole(venue: usize, left: f64): bool {
  const block = load<f64>(venue, VENUE_BLOCK);
  return block <= left && load<f64>(venue, VENUE_TAKEN) + block >= load<f64>(venue, VENUE_MINIMUM);
}

/** What the venue's next lot costs; infinite when it may take no more. */
// @ts-ignore: decorator
@inline
function nextCost(venue: usize): f64 {
  const taken = load<f64>(venue, VENUE_TAKEN);
  return taken < load<f64>(venue, VENUE_HIGH) ? load<f64>(runAt(venue, taken), ROUTE_COSTS) : Infinity;
}

/** Where the run of the lot after `taken` lies: as sizes are cumulative, the first run that ends beyond them. */
function runAt(venue: usize, taken: f64): usize {
  let low = <i32>load<f64>(venue, VENUE_FIRST);
  let high = <i32>load<f64>(venue, VENUE_END) - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(<usize>middle << 3, ROUTE_SIZES) > taken) high = middle;
    else low = middle + 1;
  }
  return <usize>low << 3;
}

function filled(): f64 {
  let lots: f64 = 0;
  for (let venue: usize = ROUTE_VENUES; venue < last; venue += VENUE_BYTES) lots += load<f64>(venue, VENUE_TAKEN);
  return lots;
}

function cost(): f64 {
  let sum: f64 = 0;
  for (let venue: usize = ROUTE_VENUES; venue < last; venue += VENUE_BYTES) {
    const taken = load<f64>(venue, VENUE_TAKEN);
    let from: f64 = 0;
    for (let run = <usize>load<f64>(venue, VENUE_FIRST) << 3; from < taken; run += 8) {
      const to = min(load<f64>(run, ROUTE_SIZES), taken);
      sum += (to - from) * load<f64>(run, ROUTE_COSTS);
      from = to;
    }
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function isBetter(lots: f64, sum: f64): bool {
  return lots > bestFilled || (lots == bestFilled && lots > 0 && sum < bestCost);
}

function keep(): void {
  bestFilled = filled();
  bestCost = cost();
  for (let venue: usize = ROUTE_VENUES; venue < last; venue += VENUE_BYTES) {
    store<f64>(venue, load<f64>(venue, VENUE_TAKEN), VENUE_BEST);
  }
}

/** The first venue with a part of a block or less than its minimum; 0 when there is none. */
function violated(): usize {
  for (let venue: usize = ROUTE_VENUES; venue < last; venue += VENUE_BYTES) {
    const taken = load<f64>(venue, VENUE_TAKEN);
    if (taken > 0 && taken < load<f64>(venue, VENUE_MINIMUM)) return venue;
    if (wholeBlocks(venue, taken) != taken) return venue;
  }
  return 0;
}

/** Makes the trial a division that is allowed, with fewer lots. */
function roundDown(): void {
  for (let venue: usize = ROUTE_VENUES; venue < last; venue += VENUE_BYTES) {
    const lots = wholeBlocks(venue, load<f64>(venue, VENUE_TAKEN));
    store<f64>(venue, lots < load<f64>(venue, VENUE_MINIMUM) ? 0 : lots, VENUE_TAKEN);
  }
}

// @ts-ignore: decorator
@inline
function wholeBlocks(venue: usize, lots: f64): f64 {
  return lots - <f64>(<i64>lots % <i64>load<f64>(venue, VENUE_BLOCK));
}
