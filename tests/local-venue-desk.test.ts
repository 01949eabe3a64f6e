/**
 * The promises of the local venue's books of account: whatever is ordered, cancelled and traded, every asset sums to
 * zero, nothing is spent that is not there, and orders, trades and balances tell the same story.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { amountOf, feeCeiling, feeOn, formatAmount, parseAmount } from "../feeds/local-venue/orders/amount.js";
import { takes } from "../feeds/local-venue/orders/matching.js";
import { isOpen, type NewOrder, remaining, type VenueOrder } from "../feeds/local-venue/orders/order.js";
import { type Execution, OrderDesk } from "../feeds/local-venue/orders/order-desk.js";
import { Refusal } from "../feeds/local-venue/orders/refusal.js";
import { type Level, VenueBook } from "../feeds/local-venue/venue-book.js";

const SYMBOL = "BTCUSDT";
const LOT = amountOf("0.00001");
const OPENING = { BTC: "0.5", USDT: "40000" };

describe("amounts", () => {
  test("a decimal and its units are the same number, in both directions", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), (units) => {
        const text = formatAmount(units);
        expect(parseAmount(text)).toBe(units);
        expect(formatAmount(-units)).toBe(units === 0n ? text : `-${text}`);
      }),
    );
  });

  test.each(["", ".5", "5.", "-1", "+1", "1e3", "NaN", "0x1", " 1", "1,0", "0.000000001", "1".repeat(21)])(
    "%j is no amount",
    (text) => expect(parseAmount(text)).toBeUndefined(),
  );

  test("the fees on parts never come to more than what was locked for the whole", () => {
    const values = fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(values, fc.bigInt({ min: 0n, max: 10_000n }), (parts, ppm) => {
        const paid = parts.reduce((sum, part) => sum + feeOn(part, ppm), 0n);
        const whole = parts.reduce((sum, part) => sum + part, 0n);
        expect(paid).toBeLessThanOrEqual(feeCeiling(whole, ppm));
      }),
    );
  });
});

describe("matching", () => {
  test("a level finer than a lot is taken in whole lots, and one below a lot not at all", () => {
    const levels: Level[] = [
      ["60000.00000000", "0.00000400"],
      ["60001.00000000", "0.00002600"],
    ];
    const matches = takes(order({ price: "60001", lots: 10n }), levels, LOT);
    expect(matches).toEqual([{ price: amountOf("60001"), quantity: 2n * LOT }]);
  });

  test("a trade at an order's price first eats what was shown before it, a trade through it does not", () => {
    const { desk } = deskWith([["59999.00", "0.00030"]], [["60001.00", "1"]]);
    desk.place(order({ price: "59999", lots: 50n }));
    desk.onTrade(SYMBOL, amountOf("59999"), 20n * LOT, "BUY");
    expect(desk.trades).toEqual([]);
    desk.onTrade(SYMBOL, amountOf("59999"), 15n * LOT, "BUY");
    expect(desk.trades.map(({ quantity }) => quantity / LOT)).toEqual([5n]);
    desk.place(order({ price: "59998", lots: 50n }));
    desk.onTrade(SYMBOL, amountOf("59997"), 60n * LOT, "BUY");
    expect(desk.trades.map(({ quantity, price }) => [quantity / LOT, formatAmount(price)])).toEqual([
      [5n, "59999.00000000"],
      [45n, "59999.00000000"],
      [15n, "59998.00000000"],
    ]);
  });

  test("an order moves up when what was shown before it is withdrawn", () => {
    const { desk, book } = deskWith([["59999.00", "0.00030"]], [["60001.00", "1"]]);
    desk.place(order({ price: "59999", lots: 50n }));
    book.apply({ u: 2, b: [["59999.00", "0.00010"]], a: [] });
    desk.onBook(SYMBOL);
    book.apply({ u: 3, b: [["59999.00", "0.00090"]], a: [] });
    desk.onBook(SYMBOL);
    desk.onTrade(SYMBOL, amountOf("59999"), 15n * LOT, "BUY");
    expect(desk.trades.map(({ quantity }) => quantity / LOT)).toEqual([5n]);
  });

  test("of two orders at one price the older trades first, and a trade of the other side reaches neither", () => {
    const { desk } = deskWith([["59998.00", "1"]], [["60001.00", "1"]]);
    const older = desk.place(order({ price: "59999", lots: 30n })).order;
    const younger = desk.place(order({ price: "59999", lots: 30n })).order;
    desk.onTrade(SYMBOL, amountOf("59999"), 40n * LOT, "SELL");
    expect([older.executed, younger.executed]).toEqual([0n, 0n]);
    desk.onTrade(SYMBOL, amountOf("59999"), 40n * LOT, "BUY");
    expect([older.executed / LOT, younger.executed / LOT]).toEqual([30n, 10n]);
  });

  test("a book that comes to an order fills it with what is shown, at the order's price", () => {
    const { desk, book } = deskWith([["59998.00", "1"]], [["60001.00", "1"]]);
    const { order: resting } = desk.place(order({ price: "59999", lots: 50n }));
    book.apply({ u: 2, b: [], a: [["59999.00", "0.00020"]] });
    desk.onBook(SYMBOL);
    expect(resting.executed / LOT).toBe(20n);
    book.apply({ u: 3, b: [], a: [["59990.00", "5"]] });
    desk.onBook(SYMBOL);
    expect(resting.status).toBe("FILLED");
    expect(new Set(desk.trades.map(({ price }) => price))).toEqual(new Set([amountOf("59999")]));
  });

  test("a fill that a cancel overtook leaves the order cancelled, and is paid like any other", () => {
    const { desk } = deskWith([["59998.00", "1"]], [["60001.00", "1"]]);
    const { order: resting } = desk.place(order({ price: "59000", lots: 40n }));
    desk.cancel({ symbol: SYMBOL, id: resting.id }, "cancel");
    desk.force(resting, 20n * LOT);
    expect([resting.status, resting.executed / LOT]).toEqual(["CANCELED", 20n]);
    expectBalanced(desk);
  });
});

type Step =
  | { readonly kind: "place"; readonly order: NewOrder }
  | { readonly kind: "cancel"; readonly index: number }
  | { readonly kind: "trade"; readonly price: string; readonly lots: bigint; readonly passive: "BUY" | "SELL" }
  | { readonly kind: "book"; readonly middle: number; readonly lots: number }
  | { readonly kind: "force"; readonly index: number; readonly lots: bigint };

const priceText = fc.integer({ min: 59_900, max: 60_100 }).map(String);
const lots = fc.bigInt({ min: 1n, max: 30_000n });
const side = fc.constantFrom("BUY" as const, "SELL" as const);
const newOrder = fc
  .record({
    side,
    type: fc.constantFrom("LIMIT" as const, "LIMIT_MAKER" as const, "MARKET" as const),
    timeInForce: fc.constantFrom("GTC" as const, "IOC" as const, "FOK" as const),
    price: priceText,
    lots,
    clientId: fc.integer({ min: 0, max: 9 }).map(String),
  })
  .map(order);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("place" as const), order: newOrder }) },
  fc.record({ kind: fc.constant("cancel" as const), index: fc.nat(20) }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("trade" as const), price: priceText, lots, passive: side }) },
  fc.record({
    kind: fc.constant("book" as const),
    middle: fc.integer({ min: 59_900, max: 60_100 }),
    lots: fc.integer({ min: 1, max: 9999 }),
  }),
  fc.record({ kind: fc.constant("force" as const), index: fc.nat(20), lots }),
);

describe("after every step of any history", () => {
  test("all assets sum to zero, nothing is overspent, and the books agree with each other", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { desk, book } = deskWith([["59999.00", "0.2"]], [["60001.00", "0.2"]]);
        for (const each of steps) {
          carryOut(each, desk, book);
          expectBalanced(desk);
          expectAgreement(desk);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a refused step has changed nothing", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), newOrder, (steps, last) => {
        const { desk, book, executions } = deskWith([["59999.00", "0.2"]], [["60001.00", "0.2"]]);
        for (const each of steps) carryOut(each, desk, book);
        const before = pictureOf(desk, executions);
        if (refusalOf(() => desk.place(last)) !== undefined) expect(pictureOf(desk, executions)).toEqual(before);
      }),
    );
  });

  test("the reports alone tell every order's end: status, quantity and value", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { desk, book, executions } = deskWith([["59999.00", "0.2"]], [["60001.00", "0.2"]]);
        for (const each of steps) carryOut(each, desk, book);
        for (const { id, status, executed } of desk.orders) {
          const ours = executions.filter((execution) => execution.id === id);
          expect(ours[0]!.type).toBe("NEW");
          expect(ours.reduce((sum, { quantity }) => sum + quantity, 0n)).toBe(executed);
          expect(ours.at(-1)!.status).toBe(status);
        }
      }),
    );
  });
});

/** What a listener sees of an execution at that moment. */
interface Seen {
  readonly id: number;
  readonly type: Execution["type"];
  readonly status: VenueOrder["status"];
  readonly quantity: bigint;
}

function deskWith(bids: readonly Level[], asks: readonly Level[]) {
  const book = new VenueBook({ lastUpdateId: 1, bids, asks });
  const executions: Seen[] = [];
  const desk = new OrderDesk({
    opening: new Map(Object.entries(OPENING).map(([asset, text]) => [asset, amountOf(text)])),
    book: () => book,
    nowMs: () => 0,
    onExecution: ({ type, order: { id, status }, trade }) =>
      executions.push({ id, type, status, quantity: trade?.quantity ?? 0n }),
  });
  return { desk, book, executions };
}

let generated = 0;

function order(given: Partial<Omit<NewOrder, "price">> & { readonly price: string; readonly lots: bigint }): NewOrder {
  const { price, lots: count, ...more } = given;
  const defaults = { symbol: SYMBOL, clientId: `order-${++generated}`, side: "BUY", type: "LIMIT" } as const;
  const all = { ...defaults, timeInForce: "GTC" as const, ...more, quantity: count * LOT };
  if (all.type === "MARKET") return { ...all, price: 0n, timeInForce: "GTC" };
  return { ...all, price: amountOf(price), timeInForce: all.type === "LIMIT" ? all.timeInForce : "GTC" };
}

function carryOut(each: Step, desk: OrderDesk, book: VenueBook): void {
  const target = "index" in each ? desk.orders[each.index % Math.max(1, desk.orders.length)] : undefined;
  // biome-ignore format: one arm a line
  switch (each.kind) {
    case "place": refusalOf(() => desk.place(each.order)); break;
    case "cancel": if (target) refusalOf(() => desk.cancel({ symbol: SYMBOL, id: target.id }, "cancel")); break;
    case "trade": desk.onTrade(SYMBOL, amountOf(each.price), each.lots * LOT, each.passive); break;
    case "book": moveBook(desk, book, each.middle, each.lots); break;
    case "force": if (target && isOpen(target)) desk.force(target, each.lots * LOT);
  }
}

/** One level a side, a tick of a dollar around the middle. */
function moveBook(desk: OrderDesk, book: VenueBook, middle: number, count: number): void {
  const { lastUpdateId, bids, asks } = book.snapshot();
  const gone = (levels: readonly Level[]) => levels.map(([price]): Level => [price, "0"]);
  const quantity = `0.${String(count).padStart(5, "0")}`;
  book.apply({
    u: lastUpdateId + 1,
    b: [...gone(bids), [`${middle - 1}.00`, quantity]],
    a: [...gone(asks), [`${middle + 1}.00`, quantity]],
  });
  desk.onBook(SYMBOL);
}

function refusalOf(work: () => unknown): Refusal | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function expectBalanced({ ledger, orders }: OrderDesk): void {
  for (const asset of ledger.assets) {
    const sum = (["account", "market", "fees"] as const).reduce((all, party) => all + ledger.holding(party, asset), 0n);
    expect(sum).toBe(0n);
    expect(ledger.free(asset)).toBeGreaterThanOrEqual(0n);
    const spending = orders.filter((each) => (each.side === "BUY" ? "USDT" : "BTC") === asset);
    expect(ledger.locked(asset)).toBe(spending.reduce((all, { locked }) => all + locked, 0n));
  }
}

function expectAgreement(desk: OrderDesk): void {
  expect(desk.trades.map(({ id }) => id)).toEqual(desk.trades.map((_, index) => index + 1));
  expect(desk.openOrders()).toEqual(desk.orders.filter(isOpen));
  for (const each of desk.orders) {
    const trades = desk.trades.filter(({ orderId }) => orderId === each.id);
    expect(trades.reduce((sum, { quantity }) => sum + quantity, 0n)).toBe(each.executed);
    expect(remaining(each)).toBeGreaterThanOrEqual(0n);
    if (each.status === "FILLED") expect(remaining(each)).toBe(0n);
    if (!isOpen(each)) expect(each.locked).toBe(0n);
  }
  const bought = desk.trades.reduce((sum, { side: of, quantity }) => sum + (of === "BUY" ? quantity : -quantity), 0n);
  expect(desk.ledger.holding("account", "BTC")).toBe(amountOf(OPENING.BTC) + bought);
}

function pictureOf({ orders, trades, ledger }: OrderDesk, executions: readonly Seen[]) {
  const balances = ledger.assets.map((asset) => [asset, ledger.free(asset), ledger.locked(asset)]);
  return structuredClone({ orders, trades, balances, executions });
}
