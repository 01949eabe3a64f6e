/** What a parent has cost, by hand: signs, benchmarks, what was not done, and digits that cancel. */
import { expect, test } from "vitest";
import { exec, type ParentFills } from "../wasm/exec/index.js";

const fills: ParentFills = {
  ...{ side: "buy", lots: 100, arrivalTicks: 1000 },
  fillTicks: Float64Array.of(1001, 1003),
  fillLots: Float64Array.of(30, 50),
  ...{ fees: 40, marketLots: 720, marketVwapTicks: 1002, finalTicks: 1010 },
};

test("a buy that paid above arrival and left a part undone as the price rose", () => {
  const report = exec.parentReport(fills);
  expect(report).toMatchObject({ executedLots: 80, unfilledLots: 20, averageTicks: 1002.25, participation: 0.1 });
  expect(report.slippageTicks).toBe(2.25);
  expect(report.slippageBps).toBeCloseTo(22.5, 12);
  expect(report.vwapSlippageTicks).toBe(0.25);
  expect(report.vwapSlippageBps).toBeCloseTo((0.25 / 1002) * 1e4, 12);
  expect(report.shortfall).toBe(30 * 1 + 50 * 3 + 40 + 20 * 10);
  expect(report.shortfallBps).toBeCloseTo(42, 12);
});

test("the same of a sell has the other sign, fees apart", () => {
  const report = exec.parentReport({ ...fills, side: "sell" });
  expect(report).toMatchObject({ averageTicks: 1002.25, slippageTicks: -2.25, vwapSlippageTicks: -0.25 });
  expect(report.shortfall).toBe(-(30 + 150) + 40 - 200);
});

test("without a fill there is no average, and the shortfall is the move alone", () => {
  const none = { fillTicks: new Float64Array(0), fillLots: new Float64Array(0), fees: 0 };
  const report = exec.parentReport({ ...fills, ...none });
  expect(report.averageTicks).toBeNaN();
  expect(report).toMatchObject({ executedLots: 0, unfilledLots: 100, shortfall: 1000, participation: 0 });
  expect(exec.parentReport({ ...fills, ...none, marketLots: 0 }).participation).toBeNaN();
});

test("a small cost between large ones that cancel is not lost", () => {
  const report = exec.parentReport({
    ...fills,
    lots: 2 ** 52,
    fees: 0,
    fillTicks: Float64Array.of(1000 + 2 ** 20, 1000.125, 1000 - 2 ** 20),
    fillLots: Float64Array.of(2 ** 50, 1, 2 ** 50),
    finalTicks: 1000,
  });
  expect(report.shortfall).toBe(0.125);
});

test("more was filled than asked for: nothing is unfilled", () => {
  expect(exec.parentReport({ ...fills, lots: 70 })).toMatchObject({ executedLots: 80, unfilledLots: 0 });
});
