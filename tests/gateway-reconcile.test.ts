/**
 * The start of a life: everything is asked for, the differences are told, and only then is the engine told that it may
 * trade.
 */
import { describe, expect, test } from "vitest";
import { makeInstrument } from "../engine/index.js";
import { clientOrderId, parseClientOrderId } from "../engine/orders/client-order-id.js";
import type { LinkOutcome, LinkRequest, VenueBalance, VenueOrder, VenueTrade } from "../feeds/orders/link.js";
import type { Recovery } from "../feeds/orders/recovery.js";
import { OrderStatus } from "../schemas/index.js";
import { BTC, ETH, SECOND, START_US } from "./support/engine.js";
import {
  FRESH,
  GatewayRig,
  NO_SUCH_ORDER,
  ok,
  recoveredOrder,
  SILENCE,
  venueOrder,
  venueTrade,
} from "./support/gateway.js";

interface Account {
  readonly orders?: readonly VenueOrder[];
  readonly trades?: readonly VenueTrade[];
  readonly balances?: readonly VenueBalance[];
}

const SECOND_LIFE: Recovery = { epoch: 2, sinceUs: START_US - 100 * SECOND, orders: [], seenTrades: [[], []] };

/** Answers as a venue with this account would. */
function venueOf({ orders = [], trades = [], balances }: Account): (request: LinkRequest) => LinkOutcome {
  const isOpen = ({ status }: VenueOrder): boolean => status === "NEW" || status === "PARTIALLY_FILLED";
  return (request) => {
    if (request.kind === "account") return ok(balances && { balances });
    if (request.kind === "open-orders") {
      return ok({ orders: orders.filter((each) => each.symbol === request.symbol && isOpen(each)) });
    }
    if (request.kind === "trades") {
      const wanted = trades.filter(
        (each) =>
          each.symbol === request.symbol &&
          each.tradeId >= request.fromId &&
          (request.venueOrderId === 0 || each.venueOrderId === request.venueOrderId),
      );
      return ok({ trades: wanted });
    }
    if (request.kind !== "order") return SILENCE;
    const found = orders.find(
      (each) => each.clientOrderId === request.clientOrderId || each.venueOrderId === request.venueOrderId,
    );
    return found === undefined ? NO_SUCH_ORDER : ok({ orders: [found] });
  };
}

function reconciled(recovery: Recovery, account: Account): string[] {
  const rig = new GatewayRig();
  rig.begin(recovery);
  for (let step = 0; step < 400 && !rig.gateway.isReconciled; step += 1) {
    rig.answerAll(venueOf(account));
    rig.pass(50_000);
  }
  return rig.words();
}

const BALANCES: readonly VenueBalance[] = [
  { asset: "BTC", free: "0.50000000", locked: "0.01000000" },
  { asset: "ETH", free: "0.00000000", locked: "0.00000000" },
  { asset: "USDT", free: "1000.00000000", locked: "0.00000000" },
];

test("a fresh account is told with its positions and nothing else", () => {
  expect(reconciled(FRESH, { balances: BALANCES })).toEqual(["position 0 510", "position 1 0", "reconciled 0"]);
});

test("nothing is asked before the private stream is there", () => {
  const rig = new GatewayRig();
  rig.gateway.begin(FRESH, rig.nowUs);
  rig.pass(10 * SECOND);
  expect(rig.sent).toEqual([]);
  expect(rig.gateway.takesCommands).toBe(true);
});

test("a fill during the absence is told before the end of its order, and a known one is not told again", () => {
  const orders = [venueOrder({ filledQty: "0.003", status: "CANCELED" })];
  const trades = [venueTrade({ tradeId: 5 }), venueTrade({ tradeId: 9, qty: "0.002" })];
  const recovery = { ...SECOND_LIFE, orders: [recoveredOrder({ filledLots: 1 })], seenTrades: [[5], []] };
  expect(reconciled(recovery, { orders, trades, balances: BALANCES })).toEqual([
    "fill 1 #9 2",
    "order 1 Canceled None",
    "position 0 510",
    "position 1 0",
    "reconciled 0",
  ]);
});

test("an order in doubt that the venue holds is there", () => {
  const recovery = { ...SECOND_LIFE, orders: [recoveredOrder({ status: OrderStatus.Unknown })] };
  const words = reconciled(recovery, { orders: [venueOrder()] });
  expect(words.slice(0, 1)).toEqual(["order 1 Accepted None"]);
  expect(words.at(-1)).toBe("reconciled 0");
});

test("an order that never arrived keeps the first word from being the last", () => {
  const rig = new GatewayRig();
  rig.begin({ ...SECOND_LIFE, orders: [recoveredOrder({ status: OrderStatus.Submitted })] });
  rig.answerAll(venueOf({ balances: BALANCES }));
  expect(rig.words()).toEqual(["position 0 510", "position 1 0", "reconciled 1"]);
  for (let step = 0; step < 200; step += 1) {
    rig.pass(50_000);
    rig.answerAll(venueOf({ balances: BALANCES }));
  }
  expect(rig.words()).toEqual(["order 1 NotFound UnknownOrder", "position 0 510", "position 1 0", "reconciled 0"]);
});

describe("an order of ours that no journal holds", () => {
  const text = clientOrderId(1, 3, 77);
  const known: Recovery = { ...SECOND_LIFE, seenTrades: [[], []] };

  test("is told when it is open", () => {
    const words = reconciled(known, { orders: [venueOrder({ clientOrderId: text })] });
    expect(words[0]).toBe("found 77 10");
    expect(words.at(-1)).toBe("reconciled 0");
  });

  test("is told with its fills when it has ended, because its trades show it", () => {
    const orders = [venueOrder({ clientOrderId: text, filledQty: "0.010", status: "FILLED" })];
    const trades = [venueTrade({ qty: "0.010" })];
    expect(reconciled(known, { orders, trades }).slice(0, 2)).toEqual(["found 77 10", "fill 77 #7 10"]);
  });

  test("is somebody else's when it is of a life that has not been", () => {
    const words = reconciled(known, { orders: [venueOrder({ clientOrderId: clientOrderId(3, 0, 77) })] });
    expect(words).toEqual(["position 0 0", "position 1 0", "reconciled 0"]);
  });
});

test("positions are told only when nothing happened between the two looks", () => {
  const rig = new GatewayRig();
  rig.begin({ ...SECOND_LIFE, orders: [recoveredOrder()] });
  let filled = 0;
  const account = (): Account => ({
    orders: [venueOrder({ filledQty: `0.00${filled}`, status: filled ? "PARTIALLY_FILLED" : "NEW" })],
    trades: Array.from({ length: filled }, (_, at) => venueTrade({ tradeId: at + 1 })),
    balances: [{ asset: "BTC", free: `0.00${filled}`, locked: "0" }, BALANCES[1]!],
  });
  let looks = 0;
  for (let step = 0; step < 100; step += 1) {
    rig.answerAll((request) => {
      const said = venueOf(account())(request);
      // The first two looks at the account are each followed by a fill.
      if (request.kind === "account" && (looks += 1) <= 2) filled += 1;
      return said;
    });
    rig.pass(50_000);
  }
  expect(rig.words().filter((word) => !word.startsWith("fill"))).toEqual([
    "position 0 2",
    "position 1 0",
    "reconciled 0",
  ]);
});

test("trades are asked for from the newest known one, with overlap, or from the end of the life before", () => {
  const rig = new GatewayRig();
  rig.begin({ ...SECOND_LIFE, seenTrades: [[5_000, 4_000], []] });
  const asked: LinkRequest[] = [];
  rig.answerAll((request) => {
    asked.push(request);
    return ok();
  });
  const of = (symbol: string) => asked.find((each) => each.kind === "trades" && each.symbol === symbol);
  expect(of("BTCUSDT")).toMatchObject({ fromId: 4_000, fromUs: 0 });
  expect(of("ETHUSDT")).toMatchObject({ fromId: 0, fromUs: SECOND_LIFE.sinceUs - 60 * SECOND });
});

test("an absence of days is asked for day by day", () => {
  const rig = new GatewayRig();
  rig.begin({ ...SECOND_LIFE, sinceUs: START_US - 3 * 86_400 * SECOND });
  const windows: number[] = [];
  rig.answerAll((request) => {
    if (request.kind === "trades" && request.symbol === "BTCUSDT") windows.push(request.toUs - request.fromUs);
    return ok();
  });
  expect(windows.length).toBeGreaterThanOrEqual(4);
  expect(Math.max(...windows)).toBe(86_400 * SECOND);
});

test("the same answers give the same reports, however long each takes", () => {
  const orders = [1, 2, 3, 4, 5].map((orderId) => recoveredOrder({ orderId, status: OrderStatus.Unknown }));
  const account: Account = {
    orders: orders.map(({ orderId }) =>
      venueOrder({
        clientOrderId: clientOrderId(1, 0, orderId),
        venueOrderId: 500 + orderId,
        filledQty: "0.001",
        status: orderId % 2 === 0 ? "CANCELED" : "PARTIALLY_FILLED",
      }),
    ),
    trades: orders.map(({ orderId }) => venueTrade({ tradeId: 10 - orderId, venueOrderId: 500 + orderId })),
    balances: BALANCES,
  };
  const run = (delaysUs: readonly number[]): string[] => {
    const rig = new GatewayRig();
    rig.begin({ ...SECOND_LIFE, orders });
    for (let step = 0; !rig.gateway.isReconciled; step += 1) {
      rig.pass(delaysUs[step % delaysUs.length]!);
      const [next] = rig.sent.splice(0, 1);
      if (next !== undefined) rig.answer(next, venueOf(account)(next));
    }
    return rig.words();
  };
  const quick = run([10_000]);
  expect(quick.at(-1)).toBe("reconciled 0");
  expect(quick.filter((word) => word.startsWith("fill"))).toHaveLength(5);
  expect(run([700_000, 20_000, 1_500_000])).toEqual(quick);
});

test("what is less than a lot is left out of a position, of free and locked together", () => {
  const rig = new GatewayRig();
  rig.begin(FRESH);
  rig.answerAll(venueOf({ balances: [{ asset: "BTC", free: "0.0019999", locked: "0.0000001" }, BALANCES[1]!] }));
  expect(rig.words()[0]).toBe("position 0 2");
});

test("a balance is not told as a position where two instruments move the same asset", () => {
  const pairs = [BTC, { ...BTC, id: "BTC/EUR.BINANCE", venueSymbol: "BTCEUR" }, ETH];
  const rig = new GatewayRig(
    {},
    pairs.map((spec, index) => makeInstrument(spec, index)),
  );
  rig.begin({ ...FRESH, seenTrades: [[], [], []] });
  rig.answerAll(venueOf({ balances: BALANCES }));
  expect(rig.words()).toEqual(["position 2 0", "reconciled 0"]);
});

test.each([
  null,
  [null],
  [],
  BALANCES.slice(1),
  [{ asset: "BTC", free: "-1", locked: "0" }],
  [{ asset: "BTC", free: 1, locked: "0" }],
])("balances %j cannot be believed and are asked for again", (balances) => {
  const rig = new GatewayRig();
  rig.begin(FRESH);
  rig.answerAll((request) => (request.kind === "account" ? ok({ balances } as never) : ok()));
  expect(rig.words()).toEqual([]);
  rig.pass(300_000);
  rig.answerAll(venueOf({ balances: BALANCES }));
  expect(rig.words().at(-1)).toBe("reconciled 0");
});

describe("a text that names an order", () => {
  test("is read back", () => {
    expect(parseClientOrderId(clientOrderId(12, 34, 567))).toEqual({ epoch: 12, strategy: 34, orderId: 567 });
  });

  test.each([
    "",
    "web_5f2a",
    "0001000",
    "000100001",
    "00000001",
    "00010000",
    "0001000A",
    "0001000zzzzzzzzzzz",
    "x".repeat(40),
  ])("is none: %j", (text) => expect(parseClientOrderId(text)).toBe(null));
});
