/**
 * The order gateway: commands that are safe on disk go in, requests to the venue go out; what the venue says goes in,
 * reports to the engine come out. It has no clock, socket or promise; its owner drives it and passes the time.
 *
 * A submit is sent at most once, ever; only a cancel may be repeated. What nobody answered is unknown, is asked about,
 * and is never sent again.
 */
import { assert } from "../../engine/assert.js";
import type { Instrument, ReportSink } from "../../engine/index.js";
import { clientOrderId } from "../../engine/orders/client-order-id.js";
import {
  CANCEL_ORDER_INSTRUMENT,
  CANCEL_ORDER_ORDER_ID,
  MessageType,
  type MessageViews,
  ReportReason,
  SUBMIT_ORDER_EPOCH,
  SUBMIT_ORDER_INSTRUMENT,
  SUBMIT_ORDER_ORDER_ID,
  SUBMIT_ORDER_QTY_LOTS,
  SUBMIT_ORDER_SIDE,
  SUBMIT_ORDER_STRATEGY,
} from "../../schemas/index.js";
import { Inquiries, soleOrder } from "./inquiries.js";
import type { LinkAnswer, SendRequest, StreamEvent } from "./link.js";
import { OrderKeeper } from "./order-keeper.js";
import { Verdict } from "./outcomes.js";
import { Reconciliation } from "./reconcile.js";
import { type Recovery, recover } from "./recovery.js";
import { Reporter } from "./reporter.js";
import { type Heard, REQUESTS_MAX, Requests } from "./requests.js";
import { createGatewayCounts, DEFAULT_GATEWAY, type GatewayCounts, type GatewaySettings } from "./settings.js";
import { submission } from "./submission.js";
import { Stage, TrackedOrder } from "./tracked-orders.js";

export interface GatewayParts {
  readonly instruments: readonly Instrument[];
  readonly reports: ReportSink;
  readonly send: SendRequest;
  readonly settings?: Partial<GatewaySettings>;
}

export class Gateway {
  readonly counts: GatewayCounts = createGatewayCounts();
  private readonly instruments: readonly Instrument[];
  private readonly report: Reporter;
  private readonly requests: Requests;
  private readonly keeper: OrderKeeper;
  private readonly inquiries: Inquiries;
  private readonly reconciliation: Reconciliation;
  private recovered: readonly TrackedOrder[] | null = null;
  private isUp = false;
  /** Something has come in since the last work; if not, nothing is due before `nextUs`. */
  private isStirred = true;
  private nextUs = 0;

  constructor({ instruments, reports, send, settings }: GatewayParts) {
    const waits = { ...DEFAULT_GATEWAY, ...settings };
    this.instruments = instruments;
    this.report = new Reporter(reports);
    this.requests = new Requests(send, waits.answerUs);
    this.keeper = new OrderKeeper(instruments, this.report, waits, this.counts);
    this.inquiries = new Inquiries(instruments, this.keeper, this.requests, waits);
    this.reconciliation = new Reconciliation(instruments, this.keeper, this.inquiries, this.requests, this.report);
  }

  /** Tells what the engine believes. The venue is asked for the rest once the private stream is up. Call it once. */
  begin(recovery: Recovery, nowUs: number): void {
    assert(this.recovered === null, "a gateway begins once");
    this.recovered = recover(recovery, this.keeper, this.inquiries.watches, nowUs);
    this.isStirred = true;
    if (this.isUp) this.reconciliation.begin(this.recovered, nowUs);
  }

  /** The venue has been asked for everything, and the engine was told. */
  get isReconciled(): boolean {
    return this.reconciliation.isDone;
  }

  /** False: leave commands where they are; too many answers are outstanding. */
  get takesCommands(): boolean {
    return this.recovered !== null && this.requests.size < REQUESTS_MAX;
  }

  /** A command that is safe on disk; any other record is left alone. */
  onCommand(type: number, views: MessageViews, at: number, nowUs: number): void {
    if (type !== MessageType.SubmitOrder && type !== MessageType.CancelOrder) return;
    this.isStirred = true;
    if (type === MessageType.SubmitOrder) this.submit(views, at, nowUs);
    else this.cancel(views, at, nowUs);
  }

  onAnswer(answer: LinkAnswer, nowUs: number): void {
    this.isStirred = true;
    this.requests.onAnswer(answer, nowUs);
  }

  onStream(event: StreamEvent, nowUs: number): void {
    this.isStirred = true;
    if (event.kind === "order") this.keeper.onOrder(event.order, event.trade, nowUs);
    else if (event.kind === "up") this.onUp(nowUs);
    else this.isUp = false;
  }

  /** When `work` will have something to do, unless something comes in before. */
  get nextWorkUs(): number {
    return this.isStirred ? 0 : Math.min(this.nextUs, this.requests.nextExpiryUs);
  }

  /** Does what is due; returns how much that was. Cheap when nothing is. */
  work(nowUs: number): number {
    const expired = this.requests.expire(nowUs);
    if (expired === 0 && !this.isStirred && nowUs < this.nextUs) return 0;
    this.isStirred = false;
    if (this.requests.isQuiet(nowUs)) {
      this.nextUs = this.requests.quietUntilUs;
      return expired;
    }
    const before = this.requests.sent;
    this.nextUs = Math.min(this.repeatCancels(nowUs), this.reconciliation.work(nowUs), this.inquiries.work(nowUs));
    return expired + this.requests.sent - before;
  }

  /** Whatever the stream did not say while it was away is asked for. */
  private onUp(nowUs: number): void {
    this.isUp = true;
    this.counts.connections += 1;
    if (this.recovered === null) return;
    this.inquiries.lookAgain(nowUs);
    this.reconciliation.begin(this.recovered, nowUs);
  }

  private submit(views: MessageViews, at: number, nowUs: number): void {
    const orderId = views.f64[(at + SUBMIT_ORDER_ORDER_ID) >> 3];
    assert(this.keeper.orders.find(orderId) === undefined, `order ${orderId} was submitted before`);
    const instrument = this.instruments[views.u32[(at + SUBMIT_ORDER_INSTRUMENT) >> 2]];
    const text = clientOrderId(
      views.u32[(at + SUBMIT_ORDER_EPOCH) >> 2],
      views.u16[(at + SUBMIT_ORDER_STRATEGY) >> 1],
      orderId,
    );
    const side = views.u8[at + SUBMIT_ORDER_SIDE];
    const qtyLots = views.f64[(at + SUBMIT_ORDER_QTY_LOTS) >> 3];
    const order = new TrackedOrder(text, orderId, instrument.index, side, qtyLots, Stage.Sent, nowUs);
    this.keeper.orders.add(order);
    // An order that had to wait would be sent into another market than it was meant for.
    if (this.requests.isQuiet(nowUs)) return void this.keeper.reject(order, ReportReason.RateLimited, nowUs);
    this.counts.submits += 1;
    this.requests.ask(submission(views, at, instrument, text), nowUs, (heard, atUs) =>
      this.onSubmitted(order, heard, atUs),
    );
  }

  private onSubmitted(order: TrackedOrder, heard: Heard, nowUs: number): void {
    // biome-ignore format: one arm a line
    switch (heard.verdict) {
      case Verdict.Done: if (this.onPlaced(order, heard, nowUs)) return; break;
      case Verdict.Rejected:
      case Verdict.RetryLater:
      case Verdict.ClockSkew: if (this.keeper.reject(order, heard.reason, nowUs)) return; break;
    }
    const reason = heard.verdict === Verdict.Done ? ReportReason.VenueError : heard.reason;
    this.keeper.doubt(order, reason, nowUs);
    if (order.stage !== Stage.Ended) order.question.retry(nowUs);
  }

  /** False when the answer is none to this order. */
  private onPlaced(order: TrackedOrder, heard: Heard, nowUs: number): boolean {
    const said = soleOrder(heard);
    if (said?.clientOrderId !== order.clientOrderId) return false;
    if (this.keeper.onOrder(said, null, nowUs) !== order) return false;
    this.keeper.onTrades(this.instruments[order.instrument], heard.body!.trades, nowUs);
    return true;
  }

  /** An order whose submit was not answered yet is cancelled as soon as it is: a cancel must not overtake it. */
  private cancel(views: MessageViews, at: number, nowUs: number): void {
    const orderId = views.f64[(at + CANCEL_ORDER_ORDER_ID) >> 3];
    const order = this.keeper.orders.find(orderId);
    if (order !== undefined && order.stage !== Stage.Ended) order.cancel.want(nowUs);
    else this.report.cancelOfNothing(orderId, views.u32[(at + CANCEL_ORDER_INSTRUMENT) >> 2], nowUs);
  }

  /** Sends the cancels that are due. Returns when the next one will be. */
  private repeatCancels(nowUs: number): number {
    let nextUs = Number.POSITIVE_INFINITY;
    for (const order of this.keeper.orders.busy) {
      if (order.stage === Stage.Sent || order.cancel.underWay) continue;
      if (nowUs < order.cancel.dueUs) nextUs = Math.min(nextUs, order.cancel.dueUs);
      else if (this.requests.size < REQUESTS_MAX) this.sendCancel(order, nowUs);
    }
    return nextUs;
  }

  private sendCancel(order: TrackedOrder, nowUs: number): void {
    order.cancel.begin();
    this.counts.cancels += 1;
    const symbol = this.instruments[order.instrument].venueSymbol;
    const { clientOrderId } = order;
    this.requests.ask({ kind: "cancel", symbol, clientOrderId }, nowUs, (heard, atUs) => {
      this.onCanceled(order, heard, atUs);
      this.keeper.settle(order, atUs);
    });
  }

  private onCanceled(order: TrackedOrder, heard: Heard, nowUs: number): void {
    const said = soleOrder(heard);
    if (said?.clientOrderId === order.clientOrderId) this.keeper.onOrder(said, null, nowUs);
    const isOver = order.stage === Stage.Ended || order.end !== null;
    if (isOver) return order.cancel.done();
    if (heard.verdict === Verdict.Rejected) {
      order.cancel.done();
      return this.keeper.refuseCancel(order, heard.reason, nowUs);
    }
    order.cancel.retry(nowUs);
    // The venue says that it is not open, or nothing clear: how it stands is asked before the cancel is repeated.
    if (heard.verdict !== Verdict.RetryLater && heard.verdict !== Verdict.ClockSkew) order.question.want(nowUs);
  }
}
