/**
 * What each order does at its edges, one case each: late start, pause, refills, bursts, the end of the window.
 */
import { describe, expect, test } from "vitest";
import { exec, type Plan } from "../wasm/exec/index.js";
import { Cases, demand } from "./exec/random.js";

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
