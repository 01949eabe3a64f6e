/**
 * The promises of the local venue about who may trade and how much: key, signature, time and limits are checked as
 * Binance checks them, and a refusal says which it was and how long to wait. The clock is the test's.
 */
import { afterEach, describe, expect, test } from "vitest";
import type { LocalVenueOptions } from "../feeds/local-venue/options.js";
import { LOCAL_API_KEY, sign } from "../feeds/local-venue/orders/credentials.js";
import { type LocalVenue, startLocalVenue } from "../feeds/local-venue/server.js";
import { type Answer, query, signedParameters, UserStreamClient, VenueAccount } from "./support/local-venue-account.js";

/** A moment at the start of a minute and of a day. */
const NOW_MS = Date.UTC(2026, 0, 5);
const FAR_BID = "50000.00";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe("who may speak", () => {
  test.each([
    ["no key", { key: null }, {}, 401, -2014],
    ["a short key", { key: "abc" }, {}, 401, -2014],
    ["another key", { key: "x".repeat(64) }, {}, 401, -2015],
    ["another secret", { secret: "other" }, {}, 400, -1022],
    ["a late timestamp", {}, { timestamp: NOW_MS - 5001 }, 400, -1021],
    ["an early timestamp", {}, { timestamp: NOW_MS + 1000 }, 400, -1021],
    ["a timestamp that is none", {}, { timestamp: "now" }, 400, -1100],
    ["an endless window", {}, { recvWindow: 60_001 }, 400, -1131],
  ])("%s is refused", async (_, overrides, values, status, code) => {
    const { account } = await start();
    const answer = await account.request("GET", "/account", values, overrides);
    expect({ status: answer.status, code: answer.json.code }).toEqual({ status, code });
  });

  test("the window is the one that the request names", async () => {
    const { account } = await start();
    const late = { timestamp: NOW_MS - 9000 };
    expect((await account.request("GET", "/account", { ...late, recvWindow: 9000 })).status).toBe(200);
    expect((await account.request("GET", "/account", { ...late, recvWindow: 8999 })).json.code).toBe(-1021);
  });

  test("a signature covers query and body, one after the other, and changes with either", async () => {
    const { venue } = await start();
    const first = query({ symbol: "BTCUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC" });
    const second = query({ quantity: "0.1", price: FAR_BID, timestamp: NOW_MS });
    const post = async (body: string): Promise<Record<string, unknown>> => {
      const headers = { "x-mbx-apikey": LOCAL_API_KEY };
      const url = `${venue.restUrl}/api/v3/order?${first}`;
      return (await (await fetch(url, { method: "POST", headers, body })).json()) as Record<string, unknown>;
    };
    const signature = sign(first + second);
    expect(await post(`${second}&signature=${signature}`)).toMatchObject({ orderId: 1 });
    expect(await post(`${second.replace("0.1", "0.2")}&signature=${signature}`)).toMatchObject({ code: -1022 });
    expect(await post(second)).toMatchObject({ code: -1102 });
    expect(await post(`${second}&side=SELL&signature=${signature}`)).toMatchObject({ code: -1101 });
  });

  test("a client that set its clock by the venue's time is in time", async () => {
    const { venue } = await start();
    const { serverTime } = (await (await fetch(`${venue.restUrl}/api/v3/time`)).json()) as { serverTime: number };
    const account = new VenueAccount(venue, () => serverTime);
    expect((await account.request("GET", "/account")).status).toBe(200);
  });

  test("the user data stream is for the same key, signature and time", async () => {
    const { venue } = await start();
    const stream = await UserStreamClient.connect(venue, () => NOW_MS);
    closers.push(() => stream.close());
    const subscribe = async (params: object) =>
      ((await stream.request("userDataStream.subscribe.signature", params)).error as { code: number } | undefined)
        ?.code;
    const right = signedParameters(NOW_MS);
    expect(await subscribe({ ...right, signature: sign("other") })).toBe(-1022);
    expect(await subscribe(signedParameters(NOW_MS, "x".repeat(64)))).toBe(-2015);
    expect(await subscribe(signedParameters(NOW_MS - 6000))).toBe(-1021);
    expect(await subscribe(right)).toBe(-1191);
    await stream.request("userDataStream.unsubscribe");
    expect(await subscribe(right)).toBeUndefined();
    expect(await stream.request("order.place")).toMatchObject({ status: 400, error: { code: -1020 } });
    expect(await stream.request("time")).toMatchObject({ status: 200, result: { serverTime: NOW_MS } });
  });
});

describe("limits", () => {
  test("request weight past the limit of a minute is refused until the next, with the time to wait", async () => {
    let nowMs = NOW_MS + 20_000;
    const { account } = await start({ nowMs: () => nowMs, usage: { weightPerMinute: 40 } });
    const ask = () => account.request("GET", "/account");
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = await ask();
    expect(refused.json).toMatchObject({ code: -1003, msg: expect.stringContaining("40 request weight per 1 MINUTE") });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "40"]);
    nowMs += 40_000;
    expect((await ask()).status).toBe(200);
  });

  test("who goes on after being refused is banned, and told for how long", async () => {
    let nowMs = NOW_MS;
    const usage = { weightPerMinute: 0, refusalsPerMinute: 2, banSeconds: 120 };
    const { account } = await start({ nowMs: () => nowMs, usage });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await account.request("GET", "/account")).status);
    expect(statuses).toEqual([429, 429, 429, 418]);
    nowMs += 60_500;
    const banned = await account.request("GET", "/account");
    expect([banned.status, banned.headers.get("retry-after")]).toEqual([418, "60"]);
    expect(banned.json.msg).toContain(`IP banned until ${NOW_MS + 120_000}`);
  });

  test("orders are counted by ten seconds and by the day, and the counts are told", async () => {
    let nowMs = NOW_MS;
    const { account, venue } = await start({ nowMs: () => nowMs, usage: { ordersPer10Seconds: 2, ordersPerDay: 3 } });
    const send = () => account.limit("BUY", "0.1", FAR_BID);
    const counts = ({ headers }: Answer) => ["10s", "1d"].map((each) => headers.get(`x-mbx-order-count-${each}`));
    expect(counts(await send())).toEqual(["1", "1"]);
    expect(counts(await send())).toEqual(["2", "2"]);
    const refused = await send();
    expect([refused.status, refused.json.code, refused.headers.get("retry-after")]).toEqual([429, -1015, "10"]);
    nowMs += 10_000;
    expect(counts(await send())).toEqual(["1", "3"]);
    expect((await send()).json.msg).toContain("current limit is 3 orders per 1 DAY");
    expect(venue.truth.orders).toHaveLength(3);
  });
});

async function start(options: LocalVenueOptions = {}): Promise<{ venue: LocalVenue; account: VenueAccount }> {
  const { nowMs = () => NOW_MS } = options;
  const venue = await startLocalVenue({ speed: 0, ...options, nowMs });
  closers.push(() => venue.close());
  return { venue, account: new VenueAccount(venue, nowMs) };
}
