/**
 * Routing against every division there is, on small books with minimums, maximums and lot sizes; and on large ones what
 * must hold of any division.
 */
import { describe, expect, test } from "vitest";
import { exec, type RouteVenue } from "../wasm/exec/index.js";
import { allowedSizes, bestDivision } from "./exec/brute-route.js";
import { Cases, demand } from "./exec/random.js";

interface Terms {
  readonly sizes: readonly number[];
  readonly minimums: readonly number[];
}

function drawVenue(cases: Cases, sign: number, { sizes, minimums }: Terms): RouteVenue {
  const levels = cases.integer(0, 3);
  let price = 1000 + sign * cases.integer(0, 3);
  const priceTicks = Float64Array.from(cases.array(levels, () => (price += sign * cases.integer(0, 3))));
  const lotsMin = cases.pick(minimums);
  return {
    priceTicks,
    lots: Float64Array.from(cases.array(levels, () => cases.integer(0, 5))),
    feeTicks: cases.integer(-1, 3),
    latencyPenaltyTicks: cases.integer(0, 2),
    lotsMin,
    lotSize: cases.pick(sizes),
    ...(cases.chance(3) && { lotsMax: lotsMin + cases.integer(0, 9) }),
  };
}

describe("the cheapest division of those that fill most", () => {
  test.each([
    ["one lot size and no minimum", { sizes: [1], minimums: [0] }, 60_000],
    ["a common lot size", { sizes: [3], minimums: [0] }, 20_000],
    ["minimums", { sizes: [1], minimums: [0, 2, 4, 7] }, 60_000],
    ["minimums and mixed lot sizes", { sizes: [1, 2, 3, 5], minimums: [0, 2, 4, 7] }, 60_000],
  ])("%s, against all divisions", (_, terms, count) => {
    const cases = new Cases(31);
    for (let index = 0; index < count; index += 1) {
      const sign = cases.pick([1, -1]);
      const venues = cases.array(cases.integer(1, 3), () => drawVenue(cases, sign, terms));
      const lots = cases.integer(1, 25);
      const side = sign === 1 ? "buy" : "sell";
      const made = exec.route({ side, lots, venues, midTicks: 1000 });
      const best = bestDivision(venues, lots, sign, 1000);
      const about = (): unknown => ({ side, lots, venues, made, best });
      demand(made.filledLots === best.filled && made.cost === best.cost && made.isOptimal, about);
      demand(made.filledLots + made.unfilledLots === lots, about);
      demand(
        venues.every((venue, at) => allowedSizes(venue).includes(made.lots[at]!)),
        about,
      );
    }
  });
});

describe("large books", () => {
  function drawBook(cases: Cases): RouteVenue {
    const levels = cases.integer(1, 40);
    let price = 50_000;
    return {
      priceTicks: Float64Array.from(cases.array(levels, () => (price += cases.integer(1, 5)))),
      lots: Float64Array.from(cases.array(levels, () => cases.integer(1, 1e6))),
      feeBps: cases.integer(-20, 100) / 10,
      latencyPenaltyTicks: cases.integer(0, 30) / 10,
      lotSize: cases.pick([1, 10, 100]),
      lotsMin: cases.pick([0, 500]),
    };
  }

  test("lots are whole, allowed, and no two venues could exchange a block for less", () => {
    const cases = new Cases(32);
    for (let index = 0; index < 2_000; index += 1) {
      const venues = cases.array(cases.integer(1, 8), () => ({ ...drawBook(cases), lotSize: 10, lotsMin: 0 }));
      const lots = cases.integer(1, 1e7);
      const made = exec.route({ side: "buy", lots, venues });
      const last = venues.map((venue, at) => edgeCosts(venue, made.lots[at]!));
      const dearest = Math.max(...last.map(([taken]) => taken));
      const cheapest = Math.min(...last.map(([, next]) => next));
      demand(made.isOptimal && made.unfilledLots >= 0, () => [venues, lots]);
      demand(made.unfilledLots < 10 ? cheapest >= dearest - 1e-7 : cheapest === Infinity, () => [venues, lots, last]);
    }
  });

  /** What a block of ten costs that was taken last, and one that would be next. */
  function edgeCosts(venue: RouteVenue, taken: number): readonly [number, number] {
    const shown = venue.lots.reduce((sum, each) => sum + each, 0);
    const block = (from: number): number => {
      let [cost, before] = [0, 0];
      venue.lots.forEach((size, level) => {
        const part = Math.max(0, Math.min(before + size, from + 10) - Math.max(before, from));
        const price = venue.priceTicks[level]!;
        cost += part * (price + (price * venue.feeBps!) / 1e4 + venue.latencyPenaltyTicks!);
        before += size;
      });
      return cost;
    };
    return [taken > 0 ? block(taken - 10) : -Infinity, taken + 10 <= shown ? block(taken) : Infinity];
  }

  test("every venue's terms hold, and the costs are the sum of their parts", () => {
    const cases = new Cases(33);
    for (let index = 0; index < 2_000; index += 1) {
      const venues = cases.array(cases.integer(1, 16), () => drawBook(cases));
      const lots = cases.integer(1, 1e7);
      const { filledLots, unfilledLots, lots: each, cost, costs } = exec.route({ side: "buy", lots, venues });
      demand(filledLots + unfilledLots === lots, () => [venues, lots]);
      demand(Math.abs(costs.fee + costs.halfSpread + costs.walk + costs.latency - cost) < 1e-3, () => [venues, lots]);
      venues.forEach(({ lotSize, lotsMin }, at) => {
        demand(each[at]! % lotSize! === 0 && (each[at] === 0 || each[at]! >= lotsMin!), () => [venues, lots]);
      });
    }
  });
});

test("costs are told by kind", () => {
  const near = { priceTicks: Float64Array.of(101, 103), lots: Float64Array.of(10, 10), feeBps: 100 };
  const far = { priceTicks: Float64Array.of(102), lots: Float64Array.of(5), latencyPenaltyTicks: 0.5 };
  const made = exec.route({ side: "buy", lots: 40, venues: [near, far], midTicks: 100 });
  expect(made).toMatchObject({ filledLots: 25, unfilledLots: 15, isOptimal: true });
  expect([...made.lots]).toEqual([20, 5]);
  expect(made.costs.fee).toBeCloseTo(20.4, 12);
  expect(made.costs).toMatchObject({ halfSpread: 30, walk: 20, latency: 2.5 });
});

test("a search that meets its limit says so, and its division is allowed all the same", () => {
  // Blocks whose sizes share no divisor, and a parent that no sum of them reaches.
  const venues = [997, 991, 983, 977, 971, 967].map((lotSize) => ({
    priceTicks: Float64Array.of(100, 101),
    lots: Float64Array.of(60 * lotSize, 60 * lotSize),
    lotSize,
  }));
  const made = exec.route({ side: "buy", lots: 2903, venues });
  expect(made.filledLots).toBeLessThanOrEqual(2903);
  expect(made.filledLots).toBeGreaterThan(2800);
  venues.forEach(({ lotSize }, at) => {
    expect(made.lots[at]! % lotSize).toBe(0);
  });
});

test("of equal costs the earlier venue is filled first", () => {
  const venue = { priceTicks: Float64Array.of(100), lots: Float64Array.of(10) };
  expect([...exec.route({ side: "sell", lots: 15, venues: [venue, venue] }).lots]).toEqual([10, 5]);
});
