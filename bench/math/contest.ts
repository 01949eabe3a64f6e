/**
 * A contest of functions over the same data: in every round each contestant computes for about as long as it is told,
 * one after the other, so that a slow moment of the machine meets all. Results are compared before times are.
 */
import assert from "node:assert/strict";
import type { MathAnswer, MathPeers } from "./peers.js";

export interface MathPlan {
  /** The one before the first is a warm-up and not counted. */
  readonly rounds: number;
  /** For each contestant in a round. */
  readonly ms: number;
}

/** Computes once over `elements` elements and returns what is to be compared. */
export interface Ours {
  readonly elements: number;
  readonly call: () => readonly Float64Array[];
}

/** By a name that all contestants of one row begin with. */
export type Costs = ReadonlyMap<string, readonly number[]>;

/** How far two sums over the same series may lie apart, relative to what was summed. */
const AGREEMENT = 1e-9;

/** Nanoseconds an element of each contestant in each round. */
export class Contest {
  private readonly costs = new Map<string, number[]>();
  private readonly plan: MathPlan;

  constructor(plan: MathPlan) {
    this.plan = plan;
  }

  /** Runs `each` once as a warm-up and once in every round. */
  async run(each: (round: number) => Promise<void>): Promise<Costs> {
    for (let round = 0; round <= this.plan.rounds; round += 1) {
      await each(round);
      if (round === 0) this.costs.clear();
    }
    return this.costs;
  }

  ours(name: string, contestant: Ours): MathAnswer {
    return this.keep(name, timed(contestant, this.plan.ms));
  }

  async peers(name: string, peers: MathPeers, lane: string): Promise<MathAnswer> {
    return this.keep(name, await peers.run(lane, this.plan.ms));
  }

  private keep(name: string, answer: MathAnswer): MathAnswer {
    const kept = this.costs.get(name) ?? [];
    kept.push((answer.seconds * 1e9) / (answer.calls * answer.elements));
    this.costs.set(name, kept);
    return answer;
  }
}

function timed({ elements, call }: Ours, ms: number): MathAnswer {
  let calls = 0;
  let spentMs = 0;
  let results: readonly Float64Array[] = [];
  while (spentMs < ms) {
    const startMs = performance.now();
    results = call();
    spentMs += performance.now() - startMs;
    calls += 1;
  }
  return { elements, calls, seconds: spentMs / 1000, sums: results.map(sumOfSecondHalf) };
}

function sumOfSecondHalf(values: Float64Array): number {
  let sum = 0;
  for (let index = values.length >> 1; index < values.length; index += 1) {
    if (!Number.isNaN(values[index])) sum += values[index];
  }
  return sum;
}

interface Agreement {
  /** The size of what was summed, where the sums themselves may be near 0. */
  readonly scale?: number;
  readonly within?: number;
}

/** Throws AssertionError when two contestants computed different things. */
export function assertSame(
  name: string,
  ours: MathAnswer,
  theirs: MathAnswer,
  { scale = 0, within = AGREEMENT }: Agreement = {},
): void {
  theirs.sums.forEach((sum, index) => {
    const far = Math.abs(ours.sums[index] - sum);
    const size = Math.max(Math.abs(sum), scale);
    assert(far <= within * size, `${name}: output ${index} sums to ${ours.sums[index]} here and to ${sum} there`);
  });
}

/** The geometric mean of the costs of several contestants, round by round. */
export function geometricMeans(costs: readonly (readonly number[])[]): number[] {
  return costs[0].map((_, round) =>
    Math.exp(costs.reduce((sum, each) => sum + Math.log(each[round]), 0) / costs.length),
  );
}
