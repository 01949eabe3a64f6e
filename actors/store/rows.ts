/**
 * Records as rows: one function for each table, from a record's exact units to a row's doubles and words. A row's time
 * is the record's engine time in whole microseconds. Records of other types have no table and pass by.
 */
import { type Instrument, MONEY_PER_UNIT, unitsToNumber } from "../../engine/index.js";
import { clientOrderId } from "../../engine/orders/client-order-id.js";
import type { RecordReader } from "../../engine/tape/segment.js";
import * as schema from "../../schemas/index.js";
import { MessageType } from "../../schemas/index.js";
import * as words from "../words.js";
import type { JournalFacts } from "./journal-facts.js";
import type { TableName } from "./tables.js";

/** Takes one row: the table, its words, its columns, its end. Symbols come before the other columns. */
export interface RowSink {
  begin(table: TableName): this;
  symbol(column: string, value: string): this;
  text(column: string, value: string): this;
  double(column: string, value: number): this;
  long(column: string, value: number): this;
  /** Whole microseconds since the epoch. */
  time(column: string, valueUs: number): this;
  end(timeUs: number): void;
}

/** The table of a record's rows, or null. */
export function tableOf(type: number): TableName | null {
  switch (type) {
    case MessageType.Trade:
      return "trades";
    case MessageType.Quote:
      return "quotes";
    case MessageType.OrderEvent:
      return "orders";
    case MessageType.Fill:
      return "fills";
    case MessageType.Position:
      return "positions";
    default:
      return null;
  }
}

/** Writes the row of a record that has one. */
export function writeRow(sink: RowSink, table: TableName, record: RecordReader, facts: JournalFacts): void {
  ROW_WRITERS[table](sink.begin(table), record, facts);
  sink.end(Math.trunc(record.timeUs));
}

type RowWriter = (row: RowSink, record: RecordReader, facts: JournalFacts) => void;

const ROW_WRITERS: Readonly<Record<TableName, RowWriter>> = {
  trades: writeTrade,
  quotes: writeQuote,
  orders: writeOrder,
  fills: writeFill,
  positions: writePosition,
};

function writeTrade(
  row: RowSink,
  { views: { u8, i32, u32, f64 }, at, sequence }: RecordReader,
  facts: JournalFacts,
): void {
  const instrument = facts.instruments[u32[(at + schema.TRADE_INSTRUMENT) >> 2]];
  row.symbol("venue", instrument.venue).symbol("instrument", instrument.id);
  writeWord(row, "side", words.SIDE[u8[at + schema.TRADE_AGGRESSOR]]);
  row
    .long("trade_id", f64[(at + schema.TRADE_TRADE_ID) >> 3])
    .double("price", priceOf(i32[(at + schema.TRADE_PRICE_TICKS) >> 2], instrument))
    .double("qty", qtyOf(f64[(at + schema.TRADE_QTY_LOTS) >> 3], instrument))
    .long("seq", sequence);
  const venueTimeUs = f64[(at + schema.TRADE_VENUE_TIME_US) >> 3];
  if (venueTimeUs > 0) row.time("venue_ts", Math.trunc(venueTimeUs));
}

function writeQuote(row: RowSink, { views: { i32, u32, f64 }, at, sequence }: RecordReader, facts: JournalFacts): void {
  const instrument = facts.instruments[u32[(at + schema.QUOTE_INSTRUMENT) >> 2]];
  row
    .symbol("venue", instrument.venue)
    .symbol("instrument", instrument.id)
    .long("update_id", f64[(at + schema.QUOTE_UPDATE_ID) >> 3])
    .double("bid", priceOf(i32[(at + schema.QUOTE_BID_TICKS) >> 2], instrument))
    .double("ask", priceOf(i32[(at + schema.QUOTE_ASK_TICKS) >> 2], instrument))
    .double("bid_qty", qtyOf(f64[(at + schema.QUOTE_BID_LOTS) >> 3], instrument))
    .double("ask_qty", qtyOf(f64[(at + schema.QUOTE_ASK_LOTS) >> 3], instrument))
    .long("seq", sequence);
}

function writeOrder(row: RowSink, record: RecordReader, facts: JournalFacts): void {
  const { views, at, sequence, index } = record;
  const { u8, u16, i32, u32, f64 } = views;
  const instrument = facts.instruments[u32[(at + schema.ORDER_EVENT_INSTRUMENT) >> 2]];
  const strategy = u16[(at + schema.ORDER_EVENT_STRATEGY) >> 1];
  const priceTicks = i32[(at + schema.ORDER_EVENT_PRICE_TICKS) >> 2];
  row
    .symbol("strategy", facts.strategies[strategy])
    .symbol("instrument", instrument.id)
    .symbol("venue", instrument.venue)
    .symbol("type", words.ORDER_TYPE[u8[at + schema.ORDER_EVENT_ORDER_TYPE]])
    .symbol("time_in_force", words.TIME_IN_FORCE[u8[at + schema.ORDER_EVENT_TIME_IN_FORCE]])
    .symbol("status", words.ORDER_STATUS[u8[at + schema.ORDER_EVENT_STATUS]])
    .symbol("mode", facts.mode);
  writeWord(row, "side", words.SIDE[u8[at + schema.ORDER_EVENT_SIDE]]);
  writeWord(
    row,
    "reason",
    reasonOf(u8[at + schema.ORDER_EVENT_DENY_REASON], u8[at + schema.ORDER_EVENT_REPORT_REASON]),
  );
  row
    .text(
      "client_order_id",
      clientOrderId(u32[(at + schema.ORDER_EVENT_EPOCH) >> 2], strategy, f64[(at + schema.ORDER_EVENT_ORDER_ID) >> 3]),
    )
    .long("seq", sequence)
    .long("idx", index)
    .double("qty", qtyOf(f64[(at + schema.ORDER_EVENT_QTY_LOTS) >> 3], instrument))
    .double("filled_qty", qtyOf(f64[(at + schema.ORDER_EVENT_FILLED_LOTS) >> 3], instrument));
  // A market order has no price, which is not a price of zero.
  if (priceTicks !== 0) row.double("price", priceOf(priceTicks, instrument));
}

function writeFill(row: RowSink, { views, at, sequence }: RecordReader, facts: JournalFacts): void {
  const { u8, u16, i32, u32, f64 } = views;
  const instrument = facts.instruments[u32[(at + schema.FILL_INSTRUMENT) >> 2]];
  const strategy = u16[(at + schema.FILL_STRATEGY) >> 1];
  row
    .symbol("venue", instrument.venue)
    .symbol("strategy", facts.strategies[strategy])
    .symbol("instrument", instrument.id)
    .symbol("mode", facts.mode);
  writeWord(row, "side", words.SIDE[u8[at + schema.FILL_SIDE]]);
  writeWord(row, "liquidity", words.LIQUIDITY[u8[at + schema.FILL_LIQUIDITY]]);
  row
    .long("trade_id", f64[(at + schema.FILL_TRADE_ID) >> 3])
    .long("seq", sequence)
    .text(
      "client_order_id",
      clientOrderId(u32[(at + schema.FILL_EPOCH) >> 2], strategy, f64[(at + schema.FILL_ORDER_ID) >> 3]),
    )
    .double("price", priceOf(i32[(at + schema.FILL_PRICE_TICKS) >> 2], instrument))
    .double("qty", qtyOf(f64[(at + schema.FILL_QTY_LOTS) >> 3], instrument))
    .double("fee", moneyOf(f64[(at + schema.FILL_FEE_MONEY) >> 3]))
    .double("realised", moneyOf(f64[(at + schema.FILL_REALISED_MONEY) >> 3]));
}

function writePosition(row: RowSink, { views, at, sequence, index }: RecordReader, facts: JournalFacts): void {
  const { u16, u32, f64 } = views;
  const instrument = facts.instruments[u32[(at + schema.POSITION_INSTRUMENT) >> 2]];
  row
    .symbol("strategy", facts.strategies[u16[(at + schema.POSITION_STRATEGY) >> 1]])
    .symbol("instrument", instrument.id)
    .symbol("venue", instrument.venue)
    .symbol("mode", facts.mode)
    .long("seq", sequence)
    .long("idx", index)
    .double("qty", qtyOf(f64[(at + schema.POSITION_POSITION_LOTS) >> 3], instrument))
    .double("cost", moneyOf(f64[(at + schema.POSITION_COST_MONEY) >> 3]))
    .double("realised", moneyOf(f64[(at + schema.POSITION_REALISED_MONEY) >> 3]))
    .double("fees", moneyOf(f64[(at + schema.POSITION_FEES_MONEY) >> 3]));
}

/** A word, or nothing where the enum says none: it is null in the table. */
function writeWord(row: RowSink, column: string, word: string): void {
  if (word !== "none") row.symbol(column, word);
}

const reasonOf = (deny: number, report: number): string =>
  deny ? words.DENY_REASON[deny] : words.REPORT_REASON[report];
const priceOf = (ticks: number, { tick }: Instrument): number => unitsToNumber(ticks, tick);
const qtyOf = (lots: number, { lot }: Instrument): number => unitsToNumber(lots, lot);
const moneyOf = (money: number): number => money / MONEY_PER_UNIT;
