/** The risk gate's answer in words, with the numbers that decided it. */
import { DENY_REASON, FEED_STATE, TRADING_REASON, TRADING_STATE } from "../../actors/words.js";
import { formatMoney, type Instrument, unitsToText } from "../../engine/index.js";
import { ORDERS_WORKING_MAX } from "../../engine/orders/order-table.js";
import type { GateDecision } from "../../research/replay/observer.js";
import { DenyReason } from "../../schemas/index.js";

/** Such as `denied, max-position: the position could reach 0.41, worth 26650.00, over the limit 25000.00`. */
export function gateText(decision: GateDecision, instrument: Instrument): string {
  const { denyReason } = decision;
  if (denyReason === DenyReason.None) return passed(decision, instrument);
  return `denied, ${DENY_REASON[denyReason]}: ${WHY[denyReason]?.(decision.numbers, instrument) ?? "no number decided it"}`;
}

type Why = (numbers: GateDecision["numbers"], instrument: Instrument) => string;

function passed({ numbers }: GateDecision, { lot }: Instrument): string {
  const value = `it counts ${money(numbers.valueMoney)}`;
  if (numbers.isExit) return `passed as an exit, which no limit holds back: ${value}`;
  return (
    `passed: ${value} of at most ${money(numbers.maxOrderValueMoney)}; the position could reach ` +
    `${unitsToText(numbers.reachLots, lot)}, worth ${money(numbers.reachMoney)} of at most ${money(numbers.maxPositionMoney)}`
  );
}

const WHY: Readonly<Record<number, Why>> = {
  [DenyReason.TradingState]: ({ tradingState, tradingReason, isExit }) =>
    `trading is ${TRADING_STATE[tradingState]} (${TRADING_REASON[tradingReason]}) and the order is ` +
    (isExit ? "an exit, which only halted refuses" : "no exit"),
  [DenyReason.MaxPosition]: (n, { lot }) =>
    `the position is ${unitsToText(n.positionLots, lot)}, ${unitsToText(n.workingLots, lot)} more of that side are at work, ` +
    `with ${unitsToText(n.qtyLots, lot)} it could reach ${unitsToText(n.reachLots, lot)}, worth ${money(n.reachMoney)}: ` +
    `over the limit ${money(n.maxPositionMoney)}`,
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
