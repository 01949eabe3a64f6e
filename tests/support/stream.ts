/**
 * For tests of the stream: a run with two instruments and two strategies, records of every kind the stream shows, a way
 * to put them into a real stream, and a bare websocket client that keeps what it is sent.
 */
import { WebSocket } from "ws";
import type { BackendName } from "../../actors/stream/backend.js";
import { RecordCopy } from "../../actors/stream/record.js";
import { type StreamOptions, type StreamServer, startStream } from "../../actors/stream/server.js";
import type { StreamRun } from "../../actors/stream/text-message.js";
import { DEFAULT_PAPER, DEFAULT_RISK } from "../../engine/index.js";
import * as schema from "../../schemas/index.js";
import { MessageType, type MessageViews, Mode } from "../../schemas/index.js";

const START_US = 1_723_100_000_000_000;

const instrument = (id: string, venueSymbol: string, lotSize: string) => ({
  id,
  venueSymbol,
  tickSize: "0.01",
  lotSize,
  minQty: lotSize,
  minNotional: "5",
  makerFeePpm: 1000,
  takerFeePpm: 1000,
});

export const run: StreamRun = {
  config: {
    format: 1,
    currency: "USDT",
    seed: 1,
    instruments: [
      instrument("BTC/USDT.BINANCE", "BTCUSDT", "0.00001"),
      instrument("ETH/USDT.BINANCE", "ETHUSDT", "0.0001"),
    ],
    strategies: [
      { id: "ema-cross", bundle: "a", params: {} },
      { id: "market-maker", bundle: "b", params: { note: "größer" } },
    ],
    risk: DEFAULT_RISK,
    paper: DEFAULT_PAPER,
  },
  mode: Mode.Paper,
  epoch: 3,
  timeUs: START_US,
};

/** Makes records as the engine's log would hold them, numbered from 2: the first is the Config. */
export class RecordMaker {
  sequence = 1;

  get timeUs(): number {
    return START_US + this.sequence * 1000.25;
  }

  make(type: number, bytes: number, write: (views: MessageViews) => void): RecordCopy {
    this.sequence += 1;
    const record = new RecordCopy(bytes);
    write(record.views);
    return Object.assign(record, { type, bytes, sequence: this.sequence, timeUs: this.timeUs });
  }

  trade(id: number, instrument = 0, priceTicks = 6_168_599 + id, side: number = schema.Side.Buy): RecordCopy {
    const { timeUs } = this;
    return this.make(MessageType.Trade, schema.TRADE_BYTES, (views) =>
      schema.writeTrade(views, 0, timeUs, timeUs - 700, id, 1200 + id, priceTicks, instrument, 900, side),
    );
  }

  quote(updateId: number, instrument = 0): RecordCopy {
    const { timeUs } = this;
    return this.make(MessageType.Quote, schema.QUOTE_BYTES, (views) =>
      schema.writeQuote(
        views,
        0,
        timeUs,
        timeUs - 700,
        updateId,
        125_870,
        244_810,
        6_168_599,
        6_168_600 + updateId,
        instrument,
        900,
      ),
    );
  }

  /** Levels are [ticks, lots]. */
  bookSnapshot(bids: [number, number][], asks: [number, number][], instrument = 0): RecordCopy {
    const { timeUs } = this;
    const count = bids.length + asks.length;
    const bytes = schema.BOOK_SNAPSHOT_BYTES + count * schema.LEVEL_BYTES;
    return this.make(MessageType.BookSnapshot, bytes, (views) => {
      schema.writeBookSnapshot(views, 0, timeUs, timeUs - 700, 1000, instrument, 900, bids.length, 1, 1, count);
      writeLevels(views, schema.BOOK_SNAPSHOT_LEVELS, [...bids, ...asks]);
    });
  }

  bookDelta(updateId: number, bids: [number, number][], asks: [number, number][], instrument = 0): RecordCopy {
    const { timeUs } = this;
    const count = bids.length + asks.length;
    return this.make(MessageType.BookDelta, schema.BOOK_DELTA_BYTES + count * schema.LEVEL_BYTES, (views) => {
      schema.writeBookDelta(views, 0, timeUs, timeUs - 700, updateId, updateId, instrument, 900, bids.length, 1, count);
      writeLevels(views, schema.BOOK_DELTA_LEVELS, [...bids, ...asks]);
    });
  }

  order(id: number, status: number, filledLots = 0): RecordCopy {
    const { timeUs } = this;
    const { Side, OrderType, TimeInForce } = schema;
    return this.make(MessageType.OrderEvent, schema.ORDER_EVENT_BYTES, (views) =>
      schema.writeOrderEvent(
        views,
        0,
        timeUs,
        id,
        3000,
        filledLots,
        6_168_000,
        0,
        1,
        1,
        Side.Sell,
        OrderType.Limit,
        TimeInForce.PostOnly,
        status,
        0,
        0,
      ),
    );
  }

  fill(tradeId: number): RecordCopy {
    const { timeUs } = this;
    return this.make(MessageType.Fill, schema.FILL_BYTES, (views) =>
      schema.writeFill(
        views,
        0,
        timeUs,
        timeUs - 700,
        7,
        tradeId,
        3000,
        185_058,
        -418_000_001,
        6_168_600,
        0,
        1,
        1,
        schema.Side.Sell,
        schema.Liquidity.Maker,
      ),
    );
  }

  position(lots: number, strategy = 1, instrument = 0): RecordCopy {
    const { timeUs } = this;
    return this.make(MessageType.Position, schema.POSITION_BYTES, (views) =>
      schema.writePosition(views, 0, timeUs, lots, lots * 6_168_600 * 10, -418_000_001, 185_058, instrument, strategy),
    );
  }

  feedStatus(state: number, reason: number, instrument = 0): RecordCopy {
    const { timeUs } = this;
    return this.make(MessageType.FeedStatus, schema.FEED_STATUS_BYTES, (views) =>
      schema.writeFeedStatus(views, 0, timeUs, instrument, 0, state, reason),
    );
  }

  tradingState(state: number, previous: number, reason: number): RecordCopy {
    const { timeUs } = this;
    return this.make(MessageType.TradingStateEvent, schema.TRADING_STATE_EVENT_BYTES, (views) =>
      schema.writeTradingStateEvent(views, 0, timeUs, state, previous, reason),
    );
  }

  log(text: string): RecordCopy {
    const { timeUs } = this;
    const words = schema.encodeText(text);
    return this.make(
      MessageType.StrategyLog,
      schema.textMessageBytes(schema.STRATEGY_LOG_BYTES, words.length),
      (views) => {
        schema.writeStrategyLog(views, 0, timeUs, 0, schema.LogLevel.Warn, words.length);
        schema.writeText(views, schema.STRATEGY_LOG_TEXT_COUNT, words);
      },
    );
  }

  /** At least one record of every kind that a topic carries, both instruments among them. */
  oneOfEach(): RecordCopy[] {
    const { FeedState, FeedReason, OrderStatus, TradingState, TradingReason, Side } = schema;
    return [
      this.feedStatus(FeedState.Live, FeedReason.Joined),
      this.bookSnapshot(
        [
          [6_168_599, 100],
          [6_168_590, 7],
        ],
        [
          [6_168_600, 5],
          [6_168_650, 12],
        ],
      ),
      this.bookDelta(
        1001,
        [
          [6_168_590, 0],
          [6_168_598, 44],
        ],
        [[6_168_601, 9_007_199_254]],
      ),
      this.quote(1),
      this.quote(2, 1),
      this.trade(11),
      this.trade(12, 1, 268_641, Side.Sell),
      this.order(7, OrderStatus.Submitted),
      this.order(7, OrderStatus.PartiallyFilled, 1000),
      this.order(8, OrderStatus.Accepted),
      this.order(8, OrderStatus.Canceled),
      this.fill(501),
      this.position(-3000),
      this.position(0, 0, 1),
      this.tradingState(TradingState.Halted, TradingState.Active, TradingReason.DailyLoss),
      this.log("spread is 0.01 wide – “narrow”"),
    ];
  }
}

function writeLevels(views: MessageViews, at: number, levels: [number, number][]): void {
  levels.forEach(([ticks, lots], index) => {
    views.f64[(at + index * schema.LEVEL_BYTES) >> 3] = lots;
    views.i32[(at + index * schema.LEVEL_BYTES + schema.LEVEL_PRICE_TICKS) >> 2] = ticks;
  });
}

/** A stream on a free port whose status is published by hand. */
export function testStream(
  backend: BackendName | undefined,
  options: Partial<StreamOptions> = {},
): Promise<StreamServer> {
  return startStream({
    port: 0,
    backend,
    statusMs: 0,
    nowUs: () => START_US,
    status: () => ({ state: "active", orders: 14 }),
    isReady: () => true,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

/** Gives records to a stream as one batch. */
export function feed(stream: StreamServer, records: readonly RecordCopy[]): void {
  for (const record of records) stream.onRecord(record);
  stream.flush();
}

export type Json = Record<string, unknown>;

/** Everything one connection was sent, in order: text parsed, binary as bytes. */
export class Listener {
  readonly texts: Json[] = [];
  readonly binaries: Uint8Array<ArrayBuffer>[] = [];
  closed: { code: number; reason: string } | null = null;
  readonly socket: WebSocket;
  private wake: () => void = () => {};

  constructor(url: string, protocol?: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, protocol ? [protocol] : [], { headers, perMessageDeflate: false });
    this.socket.binaryType = "arraybuffer";
    this.socket.on("message", (data, isBinary) => {
      if (isBinary) this.binaries.push(new Uint8Array(data as ArrayBuffer));
      else this.texts.push(JSON.parse(String(data instanceof ArrayBuffer ? Buffer.from(data) : data)));
      this.wake();
    });
    this.socket.on("close", (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.wake();
    });
    this.socket.on("error", () => {});
  }

  /** Settles once `isDone` holds; the test's own timeout is the only clock. */
  async until(isDone: (listener: this) => boolean): Promise<this> {
    while (!isDone(this)) await new Promise<void>((resolve) => (this.wake = resolve));
    return this;
  }

  /** The frames among the texts. */
  get frames(): Json[] {
    return this.texts.filter((text) => "topic" in text);
  }

  notices(type: string): Json[] {
    return this.texts.filter((text) => text.type === type && !("topic" in text));
  }

  subscribed(times = 1): Promise<this> {
    return this.until(() => this.notices("subscribed").length >= times);
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" || message instanceof Uint8Array ? message : JSON.stringify(message));
  }
}

/** Ends listeners and streams, listeners first. */
export async function closeAll(listeners: Listener[], streams: StreamServer[]): Promise<void> {
  for (const listener of listeners.splice(0)) listener.socket.terminate();
  for (const stream of streams.splice(0)) await stream.close();
}
