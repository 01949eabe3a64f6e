/**
 * What a person wants to see of a running engine, gathered from its log: prices, positions, results by strategy. It
 * follows the log lossily and never holds the engine up; totals that must be exact come from counters, not from here.
 */
import { type EngineConfig, formatHash, type Instrument, makeInstrument, unitsToText } from "../engine/index.js";
import {
  CHECKPOINT_HASH_HIGH,
  CHECKPOINT_HASH_LOW,
  FEED_STATUS_INSTRUMENT,
  FEED_STATUS_REASON,
  FEED_STATUS_STATE,
  FILL_STRATEGY,
  LogLevel,
  MessageType,
  type MessageViews,
  ORDER_EVENT_STATUS,
  ORDER_EVENT_STRATEGY,
  OrderStatus,
  POSITION_COST_MONEY,
  POSITION_FEES_MONEY,
  POSITION_INSTRUMENT,
  POSITION_POSITION_LOTS,
  POSITION_REALISED_MONEY,
  POSITION_STRATEGY,
  QUOTE_ASK_LOTS,
  QUOTE_ASK_TICKS,
  QUOTE_BID_LOTS,
  QUOTE_BID_TICKS,
  QUOTE_INSTRUMENT,
  readText,
  STRATEGY_LOG_LEVEL,
  STRATEGY_LOG_STRATEGY,
  STRATEGY_LOG_TEXT_COUNT,
  TRADE_INSTRUMENT,
  TRADE_PRICE_TICKS,
} from "../schemas/index.js";

export interface MarketRow {
  readonly instrument: Instrument;
  bidTicks: number;
  bidLots: number;
  askTicks: number;
  askLots: number;
  lastTicks: number;
  /** Of the last trade against the one before: −1, 0 or 1. */
  direction: number;
  feedState: number;
  /** Why the feed is in that state. */
  feedReason: number;
}

export interface StrategyRow {
  readonly id: string;
  orders: number;
  fills: number;
  denied: number;
  /** By instrument. */
  readonly positions: PositionRow[];
}

export interface PositionRow {
  readonly instrument: Instrument;
  lots: number;
  costMoney: number;
  realisedMoney: number;
  feesMoney: number;
}

export class Board {
  readonly markets: MarketRow[];
  readonly strategies: StrategyRow[];
  /** Newest warnings and errors of strategies, oldest first. */
  readonly notices: string[] = [];
  /** Of the engine at its stop; empty before. */
  stateHash = "";

  constructor(config: EngineConfig) {
    const instruments = config.instruments.map((spec, index) => makeInstrument(spec, index));
    this.markets = instruments.map((instrument) => ({
      instrument,
      bidTicks: 0,
      bidLots: 0,
      askTicks: 0,
      askLots: 0,
      lastTicks: 0,
      direction: 0,
      feedState: 0,
      feedReason: 0,
    }));
    this.strategies = config.strategies.map(({ id }) => ({
      id,
      orders: 0,
      fills: 0,
      denied: 0,
      positions: instruments.map((instrument) => ({
        instrument,
        lots: 0,
        costMoney: 0,
        realisedMoney: 0,
        feesMoney: 0,
      })),
    }));
  }

  onRecord(type: number, views: MessageViews, at: number): void {
    // biome-ignore format: one arm a line
    switch (type) {
      case MessageType.Trade: return this.onTrade(views, at);
      case MessageType.Quote: return this.onQuote(views, at);
      case MessageType.FeedStatus: return this.onFeedStatus(views, at);
      case MessageType.OrderEvent: return this.onOrderEvent(views, at);
      case MessageType.Fill: return this.onFill(views, at);
      case MessageType.Position: return this.onPosition(views, at);
      case MessageType.StrategyLog: return this.onStrategyLog(views, at);
      case MessageType.Checkpoint: return this.onCheckpoint(views, at);
    }
  }

  /** What an open position would bring now, in money units; 0 while no price is known. */
  unrealisedMoney({ instrument, lots, costMoney }: PositionRow): number {
    const market = this.markets[instrument.index];
    const markTicks = (lots > 0 ? market.bidTicks : market.askTicks) || market.lastTicks;
    return markTicks === 0 ? 0 : markTicks * lots * instrument.moneyPerTickLot - costMoney;
  }

  private onTrade(views: MessageViews, at: number): void {
    const row = this.markets[views.u32[(at + TRADE_INSTRUMENT) >> 2]];
    const ticks = views.i32[(at + TRADE_PRICE_TICKS) >> 2];
    if (row.lastTicks !== 0 && ticks !== row.lastTicks) row.direction = ticks > row.lastTicks ? 1 : -1;
    row.lastTicks = ticks;
  }

  private onQuote(views: MessageViews, at: number): void {
    const row = this.markets[views.u32[(at + QUOTE_INSTRUMENT) >> 2]];
    row.bidTicks = views.i32[(at + QUOTE_BID_TICKS) >> 2];
    row.askTicks = views.i32[(at + QUOTE_ASK_TICKS) >> 2];
    row.bidLots = views.f64[(at + QUOTE_BID_LOTS) >> 3];
    row.askLots = views.f64[(at + QUOTE_ASK_LOTS) >> 3];
  }

  private onFeedStatus(views: MessageViews, at: number): void {
    const row = this.markets[views.u32[(at + FEED_STATUS_INSTRUMENT) >> 2]];
    row.feedState = views.u8[at + FEED_STATUS_STATE];
    row.feedReason = views.u8[at + FEED_STATUS_REASON];
  }

  private onOrderEvent(views: MessageViews, at: number): void {
    const row = this.strategies[views.u16[(at + ORDER_EVENT_STRATEGY) >> 1]];
    if (views.u8[at + ORDER_EVENT_STATUS] === OrderStatus.Submitted) row.orders += 1;
    if (views.u8[at + ORDER_EVENT_STATUS] === OrderStatus.Denied) row.denied += 1;
  }

  private onFill(views: MessageViews, at: number): void {
    this.strategies[views.u16[(at + FILL_STRATEGY) >> 1]].fills += 1;
  }

  private onPosition(views: MessageViews, at: number): void {
    const { positions } = this.strategies[views.u16[(at + POSITION_STRATEGY) >> 1]];
    const row = positions[views.u32[(at + POSITION_INSTRUMENT) >> 2]];
    row.lots = views.f64[(at + POSITION_POSITION_LOTS) >> 3];
    row.costMoney = views.f64[(at + POSITION_COST_MONEY) >> 3];
    row.realisedMoney = views.f64[(at + POSITION_REALISED_MONEY) >> 3];
    row.feesMoney = views.f64[(at + POSITION_FEES_MONEY) >> 3];
  }

  private onCheckpoint(views: MessageViews, at: number): void {
    const high = views.u32[(at + CHECKPOINT_HASH_HIGH) >> 2];
    this.stateHash = formatHash({ high, low: views.u32[(at + CHECKPOINT_HASH_LOW) >> 2] });
  }

  private onStrategyLog(views: MessageViews, at: number): void {
    if (views.u8[at + STRATEGY_LOG_LEVEL] < LogLevel.Warn) return;
    const { id } = this.strategies[views.u16[(at + STRATEGY_LOG_STRATEGY) >> 1]];
    this.notices.push(`${id}: ${readText(views, at + STRATEGY_LOG_TEXT_COUNT)}`);
    if (this.notices.length > 5) this.notices.shift();
  }
}

/** A price in the instrument's own decimals; "–" while it is not known. */
export const priceText = (ticks: number, { tick }: Instrument): string =>
  ticks === 0 ? "–" : unitsToText(ticks, tick);
