/** What the engine believes at the start of a life, and the gateway's first knowledge made from it. */
import { clientOrderId } from "../../engine/orders/client-order-id.js";
import { OrderStatus } from "../../schemas/index.js";
import type { Watch } from "./inquiries.js";
import type { OrderKeeper } from "./order-keeper.js";
import { Stage, TrackedOrder } from "./tracked-orders.js";

/** Plain data, so that it may cross threads. */
export interface Recovery {
  /** Of the life that begins. */
  readonly epoch: number;
  /** Where no trade is known, trades are asked for from this moment on; 0 when there was no life before. */
  readonly sinceUs: number;
  /** Every order that is not known to have ended. */
  readonly orders: readonly RecoveredOrder[];
  /** By instrument: ids of the trades that were applied. */
  readonly seenTrades: readonly (readonly number[])[];
}

export interface RecoveredOrder {
  readonly orderId: number;
  /** Of the life that made it. */
  readonly epoch: number;
  readonly strategy: number;
  readonly instrument: number;
  /** Side and OrderStatus, as in the schema. */
  readonly side: number;
  readonly qtyLots: number;
  readonly filledLots: number;
  readonly status: number;
}

/** The clocks of two lives, and the venue's, differ by less. */
const CLOCKS_APART_US = 60_000_000;

const DOUBTFUL: ReadonlySet<number> = new Set([OrderStatus.Unknown, OrderStatus.Submitted, OrderStatus.PendingCancel]);

/** Returns the orders to be asked about. */
export function recover(
  { epoch, sinceUs, orders, seenTrades }: Recovery,
  keeper: OrderKeeper,
  watches: readonly Watch[],
  nowUs: number,
): readonly TrackedOrder[] {
  keeper.epoch = epoch;
  for (const watch of watches) {
    const { index } = watch.instrument;
    watch.fromUs = Math.max(0, (sinceUs || nowUs) - CLOCKS_APART_US);
    for (const tradeId of seenTrades[index] ?? []) {
      keeper.seen.add(index, tradeId);
      watch.fromId = Math.max(watch.fromId, tradeId);
    }
  }
  const recovered = orders.map((each) => trackedOrder(each, nowUs));
  for (const order of recovered) keeper.orders.add(order);
  return recovered;
}

/** It was sent before now, so that what counts from its sending may count from now. */
function trackedOrder(order: RecoveredOrder, nowUs: number): TrackedOrder {
  const { orderId, epoch, strategy, instrument, side, qtyLots, filledLots, status } = order;
  // One that was to be cancelled may never have arrived.
  const isDoubtful = DOUBTFUL.has(status);
  const stage = isDoubtful ? Stage.Unknown : Stage.Live;
  const text = clientOrderId(epoch, strategy, orderId);
  const tracked = new TrackedOrder(text, orderId, instrument, side, qtyLots, stage, nowUs);
  tracked.toldLots = filledLots;
  tracked.venueLots = filledLots;
  return tracked;
}
