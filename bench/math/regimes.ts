/**
 * Hidden Markov models against hmmlearn: fitting by the same number of rounds from the same start, scoring, and our
 * filter observation by observation. hmmlearn runs without its prior, which would keep it from the likeliest model.
 */
import { fit as fitModel } from "../../wasm/hmm/fit.js";
import { score } from "../../wasm/hmm/inference.js";
import type { HmmModel } from "../../wasm/hmm/model.js";
import { createMathCore } from "../../wasm/index.js";
import { type Goal, type GoalRow, judge, type UnmeasuredGoal } from "../goal.js";
import { median, type Ratio, ratioOf } from "../statistics.js";
import { assertSame, Contest, type Costs, type MathPlan, type Ours } from "./contest.js";
import type { MathPeers } from "./peers.js";
import { regimesOf } from "./series.js";

const COUNT = 100_000;
const ROUNDS = 10;
const STATES = [2, 3, 4] as const;
const TASKS = ["fit", "score"] as const;
type Task = (typeof TASKS)[number];
/** hmmlearn's fast form, and its default. */
const FORMS = { scaling: 3, log: 15 } as const;
type Form = keyof typeof FORMS;
const FORM_NAMES = Object.keys(FORMS) as Form[];
const ONLINE_GOAL = 1.5;
/** How far apart two fits may be after their rounds. */
const FIT_AGREEMENT = 1e-7;

export interface RegimeRow {
  readonly task: Task;
  readonly states: number;
  readonly form: Form;
  /** Nanoseconds an observation, and of a fit a round. */
  readonly ns: number;
  readonly hmmlearnNs: number | null;
  readonly ratio: Ratio | null;
}

export interface RegimeResult {
  readonly rows: readonly RegimeRow[];
  /** A push of the filter, by number of states. */
  readonly online: readonly { readonly states: number; readonly ns: number }[];
  readonly goals: readonly (Goal | UnmeasuredGoal)[];
}

export async function measureRegimes(
  plan: MathPlan,
  peers: MathPeers,
  note: (text: string) => void,
): Promise<RegimeResult> {
  const observations = regimesOf(COUNT);
  const contestants = STATES.flatMap((states) => contestantsOf(states, observations));
  const contest = new Contest(plan);
  const costs = await contest.run(async (round) => {
    note(`math: regimes, round ${round} of ${plan.rounds}`);
    for (const { name, lane, ours } of contestants) {
      const mine = contest.ours(name, ours);
      if (!lane || !peers.present) continue;
      for (const form of FORM_NAMES) {
        const theirs = await contest.peers(`${form} ${name}`, peers, `hmmlearn-${form}-${lane}`);
        assertSame(name, mine, theirs, { scale: 1, within: FIT_AGREEMENT });
      }
    }
  });
  return resultOf(costs, peers);
}

function resultOf(costs: Costs, peers: MathPeers): RegimeResult {
  const rows = TASKS.flatMap((task) =>
    STATES.flatMap((states) =>
      FORM_NAMES.map((form): RegimeRow => {
        const ours = costs.get(`${task} ${states}`)!;
        const theirs = costs.get(`${form} ${task} ${states}`);
        return {
          ...{ task, states, form, ns: median(ours), hmmlearnNs: theirs ? median(theirs) : null },
          ratio: theirs ? ratioOf(theirs, ours) : null,
        };
      }),
    ),
  );
  const online = STATES.map((states) => ({ states, ns: median(costs.get(`online ${states}`)!) }));
  const goals = rows.map(({ task, states, form, ratio }): Goal | UnmeasuredGoal => {
    const goal = FORMS[form];
    const row: GoalRow = { id: "G12", row: `${task}, ${states} states, over hmmlearn ${form}`, goal, better: "higher" };
    return ratio ? judge(row, ratio) : { ...row, reason: peers.missing.join("; ") };
  });
  const steps = STATES.map((states) => {
    const row = `a filter's step over a step of scoring, ${states} states`;
    const ratio = ratioOf(costs.get(`online ${states}`)!, costs.get(`score ${states}`)!);
    return judge({ id: "G12", row, goal: ONLINE_GOAL, better: "lower" }, ratio);
  });
  return { rows, online, goals: [...goals, ...steps] };
}

interface Contestant {
  readonly name: string;
  /** hmmlearn's, without its form. */
  readonly lane?: string;
  readonly ours: Ours;
}

function contestantsOf(states: number, observations: Float64Array): Contestant[] {
  const initial = startOf(states);
  const settings = { states, initial, iterationsMax: ROUNDS, tolerance: 0 };
  const filter = createMathCore().hmmFilter(initial);
  return [
    {
      ...{ name: `fit ${states}`, lane: `fit-${states}` },
      ours: {
        elements: COUNT * ROUNDS,
        call: () => {
          const { model } = fitModel(observations, settings);
          return [Float64Array.of(...model.means, ...model.transition)];
        },
      },
    },
    {
      ...{ name: `score ${states}`, lane: `score-${states}` },
      ours: { elements: COUNT, call: () => [Float64Array.of(score(initial, observations))] },
    },
    {
      name: `online ${states}`,
      ours: {
        elements: COUNT,
        call: () => {
          let state = 0;
          for (let index = 0; index < COUNT; index += 1) state = filter.push(observations[index]);
          return [Float64Array.of(state)];
        },
      },
    },
  ];
}

/** The start that bench/peers/python/regimes.py gives too. */
function startOf(states: number): HmmModel {
  const away = 0.1 / (states - 1);
  return {
    ...{ states, features: 1, start: new Float64Array(states).fill(1 / states) },
    transition: Float64Array.from({ length: states * states }, (_, at) => (at % (states + 1) === 0 ? 0.9 : away)),
    means: Float64Array.from({ length: states }, (_, state) => 0.001 - (0.002 * state) / (states - 1)),
    variances: Float64Array.from({ length: states }, (_, state) => 1e-6 * 4 ** state),
  };
}
