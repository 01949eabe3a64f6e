/** The simulated venue, by hand-made books and trades: who fills what, at which price, when, for which fee. */
import { describe, expect, test } from "vitest";
import type { StrategyContext } from "../engine/strategy/context.js";
import { FeedState, Liquidity, ReportKind, ReportReason, Side } from "../schemas/index.js";
import {
  clockAt,
  configAt,
  deltaAt,
  feedAt,
  type Level,
  type Message,
  MS,
  probe,
  quoteAt,
  type Recording,
  START_US,
  simulate,
  snapshotAt,
  takeAll,
  tradeAt,
} from "./support/engine.js";

const BIDS: readonly Level[] = [
  [9_990, 10],
  [9_980, 20],
  [9_970, 30],
];
const ASKS: readonly Level[] = [
  [10_000, 10],
  [10_010, 20],
  [10_020, 30],
];
const at = (ms: number): number => START_US + ms * MS;

type Act = (ctx: StrategyContext) => void;

/** A venue with the book above; `acts` run on the first, second, … trade of BTC at price 1, one every 100 ms. */
function run(acts: readonly Act[], messages: readonly Message[], live = true) {
  const strategy = probe({
    init: () => ({ next: 0 }),
    onTrade: (ctx, state, trade) => (trade.price < 1 ? acts[state.next++]?.(ctx) : undefined),
  });
  const { simulation, recording, config } = simulate([strategy], {
    risk: { maxPosition: "1000000", maxOrderValue: "1000000", maxDailyLoss: "1000000" },
  });
  const open = live ? [feedAt(START_US)] : [];
  takeAll(simulation, [
    configAt(START_US, config),
    snapshotAt(START_US, BIDS, ASKS),
    feedAt(START_US),
    quoteAt(START_US, 9_990, 10_000),
    ...open,
    ...messages,
  ]);
  return { recording, engine: simulation.engine };
}

/** A trade so far from the market that it fills nobody. */
const tick = (ms: number): Message => tradeAt(at(ms), 1, 1, Side.Buy);

/** Fills as [lots, price in ticks, liquidity, ms at the venue, ms at the engine]. */
const fillsOf = (recording: Recording) =>
  recording
    .ofType("FillReport")
    .map(({ body }) => [body.qtyLots, body.priceTicks, body.liquidity, msOf(body.venueTimeUs), msOf(body.timeUs)]);
const reportsOf = (recording: Recording) =>
  recording
    .ofType("OrderReport")
    .map(({ body }) => [body.kind, body.reason, msOf(body.venueTimeUs), msOf(body.timeUs)]);
const msOf = (timeUs: number): number => (timeUs - START_US) / MS;
const buy =
  (qty: string, price?: number, timeInForce?: "gtc" | "ioc" | "post-only"): Act =>
  (ctx) =>
    void ctx.submit({ side: "buy", qty, price, timeInForce });
const sell =
  (qty: string, price?: number, timeInForce?: "gtc" | "ioc" | "post-only"): Act =>
  (ctx) =>
    void ctx.submit({ side: "sell", qty, price, timeInForce });
const { Accepted, Canceled, CancelRejected, Expired, Rejected } = ReportKind;
const { None, NoLiquidity, NoMarket, UnknownOrder, WouldTake } = ReportReason;
const { Maker, Taker } = Liquidity;

describe("taking", () => {
  test("a market order walks the book, one fill a level", () => {
    const { recording } = run([buy("0.035")], [tick(100), clockAt(at(105)), clockAt(at(110))]);
    expect(fillsOf(recording)).toEqual([
      [10, 10_000, Taker, 105, 110],
      [20, 10_010, Taker, 105, 110],
      [5, 10_020, Taker, 105, 110],
    ]);
    expect(reportsOf(recording)).toEqual([[Accepted, None, 105, 110]]);
  });

  test("a market sell walks the bids", () => {
    const { recording } = run([sell("0.015")], [tick(100), clockAt(at(105)), clockAt(at(110))]);
    expect(fillsOf(recording).map(([lots, ticks]) => [lots, ticks])).toEqual([
      [10, 9_990],
      [5, 9_980],
    ]);
  });

  test("what a market order cannot get expires", () => {
    const { recording, engine } = run([buy("0.100")], [tick(100), clockAt(at(105)), clockAt(at(110))]);
    expect(fillsOf(recording).map(([lots]) => lots)).toEqual([10, 20, 30]);
    expect(reportsOf(recording)).toEqual([
      [Accepted, None, 105, 110],
      [Expired, NoLiquidity, 105, 110],
    ]);
    expect([engine.positions.lots[0], engine.orders.working]).toEqual([60, 0]);
  });

  test("a limit that crosses takes up to its price, then rests at it", () => {
    const { recording, engine } = run(
      [buy("0.040", 100.1)],
      [tick(100), clockAt(at(105)), clockAt(at(110)), tradeAt(at(120), 10_010, 4, Side.Sell), clockAt(at(130))],
    );
    expect(
      fillsOf(recording)
        .slice(0, 2)
        .map(([lots, ticks, liquidity]) => [lots, ticks, liquidity]),
    ).toEqual([
      [10, 10_000, Taker],
      [20, 10_010, Taker],
    ]);
    expect(fillsOf(recording).slice(2)).toEqual([[4, 10_010, Maker, 120, 125]]);
    expect(engine.orders.remainingLots(1)).toBe(6);
  });

  test("the rest of an immediate-or-cancel limit expires", () => {
    const { recording } = run([buy("0.040", 100.1, "ioc")], [tick(100), clockAt(at(105)), clockAt(at(110))]);
    expect(fillsOf(recording).map(([lots]) => lots)).toEqual([10, 20]);
    expect(reportsOf(recording).at(-1)).toEqual([Expired, NoLiquidity, 105, 110]);
  });

  test("a post-only order that would take is rejected; one that would not rests", () => {
    const { recording, engine } = run(
      [buy("0.010", 100, "post-only"), buy("0.010", 99.99, "post-only")],
      [tick(100), tick(200), clockAt(at(205)), clockAt(at(210))],
    );
    expect(reportsOf(recording).map(([kind, reason]) => [kind, reason])).toEqual([
      [Rejected, WouldTake],
      [Accepted, None],
    ]);
    expect([fillsOf(recording), engine.orders.working]).toEqual([[], 1]);
  });

  test("an order for a market that is not live at the venue is rejected", () => {
    const { recording } = run(
      [buy("0.010", 99)],
      [tick(100), feedAt(at(103), FeedState.Stale), clockAt(at(105)), clockAt(at(110))],
    );
    expect(reportsOf(recording)).toEqual([[Rejected, NoMarket, 105, 110]]);
  });
});

describe("resting", () => {
  /** A buy of 10 lots at 99.90, behind the 10 lots shown there. */
  const resting = (...messages: readonly Message[]) =>
    run([buy("0.010", 99.9)], [tick(100), clockAt(at(105)), ...messages, clockAt(at(900))]);
  const lotsAndTimes = (recording: Recording) =>
    fillsOf(recording).map(([lots, ticks, , venueMs]) => [lots, ticks, venueMs]);

  test("trades at its price eat the queue first", () => {
    const { recording } = resting(
      tradeAt(at(110), 9_990, 6, Side.Sell),
      tradeAt(at(120), 9_990, 7, Side.Sell),
      tradeAt(at(130), 9_990, 50, Side.Sell),
    );
    expect(lotsAndTimes(recording)).toEqual([
      [3, 9_990, 120],
      [7, 9_990, 130],
    ]);
  });

  test("a level that shrinks lets it forward, one that grows does not send it back", () => {
    const { recording } = resting(
      deltaAt(at(110), [[9_990, 2]], []),
      deltaAt(at(115), [[9_990, 90]], []),
      tradeAt(at(120), 9_990, 5, Side.Sell),
    );
    expect(lotsAndTimes(recording)).toEqual([[3, 9_990, 120]]);
  });

  test("a trade through its price fills it whatever the queue, up to what was traded", () => {
    const { recording } = resting(tradeAt(at(110), 9_989, 4, Side.Sell), tradeAt(at(120), 9_980, 40, Side.Sell));
    expect(lotsAndTimes(recording)).toEqual([
      [4, 9_990, 110],
      [6, 9_990, 120],
    ]);
  });

  test("trades of buyers, above its price, or of another instrument leave it alone", () => {
    const { recording } = resting(
      tradeAt(at(110), 9_990, 99, Side.Buy),
      tradeAt(at(120), 9_991, 99, Side.Sell),
      tradeAt(at(130), 9_000, 99, Side.Sell, 1),
    );
    expect(lotsAndTimes(recording)).toEqual([]);
  });

  test("the opposite side crossing its price fills it with what crosses", () => {
    const { recording } = resting(
      deltaAt(
        at(110),
        [],
        [
          [9_990, 4],
          [9_985, 3],
          [9_991, 50],
        ],
      ),
    );
    expect(lotsAndTimes(recording)).toEqual([[7, 9_990, 110]]);
  });

  test("orders of ours at one price share a trade, the older first: no more is filled than was traded", () => {
    const both: Act = (ctx) => [1, 2].forEach(() => void ctx.submit({ side: "buy", qty: "0.010", price: 99.95 }));
    const { recording } = run(
      [both],
      [tick(100), clockAt(at(105)), tradeAt(at(110), 9_995, 14, Side.Sell), clockAt(at(900))],
    );
    expect(recording.ofType("FillReport").map(({ body }) => [body.orderId, body.qtyLots])).toEqual([
      [1, 10],
      [2, 4],
    ]);
  });

  test("a better price of ours fills before an older, worse one", () => {
    const both: Act = (ctx) => [99.92, 99.95].forEach((price) => void ctx.submit({ side: "buy", qty: "0.010", price }));
    const { recording } = run(
      [both],
      [tick(100), clockAt(at(105)), tradeAt(at(110), 9_992, 12, Side.Sell), clockAt(at(900))],
    );
    expect(recording.ofType("FillReport").map(({ body }) => [body.orderId, body.qtyLots])).toEqual([
      [2, 10],
      [1, 2],
    ]);
  });
});

describe("cancelling", () => {
  test("takes a resting order out, once the cancel has arrived", () => {
    const { recording, engine } = run(
      [buy("0.010", 99.95), (ctx) => void ctx.cancel(1)],
      [
        tick(100),
        clockAt(at(110)),
        tick(200),
        tradeAt(at(204), 9_995, 3, Side.Sell),
        tradeAt(at(206), 9_995, 99, Side.Sell),
        clockAt(at(900)),
      ],
    );
    expect(fillsOf(recording).map(([lots, , , ms]) => [lots, ms])).toEqual([[3, 204]]);
    expect(reportsOf(recording).at(-1)).toEqual([Canceled, None, 205, 211]);
    expect([engine.orders.working, engine.orders.filledLots[1]]).toEqual([0, 3]);
  });

  test("of an order that is gone is rejected", () => {
    const { recording } = run(
      [buy("0.010", 99.95), (ctx) => void ctx.cancel(1)],
      [
        tick(100),
        clockAt(at(110)),
        tick(200),
        tradeAt(at(203), 9_995, 50, Side.Sell),
        clockAt(at(205)),
        clockAt(at(900)),
      ],
    );
    expect(reportsOf(recording).at(-1)).toEqual([CancelRejected, UnknownOrder, 205, 210]);
  });
});

describe("latency", () => {
  test("a command acts before the first record at or past its moment, on the book as it was then", () => {
    const gone = deltaAt(at(105), [], [[10_000, 0]]);
    const early = run(
      [buy("0.005")],
      [tick(100), deltaAt(at(104), [], [[10_000, 0]]), clockAt(at(900)), clockAt(at(950))],
    );
    const late = run([buy("0.005")], [tick(100), gone, clockAt(at(900)), clockAt(at(950))]);
    expect(fillsOf(early.recording).map(([, ticks]) => ticks)).toEqual([10_010]);
    expect(fillsOf(late.recording).map(([, ticks]) => ticks)).toEqual([10_000]);
  });

  test("a report reaches the engine before the first input at or past its moment, not sooner", () => {
    const { recording } = run([buy("0.005")], [tick(100), clockAt(at(105)), clockAt(at(109)), clockAt(at(111))]);
    const inputs = recording.decoded
      .filter(({ index, timeUs }) => index === 0 && timeUs > at(100))
      .map(({ type, timeUs }) => [type, msOf(timeUs)]);
    expect(inputs).toEqual([
      ["Clock", 105],
      ["Clock", 109],
      ["OrderReport", 110],
      ["FillReport", 110],
      ["Clock", 111],
    ]);
  });

  test("is the configured one, each way its own", () => {
    const strategy = probe({
      onTrade: (ctx) => void (ctx.position.isFlat && ctx.submit({ side: "buy", qty: "0.005" })),
    });
    const { simulation, recording, config } = simulate([strategy], {
      paper: { orderLatencyUs: 30 * MS, reportLatencyUs: 2 * MS },
    });
    takeAll(simulation, [
      configAt(START_US, config),
      snapshotAt(START_US, BIDS, ASKS),
      feedAt(START_US),
      quoteAt(START_US, 9_990, 10_000),
    ]);
    takeAll(simulation, [tradeAt(at(100), 10_000, 1), clockAt(at(129)), clockAt(at(130)), clockAt(at(132))]);
    expect(fillsOf(recording)).toEqual([[5, 10_000, Taker, 130, 132]]);
  });
});

test("the taker and the maker pay their own fee, on the value, to the money unit", () => {
  const { recording } = run(
    [buy("0.007"), buy("0.007", 99.95)],
    [tick(100), clockAt(at(110)), tick(200), clockAt(at(205)), tradeAt(at(210), 9_995, 7, Side.Sell), clockAt(at(900))],
  );
  const money = recording.ofType("FillReport").map(({ body }) => body.feeMoney);
  expect(money).toEqual([(7 * 10_000 * 1_000 * 1_000) / 1e6, (7 * 9_995 * 1_000 * 200) / 1e6]);
});
