/** The streaming filter of a hidden Markov model: against its twin, at the edges of the doubles, and as state. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createMathCore,
  type HmmModel,
  MathArgumentError,
  MathInputError,
  MathStateError,
  MathTypeError,
  names,
} from "../wasm/index.js";
import { ForwardTwin } from "./support/forward-twin.js";
import { wordsFrom } from "./support/numbers.js";

const MARKET: HmmModel = {
  states: 3,
  features: 1,
  start: Float64Array.of(0.5, 0.3, 0.2),
  transition: Float64Array.of(0.9, 0.08, 0.02, 0.05, 0.9, 0.05, 0.02, 0.08, 0.9),
  means: Float64Array.of(0.001, 0, -0.002),
  variances: Float64Array.of(1e-4, 4e-5, 9e-4),
};

/** Uniform in [0, 1). */
function nextUniform(seed: number): () => number {
  const next = wordsFrom(seed);
  return () => (next() >>> 0) / 2 ** 32;
}

/** Any model, drawn by a seed: rows of probabilities, moments of different sizes. */
function drawModel(states: number, features: number, seed: number): HmmModel {
  const next = nextUniform(seed);
  const row = (): number[] => {
    const weights = Array.from({ length: states }, () => next() + 1e-3);
    const sum = weights.reduce((total, weight) => total + weight);
    return weights.map((weight) => weight / sum);
  };
  const draw = (from: () => number): Float64Array => Float64Array.from({ length: states * features }, from);
  return {
    states,
    features,
    start: Float64Array.from(row()),
    transition: Float64Array.from(Array.from({ length: states }, row).flat()),
    means: draw(() => 4 * next() - 2),
    variances: draw(() => 0.05 + 2 * next()),
  };
}

const observe = (features: number, seed: number, count: number): number[][] => {
  const next = nextUniform(seed);
  return Array.from({ length: count }, () => Array.from({ length: features }, () => 6 * next() - 3));
};

type Observation = [number, number?, number?, number?];
const core = createMathCore({ arenaCapacity: 32 << 20 });
const expectNear = (probabilities: readonly number[], expected: readonly number[]): void => {
  probabilities.forEach((probability, state) => {
    expect(Math.abs(probability - expected[state])).toBeLessThan(1e-12);
  });
};
const probabilitiesOf = (filter: ReturnType<typeof core.hmmFilter>): number[] =>
  Array.from({ length: filter.states }, (_, state) => filter.probability(state));

describe("the filter", () => {
  test("gives its twin's probabilities and log-likelihood for every number of states and features", () => {
    const shapes = fc.record({
      states: fc.integer({ min: 2, max: 6 }),
      features: fc.integer({ min: 1, max: 4 }),
      seed: fc.integer({ min: 1, max: 2 ** 31 }),
    });
    fc.assert(
      fc.property(shapes, ({ states, features, seed }) => {
        const model = drawModel(states, features, seed);
        const filter = createMathCore({ arenaCapacity: 65_536 }).hmmFilter(model);
        const twin = new ForwardTwin(model);
        for (const observation of observe(features, seed + 1, 60)) {
          const state = filter.push(...(observation as Observation));
          const expected = twin.push(...observation);
          expectNear(probabilitiesOf(filter), expected);
          expect(expected[state]).toBeCloseTo(Math.max(...expected), 12);
        }
        expect(Math.abs(filter.logLikelihood / twin.logLikelihood - 1)).toBeLessThan(1e-12);
      }),
      { numRuns: 60 },
    );
  });

  test("stays right when the likelihood of a long series leaves the doubles many times over", () => {
    const filter = core.hmmFilter(MARKET);
    const twin = new ForwardTwin(MARKET);
    const next = nextUniform(5);
    for (let at = 0; at < 20_000; at += 1) {
      const x = 0.2 * next() - 0.1;
      filter.push(x);
      twin.push(x);
    }
    expect(Math.abs(filter.logLikelihood / twin.logLikelihood - 1)).toBeLessThan(1e-12);
  });

  test("follows the umbrella example (Russell and Norvig), its two signals put as two points on a line", () => {
    // With means ±1 and variances 1, an observation of x is e^2x times as likely in the first state.
    const [umbrella, none] = [Math.log(0.9 / 0.2) / 2, Math.log(0.1 / 0.8) / 2];
    const filter = core.hmmFilter({
      states: 2,
      features: 1,
      start: Float64Array.of(0.5, 0.5),
      transition: Float64Array.of(0.7, 0.3, 0.3, 0.7),
      means: Float64Array.of(1, -1),
      variances: Float64Array.of(1, 1),
    });
    const rain = [umbrella, umbrella, none, umbrella, umbrella].map((signal) => {
      filter.push(signal);
      return filter.probability(0);
    });
    expect(rain.map((each) => each.toFixed(4))).toEqual(["0.8182", "0.8834", "0.1907", "0.7308", "0.8673"]);
  });

  test("an observation a thousand deviations away decides for the widest state and leaves probabilities", () => {
    const filter = core.hmmFilter(MARKET);
    filter.push(0.001);
    expect(filter.push(1000 * Math.sqrt(9e-4))).toBe(2);
    expect(probabilitiesOf(filter)).toEqual([0, 0, 1]);
    expect(filter.logLikelihood).toBeLessThan(-490_000);
    filter.push(0.0);
    expect(probabilitiesOf(filter).reduce((sum, each) => sum + each)).toBeCloseTo(1, 12);
  });

  test("an observation beyond what doubles can compare tells no states apart: the prediction stays", () => {
    const filter = core.hmmFilter(MARKET);
    filter.push(0);
    const before = probabilitiesOf(filter);
    filter.push(1e150);
    const predicted = [0, 1, 2].map((to) =>
      before.reduce((sum, p, from) => sum + p * MARKET.transition[from * 3 + to], 0),
    );
    expectNear(probabilitiesOf(filter), predicted);
    expect(filter.logLikelihood).toBe(-1e290);
  });

  test("a state that cannot be stays at zero however well it would explain what is seen", () => {
    const model = {
      ...MARKET,
      start: Float64Array.of(1, 0, 0),
      transition: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    };
    const filter = core.hmmFilter(model);
    for (const x of [0.001, 1, -5, 0.001]) expect(filter.push(x)).toBe(0);
    expect(probabilitiesOf(filter)).toEqual([1, 0, 0]);
  });

  test("a hostile model of the smallest variance never gives NaN", () => {
    const filter = core.hmmFilter({ ...MARKET, variances: Float64Array.of(1e-200, 1e200, 1e-200) });
    for (const x of [0.001, 1e150, -1e150, 0, 1e-300]) {
      filter.push(x);
      expect(probabilitiesOf(filter).reduce((sum, each) => sum + each)).toBeCloseTo(1, 9);
    }
    expect(Number.isFinite(filter.logLikelihood)).toBe(true);
  });
});

describe("a model that comes later", () => {
  test("takes the place of the old one and keeps the probabilities", () => {
    const [filter, twin] = [core.hmmFilter(MARKET), new ForwardTwin(MARKET)];
    for (const x of [0.01, -0.02, 0.003]) {
      filter.push(x);
      twin.push(x);
    }
    const before = probabilitiesOf(filter);
    const next = { ...MARKET, means: Float64Array.of(0.002, 0.0005, -0.004) };
    filter.replaceModel(next);
    expect(probabilitiesOf(filter)).toEqual(before);
    const after = new ForwardTwin(next);
    after.probabilities = twin.probabilities;
    filter.push(-0.03);
    expectNear(probabilitiesOf(filter), after.push(-0.03));
  });

  test("is run over what was kept when it is the first", () => {
    const filter = core.hmmFilter({ states: 3, features: 1 }, 4);
    const seen = [0.5, 0.01, -0.02, 0.003, 0.02];
    for (const x of seen) expect(filter.push(x)).toBe(-1);
    expect(filter).toMatchObject({ ready: false, state: -1, model: null, observed: 4, logLikelihood: 0 });
    expect(filter.probability(0)).toBeNaN();
    filter.replaceModel(MARKET);
    const twin = new ForwardTwin(MARKET);
    for (const x of seen.slice(1)) twin.push(x);
    expect(filter.ready).toBe(true);
    expect(filter.model).toEqual(MARKET);
    expect(filter.logLikelihood).toBeCloseTo(twin.logLikelihood, 10);
    expectNear(probabilitiesOf(filter), twin.probabilities!);
  });

  test("of other states or features is refused, and nothing has changed", () => {
    const filter = core.hmmFilter(MARKET);
    filter.push(0.01);
    const before = filter.snapshot();
    expect(() => filter.replaceModel(drawModel(2, 1, 3))).toThrow("model.states was 2; use 3");
    expect(() => filter.replaceModel(drawModel(3, 2, 3))).toThrow("model.features was 2; use 1");
    expect(() => filter.replaceModel({ ...MARKET, variances: Float64Array.of(1, 0, 1) })).toThrow(MathArgumentError);
    expect(filter.snapshot()).toEqual(before);
  });
});

describe("the observations that are kept", () => {
  test("are the newest, oldest first, wherever the circle stands", () => {
    const filter = core.hmmFilter({ states: 2, features: 2 }, 3);
    const all: number[] = [];
    for (let at = 0; at < 8; at += 1) {
      filter.push(at, 0.5 - at);
      all.push(at, 0.5 - at);
      const kept = all.slice(-6);
      const target = new Float64Array(kept.length + 2);
      filter.copyObservations(target, 1);
      expect([...target]).toEqual([0, ...kept, 0]);
      expect(filter.observed).toBe(kept.length / 2);
    }
    expect(() => filter.copyObservations(new Float64Array(5))).toThrow("at least 6");
  });
});

describe("as state", () => {
  const filled = () => {
    const made = createMathCore({ arenaCapacity: 65_536 });
    made.ema(3).push(2);
    const filter = made.hmmFilter(drawModel(3, 2, 9), 5);
    made.rolling(4).push(1);
    for (const [a, b] of observe(2, 4, 7)) filter.push(a, b);
    return { core: made, filter };
  };

  test("comes back from its bytes and goes on as before, bit for bit", () => {
    const { core: first, filter } = filled();
    const second = createMathCore({ arenaCapacity: 65_536 });
    second.recreate(first.arenaBytes().slice());
    const again = second.indicators[1] as typeof filter;
    for (const [a, b] of observe(2, 8, 20)) expect(again.push(a, b)).toBe(filter.push(a, b));
    expect(second.arenaBytes()).toEqual(first.arenaBytes());
    expect(again.model).toEqual(filter.model);
  });

  test("alone is put back into a filter of the same shape, whatever its model was", () => {
    const { filter } = filled();
    const other = core.hmmFilter({ states: 3, features: 2 }, 5);
    other.restore(filter.snapshot());
    expect(other.snapshot()).toEqual(filter.snapshot());
    expect(() => core.hmmFilter({ states: 3, features: 2 }, 4).restore(filter.snapshot())).toThrow(MathStateError);
  });

  test("with any bytes changed is refused, or is a state that gives numbers", () => {
    const { filter } = filled();
    const bytes = filter.snapshot();
    const next = nextUniform(11);
    let refused = 0;
    for (let round = 0; round < 3_000; round += 1) {
      const hostile = bytes.slice();
      hostile[Math.floor(next() * hostile.length)] = Math.floor(next() * 256);
      const target = core.hmmFilter({ states: 3, features: 2 }, 5);
      const before = target.snapshot();
      try {
        target.restore(hostile);
      } catch (error) {
        expect(error).toBeInstanceOf(MathStateError);
        expect(target.snapshot()).toEqual(before);
        refused += 1;
        continue;
      }
      target.push(0.1, 0.2);
      expect(target.state).toBeGreaterThanOrEqual(0);
    }
    expect(refused).toBeGreaterThan(700);
  });
});

describe("what no filter takes", () => {
  const filter = core.hmmFilter(drawModel(2, 2, 1));
  const [state, before] = [filter.state, filter.snapshot()];

  test.each([
    ["NaN", () => filter.push(Number.NaN, 0), MathInputError],
    ["an infinity", () => filter.push(0, Number.NEGATIVE_INFINITY), MathInputError],
    ["more than 1e150", () => filter.push(0, 1e151), MathInputError],
    ["a text", () => filter.push("1" as never, 0), MathInputError],
    ["too few numbers", () => filter.push(1), MathArgumentError],
    ["too many numbers", () => filter.push(1, 2, 3), MathArgumentError],
    ["a gap between numbers", () => filter.push(1, undefined, undefined, 3), MathArgumentError],
    ["the probability of a state that is not there", () => filter.probability(2), MathArgumentError],
    ["no model at all", () => core.hmmFilter(null as never), MathTypeError],
    ["one state", () => core.hmmFilter({ states: 1, features: 1 }), MathArgumentError],
    ["seven states", () => core.hmmFilter({ states: 7, features: 1 }), MathArgumentError],
    ["five features", () => core.hmmFilter({ states: 2, features: 5 }), MathArgumentError],
    ["a window below 0", () => core.hmmFilter(MARKET, -1), MathArgumentError],
    ["a window of half an observation", () => core.hmmFilter(MARKET, 1.5), MathArgumentError],
    ["a model that lacks its means", () => core.hmmFilter({ ...MARKET, means: undefined } as never), MathTypeError],
    [
      "rows that do not sum to 1",
      () => core.hmmFilter({ ...MARKET, start: Float64Array.of(1, 1, 1) }),
      MathArgumentError,
    ],
  ])("%s", (_, act, type) => {
    expect(act).toThrow(type);
    expect([filter.state, filter.snapshot()]).toEqual([state, before]);
  });
});

describe("names", () => {
  const named = (means: number[], variances: number[]) =>
    names({
      ...drawModel(means.length, 1, 2),
      means: Float64Array.from(means),
      variances: Float64Array.from(variances),
    });

  test("say bull of the highest mean, bear of the lowest, sideways of the rest", () => {
    expect(named([0, 0.5, -1, 0.2], [1, 1, 1, 1])).toEqual(["sideways", "bull", "bear", "sideways"]);
    expect(named([-1, 1], [1, 1])).toEqual(["bear", "bull"]);
  });

  test("of equal means rank the lower variance higher, and then the lower index", () => {
    expect(named([0.5, 0.5, -1, -1], [2, 1, 1, 2])).toEqual(["sideways", "bull", "sideways", "bear"]);
    expect(named([0, 0, 0], [1, 1, 1])).toEqual(["bull", "sideways", "bear"]);
  });

  test("look at the first feature alone", () => {
    const model = {
      ...drawModel(2, 2, 2),
      means: Float64Array.of(1, -9, 2, -99),
      variances: Float64Array.of(1, 1, 1, 1),
    };
    expect(names(model)).toEqual(["bear", "bull"]);
  });
});
