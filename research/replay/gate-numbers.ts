/**
 * What the risk gate weighed for one order, in numbers, at the moment of its answer. It restates `pretrade.ts` for a
 * reader and decides nothing.
 */
import type { Engine } from "../../engine/index.js";
import { OrderStatus, OrderType, Side } from "../../schemas/index.js";

export interface GateNumbers {
  /** Its index. */
  readonly instrument: number;
  readonly tradingState: number;
  readonly tradingReason: number;
  readonly feedState: number;
  /** The order can only bring the strategy's position nearer to zero. */
  readonly isExit: boolean;
  /** Orders at work before it. */
  readonly working: number;
  /** Price at which the order counts; 0 when none is known. */
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly minLots: number;
  /** NaN when the value could not be exact. */
  readonly valueMoney: number;
  readonly minNotionalMoney: number;
  readonly maxOrderValueMoney: number;
  /** The account's position before the order, signed. */
  readonly positionLots: number;
  /** Unfilled lots of that side at work before it. */
  readonly workingLots: number;
  /** The position in the order's direction if everything at work and this order filled. */
  readonly reachLots: number;
  readonly reachMoney: number;
  readonly maxPositionMoney: number;
}

/** `row` was just denied, or just sent and counts as working already. */
export function gateNumbers(engine: Engine, row: number): GateNumbers {
  const { orders, risk, market, instruments } = engine;
  const instrument = orders.instrument[row];
  const buys = orders.side[row] === Side.Buy;
  const qtyLots = orders.qtyLots[row];
  const sent = orders.status[row] === OrderStatus.Submitted;
  const priceTicks = referenceTicks(engine, row);
  const positionLots = engine.netLots(instrument);
  const workingLots = workingOf(engine, instrument, buys) - (sent ? qtyLots : 0);
  const reachLots = Math.max(0, (buys ? positionLots : -positionLots) + workingLots) + qtyLots;
  const { moneyPerTickLot, minLots, minNotionalMoney } = instruments[instrument];
  return {
    instrument,
    tradingState: risk.state,
    tradingReason: risk.reason,
    feedState: market.feedState[instrument],
    isExit: isExit(engine, row, buys, sent ? qtyLots : 0),
    working: orders.working - (sent ? 1 : 0),
    priceTicks,
    qtyLots,
    minLots,
    valueMoney: exact(priceTicks * qtyLots * moneyPerTickLot),
    minNotionalMoney,
    maxOrderValueMoney: risk.maxOrderValueMoney,
    positionLots,
    workingLots,
    reachLots,
    reachMoney: exact(priceTicks * reachLots * moneyPerTickLot),
    maxPositionMoney: risk.maxPositionMoney,
  };
}

const exact = (money: number): number => (Number.isSafeInteger(money) ? money : Number.NaN);

function workingOf({ orders, instruments }: Engine, instrument: number, buys: boolean): number {
  const totals = buys ? orders.workingBuyLots : orders.workingSellLots;
  let lots = 0;
  for (let cell = instrument; cell < totals.length; cell += instruments.length) lots += totals[cell];
  return lots;
}

function isExit({ orders, positions }: Engine, row: number, buys: boolean, counted: number): boolean {
  const cell = positions.cell(orders.strategy[row], orders.instrument[row]);
  const held = buys ? -positions.lots[cell] : positions.lots[cell];
  const working = (buys ? orders.workingBuyLots[cell] : orders.workingSellLots[cell]) - counted;
  return held > 0 && working + orders.qtyLots[row] <= held;
}

/** A buy's limit; else the other side's best, but no less than a sell's limit. */
function referenceTicks({ orders, market }: Engine, row: number): number {
  const limit = orders.orderType[row] === OrderType.Limit;
  const buys = orders.side[row] === Side.Buy;
  if (limit && buys) return orders.priceTicks[row];
  const instrument = orders.instrument[row];
  const best = (buys ? market.askTicks[instrument] : market.bidTicks[instrument]) || market.lastTicks[instrument];
  return limit ? Math.max(orders.priceTicks[row], best) : best;
}
