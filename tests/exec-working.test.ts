/**
 * Orders worked over time against a venue that fills, cancels and keeps silent: whatever it does, children never exceed
 * the parent. And each of them pauses, ends, and goes on from a snapshot.
 */
import { describe, expect, test } from "vitest";
import { exec, MathStateError, type Plan, type WorkingOrder } from "../wasm/exec/index.js";
import { Cases, demand } from "./exec/random.js";
import { RandomVenue } from "./exec/venue.js";

const PARENTS = 100_000;
const STEPS = 12;

/** Works an order against a random venue; returns what the venue saw. */
function work(cases: Cases, next: (venue: RandomVenue, step: number) => number, lots: number): RandomVenue {
  const venue = new RandomVenue(cases);
  for (let step = 0; step < STEPS; step += 1) {
    const child = next(venue, step);
    demand(Number.isSafeInteger(child) && child >= 0, () => child);
    demand(venue.executedLots + venue.liveLots + child <= lots, () => [venue, child, lots]);
    venue.send(child);
    for (let more = cases.integer(0, 2); more > 0; more -= 1) venue.happen();
  }
  return venue;
}

describe("children never exceed the parent, orders of unknown outcome counted as live: 100 000 parents each", () => {
  test("following a plan, which it never runs ahead of", () => {
    const cases = new Cases(41);
    for (let index = 0; index < PARENTS; index += 1) {
      const lotsMin = cases.integer(1, 4);
      const lots = cases.integer(lotsMin, 300);
      const plan = exec.twap({ lots, lotsMin, slices: cases.integer(1, 8), startUs: 100, endUs: 200 });
      const order = exec.follow({
        plan,
        ...{ endUs: 200, lotsMin },
        late: cases.pick(["catchUp", "spread"]),
        completion: cases.pick(["cancel", "complete"]),
      });
      let now = 90;
      const next = (venue: RandomVenue): number => {
        now += cases.integer(0, 20);
        const child = order.next(now, venue.executedLots, venue.liveLots);
        const due = plan.lots.reduce((sum, each, at) => sum + (plan.timesUs[at]! <= now ? each : 0), 0);
        const total = venue.executedLots + venue.liveLots + child;
        demand(child === 0 || now >= 200 || total < due + lotsMin, () => [plan, now, total, due]);
        demand(child === 0 || child >= lotsMin, () => [plan, child]);
        return child;
      };
      work(cases, next, lots);
    }
  });

  test("an iceberg, of which nobody sees more than the peak", () => {
    const cases = new Cases(42);
    for (let index = 0; index < PARENTS; index += 1) {
      const lotsMin = cases.integer(1, 5);
      const lots = cases.integer(lotsMin, 200);
      const peakLots = 2 * lotsMin - 1 + cases.integer(0, 30);
      const band = cases.fraction();
      const options = { side: "buy", lots, lotsMin, peakLots, band, limitTicks: 5, seed: index } as const;
      const order = exec.iceberg(options);
      const venue = work(cases, (at) => order.next(at.executedLots, at.liveLots), lots);
      demand(venue.liveMax <= peakLots, () => [options, venue]);
    }
  });

  test("following the volume, which it exceeds by less than one minimum", () => {
    const cases = new Cases(43);
    for (let index = 0; index < PARENTS; index += 1) {
      const childMin = cases.integer(1, 5);
      const lots = cases.integer(childMin, 300);
      const millionths = cases.pick([1, 100_000, 333_333, 999_999, cases.integer(1, 999_999)]);
      const options = {
        ...{ lots, childMin, rate: millionths / 1e6, startUs: 0, endUs: 1000 },
        ...(cases.chance(2) && { childMax: 2 * childMin - 1 + cases.integer(0, 20) }),
        ...(cases.chance(2) && { catchUpLots: childMin + cases.integer(0, 20) }),
      };
      const order = exec.pov(options);
      let market = 0n;
      const next = (venue: RandomVenue, step: number): number => {
        const traded = cases.pick([0, cases.integer(0, 50), cases.integer(0, 1e6)]);
        market += BigInt(traded);
        const child = order.next(step, traded, venue.executedLots, venue.liveLots);
        const allowed = (market * BigInt(millionths)) / BigInt(1_000_000 - millionths);
        const total = BigInt(venue.executedLots + venue.liveLots + child);
        demand(child === 0 || total < allowed + BigInt(childMin), () => [options, venue, child]);
        demand(child === 0 || (child >= childMin && child <= (options.childMax ?? child)), () => [options, child]);
        return child;
      };
      work(cases, next, lots);
    }
  });
});

describe("the same orders in any mood", () => {
  const plan: Plan = exec.twap({ lots: 100, slices: 4, startUs: 0, endUs: 400 });
  const made: readonly (() => [WorkingOrder, () => number])[] = [
    () => {
      const order = exec.follow({ plan, endUs: 400 });
      return [order, () => order.next(399, 0, 0)];
    },
    () => {
      const order = exec.iceberg({ side: "sell", lots: 100, peakLots: 50, band: 0.5, seed: 9, limitTicks: 7 });
      return [order, () => order.next(0, 0)];
    },
    () => {
      const order = exec.pov({ lots: 100, rate: 0.5, startUs: 0, endUs: 400 });
      return [order, () => order.next(1, 50, 0, 0)];
    },
  ];

  test.each(made)("a pause sends nothing, a cancel ends it for good", (make) => {
    const [order, next] = make();
    order.pause();
    expect([next(), order.isPaused, order.isCancelled]).toEqual([0, true, false]);
    order.resume();
    expect(next()).toBeGreaterThan(0);
    order.cancel();
    order.resume();
    expect([next(), order.isPaused, order.isCancelled]).toEqual([0, false, true]);
  });

  test.each(made)("a snapshot makes another order go on as this one", (make) => {
    const [order, next] = make();
    next();
    const [other, otherNext] = make();
    other.restore(order.snapshot());
    expect([otherNext(), otherNext()]).toEqual([next(), next()]);
    expect(other.state).toEqual(order.state);
  });

  test.each(made)("what is no snapshot of it is refused, and changes nothing", (make) => {
    const [order] = make();
    const before = order.snapshot();
    const wrong = [
      new Float64Array(9),
      before.map(() => 0.5),
      before.map(() => -1),
      before.map(() => 3),
      [0, 0] as never,
    ];
    for (const each of wrong) expect(() => order.restore(each)).toThrow(MathStateError);
    expect(order.snapshot()).toEqual(before);
  });

  test.each(made)("a late fill beyond the parent sends nothing more", (make) => {
    const [order] = make();
    const executed = order.lots + 5;
    if ("priceTicks" in order) expect((order as ReturnType<typeof exec.iceberg>).next(executed, 0)).toBe(0);
    expect(exec.follow({ plan, endUs: 400 }).next(500, executed, 0)).toBe(0);
    expect(exec.pov({ lots: 100, rate: 1, startUs: 0, endUs: 9 }).next(1, 1, executed, 0)).toBe(0);
  });
});
