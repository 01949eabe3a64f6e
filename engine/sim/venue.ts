/**
 * The simulated order venue: a pure function of the log. It keeps the real book from the market records, executes each
 * command when a record at or past its moment is read, and writes reports that reach the engine after a fixed latency.
 *
 *   taking    walks the opposite side of the real book, one fill a level; the book itself is not consumed
 *   resting   joins the queue behind what is shown at its price, and fills when trades have eaten that queue, when a
 *             trade goes through its price, or when the opposite best crosses it
 *
 * When a life of the engine begins, all that rested is cancelled: this venue does not outlive the process. It says so,
 * and that it has been asked for everything, as a real one would.
 *
 * It assumes no market impact, and that what is shown in front of us does not cancel faster than the level shrinks.
 */
import {
  BOOK_DELTA_INSTRUMENT,
  BOOK_SNAPSHOT_INSTRUMENT,
  CONFIG_EPOCH,
  CONFIG_START,
  FEED_STATUS_INSTRUMENT,
  FEED_STATUS_STATE,
  FeedState,
  FILL_REPORT_BYTES,
  LifeStart,
  Liquidity,
  MessageType,
  type MessageViews,
  ORDER_EVENT_FILLED_LOTS,
  ORDER_EVENT_INSTRUMENT,
  ORDER_EVENT_ORDER_ID,
  ORDER_EVENT_REPORT_REASON,
  ORDER_EVENT_STATUS,
  ORDER_REPORT_BYTES,
  OrderType,
  RECONCILED_BYTES,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_TIME_US,
  ReportKind,
  ReportReason,
  Side,
  TimeInForce,
  TRADE_AGGRESSOR,
  TRADE_INSTRUMENT,
  TRADE_PRICE_TICKS,
  TRADE_QTY_LOTS,
  TRADES_SEEN_INSTRUMENT,
  writeFillReport,
  writeOrderReport,
  writeReconciled,
} from "../../schemas/index.js";
import type { PaperModel } from "../config.js";
import type { Instrument } from "../instrument.js";
import { Book } from "../market/book.js";
import type { BookSide } from "../market/book-side.js";
import { checked } from "../money.js";
import { isWorking } from "../orders/order-table.js";
import type { ReportSink } from "./report-queue.js";
import { CommandQueue, NO_ORDER, SimOrders } from "./sim-orders.js";

const MILLION = 1_000_000;
/** Trade ids of two lives never meet. */
const TRADES_A_LIFE = 4_294_967_296;

/** Slots of `SimVenue.moments`. */
const NOW = 0;
const VENUE = 1;

export class SimVenue {
  private readonly instruments: readonly Instrument[];
  private readonly model: PaperModel;
  private readonly reports: ReportSink;
  private readonly books: Book[];
  private readonly live: Uint8Array;
  private readonly underWay = new CommandQueue();
  private readonly orders: SimOrders;
  /** Of the record being read, and at which the venue did what is being reported; in an array they are never boxed. */
  private readonly moments = new Float64Array(2);
  /** Of a fill under way: its lots. */
  private readonly lots = new Float64Array(1);
  /** Row of the order that was submitted last. */
  private submitted = NO_ORDER;
  private nextTradeId = 1;
  private nextVenueOrderId = 1;

  constructor(instruments: readonly Instrument[], model: PaperModel, reports: ReportSink) {
    this.instruments = instruments;
    this.model = model;
    this.reports = reports;
    this.books = instruments.map(() => new Book());
    this.live = new Uint8Array(instruments.length);
    this.orders = new SimOrders(instruments.length);
  }

  /** Reads one record of the log, whose header stands before `at`. Commands due by its time act before it does. */
  onRecord(type: number, views: MessageViews, at: number): void {
    const { moments, underWay } = this;
    moments[NOW] = views.f64[(at - RECORD_HEADER_BYTES + RECORD_HEADER_TIME_US) >> 3];
    if (type === MessageType.Config && views.u8[at + CONFIG_START] !== LifeStart.Fresh)
      return this.beginLife(views, at);
    while (!underWay.isEmpty && underWay.effectiveUs[underWay.first] <= moments[NOW]) this.execute();
    moments[VENUE] = moments[NOW];
    // biome-ignore format: one arm a line
    switch (type) {
      case MessageType.Trade: return this.onTrade(views, at);
      case MessageType.BookDelta: return this.onBook(views.u32[(at + BOOK_DELTA_INSTRUMENT) >> 2], views, at, false);
      case MessageType.BookSnapshot:
        return this.onBook(views.u32[(at + BOOK_SNAPSHOT_INSTRUMENT) >> 2], views, at, true);
      case MessageType.FeedStatus: return this.onFeedStatus(views, at);
      case MessageType.SubmitOrder:
      case MessageType.CancelOrder: return underWay.push(type, views, at, this.model.orderLatencyUs);
      case MessageType.OrderEvent: return this.onOrderEvent(views, at);
      case MessageType.TradesSeen: return this.onTradesSeen(views, at);
    }
  }

  /** This venue lives in the engine's process: what rested in it is gone when that one starts again. */
  private beginLife(views: MessageViews, at: number): void {
    this.underWay.clear();
    this.orders.clear();
    this.live.fill(0);
    for (const book of this.books) book.clear();
    this.nextVenueOrderId = 1;
    this.nextTradeId = (views.u32[(at + CONFIG_EPOCH) >> 2] - 1) * TRADES_A_LIFE + 1;
  }

  /** Asked about an order of an earlier life. */
  private onOrderEvent(views: MessageViews, at: number): void {
    if (views.u8[at + ORDER_EVENT_REPORT_REASON] !== ReportReason.Restart) return;
    if (!isWorking(views.u8[at + ORDER_EVENT_STATUS])) return;
    const { orders } = this;
    const row = orders.take();
    orders.orderId[row] = views.f64[(at + ORDER_EVENT_ORDER_ID) >> 3];
    orders.venueOrderId[row] = 0;
    orders.filledLots[row] = views.f64[(at + ORDER_EVENT_FILLED_LOTS) >> 3];
    orders.instrument[row] = views.u32[(at + ORDER_EVENT_INSTRUMENT) >> 2];
    this.report(row, ReportKind.Canceled, ReportReason.Restart);
    orders.drop(row);
  }

  /** The engine asks for the trades of each instrument last. */
  private onTradesSeen(views: MessageViews, at: number): void {
    if (views.u32[(at + TRADES_SEEN_INSTRUMENT) >> 2] !== this.instruments.length - 1) return;
    const place = this.reports.claim(MessageType.Reconciled, RECONCILED_BYTES);
    writeReconciled(this.reports.views, place, this.moments[NOW] + this.model.reportLatencyUs, 0, 0, 0);
    this.reports.commit();
  }

  private onFeedStatus(views: MessageViews, at: number): void {
    const instrument = views.u32[(at + FEED_STATUS_INSTRUMENT) >> 2];
    this.live[instrument] = views.u8[at + FEED_STATUS_STATE] === FeedState.Live ? 1 : 0;
  }

  private onBook(instrument: number, views: MessageViews, at: number, snapshot: boolean): void {
    const { orders } = this;
    const book = this.books[instrument];
    if (snapshot) book.applySnapshot(views, at);
    else book.applyDelta(views, at);
    for (let row = orders.oldest[instrument]; row !== NO_ORDER; row = orders.next[row]) {
      const side = orders.side[row];
      const shown = sideOf(book, side).lotsAt(orders.priceTicks[row]);
      if (shown < orders.queueLots[row]) orders.queueLots[row] = shown;
      const opposite = oppositeOf(book, side);
      if (!crosses(side, orders.priceTicks[row], opposite.bestTicks())) continue;
      this.fillResting(row, availableLots(opposite, side, orders.priceTicks[row]));
    }
    this.sweep(instrument);
  }

  private onTrade(views: MessageViews, at: number): void {
    const { orders } = this;
    const instrument = views.u32[(at + TRADE_INSTRUMENT) >> 2];
    const priceTicks = views.i32[(at + TRADE_PRICE_TICKS) >> 2];
    const qtyLots = views.f64[(at + TRADE_QTY_LOTS) >> 3];
    const passiveSide = views.u8[at + TRADE_AGGRESSOR] === Side.Buy ? Side.Sell : Side.Buy;
    // Orders of ours share what was traded: better prices first, at one price the older first.
    let leftLots = qtyLots;
    for (let row = orders.oldest[instrument]; row !== NO_ORDER; row = orders.next[row]) {
      if (orders.side[row] !== passiveSide || throughTicks(passiveSide, orders.priceTicks[row], priceTicks) <= 0)
        continue;
      leftLots -= this.fillResting(row, leftLots);
    }
    for (let row = orders.oldest[instrument]; row !== NO_ORDER; row = orders.next[row]) {
      if (orders.side[row] !== passiveSide || orders.priceTicks[row] !== priceTicks) continue;
      leftLots -= this.tradeAtPrice(row, qtyLots, leftLots);
    }
    this.sweep(instrument);
  }

  /** A trade at our price eats the queue in front of us first. Returns the lots filled. */
  private tradeAtPrice(row: number, qtyLots: number, leftLots: number): number {
    const { queueLots } = this.orders;
    const reachesUs = leftLots - queueLots[row];
    queueLots[row] = Math.max(0, queueLots[row] - qtyLots);
    return this.fillResting(row, reachesUs);
  }

  private fillResting(row: number, availableLots: number): number {
    const { qtyLots, filledLots, priceTicks } = this.orders;
    const lots = Math.min(qtyLots[row] - filledLots[row], availableLots);
    if (lots <= 0) return 0;
    this.lots[0] = lots;
    this.fill(row, priceTicks[row], Liquidity.Maker);
    return lots;
  }

  /** The oldest command under way. */
  private execute(): void {
    const { underWay, moments } = this;
    const command = underWay.first;
    underWay.advance();
    moments[VENUE] = underWay.effectiveUs[command];
    if (underWay.isCancel[command] === 1) this.cancel(command);
    else if (!this.submit(command)) this.orders.drop(this.submitted);
  }

  /** False when the order is at its end already. */
  private submit(command: number): boolean {
    const { underWay, orders } = this;
    const row = this.open(command);
    const instrument = underWay.instrument[command];
    const side = underWay.side[command];
    const book = this.books[instrument];
    const opposite = oppositeOf(book, side);
    const market = underWay.orderType[command] === OrderType.Market;
    const takes = opposite.count > 0 && (market || crosses(side, orders.priceTicks[row], opposite.bestTicks()));
    if (this.live[instrument] === 0) return this.end(row, ReportKind.Rejected, ReportReason.NoMarket);
    if (takes && underWay.timeInForce[command] === TimeInForce.PostOnly) {
      return this.end(row, ReportKind.Rejected, ReportReason.WouldTake);
    }
    this.report(row, ReportKind.Accepted, ReportReason.None);
    if (takes) this.take(row, opposite, market);
    if (orders.filledLots[row] === orders.qtyLots[row]) return false;
    if (market || underWay.timeInForce[command] === TimeInForce.ImmediateOrCancel) {
      return this.end(row, ReportKind.Expired, ReportReason.NoLiquidity);
    }
    orders.queueLots[row] = sideOf(book, side).lotsAt(orders.priceTicks[row]);
    orders.rest(row);
    return true;
  }

  private open(command: number): number {
    const { underWay, orders } = this;
    const row = orders.take();
    orders.orderId[row] = underWay.orderId[command];
    orders.venueOrderId[row] = this.nextVenueOrderId;
    orders.instrument[row] = underWay.instrument[command];
    orders.side[row] = underWay.side[command];
    orders.priceTicks[row] = underWay.priceTicks[command];
    orders.qtyLots[row] = underWay.qtyLots[command];
    orders.filledLots[row] = 0;
    orders.queueLots[row] = 0;
    this.nextVenueOrderId += 1;
    this.submitted = row;
    return row;
  }

  private end(row: number, kind: number, reason: number): false {
    this.report(row, kind, reason);
    return false;
  }

  private take(row: number, opposite: BookSide, market: boolean): void {
    const { orders } = this;
    const { qtyLots, filledLots, priceTicks, side } = orders;
    for (let depth = 0; depth < opposite.count && filledLots[row] < qtyLots[row]; depth += 1) {
      const ticks = opposite.ticksAtDepth(depth);
      if (!market && !crosses(side[row], priceTicks[row], ticks)) return;
      this.lots[0] = Math.min(qtyLots[row] - filledLots[row], opposite.lotsAtDepth(depth));
      this.fill(row, ticks, Liquidity.Taker);
    }
  }

  private cancel(command: number): void {
    const { underWay, orders } = this;
    const resting = orders.find(underWay.instrument[command], underWay.orderId, command);
    if (resting !== NO_ORDER) {
      this.report(resting, ReportKind.Canceled, ReportReason.None);
      return orders.remove(resting);
    }
    const stranger = orders.take();
    orders.orderId[stranger] = underWay.orderId[command];
    orders.venueOrderId[stranger] = 0;
    orders.filledLots[stranger] = 0;
    orders.instrument[stranger] = underWay.instrument[command];
    this.report(stranger, ReportKind.CancelRejected, ReportReason.UnknownOrder);
    orders.drop(stranger);
  }

  /** Forgets an instrument's resting orders that are filled. */
  private sweep(instrument: number): void {
    const { orders } = this;
    for (let row = orders.oldest[instrument]; row !== NO_ORDER; ) {
      const next = orders.next[row];
      if (orders.filledLots[row] === orders.qtyLots[row]) orders.remove(row);
      row = next;
    }
  }

  /** Fills `lots` of an order. */
  private fill(row: number, priceTicks: number, liquidity: number): void {
    const { orders, reports, moments } = this;
    const { moneyPerTickLot, makerFeePpm, takerFeePpm } = this.instruments[orders.instrument[row]];
    const qtyLots = this.lots[0];
    const value = checked(checked(priceTicks * qtyLots) * moneyPerTickLot);
    orders.filledLots[row] += qtyLots;
    const at = reports.claim(MessageType.FillReport, FILL_REPORT_BYTES);
    writeFillReport(
      reports.views,
      at,
      moments[NOW] + this.model.reportLatencyUs,
      moments[VENUE],
      orders.orderId[row],
      this.nextTradeId,
      qtyLots,
      feeOf(value, liquidity === Liquidity.Maker ? makerFeePpm : takerFeePpm),
      priceTicks,
      orders.instrument[row],
      orders.side[row],
      liquidity,
    );
    this.nextTradeId += 1;
    reports.commit();
  }

  private report(row: number, kind: number, reason: number): void {
    const { orders, reports, moments } = this;
    const at = reports.claim(MessageType.OrderReport, ORDER_REPORT_BYTES);
    writeOrderReport(
      reports.views,
      at,
      moments[NOW] + this.model.reportLatencyUs,
      moments[VENUE],
      orders.orderId[row],
      orders.venueOrderId[row],
      orders.filledLots[row],
      orders.instrument[row],
      kind,
      reason,
    );
    reports.commit();
  }
}

/** value × ppm / 10⁶ rounded half up, exactly: the product itself would pass 2^53. */
export function feeOf(valueMoney: number, ppm: number): number {
  const rest = valueMoney % MILLION;
  const whole = (valueMoney - rest) / MILLION;
  return checked(whole * ppm + Math.floor((rest * ppm + MILLION / 2) / MILLION));
}

/** By how many ticks a trade went through an order's price: 0 at it, negative when it did not reach it. */
function throughTicks(side: number, priceTicks: number, tradeTicks: number): number {
  return side === Side.Buy ? priceTicks - tradeTicks : tradeTicks - priceTicks;
}

function crosses(side: number, priceTicks: number, oppositeTicks: number): boolean {
  if (oppositeTicks === 0) return false;
  return side === Side.Buy ? priceTicks >= oppositeTicks : priceTicks <= oppositeTicks;
}

/** Lots on the opposite side that cross a price. */
function availableLots(opposite: BookSide, side: number, priceTicks: number): number {
  let lots = 0;
  for (let depth = 0; depth < opposite.count; depth += 1) {
    if (!crosses(side, priceTicks, opposite.ticksAtDepth(depth))) break;
    lots += opposite.lotsAtDepth(depth);
  }
  return lots;
}

const sideOf = (book: Book, side: number): BookSide => (side === Side.Buy ? book.bids : book.asks);
const oppositeOf = (book: Book, side: number): BookSide => (side === Side.Buy ? book.asks : book.bids);
