/** The risk gate's answer in words, with the numbers that decided it. */
import { DENY_REASON, FEED_STATE, TRADING_REASON, TRADING_STATE } from "../../actors/words.js";
import { formatMoney, type Instrument, unitsToText } from "../../engine/index.js";
import { ORDERS_WORKING_MAX } from "../../engine/orders/order-table.js";
import type { GateDecision } from "../../research/replay/observer.js";
import { DenyReason } from "../../schemas/index.js";

/** Such as `denied, max-order-value: it is worth 12000.00: over the limit 10000.00`. */
export function gateText(decision: GateDecision, instrument: Instrument): string {
  const { denyReason, numbers } = decision;
  if (denyReason === DenyReason.None) return passed(decision, instrument);
  const why = WHY[denyReason]?.(numbers, instrument) ?? "no number decided it";
  return `denied, ${DENY_REASON[denyReason]}: ${why}`;
}

type Why = (numbers: GateDecision["numbers"], instrument: Instrument) => string;

function passed({ numbers }: GateDecision, { lot }: Instrument): string {
  const value = `it counts ${money(numbers.valueMoney)}`;
  if (numbers.isExit) return `passed as an exit, which no limit holds back: ${value}`;
  const reach = `${unitsToText(numbers.reachLots, lot)}, worth ${money(numbers.reachMoney)}`;
  const limits = [money(numbers.maxOrderValueMoney), money(numbers.maxPositionMoney)];
  return `passed: ${value} of at most ${limits[0]}; the position could reach ${reach} of at most ${limits[1]}`;
}

const WHY: Readonly<Record<number, Why>> = {
  [DenyReason.TradingState]: ({ tradingState, tradingReason, isExit }) =>
    `trading is ${TRADING_STATE[tradingState]} (${TRADING_REASON[tradingReason]}) and the order is ` +
    (isExit ? "an exit, which only halted refuses" : "no exit"),
  [DenyReason.MaxPosition]: (n, { lot }) => {
    const [held, working, more, reach] = [n.positionLots, n.workingLots, n.qtyLots, n.reachLots].map((lots) =>
      unitsToText(lots, lot),
    );
    return (
      `the position is ${held}, ${working} more of that side are at work, with ${more} it could reach ${reach}, ` +
      `worth ${money(n.reachMoney)}: over the limit ${money(n.maxPositionMoney)}`
    );
  },
  [DenyReason.MaxOrderValue]: (n) =>
    `it is worth ${money(n.valueMoney)}: over the limit ${money(n.maxOrderValueMoney)}`,
  [DenyReason.BadPrice]: () => "its price is no whole number of ticks above zero that fits",
  [DenyReason.BadQuantity]: (n, { lot }) =>
    `its quantity is ${quantity(n.qtyLots, lot)}, the smallest order ${unitsToText(n.minLots, lot)}`,
  [DenyReason.FeedNotLive]: (n) => `the feed is ${FEED_STATE[n.feedState]}, not live, and the order is no exit`,
  [DenyReason.TooManyOrders]: (n) => `${n.working} orders are at work, of at most ${ORDERS_WORKING_MAX}`,
  [DenyReason.NoPrice]: () => "no price is known by which it could count",
  [DenyReason.MinNotional]: (n) =>
    `it is worth ${money(n.valueMoney)}: under the instrument's smallest, ${money(n.minNotionalMoney)}`,
};

const quantity = (lots: number, lot: Instrument["lot"]): string =>
  Number.isSafeInteger(lots) ? unitsToText(lots, lot) : String(lots);
const money = (units: number): string =>
  Number.isNaN(units) ? "more than can be counted exactly" : formatMoney(units);
