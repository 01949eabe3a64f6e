/** What the gateway has to ask the venue about at the start of a life: what the recovered engine believes. */
import { type Engine, isWorking, ORDERS_MAX } from "../../engine/index.js";
import type { RecoveredOrder, Recovery } from "../../feeds/orders/recovery.js";

/** Of an engine that has not begun its life yet; `epoch` is that life's. */
export function whatToAsk({ orders, seenTrades, timeUs }: Engine, epoch: number): Recovery {
  const open: RecoveredOrder[] = [];
  for (let row = 0; row < ORDERS_MAX; row += 1) {
    if (!isWorking(orders.status[row])) continue;
    open.push({
      orderId: orders.id[row],
      epoch: orders.epoch[row],
      strategy: orders.strategy[row],
      instrument: orders.instrument[row],
      side: orders.side[row],
      qtyLots: orders.qtyLots[row],
      filledLots: orders.filledLots[row],
      status: orders.status[row],
    });
  }
  return { epoch, sinceUs: timeUs, orders: open, seenTrades: seenTrades.ids.map((ids) => [...ids]) };
}
