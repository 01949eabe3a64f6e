/**
 * Indicators over many series at once against TA-Lib's C, which is called series by series. Ours read and fill tables
 * in the module's own memory; the same with arrays of the user's, copied in and out, stands beside it without a goal.
 */
import { createLanes, type LaneName } from "../../wasm/lanes/lanes.js";
import { type Goal, type GoalRow, judge, type UnmeasuredGoal } from "../goal.js";
import { median, type Ratio, ratioOf } from "../statistics.js";
import { assertSame, Contest, type Costs, geometricMeans, type MathPlan, type Ours } from "./contest.js";
import type { MathPeers } from "./peers.js";
import { type Bars, barsOf } from "./series.js";

const BARS = 10_000;
const COUNTS = [8, 16, 64] as const;
/** Tables of more series pass the caches, where memory is the bound; they are shown without a goal. */
const GOAL_COUNTS = [8, 16] as const;
const NAMES = ["sma", "ema", "rsi", "atr", "bollinger"] as const satisfies readonly LaneName[];
const GOAL = 3;
const ARENA_BYTES = 256 * 1024 * 1024;
/** Between the seeds of two series, as in bench/peers/python/lanes.py. */
const SEED_STEP = 1000;

export interface LaneRow {
  readonly name: string;
  readonly series: number;
  /** Nanoseconds an element, in place. */
  readonly ns: number;
  /** With arrays that are copied in and out. */
  readonly copiedNs: number;
  readonly taLibNs: number | null;
  readonly ratio: Ratio | null;
}

export interface LaneResult {
  readonly rows: readonly LaneRow[];
  readonly goals: readonly (Goal | UnmeasuredGoal)[];
}

export async function measureLanes(
  plan: MathPlan,
  peers: MathPeers,
  note: (text: string) => void,
): Promise<LaneResult> {
  const contestants = COUNTS.flatMap(contestantsOf);
  const contest = new Contest(plan);
  const costs = await contest.run(async (round) => {
    note(`math: lanes, round ${round} of ${plan.rounds}`);
    for (const { name, lane, inPlace, copied } of contestants) {
      const mine = contest.ours(name, inPlace);
      assertSame(name, mine, contest.ours(`${name}, copied`, copied));
      if (!peers.present) continue;
      assertSame(name, mine, await contest.peers(`TA-Lib ${name}`, peers, lane), { scale: BARS });
    }
  });
  return resultOf(costs, peers);
}

function resultOf(costs: Costs, peers: MathPeers): LaneResult {
  const rows = COUNTS.flatMap((series) =>
    NAMES.map((name): LaneRow => {
      const ours = costs.get(`${name} ${series}`)!;
      const theirs = costs.get(`TA-Lib ${name} ${series}`);
      return {
        ...{ name, series, ns: median(ours), copiedNs: median(costs.get(`${name} ${series}, copied`)!) },
        taLibNs: theirs ? median(theirs) : null,
        ratio: theirs ? ratioOf(theirs, ours) : null,
      };
    }),
  );
  const goals = GOAL_COUNTS.map((series): Goal | UnmeasuredGoal => {
    const text = `${series} series in lanes, over TA-Lib, geometric mean of five indicators`;
    const row: GoalRow = { id: "G11", row: text, goal: GOAL, better: "higher" };
    if (!peers.present) return { ...row, reason: peers.missing.join("; ") };
    const of = (prefix: string): number[] =>
      geometricMeans(NAMES.map((name) => costs.get(`${prefix}${name} ${series}`)!));
    return judge(row, ratioOf(of("TA-Lib "), of("")));
  });
  return { rows, goals };
}

interface Contestant {
  readonly name: string;
  readonly lane: string;
  readonly inPlace: Ours;
  readonly copied: Ours;
}

function contestantsOf(series: number): Contestant[] {
  const lanes = createLanes({ arenaCapacity: ARENA_BYTES });
  const single = Array.from({ length: series }, (_, index) => barsOf(BARS, index * SEED_STEP));
  const plain = () => new Float64Array(BARS * series);
  const table = (name: keyof Bars): Float64Array => {
    const rows = lanes.matrix(BARS, series);
    return rows.map((_, at) => single[at % series][name][Math.floor(at / series)]);
  };
  const inPlaceOf = (values: Float64Array): Float64Array => {
    const rows = lanes.matrix(BARS, series);
    rows.set(values);
    return rows;
  };
  const copied = { close: table("close"), high: table("high"), low: table("low") };
  const inPlace = { close: inPlaceOf(copied.close), high: inPlaceOf(copied.high), low: inPlaceOf(copied.low) };
  return NAMES.map((name) => ({
    ...{ name: `${name} ${series}`, lane: `lanes-${name}-${series}` },
    inPlace: contestant(lanes, name, series, inPlace, () => lanes.matrix(BARS, series)),
    copied: contestant(lanes, name, series, copied, plain),
  }));
}

type Tables = Pick<Bars, "high" | "low" | "close">;

function contestant(
  lanes: ReturnType<typeof createLanes>,
  name: (typeof NAMES)[number],
  series: number,
  { high, low, close }: Tables,
  make: () => Float64Array,
): Ours {
  const elements = BARS * series;
  if (name === "atr") {
    const into = make();
    return { elements, call: () => [lanes.atr(high, low, close, { series }, into)] };
  }
  if (name === "bollinger") {
    const into = { upper: make(), middle: make(), lower: make() };
    const results = [into.upper, into.middle, into.lower];
    return {
      elements,
      call: () => {
        lanes.bollinger(close, { series }, into);
        return results;
      },
    };
  }
  const into = make();
  const run = lanes[name];
  return { elements, call: () => [run(close, { series }, into)] };
}
