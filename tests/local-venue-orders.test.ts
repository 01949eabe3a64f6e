/**
 * The promises of the local venue's order side as a protocol: it takes, matches, cancels and tells as Binance does, and
 * refuses with Binance's codes what Binance refuses. The venue stands still unless a test steps it.
 */
import { afterEach, describe, expect, test } from "vitest";
import type { LocalVenueOptions } from "../feeds/local-venue/options.js";
import { type LocalVenue, startLocalVenue } from "../feeds/local-venue/server.js";
import { UserStreamClient, VenueAccount } from "./support/local-venue-account.js";

/** A moment at the start of a minute and of a day. */
const NOW_MS = Date.UTC(2026, 0, 5);
const FAR_BID = "50000.00";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe("new orders", () => {
  test("a limit order that nothing crosses rests, and locks its value and its fee", async () => {
    const { account, venue } = await start();
    const { status, json } = await account.limit("BUY", "0.1", FAR_BID, { newClientOrderId: "one" });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      orderId: 1,
      clientOrderId: "one",
      status: "NEW",
      executedQty: "0.00000000",
      fills: [],
    });
    expect(venue.truth.balances.USDT).toEqual({ free: "994995.00000000", locked: "5005.00000000" });
    expect(venue.truth.trades).toEqual([]);
  });

  test("a market order takes the shown levels from the best on, one trade a level, at the taker's fee", async () => {
    const { account, venue } = await start();
    const { asks } = venue.snapshot("BTCUSDT");
    const quantity = Number(asks[0]![1]) + Number(asks[1]![1]);
    const { json } = await account.place({ side: "BUY", type: "MARKET", quantity: quantity.toFixed(5) });
    const fills = json.fills as { price: string; qty: string; commission: string; tradeId: number }[];
    expect(fills.map(({ price, qty }) => [price, qty])).toEqual(asks.slice(0, 2));
    expect(fills.map(({ tradeId }) => tradeId)).toEqual([1, 2]);
    for (const { price, qty, commission } of fills) {
      expect(Number(commission)).toBeCloseTo(Number(price) * Number(qty) * 0.001, 7);
    }
    expect(json.status).toBe("FILLED");
    expect(venue.snapshot("BTCUSDT").asks).toEqual(asks);
  });

  test("what an IOC order cannot take expires, and a FOK order that cannot take all takes nothing", async () => {
    const { account, venue } = await start();
    const [price, shown] = venue.snapshot("BTCUSDT").asks[0]!;
    const quantity = (Number(shown) + 1).toFixed(5);
    const ioc = await account.limit("BUY", quantity, price, { timeInForce: "IOC" });
    expect(ioc.json).toMatchObject({ status: "EXPIRED", executedQty: shown });
    const fok = await account.limit("BUY", quantity, price, { timeInForce: "FOK" });
    expect(fok.json).toMatchObject({ status: "EXPIRED", executedQty: "0.00000000" });
    expect(venue.truth.balances.USDT!.locked).toBe("0.00000000");
  });

  test("newOrderRespType says how much of the answer is told", async () => {
    const { account } = await start();
    const answer = async (newOrderRespType: string) =>
      Object.keys((await account.limit("BUY", "0.1", FAR_BID, { newOrderRespType })).json);
    expect(await answer("ACK")).toEqual(["symbol", "orderId", "orderListId", "clientOrderId", "transactTime"]);
    expect(await answer("RESULT")).not.toContain("fills");
    expect(await answer("FULL")).toContain("fills");
  });

  test("a client id is free again once its order is closed, and only then", async () => {
    const { account, venue } = await start();
    const send = () => account.limit("BUY", "0.1", FAR_BID, { newClientOrderId: "again" });
    expect((await send()).status).toBe(200);
    expect((await send()).json).toEqual({ code: -2010, msg: "Duplicate order sent." });
    await account.cancel("again");
    expect((await send()).json).toMatchObject({ orderId: 2, status: "NEW" });
    expect((await account.query("again")).json).toMatchObject({ orderId: 2, status: "NEW" });
    expect(venue.truth.submissions).toEqual({ again: 3 });
  });

  test.each([
    [{ symbol: "" }, -1102, /'symbol'/],
    [{ symbol: "DOGEUSDT" }, -1121, /^Invalid symbol\.$/],
    [{ side: "" }, -1102, /'side'/],
    [{ side: "HOLD" }, -1117, /side/],
    [{ type: "" }, -1102, /'type'/],
    [{ type: "STOP_LOSS" }, -1116, /orderType/],
    [{ timeInForce: "" }, -1102, /'timeInForce'/],
    [{ timeInForce: "GTX" }, -1115, /timeInForce/],
    [{ quantity: "" }, -1102, /'quantity'/],
    [{ quantity: "-1" }, -1100, /'quantity'/],
    [{ quantity: "1e3" }, -1100, /'quantity'/],
    [{ quantity: "NaN" }, -1100, /'quantity'/],
    [{ quantity: "0.000000001" }, -1111, /too much precision/],
    [{ quantity: "0" }, -1013, /LOT_SIZE/],
    [{ quantity: "0.000015" }, -1013, /LOT_SIZE/],
    [{ quantity: "9000.00001" }, -1013, /LOT_SIZE/],
    [{ quantity: "0.00001" }, -1013, /NOTIONAL/],
    [{ price: "" }, -1102, /'price'/],
    [{ price: "0" }, -1013, /PRICE_FILTER/],
    [{ price: "50000.001" }, -1013, /PRICE_FILTER/],
    [{ price: "1000000.01" }, -1013, /PRICE_FILTER/],
    [{ price: "1000.00" }, -1013, /PERCENT_PRICE_BY_SIDE/],
    [{ quantity: "200" }, -1013, /NOTIONAL/],
    [{ quantity: "100" }, -2010, /insufficient balance/],
    [{ side: "SELL", price: "70000.00", quantity: "10.00001" }, -2010, /insufficient balance/],
    [{ type: "LIMIT_MAKER" }, -1106, /'timeInForce'/],
    [{ type: "MARKET", timeInForce: "" }, -1106, /'price'/],
    [{ type: "LIMIT_MAKER", timeInForce: "", price: "70000.00" }, -2010, /immediately match and take/],
    [{ type: "MARKET", timeInForce: "", price: "", quantity: "100.00001" }, -1013, /MARKET_LOT_SIZE/],
    [{ newClientOrderId: "a b" }, -1100, /'newClientOrderId'/],
    [{ newClientOrderId: "x".repeat(37) }, -1100, /'newClientOrderId'/],
    [{ newOrderRespType: "MOST" }, -1136, /newOrderRespType/],
    [{ stopPrice: "1" }, -1104, /read '8' parameter\(s\) but was sent '9'/],
  ])("%j is refused with %i and leaves no trace", async (values, code, msg) => {
    const { account, venue } = await start();
    const order = {
      symbol: "BTCUSDT",
      side: "BUY",
      type: "LIMIT",
      timeInForce: "GTC",
      quantity: "0.1",
      price: FAR_BID,
    };
    const sent = Object.entries({ ...order, ...values }).filter(([name, value]) => value !== "" || name === "symbol");
    const answer = await account.place(Object.fromEntries(sent));
    expect(answer.json).toEqual({ code, msg: expect.stringMatching(msg) });
    expect(answer.status).toBe(400);
    expect(venue.truth.orders).toEqual([]);
  });

  test("the two hundred and first open order is one too many", async () => {
    const { account, venue } = await start({ usage: { ordersPer10Seconds: 1000 } });
    for (let i = 0; i < 200; i++) await account.limit("BUY", "0.001", FAR_BID);
    const answer = await account.limit("BUY", "0.001", FAR_BID);
    expect(answer.json).toEqual({ code: -1013, msg: "Filter failure: MAX_NUM_ORDERS" });
    expect(venue.truth.orders).toHaveLength(200);
  });
});

describe("resting orders", () => {
  test("they fill at their own price and the maker's fee as the replay crosses them", async () => {
    const { account, venue } = await start();
    const [bid] = venue.snapshot("BTCUSDT").bids[0]!;
    const [ask] = venue.snapshot("BTCUSDT").asks[0]!;
    await account.place({ side: "BUY", type: "LIMIT_MAKER", quantity: "0.5", price: bid, newClientOrderId: "buy" });
    await account.place({ side: "SELL", type: "LIMIT_MAKER", quantity: "0.5", price: ask, newClientOrderId: "sell" });
    venue.step(20_000);
    const { orders, trades, fees, balances } = venue.truth;
    expect(orders.map(({ status }) => status)).toEqual(["FILLED", "FILLED"]);
    expect(trades.length).toBeGreaterThan(2);
    for (const trade of trades) {
      expect(trade).toMatchObject({ isMaker: true, price: trade.side === "BUY" ? bid : ask });
    }
    const paid = (Number(bid) + Number(ask)) * 0.5 * 0.0002;
    expect(Number(fees.USDT)).toBeCloseTo(paid, 6);
    expect(balances.BTC).toEqual({ free: "10.00000000", locked: "0.00000000" });
  });

  test("an order is closed by its cancel, whichever id names it, and can be cancelled once", async () => {
    const { account, venue } = await start();
    await account.limit("BUY", "0.1", FAR_BID, { newClientOrderId: "one" });
    await account.limit("BUY", "0.1", FAR_BID, { newClientOrderId: "two" });
    expect((await account.cancel("one")).json).toMatchObject({ origClientOrderId: "one", status: "CANCELED" });
    const both = { symbol: "BTCUSDT", orderId: 2, origClientOrderId: "one" };
    expect((await account.request("DELETE", "/order", both)).json).toMatchObject({ code: -2011 });
    const byId = await account.request("DELETE", "/order", { symbol: "BTCUSDT", orderId: 2 });
    expect(byId.json).toMatchObject({ origClientOrderId: "two", status: "CANCELED" });
    expect((await account.cancel("one")).json).toEqual({ code: -2011, msg: "Unknown order sent." });
    expect(venue.truth.balances.USDT).toEqual({ free: "1000000.00000000", locked: "0.00000000" });
  });

  test("all of a symbol can be cancelled at once", async () => {
    const { account, venue } = await start();
    for (const clientId of ["a", "b"]) await account.limit("BUY", "0.1", FAR_BID, { newClientOrderId: clientId });
    await account.limit("BUY", "1", "2000.00", { symbol: "ETHUSDT" });
    const answer = await account.request("DELETE", "/openOrders", { symbol: "BTCUSDT" });
    expect(answer.json).toMatchObject([{ origClientOrderId: "a" }, { origClientOrderId: "b" }]);
    expect(venue.truth.orders.map(({ status }) => status)).toEqual(["CANCELED", "CANCELED", "NEW"]);
    expect((await account.request("DELETE", "/openOrders", { symbol: "BTCUSDT" })).json).toMatchObject({ code: -2011 });
  });
});

describe("questions", () => {
  test("an order is found by either id, and one that is not there is said not to exist", async () => {
    const { account } = await start();
    await account.limit("BUY", "0.1", FAR_BID, { newClientOrderId: "one" });
    const byId = await account.request("GET", "/order", { symbol: "BTCUSDT", orderId: 1 });
    expect(byId.json).toEqual((await account.query("one")).json);
    expect(byId.json).toMatchObject({ clientOrderId: "one", price: "50000.00000000", status: "NEW", time: NOW_MS });
    expect((await account.query("two")).json).toEqual({ code: -2013, msg: "Order does not exist." });
    const elsewhere = { symbol: "ETHUSDT", origClientOrderId: "one" };
    expect((await account.request("GET", "/order", elsewhere)).json).toMatchObject({ code: -2013 });
    expect((await account.request("GET", "/order", { symbol: "BTCUSDT" })).json).toMatchObject({ code: -1102 });
  });

  test("open orders are those of a symbol, or all, and weigh accordingly", async () => {
    const { account } = await start();
    await account.limit("BUY", "0.1", FAR_BID, { newClientOrderId: "btc" });
    await account.limit("BUY", "1", "2000.00", { symbol: "ETHUSDT", newClientOrderId: "eth" });
    await account.cancel("btc");
    const weightBefore = Number((await account.query("btc")).headers.get("x-mbx-used-weight-1m"));
    const one = await account.request("GET", "/openOrders", { symbol: "ETHUSDT" });
    const all = await account.request("GET", "/openOrders");
    expect(one.json).toMatchObject([{ clientOrderId: "eth" }]);
    expect(all.json).toEqual(one.json);
    const weights = [one, all].map(({ headers }) => Number(headers.get("x-mbx-used-weight-1m")));
    expect(weights).toEqual([weightBefore + 6, weightBefore + 86]);
  });

  test("trades are listed from an id, from a time, of an order, or the latest", async () => {
    let nowMs = NOW_MS;
    const { account } = await start({ nowMs: () => nowMs });
    for (let i = 0; i < 4; i++) {
      nowMs = NOW_MS + i * 1000;
      await account.place({ side: i % 2 ? "SELL" : "BUY", type: "MARKET", quantity: "0.001" });
    }
    const ids = async (values: Record<string, string | number>) => {
      const { json } = await account.request("GET", "/myTrades", { symbol: "BTCUSDT", ...values });
      return Array.isArray(json) ? json.map(({ id }) => id) : json.code;
    };
    expect(await ids({})).toEqual([1, 2, 3, 4]);
    expect(await ids({ fromId: 2, limit: 2 })).toEqual([2, 3]);
    expect(await ids({ limit: 2 })).toEqual([3, 4]);
    expect(await ids({ startTime: NOW_MS + 1000, limit: 2 })).toEqual([2, 3]);
    expect(await ids({ startTime: NOW_MS + 1000, endTime: NOW_MS + 1000 })).toEqual([2]);
    expect(await ids({ orderId: 3 })).toEqual([3]);
    expect(await ids({ fromId: 1, startTime: NOW_MS })).toBe(-1128);
    expect(await ids({ startTime: NOW_MS, endTime: NOW_MS + 86_400_001 })).toBe(-1127);
    expect(await ids({ limit: 0 })).toBe(-1130);
    expect(await ids({ fromId: "9".repeat(20) })).toBe(-1108);
  });

  test("orders are listed from an id", async () => {
    const { account } = await start();
    for (const clientId of ["a", "b", "c"]) await account.limit("BUY", "0.1", FAR_BID, { newClientOrderId: clientId });
    await account.cancel("b");
    const { json } = await account.request("GET", "/allOrders", { symbol: "BTCUSDT", orderId: 2, limit: 1 });
    expect(json).toMatchObject([{ clientOrderId: "b", status: "CANCELED" }]);
  });

  test("the account tells balances and fees", async () => {
    const { account } = await start({ balances: { USDT: "1000", BNB: "0" } });
    await account.limit("BUY", "0.01", FAR_BID);
    const { json } = await account.request("GET", "/account", { omitZeroBalances: "true" });
    expect(json).toMatchObject({
      commissionRates: { maker: "0.00020000", taker: "0.00100000" },
      balances: [{ asset: "USDT", free: "499.50000000", locked: "500.50000000" }],
    });
  });
});

describe("the user data stream", () => {
  const common = {
    e: "executionReport",
    E: NOW_MS,
    s: "BTCUSDT",
    S: "BUY",
    f: "GTC",
    P: "0.00000000",
    F: "0.00000000",
    g: -1,
    r: "NONE",
    M: false,
    T: NOW_MS,
    O: NOW_MS,
    Q: "0.00000000",
    W: NOW_MS,
    V: "EXPIRE_MAKER",
  };
  const nothing = { l: "0.00000000", L: "0.00000000", n: "0", N: null, t: -1, Y: "0.00000000", m: false };

  test("an order that rests and is cancelled is told in Binance's words, with the balances after it", async () => {
    const { account, venue } = await start();
    const stream = await follow(venue);
    await account.limit("BUY", "0.1", FAR_BID, { newClientOrderId: "one" });
    const { json } = await account.request("DELETE", "/order", {
      symbol: "BTCUSDT",
      origClientOrderId: "one",
      newClientOrderId: "cancel-one",
    });
    expect(json).toMatchObject({ origClientOrderId: "one", clientOrderId: "cancel-one" });
    await stream.fence();
    const amounts = { o: "LIMIT", q: "0.10000000", p: "50000.00000000", z: "0.00000000", Z: "0.00000000", i: 1 };
    const balances = (free: string, locked: string) => ({
      e: "outboundAccountPosition",
      E: NOW_MS,
      u: NOW_MS,
      B: [
        { a: "BTC", f: "10.00000000", l: "0.00000000" },
        { a: "USDT", f: free, l: locked },
      ],
    });
    expect(stream.events).toEqual([
      { ...common, ...nothing, ...amounts, c: "one", C: "", x: "NEW", X: "NEW", I: 1, w: true },
      balances("994995.00000000", "5005.00000000"),
      { ...common, ...nothing, ...amounts, c: "cancel-one", C: "one", x: "CANCELED", X: "CANCELED", I: 2, w: false },
      balances("1000000.00000000", "0.00000000"),
    ]);
  });

  test("an order that takes and expires is told trade by trade", async () => {
    const { account, venue } = await start();
    const stream = await follow(venue);
    const [price, shown] = venue.snapshot("BTCUSDT").asks[0]!;
    const quantity = (Number(shown) + 1).toFixed(5);
    await account.limit("BUY", quantity, price, { timeInForce: "IOC", newClientOrderId: "one" });
    await stream.fence();
    const [trade] = venue.truth.trades;
    expect(stream.story).toEqual([
      "one NEW NEW 0.00000000",
      `one TRADE PARTIALLY_FILLED ${shown}`,
      `one EXPIRED EXPIRED ${shown}`,
    ]);
    expect(stream.reports[1]).toEqual({
      ...common,
      ...{
        f: "IOC",
        M: true,
        o: "LIMIT",
        q: `${quantity}000`,
        p: price,
        i: 1,
        c: "one",
        C: "",
        I: 2,
        w: true,
        m: false,
      },
      ...{ x: "TRADE", X: "PARTIALLY_FILLED", t: 1, l: shown, z: shown, L: price, N: "USDT" },
      ...{ n: trade!.commission, Y: trade!.value, Z: trade!.value },
    });
  });

  test("every subscriber hears the same, and who subscribes later hears what comes later", async () => {
    const { account, venue } = await start();
    const [first, second] = [await follow(venue), await follow(venue)];
    await account.limit("BUY", "0.1", FAR_BID, { newClientOrderId: "one" });
    const third = await follow(venue);
    await account.cancel("one");
    for (const stream of [first, second, third]) await stream.fence();
    expect(second.events).toEqual(first.events);
    expect(third.events).toEqual(first.events.slice(2));
  });
});

async function start(options: LocalVenueOptions = {}): Promise<{ venue: LocalVenue; account: VenueAccount }> {
  const { nowMs = () => NOW_MS } = options;
  const venue = await startLocalVenue({ speed: 0, ...options, nowMs });
  closers.push(() => venue.close());
  return { venue, account: new VenueAccount(venue, nowMs) };
}

async function follow(venue: LocalVenue): Promise<UserStreamClient> {
  const stream = await UserStreamClient.connect(venue, () => NOW_MS);
  closers.push(() => stream.close());
  return stream;
}
