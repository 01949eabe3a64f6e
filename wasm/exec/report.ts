/**
 * What working an order has cost, against the price on arrival and against the market. Sums are of differences from the
 * benchmark, compensated, so that small slippage at a high price keeps its digits.
 */
import { MathArgumentError, MathTypeError } from "../errors.js";
import { checkOptions, INTEGER_MAX, integer, integerAt, number, signOf } from "./arguments.js";

export interface ParentFills {
  readonly side: "buy" | "sell";
  /** Integer lots that were to be done. */
  readonly lots: number;
  /** The price when the decision was made, usually the mid, ticks. */
  readonly arrivalTicks: number;
  /** Price of each fill, ticks. */
  readonly fillTicks: Float64Array;
  /** Integer lots of each fill. */
  readonly fillLots: Float64Array;
  /** Fees paid in all, ticks × lots; below 0 when rebates outweigh them. Default 0. */
  readonly fees?: number;
  /** Integer lots that others traded meanwhile. */
  readonly marketLots: number;
  /** The volume-weighted average price of the market meanwhile, ticks. */
  readonly marketVwapTicks: number;
  /** The price at the end, ticks: what was not done would cost that now. Default: as on arrival. */
  readonly finalTicks?: number;
}

/** Above 0 is against us. What needs a fill is NaN without one. */
export interface ParentReport {
  readonly executedLots: number;
  /** Lots that were to be done and were not. */
  readonly unfilledLots: number;
  readonly averageTicks: number;
  /** Average fill against arrival, ticks a lot and in basis points of the arrival price. */
  readonly slippageTicks: number;
  readonly slippageBps: number;
  /** Average fill against the market's VWAP, ticks a lot and in basis points of it. */
  readonly vwapSlippageTicks: number;
  readonly vwapSlippageBps: number;
  /** Perold's implementation shortfall: slippage of what was done, fees, and the move of what was not; ticks × lots. */
  readonly shortfall: number;
  /** Of the value of the whole order on arrival. */
  readonly shortfallBps: number;
  /** own / (own + market); NaN when nobody traded. */
  readonly participation: number;
}

const NAMES = [
  ...["side", "lots", "arrivalTicks", "fillTicks", "fillLots", "fees"],
  ...["marketLots", "marketVwapTicks", "finalTicks"],
];
const TICKS_MAX = 2 ** 31 - 1;
const BPS = 10_000;

/** The report of a parent. Throws MathTypeError and MathArgumentError. */
export function parentReport(fills: ParentFills): ParentReport {
  checkOptions(fills, NAMES);
  const sign = signOf(fills.side);
  const lots = integer("lots", fills.lots, 1);
  const arrival = number("arrivalTicks", fills.arrivalTicks, -TICKS_MAX, TICKS_MAX);
  const market = integer("marketLots", fills.marketLots);
  const vwap = number("marketVwapTicks", fills.marketVwapTicks, -TICKS_MAX, TICKS_MAX);
  const final = number("finalTicks", fills.finalTicks ?? arrival, -TICKS_MAX, TICKS_MAX);
  const fees = number("fees", fills.fees ?? 0, -1e100, 1e100);
  const executedLots = checkFills(fills);

  const unfilledLots = Math.max(0, lots - executedLots);
  const slip = sign * excessOver(fills, arrival);
  const slippageTicks = slip / executedLots;
  const vwapSlippageTicks = (sign * excessOver(fills, vwap)) / executedLots;
  const shortfall = slip + fees + unfilledLots * sign * (final - arrival);
  return {
    executedLots,
    unfilledLots,
    averageTicks: arrival + sign * slippageTicks,
    slippageTicks,
    slippageBps: (slippageTicks / Math.abs(arrival)) * BPS,
    vwapSlippageTicks,
    vwapSlippageBps: (vwapSlippageTicks / Math.abs(vwap)) * BPS,
    shortfall,
    shortfallBps: (shortfall / (Math.abs(arrival) * lots)) * BPS,
    participation: executedLots / (executedLots + market),
  };
}

/** Returns the lots of all fills. */
function checkFills({ fillTicks, fillLots }: ParentFills): number {
  if (!(fillTicks instanceof Float64Array)) throw new MathTypeError("fillTicks", fillTicks, "a Float64Array");
  if (!(fillLots instanceof Float64Array)) throw new MathTypeError("fillLots", fillLots, "a Float64Array");
  if (fillLots.length !== fillTicks.length) {
    throw new MathArgumentError("fillLots.length", fillLots.length, `the length of fillTicks, ${fillTicks.length}`);
  }
  let sum = 0;
  fillLots.forEach((_, fill) => {
    sum += integerAt("fillLots", fillLots, fill, 1, INTEGER_MAX - sum);
    number(`fillTicks[${fill}]`, fillTicks[fill], -TICKS_MAX, TICKS_MAX);
  });
  return sum;
}

/** Σ lots × (price − benchmark), by Neumaier's compensated sum. */
function excessOver({ fillTicks, fillLots }: ParentFills, benchmark: number): number {
  let sum = 0;
  let lost = 0;
  fillTicks.forEach((price, fill) => {
    const term = fillLots[fill]! * (price - benchmark);
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  });
  return sum + lost;
}
