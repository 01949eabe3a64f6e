/**
 * Indicators over one series against TA-Lib's C, function by function. Ours fill arrays that the caller keeps, as
 * TA-Lib's wrapper in effect does: the allocator hands it the memory of the call before.
 */
import { type AnySpec, createIndicators, createMathCore, type IndicatorName, table } from "../../wasm/index.js";
import { type Goal, type GoalRow, judge, type UnmeasuredGoal } from "../goal.js";
import { median, type Ratio, ratioOf } from "../statistics.js";
import { assertSame, Contest, geometricMeans, type MathPlan, type Ours } from "./contest.js";
import type { MathPeers } from "./peers.js";
import { type Bars, barsOf } from "./series.js";

const COUNT = 100_000;
/** MAMA's period follows an arctangent of what it smoothed with that period, which makes much of a rounding. */
const PHASE_AGREEMENT = 1e-7;

/** What TA-Lib has too: options that differ from the table's defaults, and the outputs that its function returns. */
const FUNCTIONS = {
  sma: {},
  ema: {},
  wma: { period: 20 },
  dema: { period: 20 },
  tema: { period: 20 },
  trima: { period: 20 },
  kama: { period: 10 },
  t3: { period: 5, volume: 0.7 },
  mama: {},
  lsma: { period: 14 },
  rsi: {},
  macd: {},
  ppo: { signal: 1 },
  roc: { period: 10 },
  momentum: { period: 10 },
  stochastic: {},
  stochasticRsi: {},
  cci: { period: 20 },
  williamsR: {},
  cmo: {},
  trix: {},
  ultimate: {},
  aroon: {},
  adx: {},
  trueRange: {},
  atr: {},
  natr: {},
  bollinger: {},
  deviation: { period: 20 },
  obv: {},
  ad: {},
  chaikin: {},
  mfi: {},
  parabolicSar: {},
  variance: { period: 20 },
  correlation: { period: 30 },
  extremes: { period: 30 },
} as const satisfies Partial<Record<IndicatorName, Readonly<Record<string, number>>>>;
type Name = keyof typeof FUNCTIONS;
const NAMES = Object.keys(FUNCTIONS) as Name[];

/** In TA-Lib's order. */
const OUTPUTS: Partial<Record<Name, readonly string[]>> = {
  ppo: ["ppo"],
  aroon: ["down", "up"],
  adx: ["adx"],
  extremes: ["highest", "lowest"],
};

export interface IndicatorRow {
  readonly name: string;
  /** Medians over the rounds. */
  readonly ns: number;
  readonly taLibNs: number | null;
  /** How many times faster than TA-Lib. */
  readonly ratio: Ratio | null;
}

export interface IndicatorResult {
  readonly rows: readonly IndicatorRow[];
  /** How many times faster than TA-Lib all of them are, by geometric mean. */
  readonly all: Ratio | null;
  readonly goals: readonly (Goal | UnmeasuredGoal)[];
}

/** The goal names these five; how all functions compare stands in the table. */
const NAMED = ["ema", "rsi", "macd", "bollinger", "atr"] as const satisfies readonly Name[];
const GOAL: GoalRow = {
  ...{ id: "G11", goal: 1, better: "higher" },
  row: "one series, EMA, RSI, MACD, Bollinger and ATR, over TA-Lib, geometric mean",
};

export async function measureIndicators(
  plan: MathPlan,
  peers: MathPeers,
  note: (text: string) => void,
): Promise<IndicatorResult> {
  const bars = barsOf(COUNT);
  const contestants = NAMES.map((name) => ({ name, ours: contestantOf(name, bars) }));
  const contest = new Contest(plan);
  const costs = await contest.run(async (round) => {
    note(`math: indicators, round ${round} of ${plan.rounds}`);
    for (const { name, ours } of contestants) {
      const mine = contest.ours(name, ours);
      if (!peers.present) continue;
      const theirs = await contest.peers(`TA-Lib ${name}`, peers, `talib-${name}`);
      assertSame(name, mine, theirs, { scale: COUNT, within: name === "mama" ? PHASE_AGREEMENT : undefined });
    }
  });
  const rows = NAMES.map((name): IndicatorRow => {
    const theirs = costs.get(`TA-Lib ${name}`);
    const ours = costs.get(name)!;
    return {
      name,
      ns: median(ours),
      taLibNs: theirs ? median(theirs) : null,
      ratio: theirs ? ratioOf(theirs, ours) : null,
    };
  });
  if (!peers.present) return { rows, all: null, goals: [{ ...GOAL, reason: peers.missing.join("; ") }] };
  const ratioOver = (names: readonly Name[]): Ratio => {
    const of = (prefix: string): number[] => geometricMeans(names.map((name) => costs.get(prefix + name)!));
    return ratioOf(of("TA-Lib "), of(""));
  };
  return { rows, all: ratioOver(NAMES), goals: [judge(GOAL, ratioOver(NAMED))] };
}

const ta = createIndicators(createMathCore());

/** Fills the same arrays in every call. */
function contestantOf(name: Name, bars: Bars): Ours {
  const spec: AnySpec = table[name];
  const sources = { ...bars, value: bars.close, other: bars.open } as Readonly<Record<string, Float64Array>>;
  const inputs = spec.inputs.map((input) => sources[input]);
  const outputs = Object.keys(spec.outputs);
  const arrays = Object.fromEntries(outputs.map((output) => [output, new Float64Array(COUNT)]));
  const into = outputs.length === 1 ? arrays[outputs[0]] : arrays;
  const run = ta[name] as (...given: readonly unknown[]) => unknown;
  const compared = (OUTPUTS[name] ?? outputs).map((output) => arrays[output]);
  return {
    elements: COUNT,
    call: () => {
      run(...inputs, FUNCTIONS[name], into);
      return compared;
    },
  };
}
