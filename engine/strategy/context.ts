/**
 * All that a strategy may touch. Prices and quantities are numbers for arithmetic or decimal text; an order's price is
 * rounded to a tick away from the market (a buy down, a sell up) and its quantity down to a lot, never the other way.
 */
import { LogLevel, OrderType, Side, TimeInForce } from "../../schemas/index.js";
import { emitStrategyLog } from "../emit.js";
import type { Engine } from "../engine.js";
import type { Instrument } from "../instrument.js";
import type { Regime } from "../models/regime.js";
import type { RegimeOptions } from "../models/regime-table.js";
import { isWorking } from "../orders/order-table.js";
import { cancelOrder, LIMIT_TICKS, SIZE_LOTS, submitOrder } from "../orders/submit.js";
import type { Step } from "../units.js";
import type { Params } from "./define.js";
import type { StrategyIndicators } from "./indicators.js";
import { SeededRandom } from "./random.js";
import { BookView, OrderView, PositionView, QuoteView, type SideName } from "./views.js";

/** Orders that one strategy may send because of one input. */
export const ORDERS_PER_EVENT_MAX = 64;
/** Log lines that one strategy may write because of one input. */
const LOGS_PER_EVENT_MAX = 16;

export interface OrderRequest {
  readonly side: SideName;
  /** In the base currency. */
  readonly qty: number | string;
  /** The limit; without one it is a market order. */
  readonly price?: number | string;
  /** `gtc` rests until cancelled, `ioc` takes what is there, `post-only` never takes. Default `gtc`. */
  readonly timeInForce?: "gtc" | "ioc" | "post-only";
  /** Default: the first instrument that the strategy subscribed to. */
  readonly instrument?: string;
}

const TIME_IN_FORCE = {
  gtc: TimeInForce.GoodTillCancel,
  ioc: TimeInForce.ImmediateOrCancel,
  "post-only": TimeInForce.PostOnly,
} as const;

export class StrategyContext<P extends Params = Params> {
  readonly params: P;
  /** Streaming indicators: `ctx.ta.rsi({ period: 14 })`. Make them in `init` and keep them in the state. */
  readonly ta: StrategyIndicators;
  readonly log: StrategyLogger;
  /** The strategy's own position in its first instrument. */
  readonly position: PositionView;
  readonly book: BookView;
  readonly quote: QuoteView;
  /** Moment of the event being handled, microseconds since the epoch. */
  timeUs = 0;
  /** @internal */
  readonly _random: SeededRandom;
  private readonly engine: Engine;
  private readonly strategy: number;
  private readonly home: Instrument;
  /** By instrument, each made when it is first asked for. */
  private readonly positions: (PositionView | undefined)[] = [];
  private readonly books: (BookView | undefined)[] = [];
  private readonly quotes: (QuoteView | undefined)[] = [];
  private readonly orderView: OrderView;
  private ordersThisEvent = 0;

  constructor(engine: Engine, strategy: number, params: P, home: Instrument) {
    this.engine = engine;
    this.strategy = strategy;
    this.params = params;
    this.home = home;
    this.ta = engine.ta;
    this.log = new StrategyLogger(engine, strategy);
    this._random = new SeededRandom(engine.config.seed, strategy);
    this.position = this.positionOf(home.id);
    this.book = this.bookOf(home.id);
    this.quote = this.quoteOf(home.id);
    this.orderView = new OrderView(engine, home);
  }

  /** @internal Starts an event. A timer's moment is set afterwards. */
  _begin(): void {
    this.timeUs = this.engine.timeUs;
    this.ordersThisEvent = 0;
    this.log._begin();
  }

  positionOf(id: string): PositionView {
    const instrument = this.instrument(id);
    return (this.positions[instrument.index] ??= new PositionView(this.engine, this.strategy, instrument));
  }
  bookOf(id: string): BookView {
    const instrument = this.instrument(id);
    return (this.books[instrument.index] ??= new BookView(this.engine, instrument));
  }
  quoteOf(id: string): QuoteView {
    const instrument = this.instrument(id);
    return (this.quotes[instrument.index] ??= new QuoteView(this.engine, instrument));
  }

  /** Uniform in [0, 1), from the journaled seed. */
  random(): number {
    return this._random.next();
  }

  /** A hidden Markov model that is to follow what the strategy sees; make it in `init`, and keep it in the state. */
  hmm(options: RegimeOptions): Regime {
    return this.engine.regimes.make(this.engine.math, this.strategy, options);
  }

  /** Sends an order and returns its id, or 0 when the risk gate denied it (`onOrder` is not called for a denial). */
  submit(request: OrderRequest): number {
    this.ordersThisEvent += 1;
    if (this.ordersThisEvent > ORDERS_PER_EVENT_MAX) {
      throw new Error(`a strategy may send ${ORDERS_PER_EVENT_MAX} orders in one event`);
    }
    const instrument = request.instrument ? this.instrument(request.instrument) : this.home;
    const side = SIDES[request.side];
    const timeInForce = TIME_IN_FORCE[request.timeInForce ?? "gtc"];
    if (side === undefined) throw new Error(`side must be "buy" or "sell", was ${String(request.side)}`);
    if (timeInForce === undefined) {
      throw new Error(`timeInForce must be "gtc", "ioc" or "post-only", was ${String(request.timeInForce)}`);
    }
    const limit = request.price !== undefined;
    const { measures } = this.engine;
    // A number is stored before it is looked at: read from an object to be handed to a call, it would be boxed.
    measures[LIMIT_TICKS] = 0;
    if (limit) {
      if (typeof request.price === "number") measures[LIMIT_TICKS] = request.price;
      else measures[LIMIT_TICKS] = numberOf(request.price, "price");
      roundToUnits(measures, LIMIT_TICKS, instrument.tick, side === Side.Sell, "price");
    }
    if (typeof request.qty === "number") measures[SIZE_LOTS] = request.qty;
    else measures[SIZE_LOTS] = numberOf(request.qty, "qty");
    roundToUnits(measures, SIZE_LOTS, instrument.lot, false, "qty");
    const orderType = limit ? OrderType.Limit : OrderType.Market;
    const { engine, strategy } = this;
    return submitOrder(engine, this, strategy, instrument.index, side, orderType, timeInForce, measures);
  }

  /** Asks the venue to cancel one of the strategy's working orders; false when it is not working any more. */
  cancel(orderId: number): boolean {
    const row = this.rowOf(orderId);
    return row >= 0 && cancelOrder(this.engine, this, row);
  }

  /** True while the order may still fill. */
  isWorking(orderId: number): boolean {
    const row = this.rowOf(orderId);
    return row >= 0 && isWorking(this.engine.orders.status[row]);
  }

  /** One of the strategy's orders, as a view that the next call moves; null when it is unknown or long ended. */
  order(orderId: number): OrderView | null {
    const row = this.rowOf(orderId);
    return row < 0 ? null : this.orderView._move(row);
  }

  private rowOf(orderId: number): number {
    const row = this.engine.orders.find(orderId);
    return row >= 0 && this.engine.orders.strategy[row] === this.strategy ? row : -1;
  }

  private instrument(id: string): Instrument {
    const found = this.engine.instrumentById.get(id);
    if (found) return found;
    throw new Error(
      `unknown instrument "${id}"; there are ${this.engine.instruments.map((each) => each.id).join(", ")}`,
    );
  }
}

const SIDES: Readonly<Record<string, number>> = { buy: Side.Buy, sell: Side.Sell };

/** Log lines go into the journal: the engine's thread has no console. */
class StrategyLogger {
  private readonly engine: Engine;
  private readonly strategy: number;
  private linesThisEvent = 0;

  constructor(engine: Engine, strategy: number) {
    this.engine = engine;
    this.strategy = strategy;
  }

  /** @internal */
  _begin(): void {
    this.linesThisEvent = 0;
  }

  debug(message: string): void {
    this.write(LogLevel.Debug, message);
  }
  info(message: string): void {
    this.write(LogLevel.Info, message);
  }
  warn(message: string): void {
    this.write(LogLevel.Warn, message);
  }
  error(message: string): void {
    this.write(LogLevel.Error, message);
  }

  private write(level: number, message: string): void {
    this.linesThisEvent += 1;
    if (this.linesThisEvent > LOGS_PER_EVENT_MAX) {
      throw new Error(`a strategy may write ${LOGS_PER_EVENT_MAX} log lines in one event`);
    }
    emitStrategyLog(this.engine, this.strategy, level, String(message));
  }
}

/** Far finer than any tick, far coarser than the error of a double: 0.1 + 0.2 is still 0.3. */
const SNAP = 1e-6;
/** Four units in the last place, for counts so large that a double's error passes SNAP. */
const SNAP_RELATIVE = 8.9e-16;
const DECIMAL = /^\d+(\.\d+)?$/;

/** Decimal text as a number. Throws for what is neither. */
export function numberOf(value: unknown, what: string): number {
  if (typeof value === "string" && DECIMAL.test(value)) return Number(value);
  return refuse(value, what);
}

/** Makes the number at `measures[at]` whole units of it, rounded down or up when it lies between two. */
export function roundToUnits(measures: Float64Array, at: number, step: Step, up: boolean, what: string): void {
  const number = measures[at];
  if (!Number.isFinite(number) || number < 0) refuse(number, what);
  const units = (number * step.scale) / step.units;
  const nearest = Math.round(units);
  if (Math.abs(units - nearest) < SNAP + units * SNAP_RELATIVE) measures[at] = nearest;
  else measures[at] = up ? Math.ceil(units) : Math.floor(units);
}

function refuse(value: unknown, what: string): never {
  throw new Error(`${what} must be a non-negative number or decimal text, was ${String(value)}`);
}
