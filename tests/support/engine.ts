/**
 * What tests of the engine share: two instruments, a configuration, a builder for each input (with the generated
 * writers), and records read back by the stock FlatBuffers reader, so that no test reads with the code it tests.
 */
import { ByteBuffer } from "flatbuffers";
import {
  DEFAULT_PAPER,
  DEFAULT_RISK,
  Engine,
  type EngineConfig,
  InlineSimulation,
  type InstrumentSpec,
  loadStrategy,
  MemoryLog,
  type Params,
  type StrategyDefinition,
} from "../../engine/index.js";
import * as stock from "../../schemas/generated/sluice.js";
import {
  BOOK_DELTA_BYTES,
  BOOK_DELTA_LEVELS,
  BOOK_SNAPSHOT_BYTES,
  BOOK_SNAPSHOT_LEVELS,
  CLOCK_BYTES,
  CONFIG_BYTES,
  CONFIG_JSON_COUNT,
  encodeText,
  FEED_STATUS_BYTES,
  FeedState,
  FILL_REPORT_BYTES,
  LEVEL_BYTES,
  LEVEL_PRICE_TICKS,
  LEVEL_QTY_LOTS,
  LifeStart,
  Liquidity,
  MessageType,
  type MessageViews,
  Mode,
  OPERATOR_BYTES,
  OPERATOR_REASON_COUNT,
  ORDER_REPORT_BYTES,
  QUOTE_BYTES,
  RECORD_HEADER_BYTES,
  Side,
  TRADE_BYTES,
  textMessageBytes,
  viewsOf,
  writeBookDelta,
  writeBookSnapshot,
  writeClock,
  writeConfig,
  writeFeedStatus,
  writeFillReport,
  writeOperator,
  writeOrderReport,
  writeQuote,
  writeText,
  writeTrade,
} from "../../schemas/index.js";
import { createDeterministicMath, createMathCore, type MathCore } from "../../wasm/index.js";

/** 2026-01-05 00:00:00 UTC, in microseconds: the moment at which every test begins. */
export const START_US = 1_767_571_200_000_000;
export const MS = 1_000;
export const SECOND = 1_000_000;

/** One tick times one lot is 10^-5 USDT, 1 000 money units. */
export const BTC: InstrumentSpec = {
  id: "BTC/USDT.BINANCE",
  venueSymbol: "BTCUSDT",
  tickSize: "0.01",
  lotSize: "0.001",
  minQty: "0.001",
  minNotional: "0.5",
  makerFeePpm: 200,
  takerFeePpm: 1_000,
};
export const ETH: InstrumentSpec = { ...BTC, id: "ETH/USDT.BINANCE", venueSymbol: "ETHUSDT" };

export function engineConfig(overrides: Partial<EngineConfig> = {}): EngineConfig {
  return {
    format: 1,
    currency: "USDT",
    seed: 7,
    instruments: [BTC, ETH],
    strategies: [],
    risk: DEFAULT_RISK,
    paper: DEFAULT_PAPER,
    ...overrides,
  };
}

/** A message in memory of its own. */
export interface Message {
  readonly type: number;
  readonly views: MessageViews;
  readonly at: number;
  readonly bytes: number;
}

function message(type: number, bytes: number, write: (views: MessageViews) => void): Message {
  const views = viewsOf(new ArrayBuffer(bytes));
  write(views);
  return { type, views, at: 0, bytes };
}

export function tradeAt(
  timeUs: number,
  priceTicks: number,
  qtyLots: number,
  aggressor: Side = Side.Buy,
  instrument = 0,
  tradeId = 1,
): Message {
  return message(MessageType.Trade, TRADE_BYTES, (views) =>
    writeTrade(views, 0, timeUs, timeUs - 2_000, tradeId, qtyLots, priceTicks, instrument, 900, aggressor),
  );
}

export function quoteAt(timeUs: number, bidTicks: number, askTicks: number, instrument = 0, lots = 10): Message {
  return message(MessageType.Quote, QUOTE_BYTES, (views) =>
    writeQuote(views, 0, timeUs, timeUs - 2_000, 1, lots, lots, bidTicks, askTicks, instrument, 900),
  );
}

/** [price in ticks, quantity in lots]. */
export type Level = readonly [number, number];

export function deltaAt(
  timeUs: number,
  bids: readonly Level[],
  asks: readonly Level[],
  instrument = 0,
  last = 1,
): Message {
  const count = bids.length + asks.length;
  return message(MessageType.BookDelta, BOOK_DELTA_BYTES + count * LEVEL_BYTES, (views) => {
    writeBookDelta(views, 0, timeUs, timeUs - 2_000, 1, 1, instrument, 900, bids.length, last, count);
    writeLevels(views, BOOK_DELTA_LEVELS, [...bids, ...asks]);
  });
}

export function snapshotAt(
  timeUs: number,
  bids: readonly Level[],
  asks: readonly Level[],
  instrument = 0,
  first = 1,
  last = 1,
): Message {
  const count = bids.length + asks.length;
  return message(MessageType.BookSnapshot, BOOK_SNAPSHOT_BYTES + count * LEVEL_BYTES, (views) => {
    writeBookSnapshot(views, 0, timeUs, timeUs - 2_000, 1, instrument, 900, bids.length, first, last, count);
    writeLevels(views, BOOK_SNAPSHOT_LEVELS, [...bids, ...asks]);
  });
}

function writeLevels(views: MessageViews, start: number, levels: readonly Level[]): void {
  for (const [index, [priceTicks, qtyLots]] of levels.entries()) {
    const at = start + index * LEVEL_BYTES;
    views.f64[(at + LEVEL_QTY_LOTS) >> 3] = qtyLots;
    views.i32[(at + LEVEL_PRICE_TICKS) >> 2] = priceTicks;
  }
}

export function feedAt(timeUs: number, state: number = FeedState.Live, instrument = 0): Message {
  return message(MessageType.FeedStatus, FEED_STATUS_BYTES, (views) =>
    writeFeedStatus(views, 0, timeUs, instrument, 0, state, 0),
  );
}

export function clockAt(timeUs: number): Message {
  return message(MessageType.Clock, CLOCK_BYTES, (views) => writeClock(views, 0, timeUs));
}

export function configAt(
  timeUs: number,
  config: EngineConfig,
  mode: number = Mode.Backtest,
  epoch = 1,
  start: number = LifeStart.Fresh,
): Message {
  const json = encodeText(JSON.stringify(config));
  return message(MessageType.Config, textMessageBytes(CONFIG_BYTES, json.length), (views) => {
    writeConfig(views, 0, timeUs, epoch, mode, start, json.length);
    writeText(views, CONFIG_JSON_COUNT, json);
  });
}

export function operatorAt(timeUs: number, action: number, why = "test"): Message {
  const reason = encodeText(why);
  return message(MessageType.Operator, textMessageBytes(OPERATOR_BYTES, reason.length), (views) => {
    writeOperator(views, 0, timeUs, action, reason.length);
    writeText(views, OPERATOR_REASON_COUNT, reason);
  });
}

export function orderReportAt(timeUs: number, orderId: number, kind: number, reason = 0): Message {
  return message(MessageType.OrderReport, ORDER_REPORT_BYTES, (views) =>
    writeOrderReport(views, 0, timeUs, timeUs - 1, orderId, 900 + orderId, 0, 0, kind, reason),
  );
}

export interface FillFields {
  readonly orderId: number;
  readonly tradeId: number;
  readonly qtyLots: number;
  readonly priceTicks: number;
  readonly feeMoney?: number;
  readonly side?: number;
}

export function fillReportAt(timeUs: number, fill: FillFields): Message {
  const { orderId, tradeId, qtyLots, priceTicks, feeMoney = 0, side = Side.Buy } = fill;
  return message(MessageType.FillReport, FILL_REPORT_BYTES, (views) =>
    writeFillReport(
      views,
      0,
      timeUs,
      timeUs - 1,
      orderId,
      tradeId,
      qtyLots,
      feeMoney,
      priceTicks,
      0,
      side,
      Liquidity.Taker,
    ),
  );
}

/** Anything that takes inputs: an engine, or a simulation. */
export interface Taker {
  take(type: number, views: MessageViews, at: number, bytes: number): void;
}

export function takeAll(taker: Taker, messages: Iterable<Message>): void {
  for (const { type, views, at, bytes } of messages) taker.take(type, views, at, bytes);
}

/** A record of the log: its name, and the fields of its body. */
export interface DecodedRecord {
  readonly type: string;
  readonly sequence: number;
  readonly index: number;
  readonly timeUs: number;
  readonly body: Readonly<Record<string, number>>;
  readonly text: string;
}

interface StockTable {
  body(): Record<string, () => number>;
  textArray?(): Uint8Array | null;
  jsonArray?(): Uint8Array | null;
  reasonArray?(): Uint8Array | null;
}

/** Reads a whole record, header and message, by the stock reader. */
export function decodeRecord(record: Uint8Array): DecodedRecord {
  const header = new stock.RecordHeader().__init(0, new ByteBuffer(record));
  const type = MessageType[header.type()];
  const { body, text } = decodeMessage(header.type(), record.subarray(RECORD_HEADER_BYTES));
  return { type, sequence: header.sequence(), index: header.index(), timeUs: header.timeUs(), body, text };
}

/** Reads a message by the stock reader: every field of its body by the accessor that flatc made. */
function decodeMessage(type: number, bytes: Uint8Array): Pick<DecodedRecord, "body" | "text"> {
  const name = MessageType[type];
  const reader = (stock as unknown as Record<string, Record<string, (bytes: ByteBuffer) => StockTable>>)[name];
  const table = reader[`getRootAs${name}`](new ByteBuffer(bytes));
  const body = table.body();
  const fields = Object.getOwnPropertyNames(Object.getPrototypeOf(body)).filter(
    (key) => key !== "constructor" && key !== "__init",
  );
  const text = (table.textArray ?? table.jsonArray ?? table.reasonArray)?.call(table) ?? new Uint8Array();
  return { body: Object.fromEntries(fields.map((key) => [key, body[key]()])), text: new TextDecoder().decode(text) };
}

/** Copies of every record a simulation wrote. */
export class Recording {
  readonly records: Uint8Array[] = [];
  readonly onLogged = (_type: number, _timeUs: number, views: MessageViews, at: number, bytes: number): void => {
    this.records.push(views.u8.slice(at, at + bytes));
  };

  get decoded(): DecodedRecord[] {
    return this.records.map(decodeRecord);
  }

  ofType(type: string): DecodedRecord[] {
    return this.decoded.filter((record) => record.type === type);
  }
}

/** A strategy on the BTC trades of which only `part` matters. */
export function probe<S = undefined>(part: Partial<StrategyDefinition<Params, S>>): StrategyDefinition {
  const whole: StrategyDefinition<Params, S> = { id: "probe", params: {}, subscribe: [`trades:${BTC.id}`], ...part };
  return whole as StrategyDefinition;
}

/** A simulation of strategies as written, and what it records. */
export function simulate(strategies: readonly StrategyDefinition[], overrides: Partial<EngineConfig> = {}) {
  const recording = new Recording();
  const config = engineConfig({
    strategies: strategies.map(({ id }) => ({ id, bundle: "", params: {} })),
    ...overrides,
  });
  const simulation = new InlineSimulation({ config, strategies, math: createMathCore() }, recording.onLogged);
  return { simulation, engine: simulation.engine, recording, config };
}

/** An engine without a venue: its reports come from the test. Started; feeds live, BTC quoted at 99.99 to 100.01. */
export function engineAlone(strategies: readonly StrategyDefinition[], overrides: Partial<EngineConfig> = {}) {
  const recording = new Recording();
  const config = engineConfig({
    strategies: strategies.map(({ id }) => ({ id, bundle: "", params: {} })),
    ...overrides,
  });
  const engine = new Engine({ config, strategies, math: createMathCore(), log: new MemoryLog(recording.onLogged) });
  takeAll(engine, [
    configAt(START_US, config),
    feedAt(START_US),
    feedAt(START_US, FeedState.Live, 1),
    quoteAt(START_US, 9_999, 10_001),
  ]);
  return { engine, recording, config };
}

/** Loads bundles as the command line does: one realm each, all on one math core. */
export function loadAll(
  bundles: readonly { readonly id: string; readonly bundle: string }[],
  math: MathCore,
): StrategyDefinition[] {
  return bundles.map(({ id, bundle }) => loadStrategy(bundle, id, createDeterministicMath(math)));
}
