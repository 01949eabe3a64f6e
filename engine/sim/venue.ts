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
import { readCommand, type SimCommand, type SimOrder } from "./sim-orders.js";

const MILLION = 1_000_000;
/** Trade ids of two lives never meet. */
const TRADES_A_LIFE = 4_294_967_296;

type Reported = Pick<SimOrder, "orderId" | "venueOrderId" | "filledLots" | "instrument">;

export class SimVenue {
  private readonly instruments: readonly Instrument[];
  private readonly model: PaperModel;
  private readonly reports: ReportSink;
  private readonly books: Book[];
  private readonly live: Uint8Array;
  private readonly underWay: SimCommand[] = [];
  private readonly resting: SimOrder[] = [];
  private nextTradeId = 1;
  private nextVenueOrderId = 1;
  private timeUs = 0;

  constructor(instruments: readonly Instrument[], model: PaperModel, reports: ReportSink) {
    this.instruments = instruments;
    this.model = model;
    this.reports = reports;
    this.books = instruments.map(() => new Book());
    this.live = new Uint8Array(instruments.length);
  }

  /** Reads one record of the log. Commands due by its time act before it does. */
  onRecord(type: number, timeUs: number, views: MessageViews, at: number): void {
    this.timeUs = timeUs;
    if (type === MessageType.Config && views.u8[at + CONFIG_START] !== LifeStart.Fresh)
      return this.beginLife(views, at);
    while (this.underWay.length > 0 && this.underWay[0].effectiveUs <= timeUs) this.execute(this.underWay.shift()!);
    // biome-ignore format: one arm a line
    switch (type) {
      case MessageType.Trade: return this.onTrade(views, at);
      case MessageType.BookDelta: return this.onBook(views.u32[(at + BOOK_DELTA_INSTRUMENT) >> 2], views, at, false);
      case MessageType.BookSnapshot:
        return this.onBook(views.u32[(at + BOOK_SNAPSHOT_INSTRUMENT) >> 2], views, at, true);
      case MessageType.FeedStatus: return this.onFeedStatus(views, at);
      case MessageType.SubmitOrder:
      case MessageType.CancelOrder:
        return void this.underWay.push(readCommand(type, views, at, this.model.orderLatencyUs));
      case MessageType.OrderEvent: return this.onOrderEvent(views, at);
      case MessageType.TradesSeen: return this.onTradesSeen(views, at);
    }
  }

  /** This venue lives in the engine's process: what rested in it is gone when that one starts again. */
  private beginLife(views: MessageViews, at: number): void {
    this.underWay.length = 0;
    this.resting.length = 0;
    this.live.fill(0);
    for (const book of this.books) book.clear();
    this.nextVenueOrderId = 1;
    this.nextTradeId = (views.u32[(at + CONFIG_EPOCH) >> 2] - 1) * TRADES_A_LIFE + 1;
  }

  /** Asked about an order of an earlier life. */
  private onOrderEvent(views: MessageViews, at: number): void {
    if (views.u8[at + ORDER_EVENT_REPORT_REASON] !== ReportReason.Restart) return;
    if (!isWorking(views.u8[at + ORDER_EVENT_STATUS])) return;
    const order = {
      orderId: views.f64[(at + ORDER_EVENT_ORDER_ID) >> 3],
      venueOrderId: 0,
      filledLots: views.f64[(at + ORDER_EVENT_FILLED_LOTS) >> 3],
      instrument: views.u32[(at + ORDER_EVENT_INSTRUMENT) >> 2],
    };
    this.report(order, ReportKind.Canceled, ReportReason.Restart, this.timeUs);
  }

  /** The engine asks for the trades of each instrument last. */
  private onTradesSeen(views: MessageViews, at: number): void {
    if (views.u32[(at + TRADES_SEEN_INSTRUMENT) >> 2] !== this.instruments.length - 1) return;
    const place = this.reports.claim(MessageType.Reconciled, RECONCILED_BYTES);
    writeReconciled(this.reports.views, place, this.timeUs + this.model.reportLatencyUs, 0, 0, 0);
    this.reports.commit();
  }

  private onFeedStatus(views: MessageViews, at: number): void {
    const instrument = views.u32[(at + FEED_STATUS_INSTRUMENT) >> 2];
    this.live[instrument] = views.u8[at + FEED_STATUS_STATE] === FeedState.Live ? 1 : 0;
  }

  private onBook(instrument: number, views: MessageViews, at: number, snapshot: boolean): void {
    const book = this.books[instrument];
    if (snapshot) book.applySnapshot(views, at);
    else book.applyDelta(views, at);
    if (this.resting.length === 0) return;
    for (const order of this.resting) {
      if (order.instrument !== instrument) continue;
      const shown = sideOf(book, order.side).lotsAt(order.priceTicks);
      if (shown < order.queueLots) order.queueLots = shown;
      if (crosses(order.side, order.priceTicks, oppositeOf(book, order.side).bestTicks())) {
        this.fillResting(order, availableLots(oppositeOf(book, order.side), order.side, order.priceTicks));
      }
    }
    this.sweep();
  }

  private onTrade(views: MessageViews, at: number): void {
    if (this.resting.length === 0) return;
    const instrument = views.u32[(at + TRADE_INSTRUMENT) >> 2];
    const priceTicks = views.i32[(at + TRADE_PRICE_TICKS) >> 2];
    const qtyLots = views.f64[(at + TRADE_QTY_LOTS) >> 3];
    const passiveSide = views.u8[at + TRADE_AGGRESSOR] === Side.Buy ? Side.Sell : Side.Buy;
    // Orders of ours share what was traded: better prices first, at one price the older first.
    let leftLots = qtyLots;
    for (const order of this.resting) {
      if (!isPassive(order, instrument, passiveSide) || throughTicks(order, priceTicks) <= 0) continue;
      leftLots -= this.fillResting(order, leftLots);
    }
    for (const order of this.resting) {
      if (!isPassive(order, instrument, passiveSide) || throughTicks(order, priceTicks) !== 0) continue;
      leftLots -= this.tradeAtPrice(order, qtyLots, leftLots);
    }
    this.sweep();
  }

  /** A trade at our price eats the queue in front of us first. Returns the lots filled. */
  private tradeAtPrice(order: SimOrder, qtyLots: number, leftLots: number): number {
    const reachesUs = leftLots - order.queueLots;
    order.queueLots = Math.max(0, order.queueLots - qtyLots);
    return this.fillResting(order, reachesUs);
  }

  private fillResting(order: SimOrder, availableLots: number): number {
    const lots = Math.min(order.qtyLots - order.filledLots, availableLots);
    if (lots <= 0) return 0;
    this.fill(order, order.priceTicks, lots, Liquidity.Maker, this.timeUs);
    return lots;
  }

  private execute(command: SimCommand): void {
    if (command.isCancel) return this.cancel(command);
    const book = this.books[command.instrument];
    const opposite = oppositeOf(book, command.side);
    const market = command.orderType === OrderType.Market;
    const takes = opposite.count > 0 && (market || crosses(command.side, command.priceTicks, opposite.bestTicks()));
    const order: SimOrder = {
      orderId: command.orderId,
      venueOrderId: this.nextVenueOrderId++,
      instrument: command.instrument,
      side: command.side,
      priceTicks: command.priceTicks,
      qtyLots: command.qtyLots,
      filledLots: 0,
      queueLots: 0,
    };
    const at = command.effectiveUs;
    if (!this.live[command.instrument]) return this.report(order, ReportKind.Rejected, ReportReason.NoMarket, at);
    if (takes && command.timeInForce === TimeInForce.PostOnly) {
      return this.report(order, ReportKind.Rejected, ReportReason.WouldTake, at);
    }
    this.report(order, ReportKind.Accepted, ReportReason.None, at);
    if (takes) this.take(order, opposite, market, at);
    if (order.filledLots === order.qtyLots) return;
    if (market || command.timeInForce === TimeInForce.ImmediateOrCancel) {
      return this.report(order, ReportKind.Expired, ReportReason.NoLiquidity, at);
    }
    order.queueLots = sideOf(book, order.side).lotsAt(order.priceTicks);
    this.resting.push(order);
  }

  private take(order: SimOrder, opposite: BookSide, market: boolean, venueTimeUs: number): void {
    for (let depth = 0; depth < opposite.count && order.filledLots < order.qtyLots; depth += 1) {
      const priceTicks = opposite.ticksAtDepth(depth);
      if (!market && !crosses(order.side, order.priceTicks, priceTicks)) return;
      const lots = Math.min(order.qtyLots - order.filledLots, opposite.lotsAtDepth(depth));
      this.fill(order, priceTicks, lots, Liquidity.Taker, venueTimeUs);
    }
  }

  private cancel(command: SimCommand): void {
    const index = this.resting.findIndex(({ orderId }) => orderId === command.orderId);
    if (index >= 0) {
      const [order] = this.resting.splice(index, 1);
      return this.report(order, ReportKind.Canceled, ReportReason.None, command.effectiveUs);
    }
    const stranger: SimOrder = { ...command, venueOrderId: 0, filledLots: 0, queueLots: 0 };
    this.report(stranger, ReportKind.CancelRejected, ReportReason.UnknownOrder, command.effectiveUs);
  }

  /** Forgets the resting orders that are filled. */
  private sweep(): void {
    for (let at = this.resting.length - 1; at >= 0; at -= 1) {
      if (this.resting[at].filledLots === this.resting[at].qtyLots) this.resting.splice(at, 1);
    }
  }

  private fill(order: SimOrder, priceTicks: number, qtyLots: number, liquidity: number, venueTimeUs: number): void {
    const { moneyPerTickLot, makerFeePpm, takerFeePpm } = this.instruments[order.instrument];
    const value = checked(checked(priceTicks * qtyLots) * moneyPerTickLot);
    const feeMoney = feeOf(value, liquidity === Liquidity.Maker ? makerFeePpm : takerFeePpm);
    order.filledLots += qtyLots;
    const at = this.reports.claim(MessageType.FillReport, FILL_REPORT_BYTES);
    writeFillReport(
      this.reports.views,
      at,
      this.timeUs + this.model.reportLatencyUs,
      venueTimeUs,
      order.orderId,
      this.nextTradeId++,
      qtyLots,
      feeMoney,
      priceTicks,
      order.instrument,
      order.side,
      liquidity,
    );
    this.reports.commit();
  }

  private report(order: Reported, kind: number, reason: number, venueTimeUs: number): void {
    const at = this.reports.claim(MessageType.OrderReport, ORDER_REPORT_BYTES);
    writeOrderReport(
      this.reports.views,
      at,
      this.timeUs + this.model.reportLatencyUs,
      venueTimeUs,
      order.orderId,
      order.venueOrderId,
      order.filledLots,
      order.instrument,
      kind,
      reason,
    );
    this.reports.commit();
  }
}

/** value × ppm / 10⁶ rounded half up, exactly: the product itself would pass 2^53. */
export function feeOf(valueMoney: number, ppm: number): number {
  const rest = valueMoney % MILLION;
  const whole = (valueMoney - rest) / MILLION;
  return checked(whole * ppm + Math.floor((rest * ppm + MILLION / 2) / MILLION));
}

function isPassive(order: SimOrder, instrument: number, side: number): boolean {
  return order.instrument === instrument && order.side === side;
}

/** By how many ticks a trade went through an order's price: 0 at it, negative when it did not reach it. */
function throughTicks({ side, priceTicks }: SimOrder, tradeTicks: number): number {
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
