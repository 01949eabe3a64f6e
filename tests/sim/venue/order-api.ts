/**
 * The venue's answers to requests about orders, by Binance spot's rules, with the faults that a seed has: errors
 * before and after the effect, rate limits with bans, stale queries, bodies that are nonsense. It runs where the
 * request arrives.
 */
import type { AnswerBody, LinkOutcome, LinkRequest, VenueAnswer } from "../../../feeds/orders/link.js";
import { NO_BODY, TRADES_MAX } from "../../../feeds/orders/link.js";
import type { OrderLinkOptions } from "../options.js";
import type { Random } from "../random.js";
import type { Tally } from "../tally.js";
import { INSTRUMENTS, moneyText, quantityText } from "./instruments.js";
import {
  type OrderVenue,
  type Refusal,
  type TrueOrder,
  type TrueTrade,
  writeOrder,
  writeTrade,
} from "./order-venue.js";

const SECOND = 1_000_000;
const RECEIVE_WINDOW_US = 2 * SECOND;
/** A timestamp may be ahead of the venue by this much. */
const AHEAD_US = 1 * SECOND;
const REQUESTS_PER_SECOND_MAX = 200;

/** What a fault after the effect makes of an answer, or before it of the request: nobody can tell from this. */
const UNKNOWN_ERRORS: readonly (readonly [status: number, code: number])[] = [
  [500, 0],
  [503, 0],
  [504, -1007],
  [400, -1006],
  [502, -1001],
];

export class OrderApi {
  isFaulty = true;
  private readonly venue: OrderVenue;
  private readonly options: OrderLinkOptions;
  private readonly random: Random;
  private readonly tally: Tally;
  private readonly nowUs: () => number;
  private bannedUntilUs = 0;
  private windowUs = 0;
  private inWindow = 0;

  constructor(venue: OrderVenue, options: OrderLinkOptions, nowUs: () => number, random: Random, tally: Tally) {
    this.venue = venue;
    this.options = options;
    this.nowUs = nowUs;
    this.random = random;
    this.tally = tally;
  }

  /** `stampUs` is the sender's clock when it sent. */
  execute(request: LinkRequest, stampUs: number): LinkOutcome {
    const early = this.refuseEarly(stampUs);
    if (early) return early;
    const { random, options, tally } = this;
    if (this.isFaulty && random.chance(options.errorBefore)) {
      tally.fault("order.error-before-effect");
      return this.unknownError();
    }
    const answer = this.effect(request);
    if (this.isFaulty && random.chance(options.errorAfter)) {
      tally.fault("order.error-after-effect");
      return this.unknownError();
    }
    if (this.isFaulty && random.chance(options.badBody)) {
      tally.fault("order.bad-body");
      return spoilBody(answer, random);
    }
    return answer;
  }

  private refuseEarly(stampUs: number): LinkOutcome | undefined {
    const { options, random, tally } = this;
    const nowUs = this.nowUs();
    if (nowUs < this.bannedUntilUs) return this.limited(418);
    if (nowUs - this.windowUs > SECOND) {
      this.windowUs = nowUs;
      this.inWindow = 0;
    }
    this.inWindow += 1;
    const isUnlucky = this.isFaulty && random.chance(options.rateLimited);
    if (isUnlucky || this.inWindow > REQUESTS_PER_SECOND_MAX) {
      this.bannedUntilUs = nowUs + random.integer(1, 3) * SECOND;
      return this.limited(429);
    }
    const late = nowUs - stampUs > RECEIVE_WINDOW_US || stampUs - nowUs > AHEAD_US;
    if (late || (this.isFaulty && random.chance(options.clockSkew))) {
      tally.fault("order.clock-skew");
      return failed(400, -1021, "Timestamp for this request is outside of the recvWindow.");
    }
    return undefined;
  }

  private limited(status: number): VenueAnswer {
    this.tally.fault(status === 418 ? "order.banned" : "order.rate-limited");
    const retryAfterMs = Math.ceil((this.bannedUntilUs - this.nowUs()) / 1000);
    return { ...failed(status, -1003, "Too many requests."), retryAfterMs };
  }

  private unknownError(): LinkOutcome {
    if (this.random.chance(0.3)) return { kind: "none", why: "connection reset" };
    const [status, code] = this.random.pick(UNKNOWN_ERRORS);
    return failed(status, code, "An unknown error occurred; execution status unknown.");
  }

  private effect(request: LinkRequest): LinkOutcome {
    // biome-ignore format: one arm a line
    switch (request.kind) {
      case "submit": return this.submit(request);
      case "cancel": return this.one(this.venue.cancel(instrumentOf(request.symbol), request.clientOrderId));
      case "order": return this.one(this.query(request));
      case "open-orders": return done({ orders: this.visibleOpen(instrumentOf(request.symbol)) });
      case "trades": return done({ trades: this.tradesOf(request) });
      case "account": return done({ balances: this.balances() });
    }
  }

  private submit(request: Extract<LinkRequest, { kind: "submit" }>): LinkOutcome {
    const from = this.venue.trades.map(({ length }) => length);
    const instrument = instrumentOf(request.symbol);
    const outcome = this.venue.submit({
      instrument,
      clientOrderId: request.clientOrderId,
      side: request.side,
      type: request.type,
      timeInForce: request.timeInForce,
      lots: Math.round(Number(request.qty) * 1000),
      ticks: request.price === "" ? 0 : Math.round(Number(request.price) * 100),
    });
    if ("code" in outcome) return failed(outcome.status, outcome.code, outcome.message);
    const nowUs = this.nowUs();
    const trades = this.venue.trades[instrument]
      .slice(from[instrument])
      .filter(({ order, shownUs }) => order === outcome && shownUs <= nowUs);
    return done({ orders: [this.write(outcome, nowUs)], trades: trades.map(writeTrade) });
  }

  private one(found: TrueOrder | Refusal): LinkOutcome {
    if ("code" in found) return failed(found.status, found.code, found.message);
    return done({ orders: [this.write(found, this.nowUs())] });
  }

  private write(order: TrueOrder, byUs: number) {
    return writeOrder(order, this.venue.shownLots(order, byUs));
  }

  private query({ symbol, clientOrderId, venueOrderId }: Extract<LinkRequest, { kind: "order" }>): TrueOrder | Refusal {
    const { venue } = this;
    const found = clientOrderId ? venue.find(instrumentOf(symbol), clientOrderId) : venue.orders[venueOrderId - 1];
    const isSeen = found !== undefined && found.createdUs <= this.horizonUs();
    if (isSeen) return found;
    if (found) this.tally.fault("order.stale-query");
    return { status: 400, code: -2013, message: "Order does not exist." };
  }

  private visibleOpen(instrument: number) {
    const horizonUs = this.horizonUs();
    const orders = [...this.venue.openOf(instrument), ...this.venue.seeminglyOpen(instrument, horizonUs)];
    return orders.filter(({ createdUs }) => createdUs <= horizonUs).map((order) => this.write(order, horizonUs));
  }

  private tradesOf(request: Extract<LinkRequest, { kind: "trades" }>) {
    const horizonUs = this.horizonUs();
    const wanted = (trade: TrueTrade): boolean => {
      if (trade.shownUs > horizonUs) return false;
      if (request.venueOrderId > 0) return trade.order.venueOrderId === request.venueOrderId;
      if (request.fromId > 0) return trade.tradeId >= request.fromId;
      return trade.timeUs >= request.fromUs && trade.timeUs <= request.toUs;
    };
    return this.venue.trades[instrumentOf(request.symbol)].filter(wanted).slice(0, TRADES_MAX).map(writeTrade);
  }

  private balances() {
    const { ledger } = this.venue;
    const horizonUs = this.horizonUs();
    const hidden = INSTRUMENTS.map(({ index }) => this.venue.hidden(index, horizonUs));
    const free = INSTRUMENTS.map(({ base, index }) => ({
      asset: base,
      free: quantityText(ledger.baseLots[index] - hidden[index].lots),
      locked: quantityText(0),
    }));
    const money = hidden.reduce((sum, each) => sum - each.money, ledger.quoteMoney);
    return [...free, { asset: "USDT", free: moneyText(money), locked: moneyText(0) }];
  }

  /** Queries show nothing younger; drawn for each, as they are served by replicas. */
  private horizonUs(): number {
    return this.nowUs() - (this.isFaulty ? this.random.uniform() * this.options.queryLagUs : 0);
  }
}

function instrumentOf(symbol: string): number {
  return INSTRUMENTS.findIndex(({ venueSymbol }) => venueSymbol === symbol);
}

function done(body: Partial<AnswerBody>): VenueAnswer {
  return { kind: "answer", status: 200, code: 0, message: "", retryAfterMs: 0, body: { ...NO_BODY, ...body } };
}

function failed(status: number, code: number, message: string): VenueAnswer {
  return { kind: "answer", status, code, message, retryAfterMs: 0, body: null };
}

/** An answer that cannot be believed: no body, or one of which a number or a name is not what it must be. */
function spoilBody(answer: LinkOutcome, random: Random): LinkOutcome {
  if (answer.kind === "none" || answer.body === null || random.chance(0.5))
    return { ...answer, body: null } as VenueAnswer;
  const bad = random.pick(["NaN", "-1.00000000", "1e400", "0.0000001", "", "99999999999999999999"]);
  const { orders, trades, balances } = answer.body;
  const body: AnswerBody = {
    orders: orders.map((order) => ({ ...order, qty: bad })),
    trades: trades.map((trade) => (random.chance(0.5) ? { ...trade, price: bad } : { ...trade, fee: bad })),
    balances: balances.map((balance) => ({ ...balance, free: bad })),
  };
  return { ...answer, body };
}
