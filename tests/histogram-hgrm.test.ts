/** Our histograms as the text that HdrHistogram's tools read, beside that library's own account of the same values. */
import { build } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { hgrmText } from "../actors/metrics/hgrm.js";
import type { Histogram } from "../actors/metrics/histogram.js";
import { PrivateRings } from "../actors/ring/private-rings.js";
import { wordsFrom } from "./support/numbers.js";

/** Of a bucket of ours, and of the library's at three digits. */
const OURS = 1 / 32;
const LIBRARYS = 1 / 1024;

interface Line {
  readonly us: number;
  readonly fraction: number;
  readonly count: number;
}

const LINE = /^ *([\d.]+) ([\d.]+) +(\d+)(?: +[\d.]+)?$/;

function linesOf(text: string): Line[] {
  const lines = text.split("\n").flatMap((line) => LINE.exec(line) ?? []);
  const fields = lines.filter((_, place) => place % 4 !== 0).map(Number);
  return Array.from({ length: fields.length / 3 }, (_, line) => {
    const [us, fraction, count] = fields.slice(line * 3, line * 3 + 3);
    return { us, fraction, count };
  });
}

/** Latencies over six orders of magnitude. */
function latencies(count: number, seed: number): number[] {
  const next = wordsFrom(seed);
  return Array.from({ length: count }, () => Math.round(2 ** (7 + (next() % 2_000) / 100)));
}

const recorded = (values: readonly number[]): Histogram => {
  const histogram = new PrivateRings(1 << 16).histogram();
  for (const value of values) histogram.record(value);
  return histogram;
};

test("a distribution has the library's form, every value and the largest", () => {
  const values = latencies(5_000, 3);
  const text = hgrmText(recorded(values).snapshot());
  expect(text).toMatch(/^ +Value +Percentile TotalCount 1\/\(1-Percentile\)\n\n/);
  const lines = linesOf(text);
  expect(lines.length).toBeGreaterThan(30);
  expect(lines.at(-1)).toMatchObject({ fraction: 1, count: values.length });
  const maxUs = Math.max(...values) / 1000;
  expect(lines.at(-1)!.us).toBeGreaterThanOrEqual(maxUs - 0.001);
  expect(lines.at(-1)!.us).toBeLessThanOrEqual(maxUs * (1 + LIBRARYS) + 0.001);
});

test("its percentiles are our own, and the library's of the raw values, within the buckets", () => {
  for (const seed of [1, 2, 3]) {
    const values = latencies(20_000, seed);
    const snapshot = recorded(values).snapshot();
    const library = build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
    for (const value of values) library.recordValue(value);
    for (const { us, fraction } of linesOf(hgrmText(snapshot))) {
      const [ours, librarys] = [snapshot.valueAt(fraction), library.getValueAtPercentile(fraction * 100)];
      expect(us * 1000).toBeGreaterThanOrEqual(ours - 1);
      expect(us * 1000).toBeLessThanOrEqual(ours * (1 + LIBRARYS) + 1);
      expect(us * 1000).toBeGreaterThanOrEqual(librarys * (1 - LIBRARYS) - 1);
      expect(us * 1000).toBeLessThanOrEqual(librarys * (1 + OURS + LIBRARYS) + 1);
    }
  }
});

test("a hop that nothing has passed is an empty distribution", () => {
  const text = hgrmText(recorded([]).snapshot());
  expect(linesOf(text)).toEqual([]);
  expect(text).toContain("Total count    =            0");
});

test("a histogram that was cleared is as new", () => {
  const histogram = recorded([5, -1, 2 ** 40]);
  histogram.clear();
  const { count, max, refused } = histogram.snapshot();
  expect([count, max, refused]).toEqual([0, 0, 0]);
});
