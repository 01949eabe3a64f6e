/** Goals: when a row passes, which row stands for its goal, and what becomes of one that could not be measured. */
import { describe, expect, test } from "vitest";
import { type GoalRow, goalTable, judge, judgeFigure, verdictsOf } from "../bench/goal.js";
import { renderText } from "../bench/table.js";

const atLeast = (row: string, goal: number): GoalRow => ({ id: "G2", row, goal, better: "higher" });
const atMost = (row: string, goal: number): GoalRow => ({ id: "G1", row, goal, better: "lower" });
const ratio = (median: number, low: number, high: number) => ({ median, low, high });

describe("a row", () => {
  test("of the kind that should be high passes by the low end of its interval", () => {
    expect(judge(atLeast("x", 1), ratio(1.2, 1, 1.4)).pass).toBe(true);
    expect(judge(atLeast("x", 1), ratio(1.2, 0.99, 1.4)).pass).toBe(false);
  });

  test("of the kind that should be low passes by the high end of its interval", () => {
    expect(judge(atMost("x", 1.1), ratio(1, 0.9, 1.1)).pass).toBe(true);
    expect(judge(atMost("x", 1.1), ratio(1, 0.9, 1.11)).pass).toBe(false);
    expect(judgeFigure(atMost("bytes a message", 0), 0).pass).toBe(true);
    expect(judgeFigure(atMost("bytes a message", 0), 0.01).pass).toBe(false);
  });

  test("without a figure does not pass", () => {
    expect(judgeFigure(atMost("x", 1), Number.NaN).pass).toBe(false);
    expect(judgeFigure(atLeast("x", 1), Number.NaN).pass).toBe(false);
  });
});

describe("a goal", () => {
  const good = judge(atLeast("good", 1), ratio(2, 1.9, 2.1));
  const close = judge(atLeast("close", 100), ratio(120, 101, 130));
  const bad = judge(atLeast("bad", 0.5), ratio(0.6, 0.4, 0.8));
  const missing = { ...atLeast("missing", 1), reason: "no compiler" };

  test("passes when all its rows do, and shows the one that is nearest to failing", () => {
    const { G2 } = verdictsOf([good, close]);
    expect(G2).toMatchObject({ row: "close", ratio: 120, low: 101, high: 130, goal: 100, pass: true });
    expect(Object.keys(G2.rows)).toEqual(["good", "close"]);
  });

  test("fails by one row, and shows it", () => {
    expect(verdictsOf([good, bad, close]).G2).toMatchObject({ row: "bad", ratio: 0.6, pass: false });
  });

  test("with a row that was not measured has no verdict, but a row that fails is a verdict", () => {
    const { G2 } = verdictsOf([good], [missing]);
    expect(G2).toMatchObject({ row: "good", pass: null, reason: "missing: no compiler" });
    expect(G2.unmeasured).toEqual({ missing: "no compiler" });
    expect(verdictsOf([bad], [missing]).G2.pass).toBe(false);
    expect(verdictsOf([], [missing]).G2).toMatchObject({ pass: null, rows: {} });
  });

  test("of costs counts zero as the best that can be", () => {
    const none = judgeFigure({ id: "G3", row: "bytes a message", goal: 0, better: "lower" }, 0);
    const some = judgeFigure({ id: "G3", row: "scavenges", goal: 1, better: "lower" }, 1);
    expect(verdictsOf([none, some]).G3).toMatchObject({ row: "scavenges", pass: true });
  });

  test("is told in a table with its rows and its verdict", () => {
    const text = renderText([goalTable(verdictsOf([judge(atMost("slow", 1), ratio(2, 1.5, 3)), good], [missing]))]);
    expect(text).toMatch(/G1 +slow +2\.00 +1\.50 – 3\.00 +≤ 1\.00 +FAIL/);
    expect(text).toMatch(/G2 +good .*≥ 1\.00 +pass/);
    expect(text).toMatch(/G2 +missing .*not measured\n/);
    expect(text).toContain("Not measured: no compiler.");
    expect(text).toContain("Verdict: G1 FAIL, G2 undecided.");
  });
});
