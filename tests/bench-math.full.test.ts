/**
 * The math core's benchmark in miniature: every indicator has series to run on, results have their shape, goals without
 * peers are undecided, and contestants that compute different things are found out. How fast anything is decides
 * nothing.
 */
import { describe, expect, test } from "vitest";
import { Peers } from "../bench/fabric/peers.js";
import { assertSame, Contest, geometricMeans } from "../bench/math/contest.js";
import { goalsOfMath, type MathPlans, type MathResult, measureMath } from "../bench/math/math.js";
import { MathPeers } from "../bench/math/peers.js";
import { barsOf, regimesOf } from "../bench/math/series.js";
import { mathTables } from "../bench/math/tables.js";
import { renderText } from "../bench/table.js";
import { table } from "../wasm/index.js";

const ONCE = { rounds: 1, ms: 0.1 };
const PLANS: MathPlans = { indicators: ONCE, lanes: ONCE, streams: ONCE, regimes: ONCE, risk: ONCE };

describe("a run without peers", async () => {
  const context = { note: () => {}, peers: Peers.none(), mathPeers: MathPeers.none(), keep: () => {} };
  const result: MathResult = await measureMath(PLANS, context);

  test("measures every indicator of the table, as a batch and as a stream", () => {
    const measured = result.streams.indicators.filter(({ batchNs, streamNs }) => batchNs > 0 && streamNs > 0);
    expect(measured.map(({ indicator }) => indicator).sort()).toEqual(Object.keys(table).sort());
  });

  test("has each goal that wants a peer as undecided, with the reason, and judges the others", () => {
    const goals = goalsOfMath(result);
    expect(new Set(goals.map(({ id }) => id))).toEqual(new Set(["G11", "G12", "G13"]));
    const undecided = goals.filter((goal) => !("pass" in goal));
    expect(undecided.every((goal) => "reason" in goal && goal.reason.includes("--peers"))).toBe(true);
    expect(undecided.map(({ row }) => row)).toContain(
      "one series, EMA, RSI, MACD, Bollinger and ATR, over TA-Lib, geometric mean",
    );
    expect(undecided.map(({ row }) => row)).toContain("a million paths of five assets, over numpy");
  });

  test("simulates within three standard errors of the closed form", () => {
    const { valueAtRisk, closedForm, standardError } = result.risk;
    expect(Math.abs(valueAtRisk - closedForm)).toBeLessThan(3 * standardError);
  });

  test("can be shown", () => {
    expect(renderText(mathTables(result))).toContain("Indicators over one series of 100 000 bars, ns a bar");
  });
});

describe("a contest", () => {
  test("counts the time of each contestant in every round but the warm-up", async () => {
    const contest = new Contest({ rounds: 3, ms: 0.1 });
    const costs = await contest.run(async () => {
      contest.ours("slow", { elements: 1, call: () => [new Float64Array(1000).fill(1)] });
    });
    expect(costs.get("slow")).toHaveLength(3);
  });

  test("ends when two contestants come to different sums", () => {
    const answer = { elements: 4, calls: 1, seconds: 1 };
    expect(() => assertSame("x", { ...answer, sums: [1] }, { ...answer, sums: [1 + 1e-12] })).not.toThrow();
    expect(() => assertSame("x", { ...answer, sums: [1] }, { ...answer, sums: [1.001] })).toThrow(
      "x: output 0 sums to 1",
    );
    expect(() => assertSame("x", { ...answer, sums: [] }, { ...answer, sums: [1] })).toThrow("output 0");
  });

  test("takes the geometric mean of costs round by round", () => {
    const [first, second] = geometricMeans([
      [1, 10],
      [4, 1000],
    ]);
    expect(first).toBeCloseTo(2, 12);
    expect(second).toBeCloseTo(100, 10);
  });
});

test("the series are those that the peers make for themselves", () => {
  const { open, high, low, close, volume } = barsOf(1000);
  const ends = [open, high, low, close, volume].map((series) => series.at(-1));
  expect(ends).toEqual([100_015, 100_016, 100_015, 100_016, 594]);
  expect(regimesOf(1000).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0.05133136703685452, 15);
});
