/**
 * The tick-to-order benchmark: open loop, from frame bytes on a schedule to the order in the engine's log, through
 * the real intake, the market ring and the real engine thread, sleeping when idle (shared) and spinning (dedicated).
 * The order's way on, over the disk and the network, is no part of it; neither is the socket that a frame would have
 * come from.
 */
import assert from "node:assert/strict";
import type { Placement } from "../../actors/placement.js";
import { type Goal, judge } from "../goal.js";
import { control, type NegativeControl, ratioOf } from "../statistics.js";
import { type Bursts, REACHED, type Schedule } from "./feeder.js";
import type { Measured, MeasuredBursts, Round, RoundsPlan, Window } from "./feeder-thread.js";
import { fed } from "./rig.js";
import { makeTape } from "./tape.js";

export interface TickToOrderPlan {
  readonly warmUp: Schedule;
  /** Rates from low to high; the rows end with the first that was not reached. */
  readonly schedules: readonly Schedule[];
  readonly bursts?: readonly Bursts[];
  readonly placements: readonly Placement[];
  /** Paired rounds for the goals, the engine spinning; and fewer of them with a loop wasted before each order. */
  readonly rounds?: RoundsPlan & { readonly controls: number };
  /** Turns of a useless loop before each order in all rows; 0 but in tests. */
  readonly wasted: number;
}

interface Judged {
  readonly placement: Placement;
  /** The rate was not reached, or frames were dropped: the percentiles are those of an overload. */
  readonly overloaded: boolean;
}

export interface TickToOrderRow extends Measured, Judged {
  readonly targetNs: number;
  readonly met: boolean;
}
export type BurstRow = MeasuredBursts & Judged;

export interface TickToOrderResult {
  readonly plan: TickToOrderPlan;
  readonly rows: readonly TickToOrderRow[];
  readonly bursts: readonly BurstRow[];
  readonly rounds: readonly Round[];
  /** The same with a loop wasted before each order. */
  readonly slowed: readonly Round[];
  readonly cores: readonly number[];
}

/** p50 of tick-to-order on two cores. */
export const TARGET_NS: Readonly<Record<Placement, number>> = { shared: 100_000, dedicated: 10_000 };
/** Some ten microseconds on any processor. */
const WASTED_BY_CONTROL = 20_000;
const HOPS_P50 = 4;
const HOPS_P999 = 40;
const IN_ENGINE_US = 3;

export async function measureTickToOrder(
  plan: TickToOrderPlan,
  note: (text: string) => void,
): Promise<TickToOrderResult> {
  const { warmUp, schedules, bursts = [], placements, rounds, wasted } = plan;
  const tape = makeTape();
  const rows: TickToOrderRow[] = [];
  const burstRows: BurstRow[] = [];
  let paired: readonly Round[] = [];
  let slowed: readonly Round[] = [];
  let cores: readonly number[] = [];
  for (const placement of placements) {
    const isLast = placement === placements.at(-1);
    note(`tick-to-order: ${placement}, ${schedules.map((each) => each.framesPerSecond).join(", ")} frames/s`);
    const found = await fed(placement, wasted, tape, { warmUp, schedules, bursts, ...(isLast && { rounds }) });
    rows.push(...found.rows.map((each) => judgeRow(placement, each)));
    burstRows.push(...found.bursts.map((each) => ({ ...each, ...judged(placement, each) })));
    paired = found.rounds;
    cores = found.cores;
  }
  if (rounds !== undefined) {
    note("tick-to-order: with a wasted loop");
    const task = { warmUp, rounds: { ...rounds, count: rounds.controls } };
    slowed = (await fed("dedicated", WASTED_BY_CONTROL, tape, task)).rounds;
  }
  return { plan, rows, bursts: burstRows, rounds: paired, slowed, cores };
}

/** The pairing: costs over the hop of the same round. */
export function goalsOfTickToOrder({ rounds }: Pick<TickToOrderResult, "rounds">): Goal[] {
  if (rounds.length === 0) return [];
  const hops = rounds.map(({ hopNs }) => hopNs);
  const row = (name: string, goal: number, costs: readonly number[], units: readonly number[]): Goal =>
    judge({ id: "G6", row: name, goal, better: "lower" }, ratioOf(costs, units));
  return [
    row(
      "tick to order at 100 000 frames/s, p50 less the single thread's, in one-way hops",
      HOPS_P50,
      rounds.map(({ p50Ns, serviceNs }) => p50Ns - serviceNs),
      hops,
    ),
    row(
      "the same, p99.9 in one-way hops",
      HOPS_P999,
      rounds.map(({ p999Ns }) => p999Ns),
      hops,
    ),
    row(
      "in the engine, taken to published, p50 in µs",
      IN_ENGINE_US,
      rounds.map(({ commandNs }) => commandNs / 1000),
      rounds.map(() => 1),
    ),
  ];
}

export function controlsOfTickToOrder({ rounds, slowed }: TickToOrderResult): NegativeControl[] {
  if (slowed.length === 0) return [];
  const p50s = (list: readonly Round[]): number[] => list.map(({ p50Ns }) => p50Ns);
  return [
    control("tick to order, a loop wasted before each order", p50s(slowed), p50s(rounds.slice(0, slowed.length))),
  ];
}

function judgeRow(placement: Placement, measured: Measured): TickToOrderRow {
  const targetNs = TARGET_NS[placement];
  const isReached = measured.achievedPerSecond >= REACHED * measured.framesPerSecond;
  const { overloaded } = judged(placement, measured);
  return {
    ...measured,
    placement,
    targetNs,
    met: measured.tickToOrder.p50 < targetNs,
    overloaded: overloaded || !isReached,
  };
}

function judged(placement: Placement, { tickToOrder, dropped, orders, ordersDue }: Window): Judged {
  assert.equal(tickToOrder.count, orders, "every order was timed");
  assert(dropped > 0 || orders === ordersDue, `${ordersDue} orders were due (were ${orders})`);
  return { placement, overloaded: dropped > 0 };
}
