/** Orders, fills and positions: every lot and money unit accounted for, in whatever order reports come. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Engine, makeInstrument } from "../engine/index.js";
import { Fill as EngineFill, FEE_MONEY, QTY_LOTS } from "../engine/orders/fill.js";
import { isWorking, ORDERS_MAX, ORDERS_WORKING_MAX, OrderTable } from "../engine/orders/order-table.js";
import { PositionTable } from "../engine/orders/position-table.js";
import { SEEN_TRADES_MAX, SeenTrades } from "../engine/orders/seen-trades.js";
import { OrderStatus, ReportKind, Side } from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import {
  BTC,
  engineAlone,
  fillReportAt,
  MS,
  orderReportAt,
  probe,
  START_US,
  takeAll,
  tradeAt,
} from "./support/engine.js";

const instrument = makeInstrument(BTC, 0);
const math = createMathCore();
const mulDivRound = (numbers: Float64Array): void => math.mulDivRoundIn(numbers);

describe("the order table", () => {
  const open = (table: OrderTable, qtyLots = 10, side: number = Side.Buy): number => {
    const row = table.allocate();
    table.side[row] = side;
    table.qtyLots[row] = qtyLots;
    table.setStatus(row, OrderStatus.Submitted);
    return row;
  };

  test("working quantity is what the working orders have left, through any moves", () => {
    const step = fc.record({
      order: fc.nat({ max: 9 }),
      status: fc.integer({ min: 1, max: 10 }),
      fill: fc.nat({ max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const table = new OrderTable(1, 1);
        const rows = Array.from({ length: 10 }, (_, index) => open(table, 100, index % 2 ? Side.Buy : Side.Sell));
        for (const { order, status, fill } of steps) {
          const row = rows[order];
          if (fill > 0 && fill <= table.remainingLots(row)) table.fill(row, Float64Array.of(fill), 0);
          table.setStatus(row, status);
        }
        const left = (side: number) =>
          rows
            .filter((row) => table.side[row] === side && isWorking(table.status[row]))
            .reduce((sum, row) => sum + table.remainingLots(row), 0);
        expect([table.workingBuyLots[0], table.workingSellLots[0]]).toEqual([left(Side.Buy), left(Side.Sell)]);
        expect([table.allBuyLots[0], table.allSellLots[0]]).toEqual([left(Side.Buy), left(Side.Sell)]);
        expect(table.working).toBe(rows.filter((row) => isWorking(table.status[row])).length);
      }),
    );
  });

  test("an order that goes on working keeps its row, and newer ids pass it over", () => {
    const table = new OrderTable(1, 1);
    const keeper = open(table);
    const id = table.id[keeper];
    for (let made = 0; made < 2 * ORDERS_MAX; made += 1) table.setStatus(open(table), OrderStatus.Canceled);
    expect([table.find(id), table.status[keeper]]).toEqual([keeper, OrderStatus.Submitted]);
    expect(table.working).toBe(1);
  });

  test("an id that is not among the rows finds nothing", () => {
    const table = new OrderTable(1, 1);
    const row = open(table);
    expect(table.find(table.id[row])).toBe(row);
    for (const id of [0, -1, 2, 1.5, Number.NaN, 1 + ORDERS_MAX]) expect(table.find(id)).toBe(-1);
  });

  test("a fill larger than what is left is a broken invariant", () => {
    const table = new OrderTable(1, 1);
    expect(() => table.fill(open(table, 5), Float64Array.of(6), 0)).toThrow("exceeds order");
  });
});

interface Fill {
  readonly side: number;
  readonly ticks: number;
  readonly lots: number;
  readonly fee: number;
}
const anyFill: fc.Arbitrary<Fill> = fc.record({
  side: fc.constantFrom(Side.Buy, Side.Sell),
  ticks: fc.integer({ min: 1, max: 10_000_000 }),
  lots: fc.integer({ min: 1, max: 100_000 }),
  fee: fc.integer({ min: -1_000, max: 1_000_000 }),
});

/** The same rules over BigInt: cost released in proportion, half away from zero, the last lot releases the rest. */
function positionOf(fills: readonly Fill[]) {
  let [lots, cost, realised, fees, cash] = [0n, 0n, 0n, 0n, 0n];
  const unit = BigInt(instrument.moneyPerTickLot);
  for (const fill of fills) {
    const sign = fill.side === Side.Buy ? 1n : -1n;
    const [quantity, price] = [BigInt(fill.lots), BigInt(fill.ticks)];
    const held = lots < 0n ? -lots : lots;
    const closing = lots * sign < 0n ? (held < quantity ? held : quantity) : 0n;
    if (closing > 0n) {
      const magnitude = cost < 0n ? -cost : cost;
      const released = closing === held ? magnitude : (magnitude * closing * 2n + held) / (held * 2n);
      realised += -sign * (price * closing * unit - released);
      cost += sign * released;
      lots += sign * closing;
    }
    lots += sign * (quantity - closing);
    cost += sign * price * (quantity - closing) * unit;
    fees += BigInt(fill.fee);
    cash -= sign * price * quantity * unit;
  }
  return { lots, cost, realised, fees, cash };
}

function fillOf(priceTicks: number, lots: number, fee: number): EngineFill {
  const fill = new EngineFill();
  fill.priceTicks = priceTicks;
  fill.figures[QTY_LOTS] = lots;
  fill.figures[FEE_MONEY] = fee;
  return fill;
}

function tableAfter(fills: readonly Fill[]): PositionTable {
  const table = new PositionTable(1, [instrument], mulDivRound);
  for (const { side, ticks, lots, fee } of fills) table.applyFill(0, 0, side, fillOf(ticks, lots, fee));
  return table;
}

describe("a position", () => {
  test("equals the same rules over BigInt, and no money is made or lost: cash = realised − cost", () => {
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 40 }), (fills) => {
        const table = tableAfter(fills);
        const exact = positionOf(fills);
        const held = [table.lots[0], table.costMoney[0], table.realisedMoney[0], table.feesMoney[0]].map((value) =>
          BigInt(value),
        );
        expect(held).toEqual([exact.lots, exact.cost, exact.realised, exact.fees]);
        expect(exact.cash).toBe(held[2] - held[1]);
      }),
      { numRuns: 500 },
    );
  });

  test("closing all of it leaves a cost of exactly zero, whatever rounding came before", () => {
    fc.assert(
      fc.property(fc.array(anyFill, { minLength: 1, maxLength: 30 }), (fills) => {
        const table = tableAfter(fills);
        const lots = table.lots[0];
        if (lots !== 0) table.applyFill(0, 0, lots > 0 ? Side.Sell : Side.Buy, fillOf(777, Math.abs(lots), 0));
        expect([table.lots[0], table.costMoney[0], table.averageTicks(0, 0)]).toEqual([0, 0, 0]);
      }),
      { numRuns: 500 },
    );
  });

  test("realised and unrealised together are the value at the mark less what was paid", () => {
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 20 }), fc.integer({ min: 1, max: 10_000_000 }), (fills, mark) => {
        const table = tableAfter(fills);
        const { lots, cash } = positionOf(fills);
        const total = BigInt(table.realisedMoney[0]) + BigInt(table.unrealisedMoney(0, 0, mark));
        expect(total).toBe(cash + lots * BigInt(mark) * BigInt(instrument.moneyPerTickLot));
      }),
    );
  });

  test("a value past 2^53 stops the engine instead of losing a unit", () => {
    expect(() => tableAfter([{ side: Side.Buy, ticks: 2 ** 31 - 1, lots: 2 ** 40, fee: 0 }])).toThrow("below 2^53");
  });
});

describe("fills", () => {
  const fills = [3, 5, 1, 7, 2, 4].map((lots, index) => ({
    lots,
    ticks: 10_000 + index * 13,
    tradeId: 100 + index,
    fee: index * 11,
  }));
  const total = fills.reduce((sum, { lots }) => sum + lots, 0);

  /** An engine whose strategy sent one buy of `qty` lots on the first trade. */
  function withOrder(qty: number): Engine {
    const { engine } = engineAlone([
      probe({
        init: () => ({ sent: 0 }),
        onTrade: (ctx, state) => {
          state.sent ||= ctx.submit({ side: "buy", qty: qty / 1_000, price: 101 });
        },
      }),
    ]);
    takeAll(engine, [tradeAt(START_US + MS, 10_000, 1)]);
    expect(engine.ordersSent).toBe(1);
    return engine;
  }

  test("in any order, and reported twice, end in the same position and a filled order", () => {
    const seen = new Set<string>();
    for (const order of permutations([0, 1, 2, 3, 4, 5])) {
      const engine = withOrder(total);
      const twice = order.flatMap((index) => [fills[index], fills[order[0]]]);
      takeAll(
        engine,
        twice.map(({ lots, ticks, tradeId, fee }) =>
          fillReportAt(START_US + 2 * MS, { orderId: 1, tradeId, qtyLots: lots, priceTicks: ticks, feeMoney: fee }),
        ),
      );
      const { lots, costMoney, realisedMoney, feesMoney } = engine.positions;
      seen.add(
        JSON.stringify([
          lots[0],
          costMoney[0],
          realisedMoney[0],
          feesMoney[0],
          engine.orders.status[1],
          engine.orders.working,
          engine.fills,
        ]),
      );
    }
    const cost = fills.reduce((sum, { lots, ticks }) => sum + lots * ticks * 1_000, 0);
    expect([...seen]).toEqual([JSON.stringify([total, cost, 0, 165, OrderStatus.Filled, 0, 6])]);
  }, 20_000);

  test("a late fill is booked, and the order that had ended stays ended", () => {
    const engine = withOrder(10);
    takeAll(engine, [
      orderReportAt(START_US + 2 * MS, 1, ReportKind.Canceled),
      fillReportAt(START_US + 3 * MS, { orderId: 1, tradeId: 1, qtyLots: 4, priceTicks: 10_000 }),
    ]);
    expect([
      engine.positions.lots[0],
      engine.orders.status[1],
      engine.orders.working,
      engine.orders.workingBuyLots[0],
    ]).toEqual([4, OrderStatus.Canceled, 0, 0]);
  });

  test("a fill before its order's acceptance counts, and the acceptance does not undo it", () => {
    const engine = withOrder(10);
    takeAll(engine, [
      fillReportAt(START_US + 2 * MS, { orderId: 1, tradeId: 1, qtyLots: 4, priceTicks: 10_000 }),
      orderReportAt(START_US + 3 * MS, 1, ReportKind.Accepted),
    ]);
    expect([engine.orders.status[1], engine.orders.workingBuyLots[0]]).toEqual([OrderStatus.PartiallyFilled, 6]);
  });

  test.each([
    ["of an order we do not know", { orderId: 77, tradeId: 1, qtyLots: 1, priceTicks: 10_000 }],
    ["larger than its order", { orderId: 1, tradeId: 1, qtyLots: 11, priceTicks: 10_000 }],
    ["of nothing", { orderId: 1, tradeId: 1, qtyLots: 0, priceTicks: 10_000 }],
    ["of half a lot", { orderId: 1, tradeId: 1, qtyLots: 0.5, priceTicks: 10_000 }],
    ["of a negative quantity", { orderId: 1, tradeId: 1, qtyLots: -1, priceTicks: 10_000 }],
  ])("a fill %s changes nothing and is put on record", (_what, fill) => {
    const { engine, recording } = engineAlone([
      probe({ onTrade: (ctx) => void ctx.submit({ side: "buy", qty: "0.010", price: 101 }) }),
    ]);
    takeAll(engine, [tradeAt(START_US + MS, 10_000, 1), fillReportAt(START_US + 2 * MS, fill)]);
    expect([engine.ordersSent, engine.positions.lots[0], engine.fills, engine.orders.filledLots[1]]).toEqual([
      1, 0, 0, 0,
    ]);
    expect(recording.ofType("StrategyLog").map(({ text }) => text)).toEqual([
      "fill 1 fits no known order; it was not applied",
    ]);
  });

  test("a fill told again after its order is filled is no stray", () => {
    const { engine, recording } = engineAlone([
      probe({ onTrade: (ctx) => void ctx.submit({ side: "buy", qty: "0.010", price: 101 }) }),
    ]);
    const fill = fillReportAt(START_US + 2 * MS, { orderId: 1, tradeId: 9, qtyLots: 10, priceTicks: 10_000 });
    takeAll(engine, [tradeAt(START_US + MS, 10_000, 1), fill, fill]);
    expect([engine.fills, recording.ofType("StrategyLog")]).toEqual([1, []]);
  });
});

describe("reports on an order", () => {
  const after = (...kinds: number[]): number => {
    const { engine } = engineAlone([
      probe({ onTrade: (ctx) => void ctx.submit({ side: "buy", qty: "0.010", price: 101 }) }),
    ]);
    takeAll(engine, [
      tradeAt(START_US + MS, 10_000, 1),
      ...kinds.map((kind) => orderReportAt(START_US + 2 * MS, 1, kind)),
    ]);
    return engine.orders.status[1];
  };

  test.each([
    ["Accepted", [ReportKind.Accepted], OrderStatus.Accepted],
    ["Rejected", [ReportKind.Rejected], OrderStatus.Rejected],
    ["Expired", [ReportKind.Accepted, ReportKind.Expired], OrderStatus.Expired],
    ["a report after the end", [ReportKind.Canceled, ReportKind.Accepted], OrderStatus.Canceled],
    ["an unknown kind", [ReportKind.Accepted, 99], OrderStatus.Accepted],
  ])("%s", (_name, kinds, status) => {
    expect(after(...kinds)).toBe(status);
  });

  test("only the venue's word ends the doubt about an unknown order, which works until then", () => {
    const { engine } = engineAlone([
      probe({ onTrade: (ctx) => void ctx.submit({ side: "buy", qty: "0.010", price: 101 }) }),
    ]);
    takeAll(engine, [tradeAt(START_US + MS, 10_000, 1)]);
    engine.orders.setStatus(1, OrderStatus.Unknown);
    expect(engine.orders.workingBuyLots[0]).toBe(10);
    takeAll(engine, [orderReportAt(START_US + 2 * MS, 1, ReportKind.Accepted)]);
    expect(engine.orders.status[1]).toBe(OrderStatus.Accepted);
  });
});

test("seen trades forget the oldest first, and only when full", () => {
  const seen = new SeenTrades(2);
  for (let id = 0; id <= SEEN_TRADES_MAX; id += 1) seen.add(0, id);
  expect([seen.size, seen.has(0, 0), seen.has(0, 1), seen.has(0, SEEN_TRADES_MAX)]).toEqual([
    SEEN_TRADES_MAX,
    false,
    true,
    true,
  ]);
});

test("the bound on working orders keeps a cancellation of all within one input's output", () => {
  expect(ORDERS_WORKING_MAX).toBeLessThan(ORDERS_MAX / 2);
});

function permutations(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((first) =>
    permutations(values.filter((value) => value !== first)).map((rest) => [first, ...rest]),
  );
}
