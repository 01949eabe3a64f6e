/**
 * Indicators bar by bar: against the libraries of npm, against a plain loop in JavaScript, and against our own batches,
 * for every indicator of the table.
 */
import { type AnySpec, createIndicators, createMathCore, type IndicatorName, table } from "../../wasm/index.js";
import { type Goal, judge } from "../goal.js";
import { median, type Ratio, ratioOf } from "../statistics.js";
import { Contest, type Costs, geometricMeans, type MathPlan, type Ours } from "./contest.js";
import { FOLLOWED, type Follow, type Followed, LIBRARIES, type Library, WINDOW } from "./npm-streams.js";
import { type Bars, barsOf } from "./series.js";

const COUNT = 100_000;
/** Of a library that computes a whole window at each bar. */
const FEW = WINDOW + 1_000;
const LIBRARY_NAMES = Object.keys(LIBRARIES) as Library[];
const INDICATORS = Object.keys(table) as IndicatorName[];
const FASTER_GOAL = 10;
const STREAM_GOAL = 2;

export interface LibraryRow {
  readonly indicator: Followed;
  readonly library: Library;
  readonly ns: number;
  readonly libraryNs: number;
  /** How many times faster than the library. */
  readonly ratio: Ratio;
}

export interface StreamRow {
  readonly indicator: IndicatorName;
  /** Medians over the rounds, nanoseconds a bar. */
  readonly batchNs: number;
  readonly streamNs: number;
}

export interface StreamResult {
  readonly libraries: readonly LibraryRow[];
  readonly indicators: readonly StreamRow[];
  /** An exponential average as a loop over numbers in JavaScript. */
  readonly plainLoopNs: number;
  readonly goals: readonly Goal[];
}

export async function measureStreams(plan: MathPlan, note: (text: string) => void): Promise<StreamResult> {
  const bars = barsOf(COUNT);
  const few = { ...bars, high: bars.high.subarray(0, FEW), low: bars.low.subarray(0, FEW) };
  const window: Bars = { ...few, close: bars.close.subarray(0, FEW) };
  const ours = new Map(INDICATORS.map((name) => [name, contestantsOf(name, bars)]));
  const contest = new Contest(plan);
  const costs = await contest.run(async (round) => {
    note(`math: streams, round ${round} of ${plan.rounds}`);
    for (const [name, { batch, stream }] of ours) {
      contest.ours(`${name} batch`, batch);
      contest.ours(name, stream);
    }
    for (const library of LIBRARY_NAMES) {
      for (const name of FOLLOWED) {
        const isWhole = library !== "indicatorts";
        contest.ours(`${library} ${name}`, followed(LIBRARIES[library][name], isWhole ? bars : window));
      }
    }
    contest.ours("plain loop", followed(plainAverage, bars));
  });
  return resultOf(costs);
}

function resultOf(costs: Costs): StreamResult {
  const of = (name: string): readonly number[] => costs.get(name)!;
  const libraries = LIBRARY_NAMES.flatMap((library) =>
    FOLLOWED.map((indicator): LibraryRow => {
      const theirs = of(`${library} ${indicator}`);
      const ours = of(indicator);
      return {
        ...{ indicator, library, ns: median(ours), libraryNs: median(theirs) },
        ratio: ratioOf(theirs, ours),
      };
    }),
  );
  const indicators = INDICATORS.map((indicator): StreamRow => {
    return { indicator, batchNs: median(of(`${indicator} batch`)), streamNs: median(of(indicator)) };
  });
  const streams = geometricMeans(INDICATORS.map(of));
  const batches = geometricMeans(INDICATORS.map((name) => of(`${name} batch`)));
  const followedOurs = geometricMeans(FOLLOWED.map(of));
  return {
    ...{ libraries, indicators, plainLoopNs: median(of("plain loop")) },
    goals: [
      ...LIBRARY_NAMES.map((library) =>
        judge(
          {
            ...{ id: "G11", goal: FASTER_GOAL, better: "higher" },
            row: `streaming RSI, MACD, ATR and Bollinger, over ${library}, geometric mean`,
          },
          ratioOf(geometricMeans(FOLLOWED.map((name) => of(`${library} ${name}`))), followedOurs),
        ),
      ),
      judge(
        {
          ...{ id: "G11", goal: STREAM_GOAL, better: "lower" },
          row: "streaming over batch, cost of a bar, geometric mean of all indicators",
        },
        ratioOf(streams, batches),
      ),
    ],
  };
}

function followed(follow: Follow, bars: Bars): Ours {
  const value = new Float64Array(1);
  return {
    elements: bars.close.length,
    call: () => {
      value[0] = follow(bars);
      return [value];
    },
  };
}

function plainAverage({ close }: Bars): number {
  const alpha = 2 / 21;
  let average = close[0];
  for (let bar = 1; bar < close.length; bar += 1) average += alpha * (close[bar] - average);
  return average;
}

const core = createMathCore({ arenaCapacity: 64 * 1024 * 1024 });
const ta = createIndicators(core);

interface Contestants {
  readonly batch: Ours;
  readonly stream: Ours;
}

/** Both over the same inputs; the stream goes on from call to call. */
function contestantsOf(name: IndicatorName, bars: Bars): Contestants {
  const spec: AnySpec = table[name];
  const inputs = spec.inputs.map((input) => inputOf(input, bars));
  const outputs = Object.keys(spec.outputs).map((output) => [output, new Float64Array(COUNT)] as const);
  const into = outputs.length === 1 ? outputs[0][1] : Object.fromEntries(outputs);
  const run = ta[name] as (...given: readonly unknown[]) => unknown;
  const stream = ta.stream[name]() as unknown as { push(...inputs: number[]): number };
  const value = new Float64Array(1);
  const push = PUSHES[inputs.length - 1];
  const results = outputs.map(([, values]) => values);
  return {
    batch: {
      elements: COUNT,
      call: () => {
        run(...inputs, {}, into);
        return results;
      },
    },
    stream: {
      elements: COUNT,
      call: () => {
        value[0] = push(stream, inputs);
        return [value];
      },
    },
  };
}

interface Pushed {
  push(...inputs: number[]): number;
}

/** By the number of inputs: a spread, or a function called for each bar, would cost as much as the push. */
const PUSHES: readonly ((stream: Pushed, inputs: readonly Float64Array[]) => number)[] = [
  (stream, [a]) => {
    let value = 0;
    for (let bar = 0; bar < COUNT; bar += 1) value = stream.push(a[bar]);
    return value;
  },
  (stream, [a, b]) => {
    let value = 0;
    for (let bar = 0; bar < COUNT; bar += 1) value = stream.push(a[bar], b[bar]);
    return value;
  },
  (stream, [a, b, c]) => {
    let value = 0;
    for (let bar = 0; bar < COUNT; bar += 1) value = stream.push(a[bar], b[bar], c[bar]);
    return value;
  },
  (stream, [a, b, c, d]) => {
    let value = 0;
    for (let bar = 0; bar < COUNT; bar += 1) value = stream.push(a[bar], b[bar], c[bar], d[bar]);
    return value;
  },
];

/** A book made of the bars for those that want one; a second price where one is compared with another. */
function inputOf(input: string, { open, high, low, close, volume }: Bars): Float64Array {
  const named: Readonly<Record<string, Float64Array>> = {
    ...{ open, high, low, close, volume, value: close, other: open, price: close },
    ...{
      bid: low,
      ask: high.map((price) => price + 1),
      bidSize: volume,
      askSize: volume.map((_, bar) => volume[COUNT - 1 - bar]),
    },
    side: close.map((price, bar) => (price < open[bar] ? -1 : 1)),
    signedVolume: volume.map((lots, bar) => (close[bar] < open[bar] ? -lots : lots)),
  };
  const series = named[input];
  if (!series) throw new Error(`the benchmark has no series for an input named ${input}; give it one here`);
  return series;
}
