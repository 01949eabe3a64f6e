/**
 * What the log says, added up by other code than the engine's: orders, working quantities, positions, cash, the
 * trading state and the limits. A fold over records and nothing else, so that it can be made again from what a crash
 * left.
 */
import type { EngineConfig } from "../../../engine/index.js";
import { moneyFromText } from "../../../engine/index.js";
import { clientOrderId } from "../../../engine/orders/client-order-id.js";
import {
  CONFIG_JSON_COUNT,
  FEED_STATUS_INSTRUMENT,
  FEED_STATUS_STATE,
  FeedState,
  FILL_FEE_MONEY,
  FILL_INSTRUMENT,
  FILL_ORDER_ID,
  FILL_PRICE_TICKS,
  FILL_QTY_LOTS,
  FILL_SIDE,
  FILL_STRATEGY,
  FILL_TRADE_ID,
  MessageType,
  type MessageViews,
  ORDER_EVENT_EPOCH,
  ORDER_EVENT_FILLED_LOTS,
  ORDER_EVENT_INSTRUMENT,
  ORDER_EVENT_ORDER_ID,
  ORDER_EVENT_ORDER_TYPE,
  ORDER_EVENT_PRICE_TICKS,
  ORDER_EVENT_QTY_LOTS,
  ORDER_EVENT_SIDE,
  ORDER_EVENT_STATUS,
  ORDER_EVENT_STRATEGY,
  OrderStatus,
  QUOTE_ASK_TICKS,
  QUOTE_BID_TICKS,
  QUOTE_INSTRUMENT,
  readText,
  Side,
  SUBMIT_ORDER_ORDER_ID,
  TRADE_INSTRUMENT,
  TRADE_PRICE_TICKS,
  TRADING_STATE_EVENT_REASON,
  TRADING_STATE_EVENT_STATE,
  TradingReason,
  TradingState,
} from "../../../schemas/index.js";
import { INSTRUMENTS } from "../venue/instruments.js";
import { promise } from "../violation.js";

export interface ShadowOrder {
  readonly orderId: number;
  /** By which the venue knows it, from the moment it was made. */
  readonly name: string;
  /** Place of its strategy in the configuration of the life that runs. */
  strategy: number;
  readonly instrument: number;
  readonly side: number;
  readonly orderType: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
  filledLots: number;
  status: number;
}

export interface ShadowFill {
  readonly instrument: number;
  readonly tradeId: number;
  readonly order: ShadowOrder;
  readonly lots: number;
  readonly ticks: number;
  readonly feeMoney: number;
  readonly side: number;
}

const STRATEGIES_MAX = 16;
const CELLS = STRATEGIES_MAX * INSTRUMENTS.length;
const OPEN: ReadonlySet<number> = new Set([
  OrderStatus.Submitted,
  OrderStatus.Accepted,
  OrderStatus.PartiallyFilled,
  OrderStatus.PendingCancel,
  OrderStatus.Unknown,
]);

export class Shadow {
  readonly orders = new Map<number, ShadowOrder>();
  /** By instrument and trade id. */
  readonly fills = new Map<string, ShadowFill>();
  readonly lots = new Float64Array(CELLS);
  /** What was received less what was paid, fees included. */
  readonly cashMoney = new Float64Array(CELLS);
  readonly workingBuyLots = new Float64Array(CELLS);
  readonly workingSellLots = new Float64Array(CELLS);
  readonly bidTicks = new Int32Array(INSTRUMENTS.length);
  readonly askTicks = new Int32Array(INSTRUMENTS.length);
  readonly lastTicks = new Int32Array(INSTRUMENTS.length);
  state: number = TradingState.Active;
  reason: number = TradingReason.None;
  maxPositionMoney = 0;
  maxOrderValueMoney = 0;
  /** Ids of orders that were sent; a number is never used twice. */
  newestOrderId = 0;
  private strategies: readonly string[] = [];

  readonly cellOf = (strategy: number, instrument: number): number => strategy * INSTRUMENTS.length + instrument;

  static isOpen = (status: number): boolean => OPEN.has(status);

  /** A record that changes what is added up here; others are passed over. */
  apply(type: number, views: MessageViews, at: number): void {
    // biome-ignore format: one arm a line
    switch (type) {
      case MessageType.Config: this.onConfig(views, at); break;
      case MessageType.Quote: this.onQuote(views, at); break;
      case MessageType.Trade: this.onTrade(views, at); break;
      case MessageType.FeedStatus: this.onFeedStatus(views, at); break;
      case MessageType.SubmitOrder: this.newestOrderId = views.f64[(at + SUBMIT_ORDER_ORDER_ID) >> 3]; break;
      case MessageType.OrderEvent: this.onOrderEvent(views, at); break;
      case MessageType.Fill: this.onFill(views, at); break;
      case MessageType.TradingStateEvent: this.onTradingState(views, at); break;
      default:
    }
  }

  openOrders(): ShadowOrder[] {
    return [...this.orders.values()].filter(({ status }) => OPEN.has(status));
  }

  netLots(instrument: number): number {
    return sumOver(this.lots, instrument);
  }

  workingLots(instrument: number, side: number): number {
    return sumOver(side === Side.Buy ? this.workingBuyLots : this.workingSellLots, instrument);
  }

  get cashTotal(): number {
    return this.cashMoney.reduce((sum, money) => sum + money, 0);
  }

  private onConfig(views: MessageViews, at: number): void {
    const { risk, strategies } = JSON.parse(readText(views, at + CONFIG_JSON_COUNT)) as EngineConfig;
    this.rename(strategies.map(({ id }) => id));
    this.maxPositionMoney = moneyFromText(risk.maxPosition);
    this.maxOrderValueMoney = moneyFromText(risk.maxOrderValue);
    this.bidTicks.fill(0);
    this.askTicks.fill(0);
  }

  /** Strategies may stand in another order in a new life. */
  private rename(ids: readonly string[]): void {
    const before = this.strategies;
    this.strategies = ids;
    if (before.length === 0 || before.join() === ids.join()) return;
    for (const cells of [this.lots, this.cashMoney, this.workingBuyLots, this.workingSellLots]) {
      const old = cells.slice();
      cells.fill(0);
      for (let cell = 0; cell < before.length * INSTRUMENTS.length; cell += 1) {
        const strategy = ids.indexOf(before[Math.floor(cell / INSTRUMENTS.length)]);
        cells[this.cellOf(strategy, cell % INSTRUMENTS.length)] = old[cell];
      }
    }
    for (const order of this.orders.values()) order.strategy = ids.indexOf(before[order.strategy]);
  }

  private onTrade(views: MessageViews, at: number): void {
    this.lastTicks[views.u32[(at + TRADE_INSTRUMENT) >> 2]] = views.i32[(at + TRADE_PRICE_TICKS) >> 2];
  }

  private onQuote(views: MessageViews, at: number): void {
    const instrument = views.u32[(at + QUOTE_INSTRUMENT) >> 2];
    this.bidTicks[instrument] = views.i32[(at + QUOTE_BID_TICKS) >> 2];
    this.askTicks[instrument] = views.i32[(at + QUOTE_ASK_TICKS) >> 2];
  }

  private onFeedStatus(views: MessageViews, at: number): void {
    const instrument = views.u32[(at + FEED_STATUS_INSTRUMENT) >> 2];
    if (views.u8[at + FEED_STATUS_STATE] === FeedState.Live) return;
    this.bidTicks[instrument] = this.askTicks[instrument] = 0;
  }

  private onTradingState(views: MessageViews, at: number): void {
    this.state = views.u8[at + TRADING_STATE_EVENT_STATE];
    this.reason = views.u8[at + TRADING_STATE_EVENT_REASON];
  }

  private onOrderEvent(views: MessageViews, at: number): void {
    const status = views.u8[at + ORDER_EVENT_STATUS];
    const orderId = views.f64[(at + ORDER_EVENT_ORDER_ID) >> 3];
    const filledLots = views.f64[(at + ORDER_EVENT_FILLED_LOTS) >> 3];
    const known = this.orders.get(orderId);
    if (known) this.count(known, -1);
    const order = known ?? readOrder(views, at, orderId, filledLots, status);
    promise(order.filledLots === filledLots, "conservation", () => {
      return `order ${orderId} is said to have ${filledLots} lots filled; its fills are ${order.filledLots}`;
    });
    order.status = status;
    this.count(order, 1);
    this.orders.set(orderId, order);
  }

  private onFill(views: MessageViews, at: number): void {
    const tradeId = views.f64[(at + FILL_TRADE_ID) >> 3];
    const instrument = views.u32[(at + FILL_INSTRUMENT) >> 2];
    const key = fillKey(instrument, tradeId);
    promise(!this.fills.has(key), "fill once", () => `trade ${tradeId} of instrument ${instrument} is applied twice`);
    const order = this.orders.get(views.f64[(at + FILL_ORDER_ID) >> 3]);
    promise(order !== undefined, "fill once", () => `trade ${tradeId} fills an order that the log does not know`);
    const lots = views.f64[(at + FILL_QTY_LOTS) >> 3];
    const ticks = views.i32[(at + FILL_PRICE_TICKS) >> 2];
    const feeMoney = views.f64[(at + FILL_FEE_MONEY) >> 3];
    const side = views.u8[at + FILL_SIDE];
    this.fills.set(key, { instrument, tradeId, order, lots, ticks, feeMoney, side });
    this.count(order, -1);
    order.filledLots += lots;
    this.count(order, 1);
    const cell = this.cellOf(views.u16[(at + FILL_STRATEGY) >> 1], instrument);
    const sign = side === Side.Buy ? 1 : -1;
    this.lots[cell] += sign * lots;
    this.cashMoney[cell] -= sign * ticks * lots * INSTRUMENTS[instrument].moneyPerTickLot + feeMoney;
  }

  /** Adds or takes away what an order may still fill. */
  private count({ status, side, strategy, instrument, qtyLots, filledLots }: ShadowOrder, sign: number): void {
    if (!OPEN.has(status)) return;
    const totals = side === Side.Buy ? this.workingBuyLots : this.workingSellLots;
    totals[this.cellOf(strategy, instrument)] += sign * (qtyLots - filledLots);
  }
}

export const fillKey = (instrument: number, tradeId: number): string => `${instrument}:${tradeId}`;

function readOrder(views: MessageViews, at: number, orderId: number, filledLots: number, status: number): ShadowOrder {
  const strategy = views.u16[(at + ORDER_EVENT_STRATEGY) >> 1];
  return {
    orderId,
    name: clientOrderId(views.u32[(at + ORDER_EVENT_EPOCH) >> 2], strategy, orderId),
    strategy,
    instrument: views.u32[(at + ORDER_EVENT_INSTRUMENT) >> 2],
    side: views.u8[at + ORDER_EVENT_SIDE],
    orderType: views.u8[at + ORDER_EVENT_ORDER_TYPE],
    priceTicks: views.i32[(at + ORDER_EVENT_PRICE_TICKS) >> 2],
    qtyLots: views.f64[(at + ORDER_EVENT_QTY_LOTS) >> 3],
    filledLots,
    status,
  };
}

function sumOver(cells: Float64Array, instrument: number): number {
  let sum = 0;
  for (let cell = instrument; cell < cells.length; cell += INSTRUMENTS.length) sum += cells[cell];
  return sum;
}
