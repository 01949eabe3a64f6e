/**
 * The order gateway on a bench: commands go in as records, requests are caught, answers are given by hand, time passes
 * by hand, and what the engine would be told is read back into plain objects.
 */
import { type Instrument, makeInstrument, type ReportSink } from "../../engine/index.js";
import { Gateway } from "../../feeds/orders/gateway.js";
import {
  type AnswerBody,
  type LinkOutcome,
  type LinkRequest,
  NO_BODY,
  type VenueOrder,
  type VenueTrade,
} from "../../feeds/orders/link.js";
import type { RecoveredOrder, Recovery } from "../../feeds/orders/recovery.js";
import type { GatewaySettings } from "../../feeds/orders/settings.js";
import * as schema from "../../schemas/index.js";
import { MessageType, OrderType, ReportKind, ReportReason, Side, TimeInForce, viewsOf } from "../../schemas/index.js";
import { BTC, ETH, START_US } from "./engine.js";

export const INSTRUMENTS: readonly Instrument[] = [BTC, ETH].map((spec, index) => makeInstrument(spec, index));
export const FRESH: Recovery = { epoch: 1, sinceUs: 0, orders: [], seenTrades: [[], []] };

/** A report, read back. */
export interface Told {
  readonly type: "order" | "fill" | "found" | "position" | "reconciled";
  readonly orderId: number;
  readonly kind: string;
  readonly reason: string;
  readonly lots: number;
  readonly tradeId: number;
  readonly instrument: number;
  readonly priceTicks: number;
  readonly feeMoney: number;
  readonly unknown: number;
  readonly side: number;
  readonly epoch: number;
}

const NOTHING: Told = {
  type: "order",
  orderId: 0,
  kind: "",
  reason: "",
  lots: 0,
  tradeId: 0,
  instrument: 0,
  priceTicks: 0,
  feeMoney: 0,
  unknown: 0,
  side: 0,
  epoch: 0,
};

/** Takes reports as the report ring does. */
export class ReportsTold implements ReportSink {
  readonly views = viewsOf(new ArrayBuffer(256));
  readonly all: Told[] = [];
  private type = 0;

  claim(type: number): number {
    this.type = type;
    return 0;
  }

  commit(): void {
    this.all.push(readReport(this.type, this.views));
  }
}

/** A report that begins at byte `at`. */
export function readReport(type: number, views: schema.MessageViews, at = 0): Told {
  const f64 = views.f64.subarray(at >> 3);
  const u32 = views.u32.subarray(at >> 2);
  const i32 = views.i32.subarray(at >> 2);
  const u8 = views.u8.subarray(at);
  // biome-ignore format: one arm a block
  switch (type) {
    case MessageType.OrderReport: return {
      ...NOTHING,
      orderId: f64[schema.ORDER_REPORT_ORDER_ID >> 3]!,
      kind: nameOf(ReportKind, u8[schema.ORDER_REPORT_KIND]!),
      reason: nameOf(ReportReason, u8[schema.ORDER_REPORT_REASON]!),
      lots: f64[schema.ORDER_REPORT_FILLED_LOTS >> 3]!,
      instrument: u32[schema.ORDER_REPORT_INSTRUMENT >> 2]!,
    };
    case MessageType.FillReport: return {
      ...NOTHING, type: "fill",
      orderId: f64[schema.FILL_REPORT_ORDER_ID >> 3]!,
      tradeId: f64[schema.FILL_REPORT_TRADE_ID >> 3]!,
      lots: f64[schema.FILL_REPORT_QTY_LOTS >> 3]!,
      feeMoney: f64[schema.FILL_REPORT_FEE_MONEY >> 3]!,
      priceTicks: i32[schema.FILL_REPORT_PRICE_TICKS >> 2]!,
      instrument: u32[schema.FILL_REPORT_INSTRUMENT >> 2]!,
    };
    case MessageType.OrderFound: return {
      ...NOTHING, type: "found",
      orderId: f64[schema.ORDER_FOUND_ORDER_ID >> 3]!,
      lots: f64[schema.ORDER_FOUND_QTY_LOTS >> 3]!,
      side: u8[schema.ORDER_FOUND_SIDE]!,
      epoch: u32[schema.ORDER_FOUND_EPOCH >> 2]!,
      priceTicks: i32[schema.ORDER_FOUND_PRICE_TICKS >> 2]!,
      instrument: u32[schema.ORDER_FOUND_INSTRUMENT >> 2]!,
    };
    case MessageType.PositionReport: return {
      ...NOTHING, type: "position",
      lots: f64[schema.POSITION_REPORT_VENUE_LOTS >> 3]!,
      instrument: u32[schema.POSITION_REPORT_INSTRUMENT >> 2]!,
    };
    case MessageType.Reconciled: return {
      ...NOTHING, type: "reconciled", unknown: u32[schema.RECONCILED_UNKNOWN_ORDERS >> 2]!,
    };
    default: throw new Error(`a report of type ${type}`);
  }
}

const nameOf = (words: Readonly<Record<string, unknown>>, value: number): string =>
  Object.keys(words).find((word) => words[word] === value) ?? String(value);

export interface Submission {
  readonly orderId: number;
  readonly side?: number;
  readonly qtyLots?: number;
  readonly priceTicks?: number;
  readonly orderType?: number;
  readonly timeInForce?: number;
  readonly epoch?: number;
  readonly strategy?: number;
  readonly instrument?: number;
}

const command = viewsOf(new ArrayBuffer(128));

export function submitTo(gateway: Gateway, order: Submission, nowUs: number): void {
  writeSubmit(command, 0, order, nowUs);
  gateway.onCommand(MessageType.SubmitOrder, command, 0, nowUs);
}

export function writeSubmit(views: schema.MessageViews, at: number, order: Submission, nowUs: number): void {
  schema.writeSubmitOrder(
    views,
    at,
    nowUs,
    order.orderId,
    order.qtyLots ?? 10,
    order.priceTicks ?? 10_000,
    order.instrument ?? 0,
    order.epoch ?? 1,
    order.strategy ?? 0,
    order.side ?? Side.Buy,
    order.orderType ?? OrderType.Limit,
    order.timeInForce ?? TimeInForce.GoodTillCancel,
  );
}

export function cancelAt(gateway: Gateway, orderId: number, nowUs: number, instrument = 0): void {
  schema.writeCancelOrder(command, 0, nowUs, orderId, instrument, 1, 0);
  gateway.onCommand(MessageType.CancelOrder, command, 0, nowUs);
}

type RequestOf<Kind extends LinkRequest["kind"]> = Extract<LinkRequest, { kind: Kind }>;

export class GatewayRig {
  nowUs = START_US;
  readonly gateway: Gateway;
  /** Requests not yet taken by `take`. */
  readonly sent: LinkRequest[] = [];
  private readonly told = new ReportsTold();

  constructor(settings: Partial<GatewaySettings> = {}, instruments = INSTRUMENTS) {
    const send = (request: LinkRequest) => void this.sent.push(request);
    this.gateway = new Gateway({ instruments, reports: this.told, send, settings });
  }

  /** A gateway that has reconciled a fresh account, with no look at anything due for a while. */
  static ready(settings: Partial<GatewaySettings> = {}): GatewayRig {
    const rig = new GatewayRig({ watchUs: 1e12, idleWatchUs: 1e12, ...settings });
    rig.begin(FRESH);
    rig.answerAll();
    rig.reports();
    return rig;
  }

  begin(recovery: Recovery): void {
    this.gateway.begin(recovery, this.nowUs);
    this.gateway.onStream({ kind: "up" }, this.nowUs);
    this.gateway.work(this.nowUs);
  }

  submit(order: Submission): RequestOf<"submit"> {
    submitTo(this.gateway, order, this.nowUs);
    return this.take("submit");
  }

  cancel(orderId: number): void {
    cancelAt(this.gateway, orderId, this.nowUs);
    this.gateway.work(this.nowUs);
  }

  /** The oldest request of a kind; there must be one. */
  take<Kind extends LinkRequest["kind"]>(kind: Kind): RequestOf<Kind> {
    const at = this.sent.findIndex((request) => request.kind === kind);
    if (at < 0) throw new Error(`no ${kind} was asked; there are: ${this.sent.map((each) => each.kind).join(" ")}`);
    return this.sent.splice(at, 1)[0] as RequestOf<Kind>;
  }

  answer({ requestId }: LinkRequest, outcome: LinkOutcome): void {
    this.gateway.onAnswer({ requestId, outcome }, this.nowUs);
    this.gateway.work(this.nowUs);
  }

  stream(order: VenueOrder, trade: VenueTrade | null = null): void {
    this.gateway.onStream({ kind: "order", order, trade }, this.nowUs);
    this.gateway.work(this.nowUs);
  }

  /** Lets time pass in steps of 50 ms. */
  pass(us: number): void {
    for (const endUs = this.nowUs + us; this.nowUs < endUs; ) {
      this.nowUs = Math.min(this.nowUs + 50_000, endUs);
      this.gateway.work(this.nowUs);
    }
  }

  /** Answers every read, and what follows from it, with `bodies` or nothing at all. */
  answerAll(bodies: (request: LinkRequest) => LinkOutcome = () => ok()): void {
    for (let next = this.sent.shift(); next !== undefined; next = this.sent.shift()) this.answer(next, bodies(next));
  }

  /** What was told since the last look. */
  reports(): Told[] {
    return this.told.all.splice(0);
  }

  /** The same in short: `order 1 Accepted None`, `fill 1 #7 3`. */
  words(): string[] {
    return this.reports().map(inShort);
  }
}

export function inShort(told: Told): string {
  if (told.type === "fill") return `fill ${told.orderId} #${told.tradeId} ${told.lots}`;
  if (told.type === "order") return `order ${told.orderId} ${told.kind} ${told.reason}`;
  if (told.type === "position") return `position ${told.instrument} ${told.lots}`;
  return told.type === "found" ? `found ${told.orderId} ${told.lots}` : `reconciled ${told.unknown}`;
}

export const ok = (body: Partial<AnswerBody> = {}): LinkOutcome => ({
  kind: "answer",
  status: 200,
  code: 0,
  message: "",
  retryAfterMs: 0,
  body: { ...NO_BODY, balances: NOTHING_HELD, ...body },
});
/** An account that could trade and holds nothing. */
const NOTHING_HELD = ["BTC", "ETH", "USDT"].map((asset) => ({ asset, free: "0.00000000", locked: "0.00000000" }));
export const refusal = (status: number, code = 0, message = "", retryAfterMs = 0): LinkOutcome => ({
  kind: "answer",
  status,
  code,
  message,
  retryAfterMs,
  body: null,
});
export const SILENCE: LinkOutcome = { kind: "none", why: "timeout" };
export const NO_SUCH_ORDER = refusal(400, -2013, "Order does not exist.");

/** The first order of the first strategy in the first life, as the venue would show it, with changes. */
export function venueOrder(changes: Partial<VenueOrder> = {}): VenueOrder {
  return {
    symbol: "BTCUSDT",
    clientOrderId: "00010001",
    venueOrderId: 501,
    side: "BUY",
    type: "LIMIT",
    timeInForce: "GTC",
    price: "100.00",
    qty: "0.010",
    filledQty: "0.000",
    status: "NEW",
    timeUs: START_US,
    ...changes,
  };
}

/** A trade of that order: one lot at its price. */
export function venueTrade(changes: Partial<VenueTrade> = {}): VenueTrade {
  return {
    symbol: "BTCUSDT",
    tradeId: 7,
    venueOrderId: 501,
    side: "BUY",
    price: "100.00",
    qty: "0.001",
    fee: "0.0001",
    feeAsset: "USDT",
    isMaker: false,
    timeUs: START_US,
    ...changes,
  };
}

export function recoveredOrder(changes: Partial<RecoveredOrder> = {}): RecoveredOrder {
  return {
    orderId: 1,
    epoch: 1,
    strategy: 0,
    instrument: 0,
    side: Side.Buy,
    qtyLots: 10,
    filledLots: 0,
    status: schema.OrderStatus.Accepted,
    ...changes,
  };
}
