/** What becomes of a command: sent once, doubted when nobody answers, asked about, and never sent again. */
import { describe, expect, test } from "vitest";
import { DEFAULT_GATEWAY } from "../feeds/orders/settings.js";
import { OrderType, Side, TimeInForce } from "../schemas/index.js";
import { MS, SECOND } from "./support/engine.js";
import { GatewayRig, NO_SUCH_ORDER, ok, refusal, SILENCE, venueOrder, venueTrade } from "./support/gateway.js";

const CANCELED = venueOrder({ status: "CANCELED" });

describe("a submit", () => {
  test("goes out as text, under the name that the journal knows", () => {
    const rig = GatewayRig.ready();
    expect(rig.submit({ orderId: 1, qtyLots: 12_345, priceTicks: 6_789 })).toMatchObject({
      symbol: "BTCUSDT",
      clientOrderId: "00010001",
      side: "BUY",
      type: "LIMIT",
      timeInForce: "GTC",
      qty: "12.345",
      price: "67.89",
    });
    const postOnly = { orderId: 2, side: Side.Sell, timeInForce: TimeInForce.PostOnly, strategy: 35, epoch: 1 };
    expect(rig.submit(postOnly)).toMatchObject({ type: "LIMIT_MAKER", timeInForce: "", clientOrderId: "000100z2" });
    const market = { orderId: 3, orderType: OrderType.Market, timeInForce: TimeInForce.ImmediateOrCancel };
    expect(rig.submit(market)).toMatchObject({ type: "MARKET", timeInForce: "", price: "" });
  });

  test("that is taken and filled at once is told in the order in which it happened", () => {
    const rig = GatewayRig.ready();
    const request = rig.submit({ orderId: 1, qtyLots: 2 });
    const orders = [venueOrder({ qty: "0.002", filledQty: "0.002", status: "FILLED" })];
    rig.answer(request, ok({ orders, trades: [venueTrade(), venueTrade({ tradeId: 8 })] }));
    expect(rig.words()).toEqual(["order 1 Accepted None", "fill 1 #7 1", "fill 1 #8 1"]);
    rig.pass(60 * SECOND);
    expect([rig.words(), rig.sent]).toEqual([[], []]);
  });

  test("that is refused is told with the reason", () => {
    const rig = GatewayRig.ready();
    rig.answer(rig.submit({ orderId: 1 }), refusal(400, -2010, "Order would immediately match and take."));
    expect(rig.words()).toEqual(["order 1 Rejected WouldTake"]);
  });

  test("refused by a rate limit never took effect: it is rejected, and nothing is sent until the limit is over", () => {
    const rig = GatewayRig.ready();
    rig.answer(rig.submit({ orderId: 1 }), refusal(429, -1003, "Too much request weight used.", 3_000));
    expect(rig.words()).toEqual(["order 1 Rejected RateLimited"]);
    rig.gateway.onStream({ kind: "up" }, rig.nowUs);
    expect(() => rig.submit({ orderId: 2 })).toThrow(/no submit was asked/);
    expect(rig.words()).toEqual(["order 2 Rejected RateLimited"]);
    rig.pass(2_990 * MS);
    expect(rig.sent).toEqual([]);
    rig.pass(20 * MS);
    expect(rig.sent.map(({ kind }) => kind)).toContain("open-orders");
    expect(rig.submit({ orderId: 3 }).clientOrderId).toBe("00010003");
  });

  test.each([
    ["nothing is heard", SILENCE],
    ["the venue fails", refusal(503)],
    ["the venue does not know", refusal(504, -1007, "execution status unknown")],
    ["the answer is about another order", ok({ orders: [venueOrder({ clientOrderId: "00010002" })] })],
    ["the answer is empty", ok()],
    ["the answer cannot be believed", ok({ orders: [venueOrder({ qty: "1e3" })] })],
    ["an order with its name is there", refusal(400, -2010, "Duplicate order sent.")],
  ])("is unknown at once when %s, asked about, and never sent again", (_, outcome) => {
    const rig = GatewayRig.ready();
    rig.answer(rig.submit({ orderId: 1 }), outcome);
    expect(rig.words()).toEqual([expect.stringMatching(/^order 1 Unknown /)]);
    rig.pass(300 * MS);
    expect(rig.sent.filter(({ kind }) => kind === "submit")).toEqual([]);
    rig.answer(rig.take("order"), ok({ orders: [venueOrder()] }));
    expect(rig.words()).toEqual(["order 1 Accepted None"]);
    expect(() => rig.submit({ orderId: 1 })).toThrow(/submitted before/);
  });

  test("to which no answer ever comes is given up and asked about", () => {
    const rig = GatewayRig.ready();
    rig.submit({ orderId: 1 });
    rig.pass(DEFAULT_GATEWAY.answerUs);
    expect(rig.words()).toEqual(["order 1 Unknown Timeout"]);
  });

  test("whose answer was lost is known by the stream, and the silence changes nothing", () => {
    const rig = GatewayRig.ready();
    const request = rig.submit({ orderId: 1 });
    rig.stream(venueOrder());
    rig.answer(request, SILENCE);
    expect(rig.words()).toEqual(["order 1 Accepted None"]);
  });
});

describe("an order that nobody answered for", () => {
  const doubtful = (): GatewayRig => {
    const rig = GatewayRig.ready();
    rig.answer(rig.submit({ orderId: 1 }), SILENCE);
    rig.reports();
    return rig;
  };
  const asked = (rig: GatewayRig): number => {
    let count = 0;
    for (; rig.sent.some(({ kind }) => kind === "order"); count += 1) rig.answer(rig.take("order"), NO_SUCH_ORDER);
    return count;
  };

  test("is asked about at growing distances", () => {
    const rig = doubtful();
    const delays: number[] = [];
    for (let times = 0; times < 7; times += 1) {
      const fromUs = rig.nowUs;
      while (!rig.sent.some(({ kind }) => kind === "order")) rig.pass(50 * MS);
      rig.answer(rig.take("order"), SILENCE);
      delays.push((rig.nowUs - fromUs) / MS);
    }
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  test("is not there only after two answers, far enough from its sending and from each other, and no trade", () => {
    const rig = doubtful();
    const sentUs = rig.nowUs;
    const { consistencyLagUs, notFoundGapUs } = DEFAULT_GATEWAY;
    while (rig.nowUs < sentUs + consistencyLagUs) {
      rig.pass(50 * MS);
      asked(rig);
    }
    expect(rig.sent).toEqual([]);
    const firstUs = rig.nowUs;
    while (!rig.sent.some(({ kind }) => kind === "order")) rig.pass(50 * MS);
    expect(rig.nowUs).toBeGreaterThanOrEqual(firstUs + notFoundGapUs);
    asked(rig);
    expect(rig.words()).toEqual([]);
    while (!rig.sent.some(({ kind }) => kind === "trades")) rig.pass(50 * MS);
    rig.answer(rig.take("trades"), ok());
    expect(rig.words()).toEqual(["order 1 NotFound UnknownOrder"]);
  });

  test("is there when one of its trades is, whatever the venue said before", () => {
    const rig = doubtful();
    while (!rig.sent.some(({ kind }) => kind === "trades")) {
      rig.pass(50 * MS);
      asked(rig);
    }
    rig.answer(rig.take("trades"), ok({ trades: [venueTrade()] }));
    expect(rig.words()).toEqual([]);
    const { venueOrderId, clientOrderId } = rig.take("order");
    expect([venueOrderId, clientOrderId]).toEqual([501, ""]);
  });

  test("is named by the venue's number when a trade shows it", () => {
    const rig = doubtful();
    while (!rig.sent.some(({ kind }) => kind === "trades")) {
      rig.pass(50 * MS);
      asked(rig);
    }
    rig.answer(rig.take("trades"), ok({ trades: [venueTrade()] }));
    const partly = venueOrder({ filledQty: "0.001", status: "PARTIALLY_FILLED" });
    rig.answer(rig.take("order"), ok({ orders: [partly] }));
    expect(rig.words()).toEqual(["order 1 Accepted None", "fill 1 #7 1"]);
  });

  test("and that shows up after it was called absent is cancelled", () => {
    const rig = doubtful();
    rig.pass(60 * SECOND);
    for (let round = 0; round < 200 && rig.reports().length === 0; round += 1) {
      rig.pass(50 * MS);
      rig.answerAll(({ kind }) => (kind === "order" ? NO_SUCH_ORDER : ok()));
    }
    rig.stream(venueOrder());
    expect(rig.take("cancel").clientOrderId).toBe("00010001");
    expect(rig.words()).toEqual([]);
  });
});

describe("a cancel", () => {
  const live = (): GatewayRig => {
    const rig = GatewayRig.ready();
    rig.answer(rig.submit({ orderId: 1 }), ok({ orders: [venueOrder()] }));
    rig.reports();
    return rig;
  };

  test("ends the order", () => {
    const rig = live();
    rig.cancel(1);
    rig.answer(rig.take("cancel"), ok({ orders: [CANCELED] }));
    expect(rig.words()).toEqual(["order 1 Canceled None"]);
  });

  test("does not overtake its submit", () => {
    const rig = GatewayRig.ready();
    const request = rig.submit({ orderId: 1 });
    rig.cancel(1);
    expect(rig.sent).toEqual([]);
    rig.answer(request, ok({ orders: [venueOrder()] }));
    expect(rig.take("cancel").clientOrderId).toBe("00010001");
  });

  test("that nobody answered is repeated, and the order is asked about", () => {
    const rig = live();
    rig.cancel(1);
    rig.answer(rig.take("cancel"), SILENCE);
    rig.answer(rig.take("order"), ok({ orders: [venueOrder()] }));
    rig.pass(300 * MS);
    rig.answer(rig.take("cancel"), ok({ orders: [CANCELED] }));
    expect(rig.words()).toEqual(["order 1 Canceled None"]);
  });

  test("of an order that was just filled ends with its fills, not with a refusal", () => {
    const rig = live();
    rig.cancel(1);
    rig.answer(rig.take("cancel"), refusal(400, -2011, "Unknown order sent."));
    rig.answer(rig.take("order"), ok({ orders: [venueOrder({ filledQty: "0.010", status: "FILLED" })] }));
    rig.pass(DEFAULT_GATEWAY.graceUs);
    rig.answer(rig.take("trades"), ok({ trades: [venueTrade({ qty: "0.010" })] }));
    expect(rig.words()).toEqual(["fill 1 #7 10"]);
    rig.pass(20 * SECOND);
    expect(rig.sent).toEqual([]);
  });

  test("that the venue will not do is told once", () => {
    const rig = live();
    rig.cancel(1);
    rig.answer(rig.take("cancel"), refusal(401, -2015, "Invalid API-key, IP, or permissions for action."));
    rig.pass(20 * SECOND);
    expect(rig.words()).toEqual(["order 1 CancelRejected Unauthorized"]);
  });

  test("during a ban waits and is sent when it is over", () => {
    const rig = live();
    rig.answer(rig.submit({ orderId: 2 }), refusal(418, -1003, "banned", 5_000));
    rig.cancel(1);
    expect(rig.sent).toEqual([]);
    rig.pass(5_050 * MS);
    expect(rig.take("cancel").clientOrderId).toBe("00010001");
  });

  test("of an order that nobody knows is refused, not sent", () => {
    const rig = live();
    rig.cancel(99);
    expect(rig.sent).toEqual([]);
    expect(rig.words()).toEqual(["order 99 CancelRejected UnknownOrder"]);
  });
});

test("a flood of submits stops being taken while a thousand answers are outstanding", () => {
  const rig = GatewayRig.ready();
  let orderId = 0;
  while (rig.gateway.takesCommands) rig.submit({ orderId: (orderId += 1) });
  expect(orderId).toBe(1_024);
});
