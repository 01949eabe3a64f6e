/**
 * VWAP over random curves, caps and progress: what is planned and what is not add up, caps hold up to every time, and a
 * plan made again on the way never spends what is done or live.
 */
import { describe, expect, test } from "vitest";
import { exec, type VwapOptions, type VwapPlan } from "../wasm/exec/index.js";
import { apportioned, merged, wholeWeights } from "./exec/apportionment.js";
import { areSame, Cases, demand } from "./exec/random.js";

const CASES = 100_000;

function drawOptions(cases: Cases): VwapOptions {
  const buckets = cases.integer(1, 24);
  const weights = cases.array(buckets, () => (cases.chance(5) ? 0 : cases.integer(1, 1000)));
  weights[cases.integer(0, buckets - 1)] = 1 + cases.integer(0, 100);
  const startUs = cases.integer(0, 2 ** 50);
  const lots = cases.lots();
  return {
    lots,
    curve: Float64Array.from(weights),
    startUs,
    endUs: startUs + buckets + cases.pick([0, cases.integer(0, 9e13)]),
    lotsMin: Math.min(lots, cases.pick([1, cases.integer(1, 60)])),
    ...(cases.chance(2) && { participationMax: cases.integer(1, 1e6) / 1e6, expectedVolume: cases.lots() }),
  };
}

/** Why a plan breaks its promises; undefined when it keeps them. */
function faultOf(plan: VwapPlan, lots: number, options: VwapOptions, fromUs: number): string | undefined {
  const planned = plan.lots.reduce((sum, each) => sum + BigInt(each), 0n);
  if (planned + BigInt(plan.unplannedLots) !== BigInt(lots)) return "lots are lost or made";
  if (plan.lots.some((each) => !(each >= options.lotsMin!))) return "a child is below the minimum";
  if (plan.timesUs.some((time) => !(time >= fromUs && time < options.endUs))) return "a time is outside the window";
  if (plan.timesUs.some((time, child) => child > 0 && time <= plan.timesUs[child - 1]!)) return "times do not rise";
  return undefined;
}

test("planned and unplanned lots are the parent's, whatever the curve, the cap and the minimum", () => {
  const cases = new Cases(11);
  for (let index = 0; index < CASES; index += 1) {
    const options = drawOptions(cases);
    const plan = exec.vwap(options);
    const fault = faultOf(plan, options.lots, options, options.startUs);
    demand(fault === undefined, () => [fault, options]);
    demand(options.participationMax !== undefined || plan.unplannedLots === 0, () => options);
  }
});

test("without a cap a plan is the curve by largest remainder, merged to the minimum", () => {
  const cases = new Cases(12);
  for (let index = 0; index < 20_000; index += 1) {
    const { participationMax: _, expectedVolume: __, ...options } = drawOptions(cases);
    const plan = exec.vwap(options);
    const even = apportioned(BigInt(options.lots), wholeWeights([...options.curve])).map(Number);
    const twin = merged(even, options.lotsMin!).filter((each) => each > 0);
    demand(areSame([...plan.lots], twin), () => [options, twin]);
  }
});

test("a flat curve is TWAP", () => {
  const cases = new Cases(13);
  for (let index = 0; index < 5_000; index += 1) {
    const slices = cases.integer(1, 50);
    const window = { lots: cases.integer(slices, 1e9), startUs: 1000, endUs: 1000 + cases.integer(slices, 1e12) };
    const { timesUs, lots } = exec.vwap({ ...window, curve: new Float64Array(slices).fill(0.1) });
    expect({ timesUs, lots }).toEqual(exec.twap({ ...window, slices }));
  }
});

test("a cap holds up to every time, and no room is left while lots are unplanned", () => {
  const cases = new Cases(14);
  for (let index = 0; index < 20_000; index += 1) {
    const drawn = drawOptions(cases);
    const [millionths, expectedVolume] = [cases.integer(1, 999_999), cases.integer(0, 1e6)];
    const options = { ...drawn, lots: Math.min(drawn.lots, 1e6), lotsMin: 1 };
    const plan = exec.vwap({ ...options, participationMax: millionths / 1e6, expectedVolume });
    const market = apportioned(BigInt(expectedVolume), [...options.curve].map(BigInt));
    const caps = market.map((each) => (each * BigInt(millionths)) / BigInt(1e6 - millionths));
    let room = 0n;
    let child = 0;
    caps.forEach((cap, bucket) => {
      room += cap;
      const width = BigInt(options.endUs - options.startUs);
      const begin = options.startUs + Number((BigInt(bucket) * width) / BigInt(caps.length));
      if (plan.timesUs[child] === begin) room -= BigInt(plan.lots[child++]!);
      demand(room >= 0n, () => options);
    });
    demand(plan.unplannedLots === 0 || room === 0n, () => options);
  }
});

describe("a plan made again", () => {
  const curve = Float64Array.of(4, 2, 1, 1, 2, 6);
  const window = { lots: 1600, curve, startUs: 0, endUs: 6000 };

  test("never spends what is done or live, whatever the time", () => {
    const cases = new Cases(15);
    for (let index = 0; index < CASES; index += 1) {
      const options = drawOptions(cases);
      const nowUs = options.startUs + cases.integer(-5, 1.1 * (options.endUs - options.startUs));
      const executedLots = cases.integer(0, options.lots);
      const liveLots = cases.chance(2) ? 0 : cases.integer(0, options.lots);
      const marketLots = cases.pick([undefined, 0, cases.lots()]);
      const progress = { nowUs: Math.max(0, nowUs), executedLots, liveLots, ...(marketLots && { marketLots }) };
      const plan = exec.vwapRemaining({ ...options, ...progress });
      const remaining = Math.max(0, options.lots - executedLots - liveLots);
      const fault = faultOf(plan, remaining, options, progress.nowUs);
      demand(fault === undefined, () => [fault, options, progress]);
    }
  });

  test("at the start it is the plan", () => {
    expect(exec.vwapRemaining({ ...window, nowUs: 0, executedLots: 0, liveLots: 0 })).toEqual(exec.vwap(window));
  });

  test("a late start spreads everything over the rest of the curve, from now on", () => {
    const plan = exec.vwapRemaining({ ...window, nowUs: 1500, executedLots: 0, liveLots: 0 });
    expect([...plan.timesUs]).toEqual([1500, 2000, 3000, 4000, 5000]);
    expect([...plan.lots]).toEqual([145, 146, 145, 291, 873]);
  });

  test("an order of unknown outcome is not planned a second time", () => {
    const known = exec.vwapRemaining({ ...window, nowUs: 3000, executedLots: 1000, liveLots: 0 });
    const unknown = exec.vwapRemaining({ ...window, nowUs: 3000, executedLots: 1000, liveLots: 500 });
    expect([...known.lots]).toEqual([67, 133, 400]);
    expect([...unknown.lots]).toEqual([11, 22, 67]);
  });

  test("at the moment a bucket begins, the one before it is past", () => {
    const thirds = { lots: 30, curve: Float64Array.of(4, 1, 2), startUs: 0, endUs: 10 };
    const plan = exec.vwapRemaining({ ...thirds, nowUs: 3, executedLots: 0, liveLots: 0 });
    expect(plan).toEqual({ timesUs: Float64Array.of(3, 6), lots: Float64Array.of(10, 20), unplannedLots: 0 });
  });

  test("after the end nothing is planned and all that remains is told", () => {
    const plan = exec.vwapRemaining({ ...window, nowUs: 6000, executedLots: 1000, liveLots: 100 });
    expect(plan).toEqual({ timesUs: new Float64Array(0), lots: new Float64Array(0), unplannedLots: 500 });
  });

  test("when the curve has no weight left, one child is due now", () => {
    const tail = { ...window, curve: Float64Array.of(1, 1, 0, 0) };
    const plan = exec.vwapRemaining({ ...tail, nowUs: 3100, executedLots: 1500, liveLots: 0 });
    expect(plan).toEqual({ timesUs: Float64Array.of(3100), lots: Float64Array.of(100), unplannedLots: 0 });
  });

  test("a quiet market lowers the cap, a busy one raises it", () => {
    const capped = {
      ...window,
      participationMax: 0.2,
      expectedVolume: 8000,
      nowUs: 3000,
      executedLots: 0,
      liveLots: 0,
    };
    const unplanned = (marketLots: number): number => exec.vwapRemaining({ ...capped, marketLots }).unplannedLots;
    // 7/16 of the curve has passed: the market's rest is 9/16 × (9/16 × 8000 + 3500) lots, and ours a quarter of it.
    expect(unplanned(3500)).toBe(1600 - 1125);
    expect(unplanned(0)).toBe(1600 - 631);
    expect(unplanned(7000)).toBe(0);
  });
});

describe("a curve from history", () => {
  test("is the mean of the days' shares: a busy day counts no more than a quiet one", () => {
    const volumes = Float64Array.of(1, 1, 2, 0, 0, 0, 300, 100, 0);
    expect([...exec.curveFrom(volumes, 3)]).toEqual([0.5, 0.25, 0.25]);
  });

  test("serves as the curve of a plan, and sums to 1", () => {
    const cases = new Cases(16);
    const volumes = Float64Array.from(cases.array(20 * 48, () => cases.integer(0, 1e6)));
    const curve = exec.curveFrom(volumes, 48);
    expect(Math.abs(curve.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-14);
    expect(exec.vwap({ lots: 1e6, curve, startUs: 0, endUs: 86_400e6 }).lots.length).toBe(48);
  });
});
