/**
 * A venue as a router sees it: what it shows, what it charges, what it takes. Its book becomes runs of blocks, each
 * dearer than those before.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { checkOptions, INTEGER_MAX, integer, integerAt, number } from "./arguments.js";
import type { Kernels } from "./kernels.js";
import { VENUE_BLOCK, VENUE_BYTES, VENUE_END, VENUE_FIRST, VENUE_HIGH, VENUE_LOW, VENUE_MINIMUM } from "./layout.js";

export interface RouteVenue {
  /** Prices of the side we take from, best first, integer ticks; at most 512. */
  readonly priceTicks: Float64Array;
  /** Integer lots of each. */
  readonly lots: Float64Array;
  /** Of the price, −1000 to 1000; below 0 is a rebate. Default 0. */
  readonly feeBps?: number;
  /** Ticks a lot, beside feeBps. Default 0. */
  readonly feeTicks?: number;
  /** What we expect the price to move against us until our order is there, ticks a lot, 0 or more. Default 0. */
  readonly latencyPenaltyTicks?: number;
  /** The least that the venue takes, if it takes any. Default 0. */
  readonly lotsMin?: number;
  /** The most that we may send there. Default: all it shows. */
  readonly lotsMax?: number;
  /** Orders are whole multiples of it. Default 1. */
  readonly lotSize?: number;
}

const LEVELS_MAX = 512;
const TICKS_MAX = 2 ** 31 - 1;
const SPAN = VENUE_BYTES >> 3;
const NAMES = [
  ...["priceTicks", "lots", "feeBps", "feeTicks", "latencyPenaltyTicks"],
  ...["lotsMin", "lotsMax", "lotSize"],
];

/** Throws MathTypeError and MathArgumentError, which name the venue by its place. */
export function checkVenue(venue: RouteVenue, index: number, sign: number): void {
  const name = `venues[${index}]`;
  checkOptions(venue, NAMES);
  checkLevels(venue, name, sign);
  number(`${name}.feeBps`, venue.feeBps ?? 0, -1000, 1000);
  number(`${name}.feeTicks`, venue.feeTicks ?? 0, -TICKS_MAX, TICKS_MAX);
  number(`${name}.latencyPenaltyTicks`, venue.latencyPenaltyTicks ?? 0, 0, TICKS_MAX);
  const least = integer(`${name}.lotsMin`, venue.lotsMin ?? 0);
  integer(`${name}.lotsMax`, venue.lotsMax ?? INTEGER_MAX, least);
  integer(`${name}.lotSize`, venue.lotSize ?? 1, 1);
}

function checkLevels({ priceTicks, lots }: RouteVenue, name: string, sign: number): void {
  if (!(priceTicks instanceof Float64Array))
    throw new MathTypeError(`${name}.priceTicks`, priceTicks, "a Float64Array");
  if (!(lots instanceof Float64Array)) throw new MathTypeError(`${name}.lots`, lots, "a Float64Array");
  const { length } = priceTicks;
  if (length > LEVELS_MAX) throw new MathArgumentError(`${name}.priceTicks.length`, length, `at most ${LEVELS_MAX}`);
  if (lots.length !== length) {
    throw new MathArgumentError(`${name}.lots.length`, lots.length, `the length of priceTicks, ${length}`);
  }
  const [pricesName, lotsName] = [`${name}.priceTicks`, `${name}.lots`];
  let shown = 0;
  for (let level = 0; level < length; level += 1) {
    const price = integerAt(pricesName, priceTicks, level, -TICKS_MAX, TICKS_MAX);
    if (level > 0 && sign * price < sign * priceTicks[level - 1]!) {
      throw new MathArgumentError(`${pricesName}[${level}]`, price, "prices from best to worst");
    }
    shown += integerAt(lotsName, lots, level, 0, INTEGER_MAX - shown);
  }
}

/** What a lot costs at a price, against the reference: ticks. */
export function costOf(venue: RouteVenue, sign: number, referenceTicks: number, priceTicks: number): number {
  const { latencyPenaltyTicks = 0 } = venue;
  return sign * (priceTicks - referenceTicks) + feeOf(venue, priceTicks) + latencyPenaltyTicks;
}

/** Ticks a lot. */
export function feeOf({ feeBps = 0, feeTicks = 0 }: RouteVenue, priceTicks: number): number {
  return (Math.abs(priceTicks) * feeBps) / 10_000 + feeTicks;
}

/** Writes the venue's record and its runs from `first` on; returns where they end. */
export function writeVenue(
  { venues, costs, sizes }: Kernels,
  venue: RouteVenue,
  index: number,
  first: number,
  cost: (priceTicks: number) => number,
): number {
  const { lotSize: block = 1, lotsMin = 0, lotsMax = INTEGER_MAX, priceTicks, lots } = venue;
  let end = first;
  let shown = 0;
  let part = 0;
  let partCost = 0;
  const add = (size: number, each: number): void => {
    if (size === 0) return;
    shown += size;
    sizes[end] = shown;
    costs[end] = each;
    end += 1;
  };
  priceTicks.forEach((price, level) => {
    const each = cost(price);
    const completing = part === 0 ? 0 : Math.min(block - part, lots[level]!);
    part += completing;
    partCost += completing * each;
    if (part === block) {
      add(block, partCost / block);
      part = 0;
    }
    if (part > 0) return;
    const rest = lots[level]! - completing;
    part = rest % block;
    partCost = part * each;
    add(rest - part, each);
  });
  const record = venues.subarray(index * SPAN, (index + 1) * SPAN);
  const most = Math.min(lotsMax, shown);
  const high = most - (most % block);
  const minimum = Math.ceil(lotsMin / block) * block;
  record[VENUE_FIRST >> 3] = first;
  record[VENUE_END >> 3] = end;
  record[VENUE_BLOCK >> 3] = block;
  record[VENUE_MINIMUM >> 3] = minimum;
  record[VENUE_LOW >> 3] = 0;
  record[VENUE_HIGH >> 3] = high < minimum ? 0 : high;
  return end;
}
