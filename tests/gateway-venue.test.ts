/**
 * The order path over real sockets and the unmodified ccxt client, against a venue with a truth of its own: whatever is
 * lost on the way, what the engine is told is what is true, and no order is submitted twice.
 */
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { clientOrderId } from "../engine/orders/client-order-id.js";
import { AccountKeys } from "../feeds/binance/orders-keys.js";
import type { FaultRule } from "../feeds/local-venue/orders/fault-plan.js";
import { startLocalVenue } from "../feeds/local-venue/server.js";
import { OrderStatus, OrderType, Side, TimeInForce } from "../schemas/index.js";
import { recoveredOrder } from "./support/gateway.js";
import { Random } from "./support/gateway-exchange.js";
import { KEYS, OrderPath, type OrderPathOptions } from "./support/gateway-venue.js";

/** A bid that nothing reaches, and a quantity that is worth more than the least. */
const FAR_TICKS = 5_000_000;
const LOTS = 1_000;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: OrderPathOptions = {}): Promise<OrderPath> {
  const path = await OrderPath.start(options);
  if (options.venue === undefined) closers.push(() => path.venue.close());
  closers.push(() => path.close());
  return path;
}

const ready = async (options: OrderPathOptions = {}): Promise<OrderPath> => (await start(options)).reconciled();

/** Rests at a price that nothing reaches. */
const resting = (orderId: number) => ({ orderId, qtyLots: LOTS, priceTicks: FAR_TICKS });
/** Takes what is there. */
const taking = (orderId: number, side: number = Side.Buy) => ({
  ...{ orderId, side, qtyLots: LOTS, priceTicks: 0 },
  ...{ orderType: OrderType.Market, timeInForce: TimeInForce.ImmediateOrCancel },
});

/** The engine was told every trade of the venue, once, and no order more than once was submitted. */
function expectTruth(path: OrderPath): void {
  const { trades, submissions } = path.truth;
  const told = path.told.filter(({ type }) => type === "fill");
  const key = (symbol: number, tradeId: number, lots: number, feeMoney: number) =>
    [symbol, tradeId, lots, feeMoney].join(" ");
  const told_ = told.map(({ instrument, tradeId, lots, feeMoney }) => key(instrument, tradeId, lots, feeMoney)).sort();
  const true_ = trades.map(({ symbol, id, quantity, commission }) => {
    const isBtc = symbol === "BTCUSDT";
    const lots = Math.round(Number(quantity) * (isBtc ? 100_000 : 10_000));
    return key(isBtc ? 0 : 1, id, lots, Math.round(Number(commission) * 1e8));
  });
  expect(told_).toEqual(true_.sort());
  for (const [name, count] of Object.entries(submissions)) expect(count, name).toBe(1);
}

test("an account is reconciled: what it holds is told", async () => {
  const path = await ready();
  expect(path.words).toEqual(["position 0 1000000", "position 1 1000000", "reconciled 0"]);
});

test("an order rests, is cancelled, and the engine is told both", async () => {
  const path = await ready();
  path.submit(resting(1));
  await path.hears("order 1 Accepted None");
  path.rig.cancel(1);
  await path.hears("order 1 Canceled None");
  expect(path.truth.orders).toMatchObject([{ clientOrderId: "00010001", status: "CANCELED", price: "50000.00000000" }]);
});

test("an order that takes is told with its fills and the venue's fees", async () => {
  const path = await ready();
  path.submit(taking(1));
  await path.until(() => path.told.some(({ type }) => type === "fill"));
  expect(path.words.slice(3)).toEqual(["order 1 Accepted None", `fill 1 #1 ${LOTS}`]);
  expectTruth(path);
});

test.each([
  ["would take", { timeInForce: TimeInForce.PostOnly, priceTicks: 99_000_000 }, "order 1 Rejected WouldTake"],
  ["is worth too little", { qtyLots: 1, priceTicks: FAR_TICKS }, "order 1 Rejected Invalid"],
  ["is more than the account has", { qtyLots: 3_000_000, priceTicks: 5_000_000 }, "order 1 Rejected InsufficientFunds"],
] as const)("an order that %s is refused with the reason", async (_, order, word) => {
  const path = await ready();
  const priceTicks = order.priceTicks === 99_000_000 ? path.bestTicks("asks") + 1_000 : order.priceTicks;
  path.submit({ ...resting(1), ...order, priceTicks });
  await path.until(() => path.words.some((each) => each.startsWith("order 1 ")));
  expect(path.words.at(-1)).toBe(word);
});

describe("whatever is lost, the truth is told", () => {
  const POST = ["POST /api/v3/order"];
  const DELETE = ["DELETE /api/v3/order"];
  const FAULTS: readonly (readonly [string, FaultRule])[] = [
    ["a submit's answer", { kind: "answer-lost", next: 1, on: POST }],
    ["a submit's answer behind a proxy's error page", { kind: "error-after", next: 1, on: POST }],
    ["a submit's answer behind −1007", { kind: "error-after", next: 1, on: POST, answer: "-1007" }],
    ["a submit's answer in time", { kind: "answer-delayed", next: 1, on: POST, delayMs: 600 }],
    ["a submit that comes late", { kind: "request-delayed", next: 1, on: POST, delayMs: 600 }],
    ["a cancel's answer", { kind: "answer-lost", next: 1, on: DELETE }],
    ["a cancel", { kind: "request-lost", next: 1, on: DELETE }],
    ["the order's state, half filled before the answer", { kind: "fill-before-ack", next: 1 }],
    ["the race of a cancel", { kind: "fill-before-cancel", next: 1 }],
    ["a fill told after the cancel", { kind: "fill-after-cancel-ack", next: 1 }],
    ["every report", { kind: "report-omitted", next: 9 }],
    ["no report, each twice", { kind: "report-duplicated", next: 9 }],
    ["the order of reports", { kind: "report-reordered", next: 9, delayMs: 50 }],
    ["the stream", { kind: "stream-dropped", next: 1 }],
    ["the subscription", { kind: "stream-terminated", next: 1 }],
    ["patience: a rate limit on a cancel", { kind: "rate-limited", next: 1, on: DELETE, retryAfterSeconds: 1 }],
  ];

  test.each(FAULTS)("%s", async (_, rule) => {
    const path = await ready();
    path.venue.arm([rule]);
    path.submit(resting(1));
    await path.hears("order 1 Accepted None");
    path.rig.cancel(1);
    path.submit(taking(2));
    path.submit(taking(3, Side.Sell));
    const { trades } = path.truth;
    const ended = () => path.truth.orders.length === 3 && path.truth.orders.every(({ status }) => status !== "NEW");
    const told = () => path.told.filter(({ type }) => type === "fill").length;
    await path.until(() => ended() && told() === path.truth.trades.length);
    await path.until(() =>
      path.words.some((word) => /^order 1 (Canceled|Expired)/.test(word) || filled(path) === LOTS),
    );
    expect(trades.length).toBeLessThanOrEqual(path.truth.trades.length);
    expect(Object.keys(path.truth.faults)).toEqual([rule.kind]);
    expectTruth(path);
  });

  const filled = (path: OrderPath): number =>
    path.told.reduce((lots, each) => lots + (each.type === "fill" && each.orderId === 1 ? each.lots : 0), 0);

  test.each([
    ["lost", { kind: "request-lost", next: 1, on: POST }],
    ["answered by an error before it had an effect", { kind: "error-before", next: 1, on: POST, answer: "-1006" }],
  ] as const)("a submit that is %s is unknown, then proven absent, and never sent again", async (_, rule) => {
    const path = await ready();
    path.venue.arm([rule]);
    path.submit(resting(1));
    await path.hears("order 1 NotFound UnknownOrder");
    expect(path.words.slice(3).map((word) => word.replace(/ \w+$/, ""))).toEqual([
      "order 1 Unknown",
      "order 1 NotFound",
    ]);
    expect(path.truth.submissions).toEqual({ "00010001": 1 });
    expect(path.truth.orders).toEqual([]);
  });

  test.each([
    ["429", { kind: "rate-limited", next: 1, on: POST, retryAfterSeconds: 1 }],
    ["418", { kind: "banned", next: 1, on: POST, retryAfterSeconds: 1 }],
  ] as const)(
    "a submit refused by %s was never there, and the venue hears nothing until the ban is over",
    async (_, rule) => {
      const path = await ready();
      path.venue.arm([rule]);
      path.submit(resting(1));
      await path.hears("order 1 Rejected RateLimited");
      let orderId = 1;
      while (!path.words.includes(`order ${orderId} Accepted None`)) {
        path.submit(resting((orderId += 1)));
        await path.until(() => path.words.some((word) => word.startsWith(`order ${orderId} `)));
      }
      expect(orderId).toBeGreaterThan(2);
      expect(Object.keys(path.truth.submissions)).toEqual(["00010001", clientOrderId(1, 0, orderId)]);
    },
  );
});

test("a later life finds what an earlier one left: orders, fills, and an order that no journal holds", async () => {
  const first = await ready();
  first.submit(resting(1));
  first.submit(resting(2));
  first.submit(taking(3));
  await first.until(() => first.told.some(({ type }) => type === "fill") && first.truth.orders.length === 3);
  await first.hears("order 2 Accepted None");
  await first.close();
  const orders = [1, 3, 4].map((orderId) => ({
    ...recoveredOrder({ orderId, qtyLots: LOTS, status: OrderStatus.Unknown }),
    side: Side.Buy,
  }));
  const recovery = { epoch: 2, sinceUs: Date.now() * 1_000, orders, seenTrades: [[], []] };
  const second = await ready({ venue: first.venue, recovery });
  const words = second.words.filter((word) => /^(order|fill|found)/.test(word)).sort();
  expect(words).toEqual([
    `fill 3 #1 ${LOTS}`,
    `found 2 ${LOTS}`,
    "order 1 Accepted None",
    "order 3 Accepted None",
    "order 4 NotFound UnknownOrder",
  ]);
  expect(second.words.at(-1)).toBe("reconciled 0");
  expectTruth(second);
});

test("under a storm of faults everything is known in the end", async () => {
  const path = await ready();
  const random = new Random(20_261_121);
  const KINDS = [
    ...["answer-lost", "request-lost", "error-after", "error-before", "answer-delayed"],
    ...["report-omitted", "report-duplicated", "report-reordered", "fill-before-ack", "fill-before-cancel"],
  ] as FaultRule["kind"][];
  const rules = KINDS.map((kind) => ({ kind, probability: 0.15, ...(kind === "answer-delayed" && { delayMs: 300 }) }));
  path.venue.arm(rules, 7);
  for (let orderId = 1; orderId <= 40; orderId += 1) {
    path.submit(random.chance(0.5) ? taking(orderId, random.pick([Side.Buy, Side.Sell])) : resting(orderId));
    if (random.chance(0.5)) path.rig.cancel(1 + random.upTo(orderId));
    await path.until(() => path.submitted.length === orderId);
  }
  path.venue.arm([]);
  const states = (): Map<number, string> => {
    const last = new Map<number, string>();
    for (const each of path.told)
      if (each.type === "order" && each.kind !== "CancelRejected") last.set(each.orderId, each.kind);
    return last;
  };
  const isOpen = (status: string) => status === "NEW" || status === "PARTIALLY_FILLED";
  const isSettled = (): boolean => {
    const known = states();
    const fills = path.told.filter(({ type }) => type === "fill").length;
    const open = path.truth.orders.filter(({ status }) => isOpen(status)).length;
    return (
      known.size === 40 && ![...known.values()].includes("Unknown") && fills === path.truth.trades.length && open >= 0
    );
  };
  await path.until(isSettled);
  for (let orderId = 1; orderId <= 40; orderId += 1) path.rig.cancel(orderId);
  await path.until(() => path.truth.orders.every(({ status }) => !isOpen(status)));
  for (const { clientOrderId: text, status } of path.truth.orders) {
    if (status === "CANCELED") await path.hears(`order ${Number.parseInt(text.slice(7), 36)} Canceled None`);
  }
  expectTruth(path);
  expect(path.truth.orders.every(({ clientOrderId: text }) => /^0001000/.test(text))).toBe(true);
}, 60_000);

test("a key that the venue does not take is said, and nothing secret is in what is said", async () => {
  const keys = new AccountKeys({ apiKey: "k".repeat(64), secret: "canary".repeat(10) });
  const path = await start({ keys });
  await path.until(() => path.troubles.length > 0);
  const shown = [inspect(keys), JSON.stringify({ keys }), String(keys), ...path.troubles, inspect(path, { depth: 3 })];
  expect(shown.join("\n")).not.toMatch(/canary|kkkkkk/);
});

test("each venue's own session is dialled again when it ends", async () => {
  const venue = await startLocalVenue({ speed: 0 });
  closers.push(() => venue.close());
  const path = await ready({ venue });
  venue.closeSessions();
  await path.until(() => path.rig.counters.get("gateway.connections") === 2);
  path.submit(taking(1));
  await path.until(() => path.told.some(({ type }) => type === "fill"));
  expectTruth(path);
  expect(clientOrderId(1, 0, 1)).toBe(path.submitted[0]);
  expect(KEYS.toString()).toBe("[redacted]");
});
