/**
 * The promise the venue's order side exists for: the unmodified ccxt.pro Binance client places, cancels, asks and
 * follows its own orders, in a process of its own, and reads each refusal as the error it is on Binance.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ForkedVenue, forkLocalVenue } from "../feeds/local-venue/fork.js";
import { LOCAL_API_KEY, LOCAL_API_SECRET } from "../feeds/local-venue/orders/credentials.js";
import type { FaultRule } from "../feeds/local-venue/orders/fault-plan.js";

const SYMBOL = "BTC/USDT";
const FAR_BID = 50_000;
const FAR_ASK = 70_000;

interface CcxtOrder {
  readonly id: string;
  readonly clientOrderId: string;
  readonly status: string;
  readonly filled: number;
  readonly average: number | undefined;
}
interface CcxtTrade {
  readonly id: string;
  readonly order: string;
  readonly price: number;
  readonly amount: number;
  readonly fee: { readonly cost: number; readonly currency: string };
}
interface CcxtBalance {
  readonly free: Readonly<Record<string, number>>;
  readonly used: Readonly<Record<string, number>>;
}

/** The part of the untyped library this file uses. */
interface Ccxt {
  readonly urls: { api: { public: string; private: string; ws: { spot: string; "ws-api": { spot: string } } } };
  loadHttpProxyAgent(): Promise<unknown>;
  loadMarkets(): Promise<unknown>;
  createOrder(
    symbol: string,
    type: string,
    side: string,
    amount: number,
    price: number | undefined,
    params: object,
  ): Promise<CcxtOrder>;
  cancelOrder(id: undefined, symbol: string, params: object): Promise<CcxtOrder>;
  cancelAllOrders(symbol: string): Promise<readonly CcxtOrder[]>;
  fetchOrder(id: undefined, symbol: string, params: object): Promise<CcxtOrder>;
  fetchOrders(symbol: string): Promise<readonly CcxtOrder[]>;
  fetchOpenOrders(symbol?: string): Promise<readonly CcxtOrder[]>;
  fetchMyTrades(symbol: string, since?: number, limit?: number, params?: object): Promise<readonly CcxtTrade[]>;
  fetchBalance(): Promise<CcxtBalance>;
  watchOrders(symbol: string): Promise<readonly CcxtOrder[]>;
  watchMyTrades(symbol: string): Promise<readonly CcxtTrade[]>;
  watchBalance(): Promise<CcxtBalance>;
  close(): Promise<unknown>;
}

let venue: ForkedVenue;
let exchange: Ccxt;
let orders = 0;

beforeAll(async () => {
  venue = await forkLocalVenue({ speed: 1 });
});

afterAll(() => venue.close());

afterEach(async () => {
  await venue.arm([]);
  await exchange.cancelAllOrders(SYMBOL).catch(() => {});
  await exchange.close();
  while ((await subscribers()) > 0);
});

describe("ccxt", () => {
  test("places, finds, lists and cancels an order by the client's own id", async () => {
    const { id } = await open();
    const order = await place("limit", "buy", 0.01, FAR_BID, id);
    expect(order).toMatchObject({ clientOrderId: id, status: "open", filled: 0 });
    expect(await byId(id)).toMatchObject({ id: order.id, clientOrderId: id, status: "open" });
    expect(await exchange.fetchOpenOrders(SYMBOL)).toMatchObject([{ clientOrderId: id }]);
    expect(await exchange.fetchOpenOrders()).toMatchObject([{ clientOrderId: id }]);
    expect(await cancel(id)).toMatchObject({ id: order.id, status: "canceled" });
    expect(await exchange.fetchOpenOrders(SYMBOL)).toEqual([]);
    expect((await exchange.fetchOrders(SYMBOL)).at(-1)).toMatchObject({ clientOrderId: id, status: "canceled" });
  });

  test("takes with a market order, and trades, fee and balance are those of the venue's truth", async () => {
    const { id } = await open();
    const before = await exchange.fetchBalance();
    const order = await place("market", "sell", 0.02, undefined, id);
    expect(order).toMatchObject({ status: "closed", filled: 0.02 });
    const trades = (await exchange.fetchMyTrades(SYMBOL, undefined, 1000, { fromId: 1 })).filter(
      (trade) => trade.order === order.id,
    );
    const truth = (await venue.truth()).trades.filter(({ clientOrderId }) => clientOrderId === id);
    expect(trades).toMatchObject(
      truth.map((trade) => ({
        id: `${trade.id}`,
        price: Number(trade.price),
        amount: Number(trade.quantity),
        fee: { cost: Number(trade.commission), currency: "USDT" },
      })),
    );
    expect((await exchange.fetchBalance()).free.BTC).toBeCloseTo(before.free.BTC! - 0.02, 8);
  });

  test("asks for trades since a time", async () => {
    const { id } = await open();
    const since = Date.now();
    const { id: orderId } = await place("market", "buy", 0.001, undefined, id);
    const trades = await exchange.fetchMyTrades(SYMBOL, since);
    expect(trades.map(({ order }) => order)).toContain(orderId);
    expect(await exchange.fetchMyTrades(SYMBOL, since + 3_600_000)).toEqual([]);
  });

  test("knows the times in force: what an IOC cannot take expires", async () => {
    const { id } = await open();
    const order = await place("limit", "buy", 0.01, FAR_BID, id, { timeInForce: "IOC" });
    expect(order).toMatchObject({ status: "expired", filled: 0 });
  });

  test("follows an order from its acceptance to its cancel, and the balance with it", async () => {
    const { id } = await open();
    const accepted = exchange.watchOrders(SYMBOL);
    const balance = exchange.watchBalance();
    await subscribed();
    await place("limit", "buy", 0.01, FAR_BID, id);
    expect((await accepted).at(-1)).toMatchObject({ clientOrderId: id, status: "open" });
    expect((await balance).used.USDT).toBeCloseTo(500.5, 8);
    const canceled = exchange.watchOrders(SYMBOL);
    await cancel(id);
    expect((await canceled).at(-1)).toMatchObject({ clientOrderId: id, status: "canceled" });
  });

  test("follows its own trades", async () => {
    const { id } = await open();
    const traded = exchange.watchMyTrades(SYMBOL);
    await subscribed();
    const order = await place("market", "buy", 0.001, undefined, id);
    const truth = (await venue.truth()).trades.findLast(({ clientOrderId }) => clientOrderId === id)!;
    expect((await traded).at(-1)).toMatchObject({
      id: `${truth.id}`,
      order: order.id,
      price: Number(truth.price),
      fee: { cost: Number(truth.commission), currency: "USDT" },
    });
  });

  test("is told when the private stream is cut off, and can follow again", async () => {
    const { id } = await open();
    const lost = exchange.watchOrders(SYMBOL);
    const failure = expect(lost).rejects.toMatchObject({ name: "NetworkError" });
    await subscribed();
    await venue.local("POST", "/local/disconnect", { what: "private" });
    await failure;
    const found = exchange.watchOrders(SYMBOL);
    await subscribed();
    await place("limit", "buy", 0.01, FAR_BID, id);
    expect((await found).at(-1)).toMatchObject({ clientOrderId: id });
  });
});

describe("ccxt reads as what it is", () => {
  test.each([
    [
      "a duplicate",
      "InvalidOrder",
      -2010,
      async (id: string) => {
        await place("limit", "buy", 0.01, FAR_BID, id);
        return place("limit", "buy", 0.01, FAR_BID, id);
      },
    ],
    ["a poor account", "InsufficientFunds", undefined, (id: string) => place("limit", "buy", 100, FAR_BID, id)],
    [
      "a maker that would take",
      "OrderImmediatelyFillable",
      undefined,
      (id: string) => place("limit", "buy", 0.01, FAR_ASK, id, { postOnly: true }),
    ],
    ["too small a value", "BadRequest", -1013, (id: string) => place("limit", "buy", 0.00005, FAR_BID, id)],
    ["a cancel of no order", "OrderNotFound", -2011, (id: string) => cancel(id)],
    ["a question for no order", "OrderNotFound", -2013, (id: string) => byId(id)],
  ] as const)("%s: %s", async (_, name, code, work) => {
    const { id } = await open();
    await expectError(work(id), name, code);
  });

  test.each([
    ["another secret", { secret: "other" }, "AuthenticationError", -1022],
    ["another key", { apiKey: "x".repeat(64) }, "AuthenticationError", -2015],
    ["a malformed key", { apiKey: "short" }, "AuthenticationError", -2014],
    ["a clock that is behind", { options: { timeDifference: 60_000 } }, "InvalidNonce", -1021],
  ])("%s: %s", async (_, config, name, code) => {
    await open(config);
    await expectError(exchange.fetchBalance(), name, code);
  });

  test.each<readonly [FaultRule, string, number | undefined, boolean]>([
    [{ kind: "error-after", next: 1, answer: "503" }, "ExchangeNotAvailable", undefined, true],
    [{ kind: "error-after", next: 1, answer: "-1006" }, "OperationFailed", -1006, true],
    [{ kind: "error-before", next: 1, answer: "-1007" }, "RequestTimeout", -1007, false],
    [{ kind: "rate-limited", next: 1 }, "DDoSProtection", -1003, false],
    [{ kind: "banned", next: 1 }, "DDoSProtection", -1003, false],
    [{ kind: "request-lost", next: 1 }, "NetworkError", undefined, false],
    [{ kind: "answer-lost", next: 1 }, "NetworkError", undefined, true],
  ])("%j: %s", async (rule, name, code, isThere) => {
    const { id } = await open();
    await venue.arm([rule]);
    await expectError(place("limit", "buy", 0.01, FAR_BID, id), name, code);
    const { orders: truth, submissions } = await venue.truth();
    expect(truth.some(({ clientOrderId }) => clientOrderId === id)).toBe(isThere);
    // The library itself sends nothing twice.
    expect(submissions[id]).toBe(1);
  });
});

async function open(config: object = {}): Promise<{ id: string }> {
  const options = { fetchMarkets: { types: ["spot"] }, fetchCurrencies: false, fetchMargins: false };
  const more = (config as { options?: object }).options;
  exchange = new (await ccxtBinance())({
    apiKey: LOCAL_API_KEY,
    secret: LOCAL_API_SECRET,
    enableRateLimit: false,
    ...config,
    options: { ...options, warnOnFetchOpenOrdersWithoutSymbol: false, ...more },
  });
  exchange.urls.api.public = exchange.urls.api.private = `${venue.restUrl}/api/v3`;
  exchange.urls.api.ws.spot = `${venue.wsUrl}/ws`;
  exchange.urls.api.ws["ws-api"].spot = `${venue.wsUrl}/ws-api/v3`;
  await exchange.loadHttpProxyAgent();
  await exchange.loadMarkets();
  return { id: `test-${++orders}` };
}

/** One venue of ccxt, past the package's exports, which offer only all of them at once. */
async function ccxtBinance(): Promise<new (config: object) => Ccxt> {
  const commonjs = pathToFileURL(createRequire(import.meta.url).resolve("ccxt"));
  return (await import(new URL("../js/src/pro/binance.js", commonjs).href)).default;
}

/** Waits until the venue has a subscriber: ccxt does not say when it is one. */
async function subscribed(): Promise<void> {
  while ((await subscribers()) === 0);
}

async function subscribers(): Promise<number> {
  return ((await venue.local("GET", "/local/sessions")) as { subscribed: number }).subscribed;
}

function place(
  type: string,
  side: string,
  amount: number,
  price: number | undefined,
  newClientOrderId: string,
  params: object = {},
): Promise<CcxtOrder> {
  return exchange.createOrder(SYMBOL, type, side, amount, price, { newClientOrderId, ...params });
}

const cancel = (origClientOrderId: string) => exchange.cancelOrder(undefined, SYMBOL, { origClientOrderId });

const byId = (origClientOrderId: string) => exchange.fetchOrder(undefined, SYMBOL, { origClientOrderId });

async function expectError(request: Promise<unknown>, name: string, code: number | undefined): Promise<void> {
  const error = (await request.then(
    () => new Error("the request was not refused"),
    (reason: unknown) => reason,
  )) as Error;
  expect(error.constructor.name).toBe(name);
  if (code !== undefined) expect(error.message).toContain(`"code":${code}`);
}
