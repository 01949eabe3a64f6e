/**
 * What a message costs when there are one, ten, … ten thousand instruments, strategies or subscriptions: the same
 * messages through the real engine, stepped in one thread, all sizes in every round by turns. And what each of them
 * takes in memory.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Goal, judge, judgeFigure } from "../goal.js";
import { median, type Ratio, ratioOf } from "../statistics.js";
import { type Grown, grownEngine, SERIES, type Series } from "./engines.js";
import { FLEET, fleetOf } from "./fleet.js";
import { MarketTraffic, type Spread } from "./market-traffic.js";

export interface GrowthPlan {
  readonly counts: readonly number[];
  readonly rounds: number;
  readonly messagesPerRound: number;
  /** Before the first round, for each size. */
  readonly warmUp: number;
}

export interface GrowthSeries {
  readonly series: Series | typeof FLEET;
  /** By size: the median over the rounds. */
  readonly nsPerMessage: readonly number[];
  readonly slope: Ratio;
  /** The cost at GROWN over that at one. */
  readonly thousandfold: Ratio;
  /** Of the largest size, each, over those that the smallest has. */
  readonly bytesEach: number;
}

export interface GrowthResult {
  readonly plan: GrowthPlan;
  readonly series: readonly GrowthSeries[];
  /** Instruments that are all as busy: what no market does, and the caches of a processor cannot hold. */
  readonly even: GrowthSeries;
}

/** Something of some size that is given messages. */
interface Rig {
  run(messages: number): void;
}

const SLOPE_MAX = 0.05;
const COST_MAX = 1.25;
const BYTES_AN_ACTOR_MAX = 1024;
const EVEN = "instruments, all as busy";
/** The size whose cost is compared with that of one. */
const GROWN = 1_000;

export function measureGrowth(plan: GrowthPlan, note: (text: string) => void): GrowthResult {
  const series = SERIES.map((name) => {
    note(`growth: ${name}`);
    return measureSeries(name, plan, (count) => engineRig(grownEngine(name, count), "as in markets"));
  });
  note(`growth: ${EVEN}`);
  const even = measureSeries("instruments", plan, (count) => engineRig(grownEngine("instruments", count), "even"));
  note("growth: logical actors");
  const fleet = measureSeries(FLEET, plan, fleetOf);
  return { plan, series: [...series, { ...fleet, bytesEach: fleetOf(plan.counts.at(-1)!).bytesEach }], even };
}

export function goalsOfGrowth({ series, even }: GrowthResult): Goal[] {
  const rows = [...series.map((each) => ({ ...each, name: each.series as string })), { ...even, name: EVEN }];
  return rows.flatMap(({ name, slope, thousandfold, bytesEach }) => [
    judge(
      { id: "G14", row: `${name}: slope of cost over number, log by log`, goal: SLOPE_MAX, better: "lower" },
      slope,
    ),
    judge(
      { id: "G14", row: `${name}: cost at ${GROWN} over that at 1`, goal: COST_MAX, better: "lower" },
      thousandfold,
    ),
    ...(name === FLEET
      ? [judgeFigure({ id: "G14", row: `${name}: bytes each`, goal: BYTES_AN_ACTOR_MAX, better: "lower" }, bytesEach)]
      : []),
  ]);
}

function measureSeries(series: GrowthSeries["series"], plan: GrowthPlan, make: (count: number) => Rig): GrowthSeries {
  const { counts, rounds, messagesPerRound, warmUp } = plan;
  const usedBytes: number[] = [];
  const rigs = counts.map((count) => {
    const before = memoryBytes();
    const rig = make(count);
    usedBytes.push(memoryBytes() - before);
    return rig;
  });
  for (const rig of rigs) rig.run(warmUp);
  const costs: number[][] = counts.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    // Each round begins with another size, so that none always follows the same one.
    for (let turn = 0; turn < rigs.length; turn += 1) {
      const at = (turn + round) % rigs.length;
      const startMs = performance.now();
      rigs[at].run(messagesPerRound);
      costs[at].push(((performance.now() - startMs) * 1e6) / messagesPerRound);
    }
  }
  const slopes = Array.from({ length: rounds }, (_, round) =>
    slopeOf(
      counts,
      costs.map((each) => each[round]),
    ),
  );
  const last = counts.length - 1;
  return {
    series,
    nsPerMessage: costs.map(median),
    slope: ratioOf(slopes, new Array<number>(rounds).fill(1)),
    thousandfold: ratioOf(costs[counts.indexOf(GROWN)] ?? costs[last], costs[0]),
    bytesEach: (usedBytes[last] - usedBytes[0]) / (counts[last] - counts[0]),
  };
}

function engineRig({ engine, busy }: Grown, spread: Spread): Rig {
  const traffic = new MarketTraffic(engine, busy, spread);
  return { run: (messages) => traffic.run(messages) };
}

/** Of the line through the logarithms that is nearest to them. */
export function slopeOf(counts: readonly number[], costs: readonly number[]): number {
  const [xs, ys] = [counts.map(Math.log), costs.map(Math.log)];
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const top = xs.reduce((sum, each, at) => sum + (each - x) * (ys[at] - y), 0);
  return top / xs.reduce((sum, each) => sum + (each - x) ** 2, 0);
}

function memoryBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
