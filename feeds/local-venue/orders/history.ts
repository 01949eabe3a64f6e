/**
 * What the account did before: the lists of its orders and of its trades, cut out by id, by time and by count as
 * Binance does. Lists are in ascending order of id.
 */
import type { OrderDesk } from "./order-desk.js";
import { orderJson, tradeJson } from "./order-json.js";
import type { Parameters } from "./parameters.js";
import { Refusal } from "./refusal.js";

const DEFAULT_COUNT = 500;
const MAX_COUNT = 1000;
const MAX_HOURS = 24;
const MS_PER_HOUR = 3_600_000;

interface Cut {
  readonly fromId: number | undefined;
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  readonly count: number;
}

export function ordersJson(desk: OrderDesk, parameters: Parameters, symbols: readonly string[]): object {
  const symbol = parameters.symbol(symbols);
  const wanted = readCut(parameters, "orderId");
  const orders = desk.orders.filter((order) => order.symbol === symbol);
  return cut(orders, wanted, ({ createdMs }) => createdMs).map(orderJson);
}

export function tradesJson(desk: OrderDesk, parameters: Parameters, symbols: readonly string[]): object {
  const symbol = parameters.symbol(symbols);
  const orderId = parameters.integer("orderId");
  const wanted = readCut(parameters, "fromId");
  const hasTime = wanted.startMs !== undefined || wanted.endMs !== undefined;
  if (hasTime && wanted.fromId !== undefined) {
    throw new Refusal(-1128, "Combination of optional parameters invalid.");
  }
  const trades = desk.trades.filter((each) => each.symbol === symbol && (orderId ?? each.orderId) === each.orderId);
  return cut(trades, wanted, ({ timeMs }) => timeMs).map(tradeJson);
}

function readCut(parameters: Parameters, idName: string): Cut {
  const fromId = parameters.integer(idName);
  const [startMs, endMs] = [parameters.integer("startTime"), parameters.integer("endTime")];
  const count = Math.min(parameters.integer("limit") ?? DEFAULT_COUNT, MAX_COUNT);
  parameters.finish();
  if (count === 0) throw new Refusal(-1130, "Data sent for parameter 'limit' is not valid.");
  if (startMs !== undefined && endMs !== undefined && endMs - startMs > MAX_HOURS * MS_PER_HOUR) {
    throw new Refusal(-1127, `More than ${MAX_HOURS} hours between startTime and endTime.`);
  }
  return { fromId, startMs, endMs, count };
}

/** From an id or a time on the earliest come first; without one the latest are meant. */
function cut<Item extends { readonly id: number }>(
  items: readonly Item[],
  { fromId, startMs, endMs, count }: Cut,
  timeOf: (item: Item) => number,
): readonly Item[] {
  const found = items.filter(
    (item) =>
      item.id >= (fromId ?? 0) && timeOf(item) >= (startMs ?? 0) && timeOf(item) <= (endMs ?? Number.MAX_SAFE_INTEGER),
  );
  return fromId === undefined && startMs === undefined ? found.slice(-count) : found.slice(0, count);
}
