/**
 * Smart order routing: which venue gets how much of an order that takes liquidity now. The division is the cheapest of
 * those that fill most; what cannot be filled is told.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { checkOptions, integer, number, signOf } from "./arguments.js";
import { checkVenue, costOf, feeOf, type RouteVenue, writeVenue } from "./book.js";
import { kernels } from "./kernels.js";
import { VENUE_BEST, VENUE_BYTES, VENUES_MAX } from "./layout.js";

export interface RouteOptions {
  readonly side: "buy" | "sell";
  /** An integer of 1 or more. */
  readonly lots: number;
  /** 1 to 16. */
  readonly venues: readonly RouteVenue[];
  /** What half-spreads are measured from, ticks. Default: the best price of all venues. It moves no lot. */
  readonly midTicks?: number;
}

/** Each in ticks × lots, above 0 when it is against us. */
export interface RouteCosts {
  readonly fee: number;
  /** From the mid to the best price of the venue. */
  readonly halfSpread: number;
  /** From there to the prices taken. */
  readonly walk: number;
  readonly latency: number;
}

export interface Routing {
  /** For each venue, integer lots. */
  readonly lots: Float64Array;
  readonly filledLots: number;
  /** What no venue can take. */
  readonly unfilledLots: number;
  /** The sum of `costs`, ticks × lots. */
  readonly cost: number;
  readonly costs: RouteCosts;
  /** Whether no division fills more, or as much for less. False when the search met its limit. */
  readonly isOptimal: boolean;
}

/**
 * The integer division of `lots` among venues that fills most and, of those, costs least: fees + half-spread + walk
 * through the book + latency penalty. Where all venues have one lot size and no minimum, taking the cheapest lots next
 * is optimal; minimums and mixed lot sizes need a search, which is exact up to 5000 nodes (the kernel says how). Of
 * equal costs the earlier venue is filled first.
 *
 * Throws MathTypeError and MathArgumentError.
 */
export function route(options: RouteOptions): Routing {
  checkOptions(options, ["side", "lots", "venues", "midTicks"]);
  const sign = signOf(options.side);
  const wanted = integer("lots", options.lots, 1);
  const venues = checkVenues(options.venues, sign);
  const midTicks = number("midTicks", options.midTicks ?? bestOf(venues, sign), -(2 ** 31), 2 ** 31);

  const shared = kernels();
  let end = 0;
  venues.forEach((venue, index) => {
    end = writeVenue(shared, venue, index, end, (price) => costOf(venue, sign, midTicks, price));
  });
  const unit = venues.map(({ lotSize = 1 }) => lotSize).reduce(greatestDivisor);
  const isOptimal = shared.run.routeSearch(venues.length, wanted - (wanted % unit)) === 1;
  const lots = Float64Array.from(venues, (_, index) => shared.venues[(index * VENUE_BYTES + VENUE_BEST) >> 3]!);
  return { ...summed(venues, lots, sign, midTicks, wanted), lots, isOptimal };
}

function checkVenues(venues: readonly RouteVenue[], sign: number): readonly RouteVenue[] {
  if (!Array.isArray(venues)) throw new MathTypeError("venues", venues, `an array of 1 to ${VENUES_MAX} venues`);
  if (venues.length < 1 || venues.length > VENUES_MAX) {
    throw new MathArgumentError("venues.length", venues.length, `1 to ${VENUES_MAX}`);
  }
  venues.forEach((venue, index) => {
    checkVenue(venue, index, sign);
  });
  return venues;
}

/** 0 when nobody shows a price. */
function bestOf(venues: readonly RouteVenue[], sign: number): number {
  const prices = venues.flatMap(({ priceTicks }) => (priceTicks.length > 0 ? [sign * priceTicks[0]!] : []));
  return prices.length > 0 ? sign * Math.min(...prices) : 0;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function summed(
  venues: readonly RouteVenue[],
  lots: Float64Array,
  sign: number,
  midTicks: number,
  wanted: number,
): Omit<Routing, "lots" | "isOptimal"> {
  const costs = { fee: 0, halfSpread: 0, walk: 0, latency: 0 };
  venues.forEach((venue, index) => {
    let left = lots[index]!;
    costs.latency += left * (venue.latencyPenaltyTicks ?? 0);
    for (let level = 0; left > 0; level += 1) {
      const price = venue.priceTicks[level]!;
      const taken = Math.min(left, venue.lots[level]!);
      costs.fee += taken * feeOf(venue, price);
      costs.halfSpread += taken * sign * (venue.priceTicks[0]! - midTicks);
      costs.walk += taken * sign * (price - venue.priceTicks[0]!);
      left -= taken;
    }
  });
  const filledLots = lots.reduce((sum, each) => sum + each, 0);
  const cost = costs.fee + costs.halfSpread + costs.walk + costs.latency;
  return { filledLots, unfilledLots: wanted - filledLots, cost, costs };
}
