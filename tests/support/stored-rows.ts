/**
 * What a record's row must be, from the record as the stock FlatBuffers reader sees it, in words and scales written out
 * here: one tick is 0.01, one lot 0.001, and the strategies are the two examples.
 */
import type { RowCounts } from "../../actors/store/tables.js";
import { clientOrderId } from "../../engine/orders/client-order-id.js";
import type { DecodedRecord } from "./engine.js";

/** The table of a record by its type's name. */
export const TABLE_OF: Readonly<Record<string, keyof RowCounts>> = {
  Trade: "trades",
  Quote: "quotes",
  OrderEvent: "orders",
  Fill: "fills",
  Position: "positions",
};

const INSTRUMENTS = ["BTC/USDT.BINANCE", "ETH/USDT.BINANCE"];
const STRATEGIES = ["ema-cross", "market-maker"];
const SIDES = [null, "buy", "sell"];
const STATUSES = [
  "none",
  "submitted",
  "accepted",
  "partially-filled",
  "filled",
  "pending-cancel",
  "canceled",
  "rejected",
  "denied",
];
const DENIALS = [null, "trading-state", "max-position", "max-order-value", "daily-loss", "bad-price", "bad-quantity"];
const REFUSALS = [null, "would-take", "no-liquidity", "unknown-order", "invalid", "no-market"];

const price = (ticks: number): number => ticks / 100;
const qty = (lots: number): number => lots / 1000;
const money = (units: number): number => units / 1e8;
const moment = (timeUs: number): string => {
  const us = Math.trunc(timeUs);
  return `${new Date(us / 1000).toISOString().slice(0, -1)}${String(us % 1000).padStart(3, "0")}Z`;
};
const common = ({ timeUs, sequence, body }: DecodedRecord) => ({
  ts: moment(timeUs),
  seq: sequence,
  venue: "BINANCE",
  instrument: INSTRUMENTS[body.instrument],
});
const owned = ({ body }: DecodedRecord) => ({ strategy: STRATEGIES[body.strategy], mode: "paper" });
const orderId = ({ body }: DecodedRecord): string => clientOrderId(1, body.strategy, body.orderId);

/** By table: what a record's row must be. */
export const EXPECTED_ROWS: Record<keyof RowCounts, (record: DecodedRecord) => object> = {
  trades: (record) => ({
    ...common(record),
    trade_id: record.body.tradeId,
    side: SIDES[record.body.aggressor],
    price: price(record.body.priceTicks),
    qty: qty(record.body.qtyLots),
    venue_ts: moment(record.body.venueTimeUs),
  }),
  quotes: (record) => ({
    ...common(record),
    update_id: record.body.updateId,
    bid: price(record.body.bidTicks),
    ask: price(record.body.askTicks),
    bid_qty: qty(record.body.bidLots),
    ask_qty: qty(record.body.askLots),
  }),
  orders: (record) => ({
    ...common(record),
    ...owned(record),
    client_order_id: orderId(record),
    idx: record.index,
    side: SIDES[record.body.side],
    type: ["market", "limit"][record.body.orderType],
    time_in_force: ["good-till-cancel", "immediate-or-cancel", "post-only"][record.body.timeInForce],
    status: STATUSES[record.body.status],
    price: record.body.priceTicks ? price(record.body.priceTicks) : null,
    qty: qty(record.body.qtyLots),
    filled_qty: qty(record.body.filledLots),
    reason: DENIALS[record.body.denyReason] ?? REFUSALS[record.body.reportReason],
  }),
  fills: (record) => ({
    ...common(record),
    ...owned(record),
    client_order_id: orderId(record),
    trade_id: record.body.tradeId,
    side: SIDES[record.body.side],
    price: price(record.body.priceTicks),
    qty: qty(record.body.qtyLots),
    fee: money(record.body.feeMoney),
    realised: money(record.body.realisedMoney),
    liquidity: [null, "maker", "taker"][record.body.liquidity],
  }),
  positions: (record) => ({
    ...common(record),
    ...owned(record),
    idx: record.index,
    qty: qty(record.body.positionLots),
    cost: money(record.body.costMoney),
    realised: money(record.body.realisedMoney),
    fees: money(record.body.feesMoney),
  }),
};
