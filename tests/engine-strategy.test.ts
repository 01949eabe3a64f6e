/** Strategy code: what it may not touch, what is said when it tries, and that its faults stay its own. */
import { describe, expect, test } from "vitest";
import { ConfigError, defineStrategy, type Engine, loadStrategy, type StrategyDefinition } from "../engine/index.js";
import { ORDERS_PER_EVENT_MAX } from "../engine/strategy/context.js";
import { OrderStatus } from "../schemas/index.js";
import { createDeterministicMath, createMathCore } from "../wasm/index.js";
import {
  BTC,
  ETH,
  engineAlone,
  fillReportAt,
  MS,
  probe,
  type Recording,
  START_US,
  takeAll,
  tradeAt,
} from "./support/engine.js";

const math = createDeterministicMath(createMathCore());
const load = (bundle: string): StrategyDefinition => loadStrategy(bundle, "mine.ts", math);
/** A bundle whose trade handler runs `body`. */
const withHandler = (body: string): StrategyDefinition =>
  load(`exports.default = { id: "mine", subscribe: ["trades:${BTC.id}"], onTrade(ctx, state, trade) { ${body} } };`);

/** What the log says after one trade. */
function faultOf(definition: StrategyDefinition): string {
  const { engine, recording } = engineAlone([definition]);
  takeAll(engine, [tradeAt(START_US + MS, 10_000, 1)]);
  expect(engine.strategies[0].enabled).toBe(false);
  return logsOf(recording).at(-1)!;
}

const logsOf = (recording: Recording): string[] => recording.ofType("StrategyLog").map(({ text }) => text);

describe("a forbidden global", () => {
  test.each([
    ["new Date()", "Date", "ctx.timeUs"],
    ["Date.now()", "Date", "ctx.timeUs"],
    ["Date()", "Date", "ctx.timeUs"],
    ["performance.now()", "performance", "ctx.timeUs"],
    ["setTimeout(() => {}, 1)", "setTimeout", 'a timer such as "timer:5s"'],
    ["setInterval(() => {}, 1)", "setInterval", 'a timer such as "timer:5s"'],
    ["queueMicrotask(() => {})", "queueMicrotask", "handlers are synchronous"],
    ["Promise.resolve()", "Promise", "handlers are synchronous"],
    ["new Promise(() => {})", "Promise", "handlers are synchronous"],
    ["process.env.HOME", "process", "ctx alone"],
    ["process.exit(3)", "process", "ctx alone"],
    ["globalThis.x = 1", "globalThis", "ctx alone"],
    ["'x' in globalThis", "globalThis", "ctx alone"],
    ["Object.keys(globalThis)", "globalThis", "ctx alone"],
    ["delete globalThis.x", "globalThis", "ctx alone"],
    ["Object.getPrototypeOf(globalThis)", "globalThis", "ctx alone"],
    ["fetch('http://x')", "fetch", "ctx alone"],
    ["crypto.getRandomValues(new Uint8Array(1))", "crypto", "ctx.random()"],
    ["console.log(1)", "console", "ctx.log"],
    ["new Function('return 1')", "Function", "cannot be journaled"],
    ["Function('return 1')", "Function", "cannot be journaled"],
    ["new WeakRef({})", "WeakRef", "ctx alone"],
    ["new Worker('x')", "Worker", "ctx alone"],
    ["Atomics.load(new Int32Array(1), 0)", "Atomics", "handlers are synchronous"],
  ])("%s in a handler switches the strategy off and says what to use", (code, word, remedy) => {
    const fault = faultOf(withHandler(code));
    expect(fault).toContain(`onTrade failed and is switched off: ${word} is not available to strategy mine.ts`);
    expect(fault).toContain(remedy);
  });

  test("Math.random names the seeded generator", () => {
    expect(faultOf(withHandler("Math.random()"))).toContain("ctx.random()");
  });

  test("at load is an error that names the strategy", () => {
    expect(() => load("const now = Date.now();")).toThrow(
      "strategy mine.ts failed to load: Date is not available to strategy mine.ts",
    );
  });

  test("is not reached through a plain function's this", () => {
    expect(faultOf(withHandler("(function () { this.process.exit(3); })()"))).toContain("a TypeError");
  });

  test("may be a local name of the strategy's own", () => {
    const definition = load(
      `const window = 20, self = 1; let process = window;
       exports.default = { id: "mine", subscribe: [], params: { n: process + self } };`,
    );
    expect(definition.params).toEqual({ n: 21 });
  });
});

describe("a strategy's Math", () => {
  test("is the deterministic one, and nobody else's is touched", () => {
    const definition = load(
      `exports.default = { id: "mine", subscribe: [], init() { return [Math, Math.pow(1.1, 2.5), Math.exp(1)]; } };`,
    );
    expect(definition.init!(undefined as never)).toEqual([math, math.pow(1.1, 2.5), math.exp(1)]);
    expect(math).not.toBe(Math);
    expect(Math.random()).toBeLessThan(1);
  });
});

describe("what a file may be", () => {
  const file = (members: string): string =>
    `exports.default = { id: "mine", subscribe: ["trades:${BTC.id}"], ${members} };`;
  test.each([
    ["nothing exported", "1;", "exports no strategy; end the file with: export default defineStrategy({ … })"],
    ["a function exported", "exports.default = () => {};", "exports no strategy"],
    [
      "a bad id",
      `exports.default = { id: "My Strategy", subscribe: [] };`,
      'id must be 1 to 32 of a-z, 0-9 and "-", was My Strategy',
    ],
    [
      "no subscriptions",
      `exports.default = { id: "mine" };`,
      'subscribe must be a list such as ["trades:BTC/USDT.BINANCE"]',
    ],
    ["an async handler", file("async onTrade() {}"), "onTrade is async or a generator; handlers are synchronous"],
    ["a generator handler", file("*onTrade() {}"), "onTrade is async or a generator; handlers are synchronous"],
    ["an async generator", file("async *onTrade() {}"), "onTrade is async or a generator; handlers are synchronous"],
    ["an unknown handler", file("onTick() {}"), 'has "onTick", which is not a handler; there are init, onTrade'],
    ["a handler that is no function", file("onTrade: 5"), "onTrade must be a function"],
    ["params that are no object", file("params: [1]"), "params must be an object of strings, numbers and booleans"],
    ["nested params", file("params: { a: {} }"), "params must be an object of strings, numbers and booleans"],
    ["a throw at load", "throw new Error('no luck');", "failed to load: no luck"],
    ["a syntax error", "exports.default = {", "failed to load"],
    ["an import of node", `require("node:fs");`, 'imports "node:fs"; it may import sluice and its own files'],
    ["an import of a name from Object", `require("toString");`, 'imports "toString"'],
  ])("%s is refused", (_what, text, message) => {
    expect(() => load(text)).toThrow(ConfigError);
    expect(() => load(text)).toThrow(message);
  });

  test("sluice gives defineStrategy and nothing that could be changed for others", () => {
    const definition = load(
      `const s = require("sluice");
       exports.default = s.defineStrategy({ id: "mine", subscribe: [], params: { frozen: Object.isFrozen(s) } });`,
    );
    expect(definition).toMatchObject({ id: "mine", params: { frozen: true } });
    expect(defineStrategy({ id: "x", params: {}, subscribe: [] })).toEqual({ id: "x", params: {}, subscribe: [] });
  });

  test.each([
    [
      { fast: 5 },
      { id: "mine", bundle: "", params: { slow: 1 } },
      'strategy mine has no parameter "slow"; it has fast',
    ],
    [{ fast: 5 }, { id: "mine", bundle: "", params: { toString: 1 } }, 'strategy mine has no parameter "toString"'],
    [
      { fast: 5 },
      { id: "mine", bundle: "", params: { fast: "5" } },
      "parameter fast of mine is a number, was string (5)",
    ],
  ])("parameters %j under %j", (params, strategy, message) => {
    expect(() => engineAlone([probe({ id: "mine", params })], { strategies: [strategy] })).toThrow(message);
  });

  test.each([
    ["trades:SOL/USDT.BINANCE", `but the instruments are ${BTC.id}, ${ETH.id}`],
    ["candles:BTC/USDT.BINANCE", "there are trades:ID, quotes:ID, book:ID and timer:5s"],
    ["timer:5s", "subscribes to no instrument"],
  ])("a subscription to %s alone is refused", (text, message) => {
    expect(() => engineAlone([probe({ subscribe: [text] })])).toThrow(message);
  });
});

describe("a fault in a handler", () => {
  const counter = probe({
    id: "other",
    init: () => ({ trades: 0 }),
    onTrade: (_ctx, state) => void (state.trades += 1),
  });

  /** Rests an order on the first trade, fails on the second. */
  const failing = (fail: () => unknown): StrategyDefinition =>
    probe({
      init: () => ({ order: 0 }),
      onTrade: (ctx, state) =>
        state.order ? fail() : void (state.order = ctx.submit({ side: "buy", qty: 1, price: 90 })),
    });

  test.each([
    [
      "an error",
      () => {
        throw new Error("my bug");
      },
      "my bug",
    ],
    [
      "a string",
      () => {
        throw "just text";
      },
      "just text",
    ],
    [
      "nothing",
      () => {
        throw undefined;
      },
      "undefined",
    ],
    [
      "a value without words",
      () => {
        throw Object.create(null);
      },
      "it threw a value that cannot be shown",
    ],
    [
      "endless recursion",
      function again(): void {
        again();
      },
      "a RangeError",
    ],
    ["a promise in return", () => Promise.resolve(), "the handler returned a promise; handlers are synchronous"],
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    ["a thenable in return", () => ({ then: () => undefined }), "the handler returned a promise"],
  ])("%s: the strategy is off, its orders are cancelled, the others go on", (_what, fail, reason) => {
    const { engine, recording } = engineAlone([failing(fail), counter]);
    takeAll(
      engine,
      [1, 2, 3].map((ms) => tradeAt(START_US + ms * MS, 10_000, 1)),
    );
    expect(logsOf(recording)).toEqual([expect.stringContaining(`onTrade failed and is switched off: `)]);
    expect(logsOf(recording)[0]).toContain(reason);
    expect(recording.ofType("CancelOrder").map(({ body, sequence }) => [body.orderId, sequence])).toEqual([[1, 6]]);
    expect(engine.orders.status[1]).toBe(OrderStatus.PendingCancel);
    expect([engine.strategies.map(({ enabled }) => enabled), engine.strategies[1].state]).toEqual([
      [false, true],
      { trades: 3 },
    ]);
  });

  test("in init leaves it off from the start", () => {
    const { engine, recording } = engineAlone([probe({ init: (ctx) => ctx.ta.ema(0) }), counter]);
    takeAll(engine, [tradeAt(START_US + MS, 10_000, 1)]);
    expect(logsOf(recording)[0]).toContain("init failed and is switched off: ");
    expect(engine.strategies.map(({ enabled }) => enabled)).toEqual([false, true]);
  });

  test("a fill of an order sent before the fault is still booked", () => {
    const { engine } = engineAlone([
      failing(() => {
        throw new Error("my bug");
      }),
    ]);
    takeAll(engine, [tradeAt(START_US + MS, 10_000, 1), tradeAt(START_US + 2 * MS, 10_000, 1)]);
    takeAll(engine, [fillReportAt(START_US + 3 * MS, { orderId: 1, tradeId: 1, qtyLots: 400, priceTicks: 9_000 })]);
    expect([engine.positions.lots[0], engine.orders.status[1]]).toEqual([400, OrderStatus.PendingCancel]);
  });

  test("more orders in one event than allowed is one, and those that were sent are cancelled", () => {
    const { engine, recording } = engineAlone([
      probe({
        onTrade: (ctx) => {
          for (;;) ctx.submit({ side: "buy", qty: "0.010", price: 90 });
        },
      }),
    ]);
    takeAll(engine, [tradeAt(START_US + MS, 10_000, 1)]);
    expect(logsOf(recording)).toEqual([
      expect.stringContaining(`a strategy may send ${ORDERS_PER_EVENT_MAX} orders in one event`),
    ]);
    expect([engine.ordersSent, recording.ofType("CancelOrder").length]).toEqual([
      ORDERS_PER_EVENT_MAX,
      ORDERS_PER_EVENT_MAX,
    ]);
  });

  test("more log lines in one event than allowed is one", () => {
    const { engine, recording } = engineAlone([
      probe({
        onTrade: (ctx) => {
          for (;;) ctx.log.info("again");
        },
      }),
    ]);
    takeAll(engine, [tradeAt(START_US + MS, 10_000, 1)]);
    expect(logsOf(recording).at(-1)).toContain("16 log lines in one event");
  });

  test.each([
    [{ side: "hold", qty: 1 }, 'side must be "buy" or "sell", was hold'],
    [{ side: "buy", qty: 1, timeInForce: "day" }, 'timeInForce must be "gtc", "ioc" or "post-only", was day'],
    [{ side: "buy", qty: "a lot" }, "qty must be a non-negative number or decimal text, was a lot"],
    [{ side: "buy", qty: 1, price: Number.NaN }, "price must be a non-negative number or decimal text, was NaN"],
    [
      { side: "buy", qty: 1, instrument: "DOGE/USDT.BINANCE" },
      `unknown instrument "DOGE/USDT.BINANCE"; there are ${BTC.id}, ${ETH.id}`,
    ],
  ])("an order such as %j is one, and named", (request, message) => {
    expect(faultOf(probe({ onTrade: (ctx) => void ctx.submit(request as never) }))).toContain(message);
  });

  test("a broken invariant of the engine is not a strategy's fault: it stops the engine", () => {
    const { engine } = engineAlone([probe({ onTrade: (ctx) => void ctx.submit({ side: "buy", qty: 1, price: 90 }) })]);
    breakLog(engine);
    expect(() => takeAll(engine, [tradeAt(START_US + MS, 10_000, 1)])).toThrow("no room in the log");
    expect(engine.strategies[0].enabled).toBe(true);
  });
});

/** From now on the log takes inputs and refuses outputs. */
function breakLog({ log }: Engine): void {
  const claim = log.claim.bind(log);
  log.claim = (type, index, ...rest) => (index > 0 ? -1 : claim(type, index, ...rest));
}

describe("a strategy's view", () => {
  test("is its own: another strategy's orders and position are not there", () => {
    const seen: unknown[] = [];
    const first = probe({ onTrade: (ctx) => void ctx.submit({ side: "buy", qty: 1, price: 90 }) });
    const second = probe({
      id: "other",
      onTrade: (ctx) => void seen.push(ctx.order(1), ctx.isWorking(1), ctx.cancel(1), ctx.position.isFlat),
    });
    const { engine } = engineAlone([first, second]);
    takeAll(engine, [tradeAt(START_US + MS, 10_000, 1)]);
    expect(seen).toEqual([null, false, false, true]);
    expect(engine.orders.status[1]).toBe(OrderStatus.Submitted);
  });

  test("draws the same random numbers in every run, others for another seed or strategy", () => {
    const draw = (seed: number, id: string): number[] => {
      const seen: number[] = [];
      const strategies = [probe({ id: "first" }), probe({ id: "second" })].map((each) =>
        each.id === id ? { ...each, onTrade: (ctx: { random(): number }) => void seen.push(ctx.random()) } : each,
      );
      const { engine } = engineAlone(strategies as StrategyDefinition[], { seed });
      takeAll(
        engine,
        [1, 2, 3].map((ms) => tradeAt(START_US + ms * MS, 10_000, 1)),
      );
      return seen;
    };
    expect(draw(7, "first")).toEqual(draw(7, "first"));
    expect(
      new Set([...draw(7, "first"), ...draw(8, "first"), ...draw(7, "second"), ...draw(7 + 2 ** 32, "first")]).size,
    ).toBe(12);
  });

  test("an account in another currency than an instrument's quote is refused", () => {
    expect(() => engineAlone([], { currency: "EUR" })).toThrow(`${BTC.id} is quoted in USDT; the account is in EUR`);
  });
});
