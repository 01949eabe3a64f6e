/**
 * The trajectory of Almgren and Chriss: against its closed forms in 60 digits, against figures published by another
 * implementation for the paper's own example, and as what it is, the plan of least expected cost and risk.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { exec, type ShortfallOptions, type ShortfallWindow } from "../wasm/exec/index.js";
import { apportioned, merged, wholeWeights } from "./exec/apportionment.js";
import { areSame, Cases, demand } from "./exec/random.js";

interface Case {
  readonly window: ShortfallWindow;
  readonly riskAversion: number;
  readonly urgency: number;
  readonly holdings: readonly number[];
  readonly expectedCost: number;
  readonly variance: number;
}

const DAY_US = 86_400e6;
const LIMIT = 1e-12;
const file = new URL("fixtures/exec/almgren-chriss.json", import.meta.url);
const { cases: known }: { cases: Case[] } = JSON.parse(readFileSync(file, "utf8"));

/** The example of the paper: a million shares in five days; dollars for ticks. */
const PAPER = {
  ...{ lots: 1e6, slices: 5, startUs: 0, endUs: 5 * DAY_US },
  ...{ volatility: 0.95, temporaryImpact: 2.5e-6, permanentImpact: 2.5e-7, fixedCost: 0.0625 },
};

function near(mine: number, theirs: number): void {
  expect(Math.abs(mine - theirs), `${mine}, not ${theirs}`).toBeLessThanOrEqual(LIMIT * Math.abs(theirs));
}

describe("closed forms", () => {
  test.each(known)("$window.slices slices, λ = $riskAversion", ({ window, riskAversion, ...expected }) => {
    const plan = exec.shortfall({ ...window, riskAversion });
    const frontier = exec.shortfallFrontier({ ...window, riskAversions: Float64Array.of(riskAversion) });
    near(plan.urgency, expected.urgency);
    near(frontier.urgency[0]!, expected.urgency);
    near(frontier.expectedCost[0]!, expected.expectedCost);
    near(frontier.variance[0]!, expected.variance);
    const every = window.slices / (expected.holdings.length - 1);
    expected.holdings.forEach((held, at) => {
      near(plan.holdings[at * every]!, held);
    });
  });

  test("the two ends of the paper's example: even trading, and everything at once", () => {
    const even = exec.shortfall({ ...PAPER, riskAversion: 0 });
    near(even.expectedCost, 662_500);
    near(even.variance, 1.083e12);
    const immediate = exec.shortfall({ ...PAPER, riskAversion: 1e6 });
    expect(immediate.lots).toEqual(Float64Array.of(1e6));
    near(immediate.expectedCost, 2_562_500);
    expect(immediate.variance).toBe(0);
  });

  /** The published table of DROP's AlmgrenChriss coverage: λ per million, cost in millions, variance in 10¹², 1 / κ. */
  test.each([
    [0.001, 0.6625, 1.0812, 51.3],
    [0.002, 0.6625, 1.0794, 36.27],
    [0.004, 0.6625, 1.0758, 25.65],
    [0.006, 0.6625, 1.0722, 20.94],
    [0.007, 0.6625, 1.0704, 19.39],
    [0.008, 0.6626, 1.0687, 18.14],
    [0.009, 0.6626, 1.0669, 17.1],
  ])("λ = %f per million, as published by another implementation", (lambda, cost, variance, days) => {
    const riskAversions = Float64Array.of(lambda * 1e-6);
    const frontier = exec.shortfallFrontier({ ...PAPER, riskAversions });
    expect(frontier.expectedCost[0]! / 1e6).toBeCloseTo(cost, 4);
    expect(frontier.variance[0]! / 1e12).toBeCloseTo(variance, 4);
    expect(1 / frontier.urgency[0]!).toBeCloseTo(days, 2);
  });
});

describe("the plan", () => {
  function drawOptions(cases: Cases): ShortfallOptions {
    const lots = cases.lots();
    const slices = cases.integer(1, 40);
    return {
      ...{ lots, slices, startUs: 5000, endUs: 5000 + cases.integer(slices, 1e12) },
      lotsMin: Math.min(lots, cases.pick([1, cases.integer(1, 50)])),
      riskAversion: cases.pick([0, 10 ** cases.integer(-12, 3)]),
      volatility: cases.integer(1, 1e4) / 100,
      temporaryImpact: 10 ** cases.integer(-8, 0),
    };
  }

  test("is whole lots, exact, never rising, in the window, at least the minimum: 100 000 parents", () => {
    const cases = new Cases(21);
    for (let index = 0; index < 100_000; index += 1) {
      const options = drawOptions(cases);
      const { lots, timesUs, holdings } = exec.shortfall(options);
      const sum = lots.reduce((total, each) => total + BigInt(each), 0n);
      demand(sum === BigInt(options.lots), () => options);
      demand(
        lots.every((each) => Number.isSafeInteger(each) && each >= options.lotsMin!),
        () => options,
      );
      demand(
        timesUs.every((time, at) => time >= (at === 0 ? 5000 : timesUs[at - 1]! + 1) && time < options.endUs),
        () => options,
      );
      demand(
        holdings.every((held, at) => at === 0 || held <= holdings[at - 1]!),
        () => options,
      );
    }
  });

  test("is its trajectory by largest remainder: a whole lot from the ideal trade at most", () => {
    const cases = new Cases(22);
    for (let index = 0; index < 5_000; index += 1) {
      const options = { ...drawOptions(cases), lots: cases.integer(1e4, 1e9), lotsMin: 1, riskAversion: 1e-6 };
      const { lots, timesUs, holdings } = exec.shortfall(options);
      timesUs.forEach((time, child) => {
        const slice = Math.round(((time - 5000) / (options.endUs - 5000)) * options.slices);
        const ideal = holdings[slice]! - holdings[slice + 1]!;
        demand(Math.abs(lots[child]! - ideal) <= 1 + 1e-12 * options.lots, () => options);
      });
    }
  });

  test("without risk aversion it is TWAP, to the bit, and so it is where λ hardly counts", () => {
    const cases = new Cases(23);
    for (let index = 0; index < 5_000; index += 1) {
      const { volatility, temporaryImpact, riskAversion, ...window } = drawOptions(cases);
      const model = { volatility, temporaryImpact: 1 };
      const { timesUs, lots } = exec.shortfall({ ...window, ...model, riskAversion: 0 });
      expect({ timesUs, lots }).toEqual(exec.twap(window));
      const hardly = exec.shortfall({ ...window, ...model, riskAversion: 1e-100 });
      expect({ timesUs: hardly.timesUs, lots: hardly.lots }).toEqual({ timesUs, lots });
    }
  });

  test("late slices below the minimum are merged, as for any plan", () => {
    const options = { ...PAPER, lots: 1000, slices: 20, riskAversion: 3e-6, lotsMin: 10, permanentImpact: 0 };
    const alone = exec.shortfall({ ...options, lotsMin: 1 });
    const trades = Array.from({ length: 20 }, (_, at) => alone.holdings[at]! - alone.holdings[at + 1]!);
    const even = apportioned(1000n, wholeWeights(trades)).map(Number);
    const twin = merged(even, 10).filter((each) => each > 0);
    expect(areSame([...exec.shortfall(options).lots], twin), `${twin}`).toBe(true);
  });

  test("no exchange of lots between two slices makes cost and risk together less", () => {
    const riskAversion = 1e-6;
    const options = { ...PAPER, slices: 8, riskAversion };
    const { holdings } = exec.shortfall(options);
    const tau = 5 / 8;
    const impact = 2.5e-6 - (2.5e-7 * tau) / 2;
    const objective = (held: readonly number[]): number =>
      held.slice(1).reduce((sum, x, at) => {
        const trade = held[at]! - x;
        return sum + (impact / tau) * trade * trade + riskAversion * 0.95 * 0.95 * tau * x * x;
      }, 0);
    const best = objective([...holdings]);
    for (let slice = 1; slice < 8; slice += 1) {
      for (const by of [-1000, -10, 10, 1000]) {
        expect(objective([...holdings].map((held, at) => (at === slice ? held + by : held)))).toBeGreaterThan(best);
      }
    }
  });
});

describe("the efficient frontier", () => {
  const riskAversions = Float64Array.from({ length: 60 }, (_, at) => (at === 0 ? 0 : 10 ** (-9 + at / 10)));
  const { expectedCost, variance, urgency } = exec.shortfallFrontier({ ...PAPER, riskAversions });

  test("costs more where it risks less", () => {
    for (let at = 1; at < riskAversions.length; at += 1) {
      expect(expectedCost[at]!).toBeGreaterThan(expectedCost[at - 1]!);
      expect(variance[at]!).toBeLessThan(variance[at - 1]!);
      expect(urgency[at]!).toBeGreaterThan(urgency[at - 1]!);
    }
  });

  test("is convex, with slope −λ", () => {
    const slope = (at: number): number =>
      (expectedCost[at + 1]! - expectedCost[at]!) / (variance[at + 1]! - variance[at]!);
    for (let at = 1; at + 2 < riskAversions.length; at += 1) {
      expect(slope(at + 1)).toBeLessThan(slope(at));
      expect(-slope(at)).toBeGreaterThan(riskAversions[at]! * 0.999_999);
      expect(-slope(at)).toBeLessThan(riskAversions[at + 1]! * 1.000_001);
    }
  });

  test("extremes overflow nowhere: what is finite goes in, what is finite comes out", () => {
    const extremes = [0, 5e-324, 1e-100, 1, 1e100];
    for (const volatility of [0, 1e-100, 1, 1e100]) {
      for (const temporaryImpact of [1e-100, 1, 1e100]) {
        const model = { ...PAPER, lots: 2 ** 53 - 1, permanentImpact: 0, volatility, temporaryImpact };
        const made = exec.shortfallFrontier({ ...model, riskAversions: Float64Array.from(extremes) });
        expect([...made.expectedCost, ...made.variance, ...made.urgency].every(Number.isFinite)).toBe(true);
        for (const riskAversion of extremes) {
          const plan = exec.shortfall({ ...model, riskAversion });
          expect(plan.holdings.every((held) => held >= 0)).toBe(true);
          expect(plan.lots.reduce((sum, each) => sum + BigInt(each), 0n)).toBe(2n ** 53n - 1n);
        }
      }
    }
  });
});
