/**
 * A small exchange with a truth of its own, and every fault an order link can have, drawn from a seed: what is lost,
 * late, twice or out of order, on the way there, on the way back and on the private stream.
 */
import type {
  LinkOutcome,
  LinkRequest,
  StreamEvent,
  SubmitRequest,
  VenueBalance,
  VenueOrder,
  VenueTrade,
} from "../../feeds/orders/link.js";
import { MS } from "./engine.js";
import { NO_SUCH_ORDER, ok, refusal, SILENCE } from "./gateway.js";

/** Mulberry32. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  upTo(count: number): number {
    return Math.floor(this.next() * count);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.upTo(list.length)]!;
  }
}

/** An order as the exchange has it. */
export interface TrueOrder {
  readonly request: SubmitRequest;
  readonly venueOrderId: number;
  readonly qtyLots: number;
  readonly placedUs: number;
  filledLots: number;
  status: "OPEN" | "FILLED" | "CANCELED" | "EXPIRED";
}

export interface TrueTrade extends VenueTrade {
  readonly clientOrderId: string;
}

/** Probabilities, each 0 when the seed leaves the fault out. */
export interface Faults {
  requestLost: number;
  answerLost: number;
  failedBefore: number;
  failedAfter: number;
  rateLimited: number;
  clockSkew: number;
  duplicateAnswer: number;
  nonsense: number;
  laggingQuery: number;
  eventLost: number;
  eventTwice: number;
  eventLate: number;
  lateFill: number;
}

const MAX: Faults = {
  requestLost: 0.2,
  answerLost: 0.2,
  failedBefore: 0.1,
  failedAfter: 0.1,
  rateLimited: 0.05,
  clockSkew: 0.05,
  duplicateAnswer: 0.1,
  nonsense: 0.05,
  laggingQuery: 0.3,
  eventLost: 0.5,
  eventTwice: 0.3,
  eventLate: 0.5,
  lateFill: 0.5,
};
/** What the account held before its first order. */
export const OPENING_LOTS = 1_000_000;
const LAG_US = 1_000 * MS;

export function drawFaults(random: Random): Faults {
  const drawn = Object.entries(MAX).map(([name, most]) => [name, random.chance(0.5) ? random.next() * most : 0]);
  return Object.fromEntries(drawn) as unknown as Faults;
}

export const NO_FAULTS = Object.fromEntries(Object.keys(MAX).map((name) => [name, 0])) as unknown as Faults;

export class ToyExchange {
  faults: Faults;
  readonly orders = new Map<string, TrueOrder>();
  readonly trades: TrueTrade[] = [];
  /** How often each name arrived as a new order. */
  readonly submissions = new Map<string, number>();
  private readonly random: Random;
  private readonly emit: (event: StreamEvent, delayUs: number) => void;
  private lastVenueOrderId = 500;

  constructor(random: Random, faults: Faults, emit: (event: StreamEvent, delayUs: number) => void) {
    this.random = random;
    this.faults = faults;
    this.emit = emit;
  }

  /** What comes of a request on its arrival. */
  handle(request: LinkRequest, nowUs: number): LinkOutcome {
    const { random, faults } = this;
    if (random.chance(faults.requestLost)) return SILENCE;
    if (random.chance(faults.failedBefore)) return random.pick([refusal(503), refusal(500, -1006)]);
    if (random.chance(faults.rateLimited)) return refusal(429, -1003, "Too much request weight used.", 500);
    if (random.chance(faults.clockSkew)) return refusal(400, -1021, "Timestamp for this request is outside.");
    const answer = this.act(request, nowUs);
    if (random.chance(faults.answerLost)) return SILENCE;
    if (random.chance(faults.failedAfter)) return random.pick([refusal(502), refusal(504, -1007)]);
    if (random.chance(faults.nonsense))
      return random.pick([ok({ orders: [{} as VenueOrder], balances: [] }), refusal(200)]);
    const isNew = request.kind === "submit" && answer.kind === "answer" && answer.status === 200;
    return isNew && random.chance(faults.duplicateAnswer) ? refusal(400, -2010, "Duplicate order sent.") : answer;
  }

  /** Something trades: a part of one of the open orders, if there is any. */
  trade(nowUs: number): void {
    const open = [...this.orders.values()].filter(({ status }) => status === "OPEN");
    if (open.length > 0) this.fill(this.random.pick(open), nowUs);
  }

  private get balance(): VenueBalance {
    return { asset: "BTC", free: textOf(OPENING_LOTS + this.netLots), locked: "0" };
  }

  private get netLots(): number {
    return this.trades.reduce((net, { side, qty }) => net + (side === "BUY" ? 1 : -1) * lotsOf(qty), 0);
  }

  private act(request: LinkRequest, nowUs: number): LinkOutcome {
    // biome-ignore format: one arm a line
    switch (request.kind) {
      case "submit": return this.place(request, nowUs);
      case "cancel": return this.cancel(request.clientOrderId, nowUs);
      case "order": return this.query(request, nowUs);
      case "open-orders": return ok({ orders: this.shown(request.symbol).filter(({ status }) => isOpen(status)) });
      case "trades": return ok({ trades: this.listed(request) });
      case "account": return ok({ balances: [this.balance] });
    }
  }

  private place(request: SubmitRequest, nowUs: number): LinkOutcome {
    const { clientOrderId, type, timeInForce } = request;
    this.submissions.set(clientOrderId, (this.submissions.get(clientOrderId) ?? 0) + 1);
    if (this.random.chance(0.05)) return refusal(400, -2010, "Account has insufficient balance for requested action.");
    if (type === "LIMIT_MAKER" && this.random.chance(0.2)) {
      return refusal(400, -2010, "Order would immediately match and take.");
    }
    const venueOrderId = (this.lastVenueOrderId += 1);
    const qtyLots = lotsOf(request.qty);
    const order: TrueOrder = { request, venueOrderId, qtyLots, placedUs: nowUs, filledLots: 0, status: "OPEN" };
    this.orders.set(clientOrderId, order);
    this.tell(order, nowUs);
    const first = this.trades.length;
    const isTaking = type === "MARKET" || timeInForce === "IOC";
    for (let left = this.random.upTo(3); left > 0 && order.status === "OPEN"; left -= 1) this.fill(order, nowUs);
    if (isTaking && order.status === "OPEN") this.end(order, "EXPIRED", nowUs);
    const trades = this.trades.slice(first);
    return ok({ orders: [this.shownOrder(order, nowUs)], trades });
  }

  private cancel(clientOrderId: string, nowUs: number): LinkOutcome {
    const order = this.orders.get(clientOrderId);
    if (order === undefined || order.status !== "OPEN") return refusal(400, -2011, "Unknown order sent.");
    if (this.random.chance(this.faults.lateFill)) {
      const before = { ...order, status: "CANCELED" as const };
      this.fill(order, nowUs, 2_000 * MS);
      if (order.status === "OPEN") order.status = "CANCELED";
      return ok({ orders: [this.shownOrder(before, nowUs)] });
    }
    this.end(order, "CANCELED", nowUs);
    return ok({ orders: [this.shownOrder(order, nowUs)] });
  }

  private query(request: { clientOrderId: string; venueOrderId: number }, nowUs: number): LinkOutcome {
    const order = [...this.orders.values()].find(
      (each) => each.request.clientOrderId === request.clientOrderId || each.venueOrderId === request.venueOrderId,
    );
    const lags = this.random.chance(this.faults.laggingQuery);
    if (order === undefined || (lags && nowUs - order.placedUs < LAG_US)) return NO_SUCH_ORDER;
    return ok({ orders: [this.shownOrder(order, nowUs)] });
  }

  private shown(symbol: string): VenueOrder[] {
    const own = [...this.orders.values()].filter(({ request }) => request.symbol === symbol);
    return own.map((order) => this.shownOrder(order, 0));
  }

  private listed({
    symbol,
    fromId,
    venueOrderId,
  }: {
    symbol: string;
    fromId: number;
    venueOrderId: number;
  }): TrueTrade[] {
    return this.trades.filter(
      (each) =>
        each.symbol === symbol && each.tradeId >= fromId && (venueOrderId === 0 || each.venueOrderId === venueOrderId),
    );
  }

  private fill(order: TrueOrder, nowUs: number, delayUs = 0): void {
    const lots = 1 + this.random.upTo(order.qtyLots - order.filledLots);
    order.filledLots += lots;
    if (order.filledLots === order.qtyLots) order.status = "FILLED";
    const { symbol, side, clientOrderId } = order.request;
    const trade: TrueTrade = {
      clientOrderId,
      symbol,
      tradeId: this.trades.length + 1,
      venueOrderId: order.venueOrderId,
      side,
      price: "100.00",
      qty: textOf(lots),
      fee: "0",
      feeAsset: "USDT",
      isMaker: true,
      timeUs: nowUs,
    };
    this.trades.push(trade);
    this.tell(order, nowUs, trade, delayUs);
  }

  private end(order: TrueOrder, status: "CANCELED" | "EXPIRED", nowUs: number): void {
    order.status = status;
    this.tell(order, nowUs);
  }

  private tell(order: TrueOrder, nowUs: number, trade: VenueTrade | null = null, delayUs = 0): void {
    const { random, faults } = this;
    const event: StreamEvent = { kind: "order", order: this.shownOrder(order, nowUs), trade };
    const copies = random.chance(faults.eventLost) ? 0 : random.chance(faults.eventTwice) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const late = random.chance(faults.eventLate) ? random.next() * 3_000 * MS : 0;
      this.emit(event, 5 * MS + delayUs + late);
    }
  }

  private shownOrder({ request, venueOrderId, filledLots, status }: TrueOrder, nowUs: number): VenueOrder {
    const { symbol, clientOrderId, side, type, timeInForce, qty, price } = request;
    const open = filledLots === 0 ? "NEW" : "PARTIALLY_FILLED";
    return {
      symbol,
      clientOrderId,
      venueOrderId,
      side,
      type,
      timeInForce: timeInForce || "GTC",
      qty,
      price: price || "0.00",
      filledQty: textOf(filledLots),
      status: status === "OPEN" ? open : status,
      timeUs: nowUs,
    };
  }
}

const lotsOf = (qty: string): number => Math.round(Number(qty) * 1_000);
const textOf = (lots: number): string => (lots / 1_000).toFixed(3);
const isOpen = (status: string): boolean => status === "NEW" || status === "PARTIALLY_FILLED";
