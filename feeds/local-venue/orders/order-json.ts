/**
 * Orders, trades and balances in Binance's JSON: the bodies of REST answers and the events of the user data stream.
 * Spelling only; what is said was decided elsewhere.
 */
import { formatAmount } from "./amount.js";
import type { Ledger } from "./ledger.js";
import { isOpen, type VenueOrder, type VenueTrade } from "./order.js";
import { type Execution, MAKER_PPM, TAKER_PPM } from "./order-desk.js";
import type { ResponseType } from "./order-request.js";

const ZERO = "0.00000000";
const NO_LIST = -1;
const NO_TRADE = -1;
const SELF_TRADE_PREVENTION = "EXPIRE_MAKER";
const PPM_PER_BASIS_POINT = 100n;

/** The answer to a new order: what came of it at once. */
export function placedJson(order: VenueOrder, trades: readonly VenueTrade[], response: ResponseType): object {
  const { symbol, id, clientId, createdMs } = order;
  const ack = { symbol, orderId: id, orderListId: NO_LIST, clientOrderId: clientId, transactTime: createdMs };
  if (response === "ACK") return ack;
  const result = { ...ack, ...stateJson(order), workingTime: createdMs };
  const prevention = { selfTradePreventionMode: SELF_TRADE_PREVENTION };
  return response === "RESULT"
    ? { ...result, ...prevention }
    : { ...result, fills: trades.map(fillJson), ...prevention };
}

export function canceledJson(order: VenueOrder, cancelId: string): object {
  return {
    symbol: order.symbol,
    origClientOrderId: order.clientId,
    orderId: order.id,
    orderListId: NO_LIST,
    clientOrderId: cancelId,
    transactTime: order.updatedMs,
    ...stateJson(order),
    selfTradePreventionMode: SELF_TRADE_PREVENTION,
  };
}

export function orderJson(order: VenueOrder): object {
  return {
    symbol: order.symbol,
    orderId: order.id,
    orderListId: NO_LIST,
    clientOrderId: order.clientId,
    ...stateJson(order),
    stopPrice: ZERO,
    icebergQty: ZERO,
    time: order.createdMs,
    updateTime: order.updatedMs,
    isWorking: true,
    workingTime: order.createdMs,
    selfTradePreventionMode: SELF_TRADE_PREVENTION,
  };
}

export function tradeJson(trade: VenueTrade): object {
  return {
    symbol: trade.symbol,
    id: trade.id,
    orderId: trade.orderId,
    orderListId: NO_LIST,
    price: formatAmount(trade.price),
    qty: formatAmount(trade.quantity),
    quoteQty: formatAmount(trade.value),
    commission: formatAmount(trade.commission),
    commissionAsset: trade.commissionAsset,
    time: trade.timeMs,
    isBuyer: trade.side === "BUY",
    isMaker: trade.isMaker,
    isBestMatch: true,
  };
}

export function accountJson(ledger: Ledger, timeMs: number, omitZero: boolean): object {
  const rate = (ppm: bigint) => formatAmount(ppm * PPM_PER_BASIS_POINT);
  const balances = ledger.assets
    .map((asset) => ({ asset, free: formatAmount(ledger.free(asset)), locked: formatAmount(ledger.locked(asset)) }))
    .filter(({ free, locked }) => !omitZero || free !== ZERO || locked !== ZERO);
  return {
    makerCommission: Number(MAKER_PPM / PPM_PER_BASIS_POINT),
    takerCommission: Number(TAKER_PPM / PPM_PER_BASIS_POINT),
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: { maker: rate(MAKER_PPM), taker: rate(TAKER_PPM), buyer: ZERO, seller: ZERO },
    canTrade: true,
    canWithdraw: false,
    canDeposit: false,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: timeMs,
    accountType: "SPOT",
    balances,
    permissions: ["SPOT"],
    uid: 1,
  };
}

/** The executionReport of an execution. `executionId` is different for each. */
export function executionReport({ type, order, trade, cancelId }: Execution, executionId: number): object {
  return {
    e: "executionReport",
    E: order.updatedMs,
    s: order.symbol,
    c: cancelId ?? order.clientId,
    S: order.side,
    o: order.type,
    f: order.timeInForce,
    q: formatAmount(order.quantity),
    p: formatAmount(order.price),
    P: ZERO,
    F: ZERO,
    g: NO_LIST,
    C: cancelId === undefined ? "" : order.clientId,
    x: type,
    // A fill that comes after the cancel was made before it.
    X: trade && order.status === "CANCELED" ? "PARTIALLY_FILLED" : order.status,
    r: type === "REJECTED" ? "NEW_ORDER_REJECTED" : "NONE",
    i: order.id,
    l: trade ? formatAmount(trade.quantity) : ZERO,
    z: formatAmount(order.executed),
    L: trade ? formatAmount(trade.price) : ZERO,
    n: trade ? formatAmount(trade.commission) : "0",
    N: trade?.commissionAsset ?? null,
    T: trade?.timeMs ?? order.updatedMs,
    t: trade?.id ?? NO_TRADE,
    I: executionId,
    w: isOpen(order) && order.type !== "MARKET",
    m: trade?.isMaker ?? false,
    M: trade !== undefined,
    O: order.createdMs,
    Z: formatAmount(order.quoteExecuted),
    Y: trade ? formatAmount(trade.value) : ZERO,
    Q: ZERO,
    W: order.createdMs,
    V: SELF_TRADE_PREVENTION,
  };
}

/** The outboundAccountPosition that tells the present balances of some assets. */
export function accountPosition(ledger: Ledger, assets: readonly string[], timeMs: number): object {
  const balances = assets.map((a) => ({ a, f: formatAmount(ledger.free(a)), l: formatAmount(ledger.locked(a)) }));
  return { e: "outboundAccountPosition", E: timeMs, u: timeMs, B: balances };
}

function stateJson(order: VenueOrder): object {
  return {
    price: formatAmount(order.price),
    origQty: formatAmount(order.quantity),
    executedQty: formatAmount(order.executed),
    origQuoteOrderQty: ZERO,
    cummulativeQuoteQty: formatAmount(order.quoteExecuted),
    status: order.status,
    timeInForce: order.timeInForce,
    type: order.type,
    side: order.side,
  };
}

function fillJson({ price, quantity, commission, commissionAsset, id }: VenueTrade): object {
  const amounts = { price: formatAmount(price), qty: formatAmount(quantity), commission: formatAmount(commission) };
  return { ...amounts, commissionAsset, tradeId: id };
}
