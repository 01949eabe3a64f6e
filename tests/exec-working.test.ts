/**
 * Orders worked over time against a venue that fills, cancels and keeps silent: whatever it does, children never exceed
 * the parent. Then each policy by itself: late start, pause, cancel, the end of the window.
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

describe("following a plan", () => {
  const plan: Plan = { timesUs: Float64Array.of(100, 200, 300, 400), lots: Float64Array.of(40, 30, 20, 10) };

  test("each child goes at its time, and is not sent again while it is live", () => {
    const order = exec.follow({ plan, endUs: 500 });
    expect([99, 100, 100, 199].map((now, at) => order.next(now, 0, at < 2 ? 0 : 40))).toEqual([0, 40, 0, 0]);
    expect(order.next(200, 15, 25)).toBe(30);
  });

  test("a late start owes at once what was due", () => {
    expect(exec.follow({ plan, endUs: 500 }).next(310, 0, 0)).toBe(90);
  });

  test("or spreads it over the children to come", () => {
    const order = exec.follow({ plan, endUs: 500, late: "spread" });
    expect(order.next(310, 0, 0)).toBe(66);
    expect(order.next(320, 66, 0)).toBe(0);
    expect(order.next(400, 66, 0)).toBe(34);
  });

  test("spread in time is the plan itself", () => {
    const cases = new Cases(44);
    for (let index = 0; index < 2000; index += 1) {
      const [lots, slices] = [cases.lots(), cases.integer(1, 30)];
      const made = exec.twap({ lots, slices, startUs: 0, endUs: 1e9, jitter: { size: 1, time: 1, seed: index } });
      const order = exec.follow({ plan: made, endUs: 1e9, late: "spread" });
      let executed = 0;
      made.timesUs.forEach((time, child) => {
        const sent = order.next(time, executed, 0);
        demand(sent === made.lots[child], () => [made, child, sent]);
        executed += sent;
      });
    }
  });

  test("what the venue cancelled is owed again", () => {
    const order = exec.follow({ plan, endUs: 500 });
    expect(order.next(100, 0, 0)).toBe(40);
    expect(order.next(110, 10, 0)).toBe(30);
  });

  test("at the end of the window it cancels, or completes", () => {
    expect(exec.follow({ plan, endUs: 500 }).next(500, 30, 20)).toBe(0);
    expect(exec.follow({ plan, endUs: 500, completion: "complete" }).next(500, 30, 20)).toBe(50);
  });
});

describe("an iceberg", () => {
  const options = { side: "buy", lots: 1000, peakLots: 100, limitTicks: 50 } as const;

  test("shows the peak, waits for all of it, and shows the rest at last", () => {
    const order = exec.iceberg({ ...options, lots: 250 });
    expect(order.next(0, 0)).toBe(100);
    expect(order.next(60, 40)).toBe(0);
    expect(order.next(100, 0)).toBe(100);
    expect(order.next(200, 0)).toBe(50);
    expect(order.next(250, 0)).toBe(0);
  });

  test("draws its refills from the whole band, evenly, as the seed says", () => {
    const sizes = (seed: number): number[] => {
      const order = exec.iceberg({ ...options, lots: 1e9, band: 0.2, seed });
      return Array.from({ length: 4200 }, () => order.next(0, 0));
    };
    const counts = new Map<number, number>();
    for (const size of sizes(1)) counts.set(size, (counts.get(size) ?? 0) + 1);
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, at) => 80 + at));
    // Each is expected 200 times, with a standard deviation of 14.
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(70);
    expect(sizes(1)).toEqual(sizes(1));
    expect(sizes(1)).not.toEqual(sizes(2));
  });

  test("never leaves a remainder too small to send", () => {
    const order = exec.iceberg({ ...options, lots: 12, peakLots: 9, lotsMin: 5 });
    expect([order.next(0, 0), order.next(7, 0), order.next(12, 0)]).toEqual([7, 5, 0]);
  });

  test("stays at its limit, or follows the touch but never past it", () => {
    const stays = exec.iceberg(options);
    const follows = exec.iceberg({ ...options, priceRule: "follow" });
    const sells = exec.iceberg({ ...options, side: "sell", priceRule: "follow" });
    expect([45, 50, 55].map((touch) => stays.priceTicks(touch))).toEqual([50, 50, 50]);
    expect([45, 50, 55].map((touch) => follows.priceTicks(touch))).toEqual([45, 50, 50]);
    expect([45, 50, 55].map((touch) => sells.priceTicks(touch))).toEqual([50, 50, 55]);
  });
});

describe("following the volume", () => {
  const options = { lots: 1000, rate: 0.2, startUs: 100, endUs: 900 };

  test("one lot to four of others, rounded down", () => {
    const order = exec.pov(options);
    expect([order.next(100, 40, 0, 0), order.next(200, 3, 10, 0), order.next(300, 1, 10, 0)]).toEqual([10, 0, 1]);
  });

  test("volume before the start and in a pause is not owed", () => {
    const order = exec.pov(options);
    expect(order.next(99, 1000, 0, 0)).toBe(0);
    order.pause();
    expect(order.next(150, 1000, 0, 0)).toBe(0);
    order.resume();
    expect(order.next(160, 40, 0, 0)).toBe(10);
  });

  test("of a burst it owes no more than it may catch up, then or later", () => {
    const order = exec.pov({ ...options, catchUpLots: 25 });
    expect(order.next(100, 4000, 0, 0)).toBe(25);
    expect(order.next(200, 0, 25, 0)).toBe(0);
    expect(order.next(300, 40, 25, 0)).toBe(10);
  });

  test("children below the minimum wait, larger ones than the maximum come in parts", () => {
    const order = exec.pov({ ...options, childMin: 10, childMax: 19 });
    expect(order.next(100, 36, 0, 0)).toBe(0);
    expect(order.next(110, 84, 0, 0)).toBe(19);
    expect(order.next(120, 0, 0, 19)).toBe(11);
  });

  test("at the end of the window it cancels, or completes in children that are allowed", () => {
    expect(exec.pov(options).next(900, 1e6, 0, 0)).toBe(0);
    const order = exec.pov({ ...options, childMin: 5, childMax: 600, completion: "complete" });
    expect([order.next(900, 0, 0, 0), order.next(901, 0, 0, 600), order.next(902, 0, 997, 0)]).toEqual([600, 400, 0]);
  });

  test("at a rate of one, all of it goes", () => {
    expect(exec.pov({ ...options, rate: 1 }).next(100, 0, 0, 0)).toBe(1000);
  });
});
