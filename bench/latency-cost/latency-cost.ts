/**
 * What measuring latency costs: the real engine agent over recorded messages with its stopwatch and without, side by
 * side in one thread, in full batches, where throughput counts, and one message at a time, where every one is timed and
 * the engine has nothing else to do. Both come to the same orders in every round.
 */
import assert from "node:assert/strict";
import { readClockBasis } from "../../actors/clock.js";
import { type Comparison, compare, control, median, type NegativeControl } from "../statistics.js";
import { decodeCapture } from "./decoded.js";
import { SteppedEngine, type Watch } from "./stepped-engine.js";

export interface LatencyCostPlan {
  readonly rounds: number;
  /** Turns in a round, in each of which both take two stretches. */
  readonly turns: number;
  /** Messages in a stretch of full batches, so few that the system seldom takes the core away in it. */
  readonly messages: number;
}

export interface LatencyCostRow {
  readonly load: string;
  readonly watch: Watch;
  /** Median over the rounds. */
  readonly nsPerMessage: number;
}

export interface LatencyCostResult {
  readonly plan: LatencyCostPlan;
  readonly rows: readonly LatencyCostRow[];
  readonly comparisons: readonly Comparison[];
  readonly controls: readonly NegativeControl[];
  /** Orders sent by each contestant. */
  readonly orders: number;
}

/** Of the throughput without it. */
export const LATENCY_COST_GOAL = 0.98;
export const FULL_BATCHES = "full batches";
export const ONE_BY_ONE = "one by one";
/** Rounds before the first that counts: V8 has compiled, and the branches are known. */
const WARM_UP = 4;
const WATCHES: readonly Watch[] = ["none", "latency"];

/** By round. */
type Costs = ReadonlyMap<Watch, readonly number[]>;
type Engines = ReadonlyMap<Watch, SteppedEngine>;
type Stretch = (engine: SteppedEngine, messages: number) => number;

export function measureLatencyCost(plan: LatencyCostPlan, note: (text: string) => void): LatencyCostResult {
  const decoded = decodeCapture();
  const basis = readClockBasis();
  const engine = (watch: Watch) => [watch, new SteppedEngine(decoded, watch, basis)] as const;
  const measured = new Map(WATCHES.map(engine));
  note(`latency cost: ${FULL_BATCHES}, ${plan.rounds} rounds`);
  const full = runRounds(measured, plan, stretchOfFull);
  note(`latency cost: ${ONE_BY_ONE}, ${plan.rounds} rounds`);
  const single = runRounds(measured, { ...plan, messages: plan.messages >> 3 }, stretchOfOnes);
  const orders = measured.get("none")!.engine.ordersSent;
  const slowed = runRounds(new Map((["none", "slow clock"] as const).map(engine)), plan, stretchOfFull);
  return {
    plan,
    rows: [...rowsOf(FULL_BATCHES, full), ...rowsOf(ONE_BY_ONE, single)],
    comparisons: [compare(contest, full)],
    controls: [control("latency with a slow clock", slowed.get("slow clock")!, slowed.get("none")!)],
    orders,
  };
}

const contest = {
  measure: `engine agent, ${FULL_BATCHES}`,
  subject: "latency",
  peer: "none",
  goal: LATENCY_COST_GOAL,
} as const;

const rowsOf = (load: string, costs: Costs): LatencyCostRow[] =>
  WATCHES.map((watch) => ({ load, watch, nsPerMessage: median(costs.get(watch)!) }));

/**
 * Nanoseconds a message. In every turn of a round both take the same messages, in the order A B B A; the round's figure
 * is the median over the turns of what a contestant's cost is to that of the one without.
 */
function runRounds(engines: Engines, plan: LatencyCostPlan, stretch: Stretch): Costs {
  const costs = new Map([...engines.keys()].map((watch) => [watch, [] as number[]]));
  for (let round = 1 - WARM_UP; round <= plan.rounds; round += 1) {
    const turns = Array.from({ length: plan.turns }, () => runTurn(engines, plan, stretch));
    requireSameOrders(engines);
    if (round <= 0) continue;
    const bare = median(turns.map((turn) => turn.get("none")!));
    for (const [watch, each] of costs)
      each.push(bare * median(turns.map((turn) => turn.get(watch)! / turn.get("none")!)));
  }
  return costs;
}

function runTurn(engines: Engines, { messages }: LatencyCostPlan, stretch: Stretch): Map<Watch, number> {
  const there = new Map([...engines].map(([watch, engine]) => [watch, stretch(engine, messages)]));
  const back = new Map([...engines].reverse().map(([watch, engine]) => [watch, stretch(engine, messages)]));
  return new Map([...there].map(([watch, ns]) => [watch, (ns + back.get(watch)!) / 2]));
}

function stretchOfFull(engine: SteppedEngine, messages: number): number {
  const filled = engine.fill(messages);
  const ns = engine.drain();
  engine.follow();
  return ns / filled;
}

function stretchOfOnes(engine: SteppedEngine, messages: number): number {
  let ns = 0;
  for (let message = 0; message < messages; message += 1) {
    engine.fill(1);
    ns += engine.drain();
  }
  engine.follow();
  return ns / messages;
}

function requireSameOrders(engines: Engines): void {
  const sent = [...engines.values()].map(({ engine }) => engine.ordersSent);
  assert(
    sent.every((orders) => orders > 0 && orders === sent[0]),
    `all sent the same orders (were ${sent.join(", ")})`,
  );
}
