/** What an order is, by the records that describe it, and which outputs of a moment belong to its story. */
import type { MessageFields } from "../../actors/stream/message-fields.js";
import { clientOrderId } from "../../engine/orders/client-order-id.js";
import type { JournalRecord } from "../../research/replay/journal-records.js";
import { MessageType, STRATEGY_LOG_STRATEGY } from "../../schemas/index.js";
import { type OrderMoment, type OrderName, orderOf } from "./order-moments.js";
import { recordFields } from "./record-fields.js";

export interface OrderFacts {
  readonly orderId: number;
  /** Null for an order that was never sent. */
  readonly venueText: string | null;
  readonly strategyIndex: number;
  /** As its newest records say. */
  readonly fields: MessageFields;
}

const DESCRIBING: ReadonlySet<number> = new Set([
  MessageType.SubmitOrder,
  MessageType.OrderFound,
  MessageType.OrderEvent,
]);

/** Null when the moments describe no such order, or one of that number with another text at the venue. */
export function factsOf(name: OrderName, moments: readonly OrderMoment[]): OrderFacts | null {
  const { orderId } = name;
  let fields: MessageFields = {};
  let strategyIndex = -1;
  for (const { input, outputs, names } of moments) {
    for (const record of [input, ...outputs]) {
      if (orderOf(record) !== orderId || !DESCRIBING.has(record.type)) continue;
      fields = { ...fields, ...recordFields(record, names) };
      strategyIndex = names.strategies.indexOf(String(fields.strategy));
    }
  }
  if (strategyIndex < 0) return null;
  const epoch = (fields.epoch as number | undefined) ?? null;
  if (name.epoch !== null && (name.epoch !== epoch || name.strategy !== strategyIndex)) return null;
  const venueText = epoch === null ? null : clientOrderId(epoch, strategyIndex, orderId);
  return { orderId, venueText, strategyIndex, fields };
}

/** The order's own outputs, the position behind a fill of it, and what its strategy said at that moment. */
export function ownOutputs({ outputs }: Pick<OrderMoment, "outputs">, facts: OrderFacts): JournalRecord[] {
  return outputs.filter((record, index) => {
    if (orderOf(record) === facts.orderId) return true;
    if (record.type === MessageType.Position) return index > 0 && orderOf(outputs[index - 1]) === facts.orderId;
    if (record.type !== MessageType.StrategyLog) return false;
    return record.views.u16[(record.at + STRATEGY_LOG_STRATEGY) >> 1] === facts.strategyIndex;
  });
}
