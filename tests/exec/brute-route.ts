/**
 * The slow twin of routing: every division of every venue's lots, tried. Costs are in whole ticks, so that they add up
 * exactly.
 */
import type { RouteVenue } from "../../wasm/exec/index.js";

export interface Best {
  readonly filled: number;
  readonly cost: number;
}

/** The most that can be filled, and the least that this costs. */
export function bestDivision(venues: readonly RouteVenue[], lots: number, sign: number, midTicks: number): Best {
  let best = { filled: 0, cost: 0 };
  const search = (index: number, filled: number, cost: number): void => {
    if (filled > lots) return;
    if (index === venues.length) {
      if (filled > best.filled || (filled === best.filled && cost < best.cost)) best = { filled, cost };
      return;
    }
    const venue = venues[index]!;
    for (const size of allowedSizes(venue)) {
      search(index + 1, filled + size, cost + costOfSize(venue, size, sign, midTicks));
    }
  };
  search(0, 0, 0);
  return best;
}

export function allowedSizes({
  lots,
  lotsMin = 0,
  lotsMax = Number.POSITIVE_INFINITY,
  lotSize = 1,
}: RouteVenue): number[] {
  const shown = lots.reduce((sum, each) => sum + each, 0);
  const most = Math.min(shown, lotsMax);
  return Array.from({ length: most + 1 }, (_, size) => size).filter(
    (size) => size === 0 || (size >= lotsMin && size % lotSize === 0),
  );
}

function costOfSize(venue: RouteVenue, size: number, sign: number, midTicks: number): number {
  const { priceTicks, lots, feeTicks = 0, latencyPenaltyTicks = 0 } = venue;
  let left = size;
  let cost = 0;
  for (let level = 0; left > 0; level += 1) {
    const taken = Math.min(left, lots[level]!);
    cost += taken * (sign * (priceTicks[level]! - midTicks) + feeTicks + latencyPenaltyTicks);
    left -= taken;
  }
  return cost;
}
