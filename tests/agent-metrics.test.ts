/** What threads leave in shared memory for whoever watches: latencies, counters, distinct errors. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Counters } from "../actors/metrics/counters.js";
import { ErrorLog } from "../actors/metrics/error-log.js";
import { Histogram, HistogramSnapshot } from "../actors/metrics/histogram.js";
import { sharedViewsOf } from "../actors/ring/views.js";

const BASE = 128;
const viewsFor = (bytes: number) => sharedViewsOf(new SharedArrayBuffer(BASE + Math.ceil(bytes / 8) * 8));

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram(viewsFor(Histogram.bytesFor()), BASE);
  for (const value of values) histogram.record(value);
  return histogram;
}

/** The value at a rank, found by sorting. */
function exact(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(fraction * sorted.length)) - 1];
}

describe("a histogram", () => {
  const octave = fc.integer({ min: 0, max: 35 });
  const value = fc
    .tuple(octave, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([bits, part]) => Math.floor(2 ** bits * (1 + part)));
  const values = fc.array(value, { minLength: 1, maxLength: 200, size: "max" });
  const fraction = fc.oneof(fc.constantFrom(0, 0.5, 0.99, 0.999, 1), fc.double({ min: 0, max: 1, noNaN: true }));

  test("is never below the true percentile and at most 1/32 above it, over its whole range", () => {
    fc.assert(
      fc.property(values, fraction, (values, fraction) => {
        const found = histogramOf(values).snapshot().valueAt(fraction);
        const truth = exact(values, fraction);
        expect(found).toBeGreaterThanOrEqual(truth);
        expect(found - truth).toBeLessThanOrEqual(truth / 32);
      }),
      { numRuns: 300 },
    );
  });

  test("reads back the largest whole number of nanoseconds that it does not tell from the one recorded", () => {
    const read = (value: number): number => histogramOf([value, 2 ** 36]).snapshot().p50;
    const ends = [31, 63, 65, 1023, 1055, 2 ** 31 + 2 ** 26 - 1, 2 ** 35 + 2 ** 30 - 1];
    expect([31, 63, 64, 1023, 1024, 2 ** 31, 2 ** 35].map(read)).toEqual(ends);
  });

  test("keeps count and maximum exactly", () => {
    fc.assert(
      fc.property(values, (values) => {
        const { count, max } = histogramOf(values).snapshot();
        expect([count, max]).toEqual([values.length, Math.max(...values)]);
      }),
    );
  });

  test("merged with another is as if one had recorded both", () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const merged = histogramOf(one).snapshot().merge(histogramOf(other).snapshot());
        const whole = histogramOf([...one, ...other]).snapshot();
        expect([merged.count, merged.max, merged.p50, merged.p99, merged.p999]).toEqual([
          whole.count,
          whole.max,
          whole.p50,
          whole.p99,
          whole.p999,
        ]);
      }),
    );
  });

  test("clamps negative values to 0 and counts them apart, and values past its range to their maximum", () => {
    const snapshot = histogramOf([-5, Number.NaN, 0, 2 ** 36, 2 ** 40, Number.MAX_SAFE_INTEGER]).snapshot();
    expect([snapshot.count, snapshot.refused, snapshot.valueAt(0.5)]).toEqual([6, 2, 0]);
    expect(snapshot.valueAt(0.9)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test("that is empty has nothing but zeros", () => {
    const { count, max, p50, p999 } = HistogramSnapshot.empty();
    expect([count, max, p50, p999]).toEqual([0, 0, 0, 0]);
    expect(() => HistogramSnapshot.empty().valueAt(1.1)).toThrow(/0 to 1 \(was 1.1\)/);
  });
});

describe("counters", () => {
  const names = ["frames", "orders", "profit"] as const;

  test("are read by name in any thread that has the same table", () => {
    const views = viewsFor(Counters.bytesFor(names));
    const writer = new Counters(views, BASE, names);
    const reader = new Counters(sharedViewsOf(views.buffer), BASE, names);
    const orders = writer.slot("orders");
    writer.set("frames", 2 ** 52);
    writer.addSlot(orders, 2);
    writer.addSlot(orders, 3);
    writer.add("profit", -0.5);
    expect(names.map((name) => reader.get(name))).toEqual([2 ** 52, 5, -0.5]);
  });

  test("refuse another table, a name twice and a name unknown", () => {
    const views = viewsFor(Counters.bytesFor(names));
    const counters = new Counters<string>(views, BASE, names);
    expect(() => new Counters(views, BASE, ["frames", "orders", "loss"])).toThrow(/have other names/);
    expect(() => new Counters(views, BASE, ["frames", "frames"])).toThrow(/distinct names/);
    expect(() => counters.get("fills")).toThrow(/no counter "fills"/);
  });
});

describe("an error log", () => {
  const make = (entries: number) => new ErrorLog(viewsFor(ErrorLog.bytesFor(entries)), BASE, entries);

  test("keeps each message once, with how often and when it came", () => {
    const log = make(4);
    log.record("disk full", 10);
    log.record("no route", 20);
    for (let timeUs = 30; timeUs < 1030; timeUs += 1) log.record("disk full", timeUs);
    expect(log.read()).toEqual([
      { message: "disk full", count: 1001, firstUs: 10, lastUs: 1029 },
      { message: "no route", count: 1, firstUs: 20, lastUs: 20 },
    ]);
  });

  test("counts the messages for which it has no entry left", () => {
    const log = make(2);
    for (let n = 0; n < 10; n += 1) log.record(`error ${n % 5}`, n);
    expect(log.read().map(({ message, count }) => [message, count])).toEqual([
      ["error 0", 2],
      ["error 1", 2],
    ]);
    expect(log.unlisted).toBe(6);
  });

  test("cuts a long message between two characters", () => {
    const log = make(1);
    log.record(`${"x".repeat(479)}é and more`, 1);
    log.record(`${"x".repeat(479)}ü and more`, 2);
    expect(log.read()).toEqual([{ message: "x".repeat(479), count: 2, firstUs: 1, lastUs: 2 }]);
  });

  test("joins two entries of one message that two threads began at once", () => {
    const views = viewsFor(ErrorLog.bytesFor(2));
    const log = new ErrorLog(views, BASE, 2);
    log.record("disk full", 10);
    views.u8.copyWithin(BASE + 128 + 512, BASE + 128, BASE + 128 + 512);
    views.i32[BASE >> 2] = 2;
    expect(log.read()).toEqual([{ message: "disk full", count: 2, firstUs: 10, lastUs: 10 }]);
  });
});
