/**
 * What is measured on each frame: from the socket's bytes to the numbers a book or a strategy needs. Every contestant
 * adds up all numbers that it read, so that none can leave work out and all can be compared.
 */
import ccxt from "ccxt";
import { BinanceDecoder } from "../../feeds/binance/decode.js";
import { Field } from "../../feeds/binance/fields.js";
import type { LevelList } from "../../feeds/level-list.js";
import type { FrameKind } from "../../feeds/local-venue/frame.js";
import { INSTRUMENTS, SPECS } from "./frames.js";

/** Sums over frames: prices by instrument scale, quantities, ids and times, and how many levels or flags there were. */
export interface Sums {
  prices: number;
  quantities: number;
  ids: number;
  counts: number;
}

export type Contestant = (frame: Buffer, sums: Sums) => void;
type ByKind = Readonly<Record<FrameKind, Contestant>>;

const TICK = Number(SPECS[0].tickSize);
const LOTS = INSTRUMENTS.map(({ lotSize }) => Number(lotSize));
const lotOf = (symbol: string): number => (symbol === INSTRUMENTS[0].venueSymbol ? LOTS[0] : LOTS[1]);

/** Our decoder gives ticks and lots; the others give decimals, which are brought to the same units. */
export function scanner(): ByKind {
  const decoder = new BinanceDecoder(INSTRUMENTS);
  const { values } = decoder;
  return {
    trade: (frame, sums) => {
      decoder.decode(frame, frame.length);
      sums.prices += values[Field.Price];
      sums.quantities += values[Field.Quantity];
      sums.ids += values[Field.TradeId];
      sums.counts += values[Field.BuyerIsMaker];
    },
    bookTicker: (frame, sums) => {
      decoder.decode(frame, frame.length);
      sums.prices += values[Field.Bid] + values[Field.Ask];
      sums.quantities += values[Field.BidQuantity] + values[Field.AskQuantity];
      sums.ids += values[Field.LastId];
    },
    depth: (frame, sums) => {
      decoder.decode(frame, frame.length);
      addLevels(decoder.bids, sums);
      addLevels(decoder.asks, sums);
      sums.ids += values[Field.LastId];
    },
  };
}

function addLevels(list: LevelList, sums: Sums): void {
  for (let level = 0; level < list.count; level += 1) {
    sums.prices += list.ticks[level];
    sums.quantities += list.lots[level];
  }
  sums.counts += list.count;
}

/** The scanner, each frame decoded twice: a loss that the benchmark must see. */
export function slowedScanner(): ByKind {
  const once = scanner();
  const decoder = new BinanceDecoder(INSTRUMENTS);
  const twice =
    (kind: FrameKind): Contestant =>
    (frame, sums) => {
      decoder.decode(frame, frame.length);
      once[kind](frame, sums);
    };
  return { trade: twice("trade"), bookTicker: twice("bookTicker"), depth: twice("depth") };
}

interface TradeJson {
  s: string;
  t: number;
  p: string;
  q: string;
  m: boolean;
}
interface TickerJson {
  s: string;
  u: number;
  b: string;
  B: string;
  a: string;
  A: string;
}
interface DepthJson {
  s: string;
  u: number;
  b: [string, string][];
  a: [string, string][];
}

const parse = <T>(frame: Buffer): T => JSON.parse(frame.toString()) as T;

/** JSON.parse, and each field turned into a number where it is text. */
export const jsonParse: ByKind = {
  trade: (frame, sums) => {
    const trade = parse<TradeJson>(frame);
    sums.prices += Number(trade.p) / TICK;
    sums.quantities += Number(trade.q) / lotOf(trade.s);
    sums.ids += trade.t;
    sums.counts += trade.m ? 1 : 0;
  },
  bookTicker: (frame, sums) => {
    const ticker = parse<TickerJson>(frame);
    sums.prices += (Number(ticker.b) + Number(ticker.a)) / TICK;
    sums.quantities += (Number(ticker.B) + Number(ticker.A)) / lotOf(ticker.s);
    sums.ids += ticker.u;
  },
  depth: (frame, sums) => {
    const { s, u, b, a } = parse<DepthJson>(frame);
    const lot = lotOf(s);
    for (const [price, quantity] of b) addLevel(sums, Number(price), Number(quantity), lot);
    for (const [price, quantity] of a) addLevel(sums, Number(price), Number(quantity), lot);
    sums.ids += u;
  },
};

function addLevel(sums: Sums, price: number, quantity: number, lot: number): void {
  sums.prices += price / TICK;
  sums.quantities += quantity / lot;
  sums.counts += 1;
}

/**
 * The same methods that ccxt's websocket client calls for a message, without its caches and promises: the levels of a
 * book go to a stand-in that only adds them up.
 */
export function ccxtParse(): ByKind {
  const exchange = new ccxt.pro.binance();
  const markets = INSTRUMENTS.map(({ venueSymbol: id, symbol, base, quote, tickSize, lotSize }) =>
    exchange.safeMarketStructure({
      ...{ id, symbol, base, quote, baseId: base, quoteId: quote, type: "spot", spot: true, active: true },
      precision: { price: Number(tickSize), amount: Number(lotSize) },
    }),
  );
  exchange.setMarkets(markets);
  const marketOf = new Map(markets.map((market) => [market!.id as string, market]));
  const target = { sums: { prices: 0, quantities: 0, ids: 0, counts: 0 } as Sums, lot: 1 };
  const side = { store: (price: number, amount: number) => addLevel(target.sums, price, amount, target.lot) };
  const book: Record<string, unknown> = { bids: side, asks: side };
  return {
    trade: (frame, sums) => {
      const message = parse<TradeJson>(frame);
      const trade = exchange.parseWsTrade(message, marketOf.get(message.s));
      sums.prices += (trade.price as number) / TICK;
      sums.quantities += (trade.amount as number) / lotOf(message.s);
      sums.ids += Number(trade.id);
      sums.counts += trade.side === "sell" ? 1 : 0;
    },
    bookTicker: (frame, sums) => {
      const message = parse<TickerJson>(frame);
      const ticker = exchange.parseWsTicker(message, "spot");
      sums.prices += ((ticker.bid as number) + (ticker.ask as number)) / TICK;
      sums.quantities += ((ticker.bidVolume as number) + (ticker.askVolume as number)) / lotOf(message.s);
      sums.ids += message.u;
    },
    depth: (frame, sums) => {
      const message = parse<DepthJson>(frame);
      target.sums = sums;
      target.lot = lotOf(message.s);
      exchange.handleOrderBookMessage(null as never, message, book);
      sums.ids += book.nonce as number;
    },
  };
}
