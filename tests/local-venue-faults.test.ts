/**
 * The promises of the fault switchboard: each kind of fault does what its name says, no more, is counted, and leaves
 * the venue's truth whole; and a seeded schedule of faults makes the same history twice.
 */
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { FAULT_KINDS, type FaultKind, type FaultRule } from "../feeds/local-venue/orders/fault-plan.js";
import type { Truth } from "../feeds/local-venue/orders/truth.js";
import { type LocalVenue, startLocalVenue } from "../feeds/local-venue/server.js";
import { type Answer, UserStreamClient, VenueAccount } from "./support/local-venue-account.js";

const FAR_BID = "50000.00";
const ACK = { status: 200, code: undefined };

const closers: (() => unknown)[] = [];
/** Kinds that a test of this file has seen strike. */
const tested = new Set<string>();

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe("on the way there", () => {
  test("request-lost: the connection breaks off and there is no order, but the log knows of it", async () => {
    const { send, venue } = await start({ kind: "request-lost", next: 1 });
    await expect(send("one")).rejects.toThrow();
    expect(venue.truth).toMatchObject({ orders: [], submissions: { one: 1 }, faults: { "request-lost": 1 } });
    expect(outcome(await send("two"))).toEqual(ACK);
  });

  test("request-delayed: the order comes late, and dies when its window has passed", async () => {
    const { send, account, venue } = await start({ kind: "request-delayed", next: 2, delayMs: 60 });
    const late = send("late");
    while (venue.truth.submissions.late !== 1) await turn();
    expect(venue.truth.orders).toEqual([]);
    expect(outcome(await late)).toEqual(ACK);
    expect((await account.query("late")).json.status).toBe("NEW");
    expect(outcome(await send("dead", { recvWindow: 10 }))).toEqual({ status: 400, code: -1021 });
    expect(clientIds(venue.truth)).toEqual(["late"]);
  });

  test.each([
    ["503", 503, undefined],
    ["-1006", 500, -1006],
    ["-1007", 504, -1007],
  ] as const)("error-before: %s is answered and there is no order", async (answer, status, code) => {
    const { send, venue } = await start({ kind: "error-before", next: 1, answer });
    expect(outcome(await send("one"))).toEqual({ status, code });
    expect(venue.truth.orders).toEqual([]);
  });

  test("rate-limited: 429 with the time to wait, or without it", async () => {
    const rules = [{ retryAfterSeconds: 7 }, { retryAfterSeconds: null }];
    const { send, venue } = await start(...rules.map((rule) => ({ kind: "rate-limited", next: 1, ...rule }) as const));
    const [first, second] = [await send("one"), await send("two")];
    expect([first, second].map(outcome)).toEqual([429, 429].map((status) => ({ status, code: -1003 })));
    expect([first, second].map(({ headers }) => headers.get("retry-after"))).toEqual(["7", null]);
    expect(venue.truth.orders).toEqual([]);
  });

  test("banned: 418 with the length of the ban", async () => {
    const { send, venue } = await start({ kind: "banned", next: 1, retryAfterSeconds: 300 });
    const answer = await send("one");
    expect(outcome(answer)).toEqual({ status: 418, code: -1003 });
    expect(answer.headers.get("retry-after")).toBe("300");
    expect(venue.truth.orders).toEqual([]);
  });
});

describe("on the way back", () => {
  test("answer-lost: the connection breaks off and the order is there, for placing and for cancelling", async () => {
    const { send, account, venue } = await start({ kind: "answer-lost", next: 2 });
    await expect(send("one")).rejects.toThrow();
    expect((await account.query("one")).json.status).toBe("NEW");
    await expect(account.cancel("one")).rejects.toThrow();
    expect((await account.query("one")).json.status).toBe("CANCELED");
    expect(venue.truth.faults).toEqual({ "answer-lost": 2 });
  });

  test.each([
    ["503", 503, undefined],
    ["-1006", 500, -1006],
    ["-1007", 504, -1007],
  ] as const)("error-after: %s is answered and the order is there", async (answer, status, code) => {
    const { send, account, venue } = await start({ kind: "error-after", next: 1, answer });
    expect(outcome(await send("one"))).toEqual({ status, code });
    expect((await account.query("one")).json.status).toBe("NEW");
    expect(clientIds(venue.truth)).toEqual(["one"]);
  });

  test("answer-delayed: the order is there before its answer", async () => {
    const { send, venue } = await start({ kind: "answer-delayed", next: 1, delayMs: 50 });
    let isAnswered = false;
    const answer = send("one").finally(() => (isAnswered = true));
    while (venue.truth.orders.length === 0) await turn();
    expect(isAnswered).toBe(false);
    expect(outcome(await answer)).toEqual(ACK);
  });

  test("questions can be struck as well, when a rule names them", async () => {
    const { send, account } = await start({ kind: "answer-lost", next: 1, on: ["GET /api/v3/order"] });
    expect(outcome(await send("one"))).toEqual(ACK);
    await expect(account.query("one")).rejects.toThrow();
    expect((await account.query("one")).json.status).toBe("NEW");
  });
});

describe("on an order", () => {
  test("fill-before-ack: the fill is reported before the answer, which does not know of it", async () => {
    const { send, stream, venue } = await start({ kind: "fill-before-ack", next: 1 });
    const answer = send("one").then((each) => ({ ...each, story: stream.story }));
    const { json, story } = await answer;
    expect(json).toMatchObject({ status: "NEW", executedQty: "0.00000000", fills: [] });
    expect(story).toEqual(["one NEW NEW 0.00000000", "one TRADE PARTIALLY_FILLED 0.05000000"]);
    expect(venue.truth.orders[0]).toMatchObject({ status: "PARTIALLY_FILLED", executed: "0.05000000" });
  });

  test("fill-before-cancel: the cancel finds no order, for it was filled a moment before", async () => {
    const { send, account, stream } = await start({ kind: "fill-before-cancel", next: 1 });
    await send("one");
    expect(outcome(await account.cancel("one"))).toEqual({ status: 400, code: -2011 });
    expect((await account.query("one")).json).toMatchObject({ status: "FILLED", executedQty: "0.10000000" });
    await stream.fence();
    expect(stream.story.at(-1)).toBe("one TRADE FILLED 0.10000000");
  });

  test("fill-after-cancel-ack: the cancel is answered and reported, and then comes a fill", async () => {
    const { send, account, stream, venue } = await start({ kind: "fill-after-cancel-ack", next: 1 });
    await send("one");
    expect((await account.cancel("one")).json).toMatchObject({ status: "CANCELED", executedQty: "0.00000000" });
    expect((await account.query("one")).json).toMatchObject({ status: "CANCELED", executedQty: "0.05000000" });
    await stream.client.until(() => stream.reports.length === 3);
    expect(stream.story.slice(1)).toEqual([
      "one CANCELED CANCELED 0.00000000",
      "one TRADE PARTIALLY_FILLED 0.05000000",
    ]);
    expect(venue.truth.balances.USDT!.locked).toBe("0.00000000");
  });
});

describe("on the private stream", () => {
  test("rejection-reported: a refused order is reported too, a duplicate is not", async () => {
    const { send, stream } = await start({ kind: "rejection-reported", probability: 1 });
    expect(outcome(await send("poor", { quantity: "100" }))).toEqual({ status: 400, code: -2010 });
    await send("one");
    expect(outcome(await send("one"))).toEqual({ status: 400, code: -2010 });
    await stream.fence();
    expect(stream.story).toEqual(["poor REJECTED REJECTED 0.00000000", "one NEW NEW 0.00000000"]);
    expect(stream.reports[0]).toMatchObject({ r: "NEW_ORDER_REJECTED", i: -1, t: -1 });
  });

  test("report-duplicated: the same report comes twice", async () => {
    const { send, stream } = await start({ kind: "report-duplicated", next: 1 });
    await send("one");
    await stream.fence();
    expect(stream.reports).toHaveLength(2);
    expect(stream.reports[0]).toEqual(stream.reports[1]);
  });

  test("report-omitted: the stream is silent, the order is there", async () => {
    const { send, account, stream } = await start({ kind: "report-omitted", next: 1, skip: 1 });
    await send("one");
    await account.cancel("one");
    await send("two");
    await stream.fence();
    expect(stream.story).toEqual(["one NEW NEW 0.00000000", "two NEW NEW 0.00000000"]);
    expect((await account.query("one")).json.status).toBe("CANCELED");
  });

  test("report-reordered: a report comes after the one that follows it, or late when none does", async () => {
    const { send, account, stream } = await start({ kind: "report-reordered", next: 1, delayMs: 60_000 });
    await send("one");
    await account.cancel("one");
    await stream.fence();
    expect(stream.story).toEqual(["one CANCELED CANCELED 0.00000000", "one NEW NEW 0.00000000"]);
    const alone = await start({ kind: "report-reordered", next: 1, delayMs: 1 });
    await alone.send("two");
    await alone.stream.client.until(() => alone.stream.reports.length === 1);
    expect(alone.stream.story).toEqual(["two NEW NEW 0.00000000"]);
  });

  test("stream-dropped: the connection ends in place of a report, which is not sent again", async () => {
    const { send, venue, stream } = await start({ kind: "stream-dropped", next: 1 });
    await send("one");
    await stream.client.closed;
    expect(stream.events).toEqual([]);
    const again = await UserStreamClient.connect(venue);
    closers.push(() => again.close());
    await send("two");
    await again.fence();
    expect(again.story).toEqual(["two NEW NEW 0.00000000"]);
  });

  test("stream-terminated: the subscription ends in place of a report, the connection stays", async () => {
    const { send, stream } = await start({ kind: "stream-terminated", next: 1 });
    await send("one");
    await send("two");
    await stream.fence();
    expect(stream.events.map(({ e }) => e)).toEqual(["eventStreamTerminated"]);
  });
});

describe("rules", () => {
  test("a seeded schedule makes the same history twice, and another seed another", async () => {
    const [first, second, other] = [await history(7), await history(7), await history(8)];
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
    expect(Object.keys(first.truth.faults).length).toBeGreaterThan(5);
    expect(first.truth.trades.length).toBeGreaterThan(0);
  });

  test("each rule of a kind strikes as often as it says, after those it lets pass, and then no more", async () => {
    const rule = { kind: "error-before", skip: 1, next: 2 } as const;
    const { send, venue } = await start(rule);
    const statuses: number[] = [];
    for (const clientId of ["a", "b", "c", "d"]) statuses.push((await send(clientId)).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
    expect(JSON.parse(venue.local("GET", "/local/faults", "").body)).toMatchObject({
      rules: [{ ...rule, skip: 0, next: 0 }],
      struck: { "error-before": 2 },
    });
  });

  test.each([
    [{ kind: "no-such", next: 1 }, /"kind" must be one of request-lost, .* was "no-such"/],
    [{ kind: "request-lost" }, /needs a probability or a count/],
    [{ kind: "request-lost", next: 1, probability: 1 }, /and not both/],
    [{ kind: "request-lost", probability: 1.1 }, /"probability" must be a number from 0 to 1, was 1.1/],
    [{ kind: "request-lost", next: -1 }, /"next" must be an integer from 0/],
    [{ kind: "request-lost", next: 1, delayMs: "soon" }, /"delayMs" must be a number/],
    [{ kind: "request-lost", next: 1, on: "POST" }, /"on" must be a list/],
    [{ kind: "error-after", next: 1, answer: "-1003" }, /"answer" must be one of 503, -1006, -1007/],
    [null, /"kind" must be one of/],
  ])("%j is refused with its remedy, and the rules before stay in force", async (rule, message) => {
    const { venue } = await start({ kind: "request-lost", next: 1 });
    const answer = venue.local("POST", "/local/faults", JSON.stringify({ rules: [rule] }));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).error).toMatch(message);
    expect(JSON.parse(venue.local("GET", "/local/faults", "").body).rules).toHaveLength(1);
  });
});

test("every kind of fault was seen to strike", () => {
  expect([...tested].sort()).toEqual(Object.keys(FAULT_KINDS).sort());
});

/** Forty orders with their cancels and questions, one after the other, under many faults and a moving market. */
async function history(seed: number): Promise<{ truth: Truth; outcomes: readonly string[] }> {
  const kinds = Object.keys(FAULT_KINDS).filter((kind) => !/stream|reordered|delayed/.test(kind)) as FaultKind[];
  const { account, venue } = await start();
  venue.arm(
    kinds.map((kind) => ({ kind, probability: 0.08 })),
    seed,
  );
  const outcomes: string[] = [];
  for (let i = 0; i < 40; i++) {
    const clientId = `order-${i}`;
    const prices = venue.snapshot("BTCUSDT");
    const price = (i % 3 === 0 ? prices.asks : prices.bids)[0]![0];
    outcomes.push(await told(account.limit("BUY", "0.002", price, { newClientOrderId: clientId })));
    venue.step(200);
    if (i % 2 === 0) outcomes.push(await told(account.cancel(clientId)));
  }
  return { truth: venue.truth, outcomes };
}

const told = (request: Promise<Answer>): Promise<string> =>
  request.then(
    ({ status, json }) => `${status} ${json.code ?? json.status}`,
    () => "broken off",
  );

async function start(...rules: readonly FaultRule[]) {
  const venue = await startLocalVenue({ speed: 0 });
  closers.push(
    () => venue.close(),
    () => note(venue),
  );
  const account = new VenueAccount(venue);
  const stream = await UserStreamClient.connect(venue);
  closers.push(() => stream.close());
  venue.arm(rules);
  const send = (clientId: string, values = {}) =>
    account.limit("BUY", "0.1", FAR_BID, { newClientOrderId: clientId, ...values });
  return { venue, account, stream, send };
}

function note(venue: LocalVenue): void {
  for (const kind of Object.keys(venue.truth.faults)) tested.add(kind);
}

const outcome = ({ status, json }: Answer) => ({ status, code: json.code });

const clientIds = ({ orders }: Truth): readonly string[] => orders.map(({ clientOrderId }) => clientOrderId);
