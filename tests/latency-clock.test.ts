/** The clocks of the hot path: one time for all, and no garbage for reading it. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { makeClock, makeStamp, makeStampClock, readClockBasis } from "../actors/clock.js";

/** What two clocks of one thread may differ by, microseconds: calibration, and a double's quarters. */
const APART_US = 5;

test("a stamp stands between two readings of the common clock", () => {
  const basis = readClockBasis();
  const [nowUs, stamp] = [makeClock(basis), makeStamp(basis)];
  const into = new Float64Array(3);
  const beforeUs = nowUs();
  stamp(into, 1);
  expect(into[1]).toBeGreaterThanOrEqual(beforeUs - APART_US);
  expect(into[1]).toBeLessThanOrEqual(nowUs() + APART_US);
  expect([into[0], into[2]]).toEqual([0, 0]);
});

test("a fine stamp is the same moment, counted from the host's start", () => {
  const basis = readClockBasis();
  const nowUs = makeClock(basis);
  const { stamp, wallUsAtZero } = makeStampClock(basis);
  const into = new Float64Array(1);
  const beforeUs = nowUs();
  stamp(into, 0);
  expect(into[0] + wallUsAtZero).toBeGreaterThanOrEqual(beforeUs - APART_US);
  expect(into[0] + wallUsAtZero).toBeLessThanOrEqual(nowUs() + APART_US);
  expect(into[0]).toBeLessThan(basis.wallUsAtZero);
});

/** Readings from a small function and from one that has spent V8's budget for inlining. */
const READINGS = `
  import { GCProfiler } from "node:v8";
  const { makeStamp } = await import(process.argv[1]);
  const into = new Float64Array(2);
  const stamp = makeStamp({ wallUsAtZero: 1.7e15 });
  const body = Array.from({ length: 60 }, (_, n) => "into[0] += n * " + n + " + into[1];").join("");
  const large = new Function("stamp", "into", "n", body + "stamp(into, 1);" + body);
  const readings = (count) => {
    for (let n = 0; n < count; n += 1) {
      stamp(into, n & 1);
      large(stamp, into, n);
    }
  };
  let collections = 0;
  // On a busy machine V8's compiler may still be at work; what counts is what it comes to.
  for (let round = 0; round < 5; round += 1) {
    readings(200_000);
    globalThis.gc();
    const profiler = new GCProfiler();
    profiler.start();
    readings(1_000_000);
    collections = profiler.stop().statistics.length;
    if (collections === 0) break;
  }
  console.log(collections);
`;

test("two million readings leave nothing to collect", () => {
  const clock = new URL("../dist/actors/clock.js", import.meta.url).href;
  const flags = ["--expose-gc", "--max-semi-space-size=1", "--min-semi-space-size=1", "--input-type=module"];
  const collections = execFileSync(process.execPath, [...flags, "--eval", READINGS, clock], { encoding: "utf8" });
  expect(Number(collections)).toBe(0);
}, 30_000);
