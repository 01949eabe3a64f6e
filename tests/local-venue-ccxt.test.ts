/**
 * The promise the local venue exists for: the unmodified ccxt.pro Binance client loads its markets, joins its own order
 * books and follows every stream, over a seam too, and cannot tell the venue from Binance.
 */
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { type LocalVenue, startLocalVenue } from "../feeds/local-venue/server.js";
import { VenueClient } from "./support/local-venue.js";

const MARKETS = [
  { symbol: "BTC/USDT", id: "BTCUSDT" },
  { symbol: "ETH/USDT", id: "ETHUSDT" },
];
const SYMBOLS = MARKETS.map(({ symbol }) => symbol);

/** A client that joined with a snapshot of 1000 levels a side knows at least this many of the best ones for a while. */
const KNOWN_LEVELS = 500;

/** ccxt keeps no more than the latest 1000. */
const CACHED_TRADES = 1000;

interface CcxtBook {
  readonly nonce: number | undefined;
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
}

/** The part of the untyped library this file uses. */
interface Ccxt {
  readonly urls: { api: { public: string; ws: { spot: string } } };
  readonly orderbooks: Record<string, CcxtBook>;
  readonly trades: Record<string, readonly { id: string; info: unknown }[]>;
  readonly bidsasks: Record<string, { info: unknown }>;
  loadHttpProxyAgent(): Promise<unknown>;
  loadMarkets(): Promise<Record<string, { precision: object; limits: { amount: object; cost: object } }>>;
  watchTrades(symbol: string): Promise<unknown>;
  watchOrderBook(symbol: string): Promise<CcxtBook>;
  watchBidsAsks(symbols: string[]): Promise<unknown>;
  close(): Promise<unknown>;
}

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

test("ccxt reads the venue's markets: ticks, lots and the least notional", async () => {
  const { exchange } = await start(0);
  const markets = await exchange.loadMarkets();
  expect(Object.keys(markets)).toEqual(SYMBOLS);
  expect(markets["ETH/USDT"]).toMatchObject({
    spot: true,
    active: true,
    precision: { price: 0.01, amount: 0.0001 },
    limits: { amount: { min: 0.0001 }, cost: { min: 5 } },
  });
});

test("ccxt watches trades, books and best prices of both symbols, and holds what the venue sent", async () => {
  const { exchange, venue } = await start(5);
  const tap = await VenueClient.connect(`${venue.wsUrl}/ws`);
  closers.push(() => tap.close());
  const watches = SYMBOLS.flatMap((symbol) => [exchange.watchTrades(symbol), exchange.watchOrderBook(symbol)]);
  await Promise.all([...watches, exchange.watchBidsAsks(SYMBOLS)]);
  const streams = MARKETS.flatMap(({ id }) => [`${id.toLowerCase()}@trade`, `${id.toLowerCase()}@bookTicker`]);
  await tap.request({ method: "SUBSCRIBE", params: streams, id: 1 });
  for (let i = 0; i < 20; i++) await Promise.all(SYMBOLS.map((symbol) => exchange.watchOrderBook(symbol)));
  const tradesSeen = (id: string) => tap.frames.filter((text) => /"e":"trade"/.test(text) && text.includes(id)).length;
  await tap.until(() => MARKETS.every(({ id }) => tradesSeen(id) >= 20));
  venue.pause();
  await tap.fence();
  for (const { symbol, id } of MARKETS) {
    await sameBook(exchange, venue, symbol, id, KNOWN_LEVELS);
    const seen = tap.frames.map((text) => JSON.parse(text)).filter(({ s }) => s === id);
    const ticker = seen.findLast((payload) => payload.e === undefined);
    await until(() => (exchange.bidsasks[symbol]!.info as { u: number }).u === ticker.u);
    expect(exchange.bidsasks[symbol]!.info).toEqual(ticker);
    const trades = seen.filter((payload) => payload.e === "trade").slice(-CACHED_TRADES);
    await until(() => exchange.trades[symbol]!.at(-1)!.id === String(trades.at(-1).t));
    expect(exchange.trades[symbol]!.slice(-trades.length).map(({ info }) => info)).toEqual(trades);
  }
});

test("ccxt's books equal the true books over a seam", async () => {
  const { exchange, venue } = await start(0);
  await Promise.all(SYMBOLS.map((symbol) => exchange.watchOrderBook(symbol)));
  for (let i = 0; i < 28; i++) {
    venue.step(1000);
    for (const { symbol, id } of MARKETS) await sameBook(exchange, venue, symbol, id);
  }
});

test("ccxt notices a gap", async () => {
  const { exchange, venue } = await start(0);
  await exchange.watchOrderBook("BTC/USDT");
  venue.step(1000);
  await sameBook(exchange, venue, "BTC/USDT", "BTCUSDT");
  const next = exchange.watchOrderBook("BTC/USDT");
  venue.skip("BTCUSDT", 1);
  venue.step(1000);
  await expect(next).rejects.toThrow(/orderbook data checksum validation failed/);
});

async function start(speed: number): Promise<{ exchange: Ccxt; venue: LocalVenue }> {
  const venue = await startLocalVenue({ speed });
  closers.push(() => venue.close());
  const exchange = new (await ccxtBinance())({ options: { fetchMarkets: { types: ["spot"] } } });
  closers.push(() => exchange.close());
  exchange.urls.api.public = `${venue.restUrl}/api/v3`;
  exchange.urls.api.ws.spot = `${venue.wsUrl}/ws`;
  await exchange.loadHttpProxyAgent();
  return { exchange, venue };
}

/** One venue of ccxt, past the package's exports, which offer only all of them at once. */
async function ccxtBinance(): Promise<new (config: object) => Ccxt> {
  const commonjs = pathToFileURL(createRequire(import.meta.url).resolve("ccxt"));
  return (await import(new URL("../js/src/pro/binance.js", commonjs).href)).default;
}

/** Waits until ccxt has come as far as the venue, then compares the best levels, by default all of them. */
async function sameBook(exchange: Ccxt, venue: LocalVenue, symbol: string, id: string, levels?: number): Promise<void> {
  const truth = venue.snapshot(id);
  await until(() => exchange.orderbooks[symbol]?.nonce === truth.lastUpdateId);
  for (const side of ["bids", "asks"] as const) {
    const held = exchange.orderbooks[symbol]![side].map(([price, amount]) => [price, amount]);
    expect(held.slice(0, levels)).toEqual(truth[side].slice(0, levels).map((level) => level.map(Number)));
  }
}

/** Waits for what is on its way; the test's own deadline ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(2);
}
