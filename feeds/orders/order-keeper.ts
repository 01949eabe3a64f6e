/**
 * What the venue says of orders and trades, turned into what the engine is told. An order only ever moves forward; a
 * trade counts once, whoever tells of it; and an order's end is told when everything that was filled before has been.
 */
import type { Instrument } from "../../engine/instrument.js";
import { type OrderName, parseClientOrderId } from "../../engine/orders/client-order-id.js";
import { SeenTrades } from "../../engine/orders/seen-trades.js";
import { ReportKind, ReportReason, TimeInForce } from "../../schemas/index.js";
import type { VenueOrder, VenueTrade } from "./link.js";
import { type OrderReading, readOrder, readTrade, type TradeReading } from "./readings.js";
import type { Reporter } from "./reporter.js";
import type { GatewayCounts, GatewaySettings } from "./settings.js";
import { Strangers } from "./strangers.js";
import { type OrderEnd, Stage, TrackedOrder, TrackedOrders } from "./tracked-orders.js";

export class OrderKeeper {
  readonly orders: TrackedOrders;
  readonly strangers: Strangers;
  readonly seen: SeenTrades;
  readonly counts: GatewayCounts;
  /** Of the life that runs: no order of ours is of a later one. */
  epoch = 0;
  private readonly bySymbol: ReadonlyMap<string, Instrument>;
  private readonly instruments: readonly Instrument[];
  private readonly report: Reporter;
  private readonly settings: GatewaySettings;

  constructor(instruments: readonly Instrument[], report: Reporter, settings: GatewaySettings, counts: GatewayCounts) {
    this.orders = new TrackedOrders(instruments.length);
    this.strangers = new Strangers(instruments.length);
    this.seen = new SeenTrades(instruments.length);
    this.bySymbol = new Map(instruments.map((each) => [each.venueSymbol, each]));
    this.instruments = instruments;
    this.report = report;
    this.settings = settings;
    this.counts = counts;
  }

  /** The venue's word on an order. Returns ours, or null for one of others and for words that cannot be believed. */
  onOrder(said: VenueOrder, trade: VenueTrade | null, nowUs: number): TrackedOrder | null {
    const instrument = this.bySymbol.get(said?.symbol);
    if (instrument === undefined && typeof said?.symbol === "string") return this.leaveSymbol();
    if (instrument === undefined || typeof said.clientOrderId !== "string") return this.refuse();
    const known = this.orders.named(said.clientOrderId);
    const name = known === undefined ? this.nameOf(said.clientOrderId) : null;
    if (known === undefined && name === null) return this.leaveAlone(said, trade, instrument);
    const reading = readOrder(said, instrument);
    const tradeReading = trade === null ? null : readTrade(trade, instrument);
    if (reading === null || (trade !== null && tradeReading?.venueOrderId !== reading.venueOrderId)) {
      return this.refuse();
    }
    if (known === undefined && this.isTaken(name!, instrument, reading)) return this.refuse();
    const order = known ?? this.adopt(said.clientOrderId, name!, reading, instrument, nowUs);
    if (!isSame(order, reading, instrument) || !this.orders.identify(order, reading.venueOrderId)) return this.refuse();
    this.apply(order, reading, tradeReading, nowUs);
    return order;
  }

  /** Trades from a list. False when one of them cannot be believed, or too many have no name: ask again. */
  onTrades(instrument: Instrument, trades: readonly VenueTrade[], nowUs: number): boolean {
    const readings = this.readTrades(instrument, trades);
    if (readings === null) return false;
    let kept = true;
    for (const reading of readings) kept = this.onListedTrade(instrument.index, reading, nowUs) && kept;
    return kept;
  }

  /** All trades of one order, or null when they cannot be believed. After this the engine knows each. */
  onTradesOf(order: TrackedOrder, trades: readonly VenueTrade[], nowUs: number): number | null {
    const readings = this.readTrades(this.instruments[order.instrument], trades);
    if (readings === null || readings.some(({ venueOrderId }) => venueOrderId !== order.venueOrderId)) return null;
    let lots = 0;
    for (const reading of readings) {
      this.onListedTrade(order.instrument, reading, nowUs);
      lots += reading.qtyLots;
    }
    return lots;
  }

  /** The trades of an order add up to so many lots; the engine knows them all, some from an earlier life. */
  addUp(order: TrackedOrder, lots: number, nowUs: number): void {
    if (lots > order.qtyLots) return void this.refuse();
    order.toldLots = Math.max(order.toldLots, lots);
    this.settle(order, nowUs);
  }

  /** No answer to a submit. What the stream has said meanwhile stands. */
  doubt(order: TrackedOrder, reason: ReportReason, nowUs: number): void {
    if (order.stage !== Stage.Sent) return;
    order.stage = Stage.Unknown;
    this.counts.unknown += 1;
    this.report.order(order, ReportKind.Unknown, reason, 0, nowUs);
  }

  /** The venue has refused it: it is not there. False when the venue has said the opposite before. */
  reject(order: TrackedOrder, reason: ReportReason, nowUs: number): boolean {
    if (order.stage !== Stage.Sent && order.stage !== Stage.Unknown) return false;
    this.disown(order, ReportKind.Rejected, reason, nowUs);
    return true;
  }

  /** The venue will not cancel it. */
  refuseCancel(order: TrackedOrder, reason: ReportReason, nowUs: number): void {
    this.report.order(order, ReportKind.CancelRejected, reason, 0, nowUs);
  }

  /** The venue does not have it and never had, beyond doubt. */
  miss(order: TrackedOrder, nowUs: number): void {
    if (order.stage !== Stage.Unknown) return;
    this.counts.notFound += 1;
    this.disown(order, ReportKind.NotFound, ReportReason.UnknownOrder, nowUs);
  }

  /** A nameless order is not ours. */
  disclaim(instrument: number, venueOrderId: number): void {
    const trades = this.strangers.take(instrument, venueOrderId);
    if (this.strangers.addStranger(instrument, venueOrderId)) this.counts.foreignOrders += 1;
    for (const { tradeId } of trades) this.countForeign(instrument, tradeId);
  }

  /** After something has changed: tells the end if all before it is told, and asks for trades that are missing. */
  settle(order: TrackedOrder, nowUs: number): void {
    if (order.stage === Stage.Live) {
      if (order.toldLots === order.qtyLots) this.finish(order);
      else if (order.end !== null && !order.missesTrades) this.tellEnd(order, nowUs);
    }
    if (!order.missesTrades) order.trades.drop();
    else if (order.trades.isIdle) order.trades.want(nowUs + this.settings.graceUs);
    this.orders.settle(order);
  }

  private apply(order: TrackedOrder, reading: OrderReading, trade: TradeReading | null, nowUs: number): void {
    const { status, filledLots, timeUs } = reading;
    order.heardUs = nowUs;
    order.isAnswered = true;
    if (status === "REJECTED") {
      if (!this.reject(order, ReportReason.VenueError, nowUs) && order.stage === Stage.Live) this.refuse();
      return;
    }
    this.acknowledge(order, timeUs, nowUs);
    order.venueLots = Math.max(order.venueLots, filledLots);
    if (isOver(status) && filledLots >= (order.end?.filledLots ?? 0)) order.end = endOf(reading);
    if (trade !== null) this.onTrade(order, trade, nowUs);
    for (const waiting of this.strangers.take(order.instrument, order.venueOrderId))
      this.onTrade(order, waiting, nowUs);
    if (order.isDisowned && !isOver(status)) order.cancel.want(nowUs);
    this.settle(order, nowUs);
  }

  /** The venue has it: it is not in doubt any more. */
  private acknowledge(order: TrackedOrder, venueTimeUs: number, nowUs: number): void {
    order.absences = 0;
    order.proofUs = 0;
    if (order.stage !== Stage.Sent && order.stage !== Stage.Unknown) return;
    order.stage = Stage.Live;
    order.question.drop();
    this.report.order(order, ReportKind.Accepted, ReportReason.None, venueTimeUs, nowUs);
  }

  private onTrade(order: TrackedOrder, trade: TradeReading, nowUs: number): void {
    if (this.seen.has(order.instrument, trade.tradeId)) {
      this.counts.duplicateTrades += 1;
      return;
    }
    if (trade.side !== order.side || order.toldLots + trade.qtyLots > order.qtyLots) return void this.refuse();
    this.seen.add(order.instrument, trade.tradeId);
    this.acknowledge(order, trade.timeUs, nowUs);
    this.report.fill(order, trade, nowUs);
    order.toldLots += trade.qtyLots;
    order.venueLots = Math.max(order.venueLots, order.toldLots);
    this.settle(order, nowUs);
  }

  /** False when it could not be kept. */
  private onListedTrade(instrument: number, trade: TradeReading, nowUs: number): boolean {
    const { tradeId, venueOrderId } = trade;
    if (this.seen.has(instrument, tradeId)) return true;
    const order = this.orders.atVenue(instrument, venueOrderId);
    if (order !== undefined) {
      this.counts.listedTrades += 1;
      this.onTrade(order, trade, nowUs);
    } else if (this.strangers.isStranger(instrument, venueOrderId)) this.countForeign(instrument, tradeId);
    else return this.strangers.keep(instrument, trade, nowUs);
    return true;
  }

  private readTrades(instrument: Instrument, trades: readonly VenueTrade[]): readonly TradeReading[] | null {
    if (!Array.isArray(trades)) return this.refuse();
    const readings: TradeReading[] = [];
    for (const trade of trades) {
      const reading = readTrade(trade, instrument);
      if (reading === null) return this.refuse();
      readings.push(reading);
    }
    return readings.sort((a, b) => a.tradeId - b.tradeId);
  }

  private nameOf(clientOrderId: string): OrderName | null {
    const name = parseClientOrderId(clientOrderId);
    return name !== null && name.epoch <= this.epoch ? name : null;
  }

  /** Two orders never share a number, ours or the venue's. */
  private isTaken({ orderId }: OrderName, { index }: Instrument, { venueOrderId }: OrderReading): boolean {
    return this.orders.find(orderId) !== undefined || this.orders.atVenue(index, venueOrderId) !== undefined;
  }

  /** An order of ours that was sent from a record that no journal holds any more. */
  private adopt(
    text: string,
    name: OrderName,
    reading: OrderReading,
    instrument: Instrument,
    nowUs: number,
  ): TrackedOrder {
    const { side, qtyLots } = reading;
    const order = new TrackedOrder(text, name.orderId, instrument.index, side, qtyLots, Stage.Live, nowUs);
    this.orders.add(order);
    this.counts.found += 1;
    this.report.found(order, reading, name.epoch, name.strategy, nowUs);
    return order;
  }

  private leaveAlone(said: VenueOrder, trade: VenueTrade | null, { index }: Instrument): null {
    if (Number.isSafeInteger(said.venueOrderId)) this.disclaim(index, said.venueOrderId);
    if (Number.isSafeInteger(trade?.tradeId)) this.countForeign(index, trade!.tradeId);
    return null;
  }

  /** The account trades in what we were not told of. */
  private leaveSymbol(): null {
    this.counts.otherSymbols += 1;
    return null;
  }

  private countForeign(instrument: number, tradeId: number): void {
    if (this.seen.has(instrument, tradeId)) return;
    this.seen.add(instrument, tradeId);
    this.counts.foreignTrades += 1;
  }

  private tellEnd(order: TrackedOrder, nowUs: number): void {
    const { kind, reason, timeUs } = order.end!;
    this.report.order(order, kind, reason, timeUs, nowUs);
    this.finish(order);
  }

  private disown(order: TrackedOrder, kind: ReportKind, reason: ReportReason, nowUs: number): void {
    this.report.order(order, kind, reason, 0, nowUs);
    order.isDisowned = true;
    this.finish(order);
    this.orders.settle(order);
  }

  private finish(order: TrackedOrder): void {
    order.stage = Stage.Ended;
    order.question.drop();
    order.cancel.drop();
  }

  /** What cannot be believed is counted and otherwise as if nothing had been said. */
  private refuse(): null {
    this.counts.malformed += 1;
    return null;
  }
}

const isOver = (status: string): boolean => status === "FILLED" || status === "CANCELED" || status === "EXPIRED";

function endOf({ status, timeInForce, filledLots, timeUs }: OrderReading): OrderEnd {
  if (status !== "EXPIRED") return { kind: ReportKind.Canceled, reason: ReportReason.None, filledLots, timeUs };
  const isTaking = timeInForce === TimeInForce.ImmediateOrCancel;
  const reason = isTaking ? ReportReason.NoLiquidity : ReportReason.None;
  return { kind: ReportKind.Expired, reason, filledLots, timeUs };
}

function isSame(order: TrackedOrder, { side, qtyLots }: OrderReading, { index }: Instrument): boolean {
  return order.instrument === index && order.side === side && order.qtyLots === qtyLots;
}
