/**
 * Trades come twice, late, out of order or not at all by the stream; each counts once, and none is missing at the end.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TRADES_MAX, type VenueOrder, type VenueTrade } from "../feeds/orders/link.js";
import { DEFAULT_GATEWAY } from "../feeds/orders/settings.js";
import { GatewayRig, ok, refusal, SILENCE, venueOrder, venueTrade } from "./support/gateway.js";

const { graceUs } = DEFAULT_GATEWAY;
/** The order after `lots` of its ten are filled. */
const filledTo = (lots: number, status = "PARTIALLY_FILLED"): VenueOrder =>
  venueOrder({ filledQty: (lots / 1_000).toFixed(3), status });

function live(watch: { watchUs?: number } = {}): GatewayRig {
  const rig = GatewayRig.ready(watch);
  rig.answer(rig.submit({ orderId: 1 }), ok({ orders: [venueOrder()] }));
  rig.reports();
  return rig;
}

test("a fill that the stream tells before the submit is answered comes after the acceptance, once", () => {
  const rig = GatewayRig.ready();
  const request = rig.submit({ orderId: 1 });
  rig.stream(filledTo(1), venueTrade());
  rig.answer(request, ok({ orders: [venueOrder()], trades: [venueTrade()] }));
  expect(rig.words()).toEqual(["order 1 Accepted None", "fill 1 #7 1"]);
});

test("a trade told twice, by the stream and by a list, counts once", () => {
  const rig = live({ watchUs: 5e6 });
  rig.stream(filledTo(1), venueTrade());
  rig.stream(filledTo(1), venueTrade());
  rig.gateway.onStream({ kind: "up" }, rig.nowUs);
  rig.gateway.work(rig.nowUs);
  rig.answer(rig.take("trades"), ok({ trades: [venueTrade()] }));
  expect(rig.words()).toEqual(["fill 1 #7 1"]);
});

test("the same trade id in two instruments is two trades", () => {
  const rig = live();
  const eth = { symbol: "ETHUSDT", venueOrderId: 9 };
  const ethOrder = venueOrder({ ...eth, clientOrderId: "00010002" });
  rig.answer(rig.submit({ orderId: 2, instrument: 1 }), ok({ orders: [ethOrder] }));
  rig.stream(filledTo(1), venueTrade());
  rig.stream({ ...ethOrder, filledQty: "0.001", status: "PARTIALLY_FILLED" }, venueTrade(eth));
  expect(rig.words()).toEqual(["order 2 Accepted None", "fill 1 #7 1", "fill 2 #7 1"]);
});

describe("an end with fills that nobody told us of", () => {
  test("is held back until the trades were fetched", () => {
    const rig = live();
    rig.stream(filledTo(3, "CANCELED"));
    expect(rig.words()).toEqual([]);
    rig.pass(graceUs);
    const request = rig.take("trades");
    expect(request).toMatchObject({ venueOrderId: 501, fromId: 0 });
    rig.answer(request, ok({ trades: [venueTrade({ qty: "0.002" }), venueTrade({ tradeId: 9 })] }));
    expect(rig.words()).toEqual(["fill 1 #7 2", "fill 1 #9 1", "order 1 Canceled None"]);
  });

  test("is held back as long as the list is behind", () => {
    const rig = live();
    rig.stream(filledTo(3, "EXPIRED"));
    for (const behind of [SILENCE, ok(), refusal(503), ok({ trades: [venueTrade({ tradeId: 8 })] })]) {
      while (rig.sent.length === 0) rig.pass(50_000);
      rig.answer(rig.take("trades"), behind);
    }
    expect(rig.words()).toEqual(["fill 1 #8 1"]);
    while (rig.sent.length === 0) rig.pass(50_000);
    rig.answer(
      rig.take("trades"),
      ok({ trades: [venueTrade({ tradeId: 8 }), venueTrade({ tradeId: 9, qty: "0.002" })] }),
    );
    expect(rig.words()).toEqual(["fill 1 #9 2", "order 1 Expired None"]);
  });

  test("needs no list when the stream catches up in time", () => {
    const rig = live();
    rig.stream(filledTo(1, "CANCELED"));
    rig.stream(filledTo(1), venueTrade());
    expect(rig.words()).toEqual(["fill 1 #7 1", "order 1 Canceled None"]);
    rig.pass(2 * graceUs);
    expect(rig.sent).toEqual([]);
  });

  test("is told after a thousand fills and one", () => {
    const rig = GatewayRig.ready();
    const request = rig.submit({ orderId: 1, qtyLots: 2_000 });
    rig.answer(request, ok({ orders: [venueOrder({ qty: "2.000" })] }));
    rig.stream(venueOrder({ qty: "2.000", filledQty: "1.001", status: "CANCELED" }));
    rig.pass(graceUs);
    const page = Array.from({ length: TRADES_MAX }, (_, at) => venueTrade({ tradeId: at + 1 }));
    rig.answer(rig.take("trades"), ok({ trades: page }));
    const next = rig.take("trades");
    expect(next.fromId).toBe(TRADES_MAX + 1);
    rig.answer(next, ok({ trades: [venueTrade({ tradeId: 1_001 })] }));
    const words = rig.words();
    expect(words).toHaveLength(1_003);
    expect(words.at(-1)).toBe("order 1 Canceled None");
  });
});

test("a fill after the end was told is told all the same", () => {
  const rig = live();
  rig.stream(filledTo(0, "CANCELED"));
  rig.stream(filledTo(2, "CANCELED"), venueTrade({ qty: "0.002" }));
  expect(rig.words()).toEqual(["order 1 Canceled None", "fill 1 #7 2"]);
});

test("an event that is late does not bring an order back", () => {
  const rig = live();
  rig.stream(filledTo(2), venueTrade({ qty: "0.002" }));
  rig.stream(filledTo(2, "CANCELED"));
  expect(rig.words()).toEqual(["fill 1 #7 2", "order 1 Canceled None"]);
  rig.stream(venueOrder());
  rig.stream(filledTo(1));
  rig.stream(venueOrder({ status: "REJECTED" }));
  rig.pass(10e6);
  expect([rig.words(), rig.sent]).toEqual([[], []]);
});

test("however the events of an order come, every trade is told once and the end last", () => {
  const fills = [1, 2, 3, 4].map((lots, at) => ({ tradeId: at + 1, lots }));
  const events = fills.map(({ tradeId, lots }, at) => {
    const sum = fills.slice(0, at + 1).reduce((total, each) => total + each.lots, 0);
    const status = sum === 10 ? "FILLED" : "PARTIALLY_FILLED";
    return [filledTo(sum, status), venueTrade({ tradeId, qty: (lots / 1_000).toFixed(3) })] as const;
  });
  const shuffled = fc.shuffledSubarray([...events, ...events], { minLength: 0 });
  fc.assert(
    fc.property(shuffled, (order) => {
      const rig = live();
      for (const [state, trade] of order) rig.stream(state, trade);
      rig.stream(filledTo(10, "FILLED"));
      rig.pass(graceUs);
      rig.answerAll(() => ok({ trades: events.map(([, trade]) => trade) }));
      const told = rig.words();
      expect([...told].sort()).toEqual(["fill 1 #1 1", "fill 1 #2 2", "fill 1 #3 3", "fill 1 #4 4"]);
    }),
  );
});

describe("the net under the stream", () => {
  test("a trade that the stream never told is found after a reconnect, from the last known id on", () => {
    const rig = live();
    rig.stream(filledTo(1), venueTrade({ tradeId: 5_000, timeUs: 0 }));
    rig.gateway.onStream({ kind: "down" }, rig.nowUs);
    rig.gateway.onStream({ kind: "up" }, rig.nowUs);
    rig.gateway.work(rig.nowUs);
    const trades = [venueTrade({ tradeId: 5_000, timeUs: 0 }), venueTrade({ tradeId: 5_001, timeUs: 0 })];
    rig.answer(rig.take("trades"), ok({ trades }));
    expect(rig.words()).toEqual(["fill 1 #5000 1", "fill 1 #5001 1"]);
    rig.gateway.onStream({ kind: "up" }, rig.nowUs);
    rig.answerAll();
    rig.gateway.onStream({ kind: "up" }, rig.nowUs);
    rig.gateway.work(rig.nowUs);
    expect(rig.take("trades").fromId).toBe(4_001);
  });

  test("a young trade does not move the point from which trades are listed: an older one may still appear", () => {
    const rig = live();
    const ages = [0, 60e6, 61e6].map((ageUs, at) => venueTrade({ tradeId: 9_000 - at, timeUs: rig.nowUs - ageUs }));
    const asked: number[] = [];
    for (const trade of ages) {
      rig.gateway.onStream({ kind: "up" }, rig.nowUs);
      rig.gateway.work(rig.nowUs);
      rig.answerAll((request) => {
        if (request.kind === "trades" && request.symbol === "BTCUSDT") asked.push(request.fromId);
        return ok({ trades: request.kind === "trades" && request.symbol === "BTCUSDT" ? [trade] : [] });
      });
    }
    expect(asked).toEqual([0, 0, 8_999 - 1_000]);
  });

  test("an order that left the list of open orders is asked about, and what it filled is fetched", () => {
    const rig = live({ watchUs: 5e6 });
    rig.pass(100_000);
    rig.gateway.onStream({ kind: "up" }, rig.nowUs);
    rig.gateway.work(rig.nowUs);
    const canceled = venueOrder({ filledQty: "0.001", status: "CANCELED" });
    for (let round = 0; round < 20; round += 1) {
      rig.pass(50_000);
      rig.answerAll((request) => {
        if (request.kind === "order") return ok({ orders: [canceled] });
        return request.kind === "trades" && request.venueOrderId === 501 ? ok({ trades: [venueTrade()] }) : ok();
      });
    }
    expect(rig.words()).toEqual(["fill 1 #7 1", "order 1 Canceled None"]);
  });

  test("a fill after the cancel was acknowledged, of which the stream says nothing, is found by looking", () => {
    const rig = live({ watchUs: 5e6 });
    rig.gateway.onStream({ kind: "up" }, rig.nowUs);
    rig.answerAll();
    rig.cancel(1);
    rig.answer(rig.take("cancel"), ok({ orders: [filledTo(0, "CANCELED")] }));
    expect(rig.words()).toEqual(["order 1 Canceled None"]);
    for (let step = 0; step < 800; step += 1) {
      rig.pass(50_000);
      rig.answerAll((request) => ok({ trades: request.kind === "trades" ? [venueTrade()] : [] }));
    }
    expect(rig.words()).toEqual(["fill 1 #7 1"]);
  });

  test("looks every few seconds while orders work", () => {
    const rig = live({ watchUs: 5e6 });
    rig.gateway.onStream({ kind: "up" }, rig.nowUs);
    rig.gateway.work(rig.nowUs);
    const looks: string[] = [];
    for (let step = 0; step < 400; step += 1) {
      rig.pass(50_000);
      rig.answerAll((request) => {
        looks.push(request.kind);
        return request.kind === "open-orders" || request.kind === "order" ? ok({ orders: [venueOrder()] }) : ok();
      });
    }
    expect(looks.filter((kind) => kind === "open-orders").length).toBeGreaterThanOrEqual(2 * 4);
  });
});

describe("what belongs to others", () => {
  const foreign = { clientOrderId: "web_5f2a", venueOrderId: 77 };

  test("their fills are left alone and counted once", () => {
    const rig = live();
    rig.stream(venueOrder({ ...foreign, type: "STOP_LOSS_LIMIT" }), venueTrade({ venueOrderId: 77 }));
    rig.gateway.onStream({ kind: "up" }, rig.nowUs);
    rig.gateway.work(rig.nowUs);
    rig.answer(
      rig.take("trades"),
      ok({ trades: [venueTrade({ venueOrderId: 77 }), venueTrade({ tradeId: 8, venueOrderId: 77 })] }),
    );
    expect(rig.words()).toEqual([]);
    expect(rig.gateway.counts).toMatchObject({ foreignTrades: 2, foreignOrders: 1 });
  });

  test("a trade whose order nobody has named is asked about once", () => {
    const rig = live();
    const trades = [venueTrade({ venueOrderId: 77 }), venueTrade({ tradeId: 8, venueOrderId: 77 })];
    for (let times = 0; times < 2; times += 1) {
      rig.gateway.onStream({ kind: "up" }, rig.nowUs);
      rig.gateway.work(rig.nowUs);
      rig.answerAll((request) => {
        if (request.kind === "trades") return ok({ trades: request.symbol === "BTCUSDT" ? trades : [] });
        if (request.kind === "order" && request.venueOrderId === 77) return ok({ orders: [venueOrder(foreign)] });
        return ok({ orders: [venueOrder()] });
      });
    }
    expect(rig.gateway.counts).toMatchObject({ foreignTrades: 2, foreignOrders: 1 });
    expect(rig.words()).toEqual([]);
  });
});

describe("what cannot be believed", () => {
  const HOSTILE: readonly Partial<Record<keyof VenueTrade, unknown>>[] = [
    { qty: "-0.001" },
    { qty: "NaN" },
    { qty: "1e-3" },
    { qty: 0.001 },
    { qty: "0.0005" },
    { qty: "0.000" },
    { qty: "99999999999999999999" },
    { price: "100.005" },
    { price: "0.00" },
    { price: "99999999999.00" },
    { price: null },
    { tradeId: 0 },
    { tradeId: -1 },
    { tradeId: 1.5 },
    { tradeId: "7" },
    { tradeId: 2 ** 53 },
    { side: "SELL" },
    { side: "BOTH" },
    { side: "__proto__" },
    { fee: "-1" },
    { fee: "1000000" },
    { fee: {} },
    { feeAsset: 5 },
    { isMaker: "yes" },
    { symbol: "NONSENSE" },
    { timeUs: Number.NaN },
    { timeUs: Number.POSITIVE_INFINITY },
    { qty: "0.011" },
  ];

  test.each(HOSTILE)("a trade with %o is counted and not told", (changes) => {
    const rig = live();
    rig.stream(venueOrder(), { ...venueTrade(), ...changes } as VenueTrade);
    expect(rig.words()).toEqual([]);
    expect(rig.gateway.counts.malformed).toBeGreaterThan(0);
  });

  const WRONG: readonly Partial<Record<keyof VenueOrder, unknown>>[] = [
    { qty: "0.011" },
    { side: "SELL" },
    { filledQty: "0.011", status: "CANCELED" },
    { filledQty: "0.005", status: "FILLED" },
    { filledQty: "-1", status: "CANCELED" },
    { status: "GONE" },
    { status: undefined },
    { venueOrderId: 502 },
    { venueOrderId: Number.NaN },
    { symbol: "ETHUSDT" },
    { symbol: 7 },
    { price: "1.001" },
    { type: "toString" },
    { clientOrderId: ["00010001"] },
  ];

  test.each(WRONG)("an order with %o is counted and not told", (changes) => {
    const rig = live();
    rig.stream({ ...venueOrder({ status: "CANCELED" }), ...changes } as VenueOrder);
    expect(rig.words()).toEqual([]);
    expect(rig.gateway.counts.malformed).toBe(1);
  });

  test("nothing thrown at it makes the gateway throw", () => {
    const anything = fc.anything({ withNullPrototype: true, maxDepth: 3 });
    const like = (sample: object) =>
      fc.record(
        Object.fromEntries(Object.entries(sample).map(([key, value]) => [key, fc.oneof(anything, fc.constant(value))])),
      );
    const order = fc.oneof(anything, like(venueOrder()));
    const trade = fc.oneof(anything, like(venueTrade()), fc.constant(null));
    fc.assert(
      fc.property(order, trade, anything, (someOrder, someTrade, body) => {
        const rig = live({ watchUs: 5e6 });
        rig.gateway.onStream({ kind: "order", order: someOrder, trade: someTrade } as never, rig.nowUs);
        rig.gateway.onStream({ kind: "up" }, rig.nowUs);
        rig.cancel(1);
        for (const request of rig.sent.splice(0)) {
          rig.answer(request, { ...refusal(200), body } as never);
        }
        const lists = { orders: [someOrder], trades: [someTrade], balances: [someOrder] };
        for (const request of rig.sent.splice(0)) rig.answer(request, ok(lists as never));
      }),
    );
  });
});

test("a fee in the base is told in money at the trade's price, one in a third asset as none", () => {
  const rig = live();
  rig.stream(filledTo(1), venueTrade({ fee: "0.00000123", feeAsset: "BTC" }));
  rig.stream(filledTo(2), venueTrade({ tradeId: 8, fee: "0.00012345", feeAsset: "BNB" }));
  rig.stream(filledTo(3), venueTrade({ tradeId: 9, fee: "0.0001", feeAsset: "USDT" }));
  expect(rig.reports().map(({ feeMoney }) => feeMoney)).toEqual([12_300, 0, 10_000]);
});
