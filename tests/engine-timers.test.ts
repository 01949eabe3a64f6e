/** Timers: fired by inputs, before the first at or past their moment, in the order of time, the same in every run. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { BTC, clockAt, MS, probe, SECOND, START_US, simulate, takeAll, tradeAt } from "./support/engine.js";

/** What happened, as a strategy saw it: [what, ms after the start]. */
function timeline(timers: readonly string[], inputsMs: readonly number[]) {
  const seen: [string, number][] = [];
  const strategy = probe({
    subscribe: [`trades:${BTC.id}`, ...timers.map((name) => `timer:${name}`)],
    onTrade: (ctx) => void seen.push(["trade", (ctx.timeUs - START_US) / MS]),
    onTimer: (ctx, _state, timer) => {
      expect(timer.dueUs).toBe(ctx.timeUs);
      seen.push([timer.name, (timer.dueUs - START_US) / MS]);
    },
  });
  const { simulation } = simulate([strategy]);
  takeAll(simulation, [clockAt(START_US), ...inputsMs.map((ms) => tradeAt(START_US + ms * MS, 10_000, 1))]);
  return seen;
}

test("a timer fires before the first input at or past its moment", () => {
  expect(timeline(["1s"], [999, 1_000, 1_500, 2_001])).toEqual([
    ["trade", 999],
    ["1s", 1_000],
    ["trade", 1_000],
    ["trade", 1_500],
    ["1s", 2_000],
    ["trade", 2_001],
  ]);
});

test("timers due before one input fire in the order of their moments, at one moment as subscribed", () => {
  expect(timeline(["2s", "500ms", "1s"], [2_000]).map(([name]) => name)).toEqual(["2s", "500ms", "1s", "trade"]);
  expect(timeline(["3s", "2s"], [3_500])).toEqual([
    ["2s", 2_000],
    ["3s", 3_000],
    ["trade", 3_500],
  ]);
});

test("after a silence each timer fires once, for its newest moment, and time never runs backwards", () => {
  expect(timeline(["1s", "5s", "700ms"], [63_000])).toEqual([
    ["5s", 60_000],
    ["700ms", expect.any(Number)],
    ["1s", 63_000],
    ["trade", 63_000],
  ]);
  const timer = fc.constantFrom("1ms", "7ms", "250ms", "1s", "5s", "1m", "1h");
  fc.assert(
    fc.property(
      fc.uniqueArray(timer, { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 12 }),
      (timers, gaps) => {
        let atMs = 0;
        const seen = timeline(
          timers,
          gaps.map((gap) => (atMs += gap)),
        );
        const times = seen.map(([, ms]) => ms);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(
          timeline(
            timers,
            gaps.map((_gap, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0)),
          ),
        ).toEqual(seen);
      },
    ),
    { numRuns: 60 },
  );
});

test("moments are whole multiples of the interval since the epoch, wherever a run starts", () => {
  const seen: number[] = [];
  const { simulation } = simulate([
    probe({ subscribe: [`trades:${BTC.id}`, "timer:5s"], onTimer: (ctx) => void seen.push(ctx.timeUs) }),
  ]);
  takeAll(simulation, [clockAt(START_US + 1_234), clockAt(START_US + 5 * SECOND), clockAt(START_US + 11 * SECOND)]);
  expect(seen).toEqual([START_US + 5 * SECOND, START_US + 10 * SECOND]);
});

test.each(["timer:0s", "timer:5", "timer:5d", "timer:1.5s", "timer:", "timer:-1s"])(
  "%s is refused at start with a word on how",
  (text) => {
    expect(() => simulate([probe({ subscribe: [`trades:${BTC.id}`, text] })])).toThrow(/timer:5s/);
  },
);
