/** A record in one readable line; recordFields holds what is left out. */
import type { MessageFields, RunNames } from "../../actors/stream/message-fields.js";
import { TYPE } from "../../actors/words.js";
import type { JournalRecord } from "../../research/replay/journal-records.js";
import { MessageType } from "../../schemas/index.js";
import { recordFields } from "./record-fields.js";

/** Such as `trade BTC/USDT.BINANCE 61686.00 × 0.010 buy`. */
export function recordLine(record: JournalRecord, names: RunNames): string {
  const { type } = record;
  const fields = recordFields(record, names);
  return `${TYPE[type]} ${SAY[type]?.(fields) ?? rest(fields)}`.trimEnd();
}

/** The number of a record, as it is written everywhere: #4411 of an input, 4411.2 of an output. */
export const recordNumber = ({ sequence, index }: Pick<JournalRecord, "sequence" | "index">): string =>
  index === 0 ? `#${sequence}` : `${sequence}.${index}`;

type Say = (fields: MessageFields) => string;

const SAY: Readonly<Record<number, Say>> = {
  [MessageType.Trade]: (f) => `${f.instrument} ${f.price} × ${f.qty} ${f.aggressor}, trade ${f.tradeId}`,
  [MessageType.Quote]: (f) => `${f.instrument} ${f.bid} × ${f.bidQty} | ${f.ask} × ${f.askQty}`,
  [MessageType.BookDelta]: (f) => `${f.instrument} ${levels(f)}, to update ${f.lastUpdateId}`,
  [MessageType.BookSnapshot]: (f) => `${f.instrument} ${levels(f)}, at update ${f.lastUpdateId}`,
  [MessageType.FeedStatus]: (f) => `${f.instrument} ${f.state}${because(f.reason)}`,
  [MessageType.Clock]: () => "",
  [MessageType.Config]: (f) => `life ${f.epoch}, ${f.mode}, ${f.start}`,
  [MessageType.Operator]: (f) => `${f.action}: ${f.reason}`,
  [MessageType.ModelFit]: (f) => `to ${f.request} for regime ${f.regime}: ${f.outcome}, ${f.iterations} iterations`,
  [MessageType.ModelRequest]: (f) =>
    `${f.strategy} for regime ${f.regime}: ${f.states} states of ${f.observations} observations`,
  [MessageType.OrderReport]: (f) => `order ${f.orderId} ${f.kind}${because(f.reason)}`,
  [MessageType.FillReport]: (f) =>
    `order ${f.orderId} ${f.side} ${f.qty} at ${f.price} ${f.liquidity}, fee ${f.fee}, trade ${f.tradeId}`,
  [MessageType.OrderFound]: (f) => `order ${f.orderId} of ${f.strategy}: ${order(f)}`,
  [MessageType.PositionReport]: (f) => `${f.instrument} ${f.venueQty}`,
  [MessageType.Reconciled]: (f) =>
    `open orders ${f.openOrders}, unknown ${f.unknownOrders}, fills found ${f.fillsFound}`,
  [MessageType.SubmitOrder]: (f) => `order ${f.orderId} of ${f.strategy}: ${order(f)}`,
  [MessageType.CancelOrder]: (f) => `order ${f.orderId} of ${f.strategy}`,
  [MessageType.OrderEvent]: (f) =>
    `order ${f.orderId} ${f.status}${because(f.denyReason)}${because(f.reportReason)}, ` +
    `filled ${f.filledQty} of ${f.qty}`,
  [MessageType.Fill]: (f) =>
    `order ${f.orderId} of ${f.strategy}: ${f.side} ${f.qty} at ${f.price}, fee ${f.fee}, realised ${f.realised}`,
  [MessageType.Position]: (f) =>
    `${f.strategy} ${f.instrument} ${f.position}, cost ${f.cost}, realised ${f.realised}, fees ${f.fees}`,
  [MessageType.TradingStateEvent]: (f) => `${f.previous} → ${f.state}${because(f.reason)}`,
  [MessageType.StrategyLog]: (f) => `${f.strategy} ${f.level}: ${f.text}`,
  [MessageType.TradesSeen]: (f) => `${f.instrument} up to trade ${f.latestTradeId}`,
  [MessageType.Checkpoint]: (f) => `${f.scope} ${f.hash} after ${f.inputs} inputs`,
};

/** Such as `buy 0.010 BTC/USDT.BINANCE at 61686.00 limit good-till-cancel`. */
export function order(fields: MessageFields): string {
  const at = fields.price === null ? "" : ` at ${fields.price}`;
  return `${fields.side} ${fields.qty} ${fields.instrument}${at} ${fields.orderType} ${fields.timeInForce}`;
}

const because = (reason: unknown): string => (reason === "none" || reason === undefined ? "" : ` (${reason})`);
const levels = ({ bids, asks }: MessageFields): string =>
  `${(bids as unknown[]).length} bids, ${(asks as unknown[]).length} asks`;
const rest = (fields: MessageFields): string =>
  Object.entries(fields)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(", ");
