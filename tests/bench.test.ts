/**
 * The benchmarks in miniature, with real threads and real peers: what they report has its shape, sums are compared,
 * and a loss made on purpose is found. How fast anything is decides nothing here.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { measureDecode } from "../bench/decode/decode.js";
import { DOCUMENTS, insertTables } from "../bench/documents.js";
import { readMachine } from "../bench/machine.js";
import { NAMES, selected } from "../bench/parts.js";
import { FULL_PLANS } from "../bench/plans.js";
import { type BenchReport, faultsOf, makeReport, parseReport } from "../bench/report.js";
import { reportText, runBenchmarks } from "../bench/run.js";
import { control, median, meets, ratioOf } from "../bench/statistics.js";

const quiet = (): void => {};
const DECODE = { rounds: 5, roundMs: 10 };

describe("statistics", () => {
  test("a ratio's interval holds its median and narrows to it when the rounds agree", () => {
    const noisy = ratioOf([20, 22, 18, 21, 19], [10, 10, 10, 10, 10]);
    expect(noisy.low).toBeLessThanOrEqual(noisy.median);
    expect(noisy.high).toBeGreaterThanOrEqual(noisy.median);
    expect(ratioOf([30, 30, 30], [10, 10, 10])).toEqual({ median: 3, low: 3, high: 3, rounds: 3 });
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test("a goal that the median meets and the interval's low end misses is not met", () => {
    const ratio = ratioOf([10, 10, 30, 30, 30], [10, 10, 10, 10, 10]);
    expect(ratio.median).toBe(3);
    expect(meets(ratio, 2)).toBe(false);
  });

  test("rounds that are not paired are refused", () => {
    expect(() => ratioOf([1, 2], [1])).toThrow("rounds come in pairs");
  });

  test("a control that is as fast as the original is reported as undetected, and the run as invalid", () => {
    const undetected = control("not slowed at all", [10, 10, 10], [10, 10, 10]);
    expect(undetected.detected).toBe(false);
    expect(control("slowed", [20, 20, 20], [10, 10, 10]).detected).toBe(true);
    const jitter = { count: 0, p50: 0, p90: 0, p99: 0, p999: 0, p9999: 0, max: 0, limitNs: 1, valid: true };
    const result = { plan: DECODE, rows: [], comparisons: [], controls: [undetected] };
    expect(faultsOf({ decode: { seconds: 0, jitter, result } })).toEqual([
      "the variant slowed on purpose was not found slower: not slowed at all",
    ]);
  });
});

test("the decode benchmark reads the same numbers three ways, and one decoder that reads each frame twice", () => {
  const { rows, comparisons, controls } = measureDecode(DECODE, quiet);
  expect(rows.map(({ kind, contestant }) => `${kind} ${contestant}`)).toEqual([
    ...["trade sluice", "trade JSON.parse", "trade ccxt"],
    ...["bookTicker sluice", "bookTicker JSON.parse", "bookTicker ccxt"],
    ...["depth sluice", "depth JSON.parse", "depth ccxt"],
  ]);
  expect(rows.every(({ nsPerFrame }) => nsPerFrame > 0)).toBe(true);
  expect(comparisons).toHaveLength(6);
  expect(controls.map(({ rounds }) => rounds)).toEqual([DECODE.rounds, DECODE.rounds, DECODE.rounds]);
});

test("a run is all that need not be named, a group or one; every name runs something", () => {
  expect(selected(undefined)).not.toContain("alternatives");
  expect(selected("alternatives")).toEqual(["alternatives"]);
  expect(selected("fabric")).toEqual(expect.arrayContaining(["tickToOrder", "ring", "messages", "latencyCost"]));
  for (const name of NAMES) expect(selected(name).length, name).toBeGreaterThan(0);
});

describe("the report", () => {
  const report = (invalid: readonly string[]): BenchReport => ({
    ...makeReport("2026-01-02T03:04:05.000Z", readMachine(), {}),
    invalid,
  });

  test("holds the machine, the jitter and the benchmark asked for, and survives JSON", async () => {
    const plans = { ...FULL_PLANS, decode: { rounds: 2, roundMs: 2 } };
    const ran = await runBenchmarks({ only: "decode", plans, note: quiet });
    expect(ran.machine).toMatchObject({ node: process.version, v8: process.versions.v8 });
    expect(ran.parts.ring).toBeUndefined();
    expect(ran.parts.decode!.jitter.limitNs).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(ran))).toEqual(ran);
    expect(reportText(ran)).toContain("Decoding one recorded Binance frame");
  });

  test("of another format is refused by its name", () => {
    expect(parseReport(JSON.stringify(report([])), "x.json").format).toBe(2);
    expect(() => parseReport('{"format":1}', "old.json")).toThrow("old.json has format 1, this build reads 2");
  });

  const results = (invalid: readonly string[]) => [
    { path: "bench/results/2026-01-02-x.json", report: report(invalid) },
  ];

  test.each(DOCUMENTS)("goes into $path between its marks, and nothing else there changes", (document) => {
    const text = "# Title\n\n<!-- bench:start -->\nold\n<!-- bench:end -->\n\nafter\n";
    const written = insertTables(document, text, results([]));
    expect(written).not.toContain("old");
    expect(written).toContain(`(${document.results}/2026-01-02-x.json)`);
    expect(written.startsWith("# Title\n\n<!-- bench:start -->\n")).toBe(true);
    expect(written.endsWith("<!-- bench:end -->\n\nafter\n")).toBe(true);
    expect(insertTables(document, written, results([]))).toBe(written);
  });

  test.each(DOCUMENTS)("of an invalid run is not put into $path", (document) => {
    const text = readFileSync(new URL(`../${document.path}`, import.meta.url), "utf8");
    expect(() => insertTables(document, text, results(["the machine was busy"]))).toThrow("INVALID");
    expect(() => insertTables(document, "no marks", results([]))).toThrow("bench:start");
  });
});
