/**
 * Hidden Markov models on given parameters: how likely a series is, which states it came from. Against all sequences of
 * states, against a textbook recursion in logarithms, against hmmlearn, and true to what reordering and rescaling do.
 */
import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MathArgumentError, MathInputError, MathTypeError } from "../wasm/errors.js";
import { forward } from "../wasm/hmm/forward.js";
import { decode, posterior, score } from "../wasm/hmm/inference.js";
import type { HmmModel } from "../wasm/hmm/model.js";
import { cases, MARKET, modelOf, recorded, reordered, simulate, worst } from "./hmm/models.js";
import { everyPath, inLogarithms, logProbabilityOf } from "./hmm/twin.js";
import { hashBits } from "./support/numbers.js";

const SMALL = { statesMax: 4, featuresMax: 3, lengthMax: 5 };
const HALF_IMPOSSIBLE = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 }));
const TINY = fc.constantFrom(1, 3, 1e-50, 1e-59, 1e-61, 1e-90, 1e-200, 1e-310, 5e-324, 0);

describe.each([
  ["with every transition possible", undefined],
  ["with impossible ones", HALF_IMPOSSIBLE],
  ["with nearly impossible ones", TINY],
])("a short series, %s", (_, weights) => {
  const drawn = cases({ ...SMALL, ...(weights && { weights }) });

  test("is as likely as all sequences of states together", () => {
    fc.assert(
      fc.property(drawn, ({ model, observations }) => {
        expect(worst([score(model, observations)], [everyPath(model, observations).logLikelihood])).toBeLessThan(1e-12);
      }),
    );
  });

  test("has the posteriors that the sequences through each state add up to", () => {
    fc.assert(
      fc.property(drawn, ({ model, observations }) => {
        const { posterior: expected } = everyPath(model, observations);
        expect(worst(posterior(model, observations), expected)).toBeLessThan(1e-11);
      }),
    );
  });

  test("decodes to a sequence than which none is more probable", () => {
    fc.assert(
      fc.property(drawn, ({ model, observations }) => {
        const { states, logProbability } = decode(model, observations);
        const { best } = everyPath(model, observations);
        expect(worst([logProbability], [best])).toBeLessThan(1e-12);
        expect(worst([logProbabilityOf(model, observations, states)], [best])).toBeLessThan(1e-12);
      }),
    );
  });
});

describe("a long series", () => {
  const long = cases({ lengthMax: 200 });

  test("agrees with the recursion in logarithms, whatever the number of states and features", () => {
    fc.assert(
      fc.property(long, ({ model, observations }) => {
        const expected = inLogarithms(model, observations);
        expect(worst([score(model, observations)], [expected.logLikelihood])).toBeLessThan(1e-12);
        expect(worst(posterior(model, observations), expected.posterior)).toBeLessThan(1e-10);
      }),
    );
  });

  test("keeps its likelihood through a hundred thousand observations", () => {
    const { observations } = simulate(MARKET, 100_001, 5);
    expect(worst([score(MARKET, observations)], [inLogarithms(MARKET, observations).logLikelihood])).toBeLessThan(
      1e-11,
    );
  });

  test("has posteriors that sum to 1 and find the states it was simulated from", () => {
    const { observations, path } = simulate(MARKET, 20_000, 6);
    const shares = posterior(MARKET, observations);
    const { states } = decode(MARKET, observations);
    let found = 0;
    path.forEach((state, index) => {
      const [first, second, third] = shares.subarray(3 * index, 3 * index + 3);
      expect(Math.abs(first! + second! + third! - 1)).toBeLessThan(1e-14);
      found += states[index] === state ? 1 : 0;
    });
    expect(found / path.length).toBeGreaterThan(0.85);
  });
});

describe("what would vanish in plain numbers", () => {
  const twoStates = (start: number[], transition: number[], means = [0, 1], variances = [1, 1]) =>
    modelOf({ states: 2, features: 1, start, transition, means, variances });
  const agrees = (model: HmmModel, observations: Float64Array) => {
    const expected = inLogarithms(model, observations);
    expect(worst([score(model, observations)], [expected.logLikelihood])).toBeLessThan(1e-12);
    // The twin's logarithms are of the whole series, and their last digits are worth this much.
    expect(worst(posterior(model, observations), expected.posterior)).toBeLessThan(1e-8);
    const { logProbability, states } = decode(model, observations);
    expect(worst([logProbability], [logProbabilityOf(model, observations, states)])).toBeLessThan(1e-12);
  };

  test.each([0, 1, 2, 3, 4])("an observation a thousand deviations away, at %i of 5", (at) => {
    const observations = Float64Array.of(0.2, 0.7, -0.1, 1.1, 0.4);
    observations[at] = 1000;
    agrees(twoStates([0.5, 0.5], [0.9, 0.1, 0.2, 0.8]), observations);
    agrees(twoStates([0.5, 0.5], [0.9, 0.1, 0.2, 0.8], [0, 0], [1e-4, 4e4]), observations);
    agrees(twoStates([0.5, 0.5], [0.9, 0.1, 0.2, 0.8], [0, 0], [4e4, 1e-4]), observations);
  });

  test("a first observation that only the state no series begins in explains", () => {
    agrees(twoStates([1, 0], [0.9, 0.1, 0.2, 0.8], [0, 300]), Float64Array.of(300, 0, 300, 0));
    agrees(twoStates([0, 1], [0.9, 0.1, 0.2, 0.8], [0, 300]), Float64Array.of(0, 300, 0));
  });

  test("a state given up for good that the rest of the series asks for", () => {
    const observations = Float64Array.from({ length: 4000 }, (_, index) => (index < 1500 ? -2 : 4));
    agrees(twoStates([0.5, 0.5], [1, 0, 0, 1]), observations);
    agrees(twoStates([0.5, 0.5], [1 - 1e-100, 1e-100, 1e-100, 1 - 1e-100]), observations);
    agrees(twoStates([1, 0], [0.99, 0.01, 0, 1]), observations);
  });

  test("a state lost on both sides of a stretch that is its own", () => {
    const observations = Float64Array.from({ length: 6000 }, (_, index) => (index % 5000 < 1500 ? -2 : 4));
    agrees(twoStates([0.5, 0.5], [1, 0, 0, 1]), observations);
  });

  test("steps to a state that are rarer than any share is small", () => {
    const rare = 1e-59;
    agrees(twoStates([1, 0], [1 - rare, rare, rare, 1 - rare], [0, 500]), Float64Array.of(0, 0, 500, 500, 0, 0, 0));
  });

  test("the furthest observations, means and variances that are taken", () => {
    const model = twoStates([0.5, 0.5], [0.9, 0.1, 0.2, 0.8], [-1e100, 1e100], [1e-200, 1e200]);
    for (const observations of [Float64Array.of(1e150, -1e150, 0), Float64Array.of(0, 1e-150)]) {
      expect(Number.isFinite(score(model, observations))).toBe(true);
      expect(posterior(model, observations).every((share) => share >= 0 && share <= 1 + 1e-15)).toBe(true);
      expect(Number.isFinite(decode(model, observations).logProbability)).toBe(true);
    }
  });
});

describe("what changes nothing, and what changes all by a known amount", () => {
  test("states in another order give the same likelihood, and results in that order", () => {
    fc.assert(
      fc.property(cases({ lengthMax: 60 }), fc.infiniteStream(fc.nat()), ({ model, observations }, keys) => {
        const order = Array.from({ length: model.states }, (_, state) => state);
        const ranks = order.map(() => keys.next().value);
        order.sort((one, other) => ranks[one]! - ranks[other]! || one - other);
        const other = reordered(model, order);
        expect(worst([score(other, observations)], [score(model, observations)])).toBeLessThan(1e-12);
        const shares = posterior(model, observations);
        const moved = shares.map((_, at) => shares[at - (at % model.states) + order[at % model.states]!]!);
        expect(worst(posterior(other, observations), moved)).toBeLessThan(1e-11);
      }),
    );
  });

  test("observations in another unit shift the likelihood by the logarithm of the unit", () => {
    fc.assert(
      fc.property(
        cases({ lengthMax: 60 }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: -100, max: 100, noNaN: true }),
        ({ model, observations }, unit, origin) => {
          const moved = {
            ...model,
            means: model.means.map((mean) => unit * (mean + origin)),
            variances: model.variances.map((variance) => unit * unit * variance),
          };
          const x = observations.map((value) => unit * (value + origin));
          const shift = observations.length * Math.log(unit);
          expect(Math.abs(score(moved, x) + shift - score(model, observations))).toBeLessThan(
            1e-9 * (1 + Math.abs(shift)),
          );
          expect(worst(posterior(moved, x), posterior(model, observations))).toBeLessThan(1e-9);
        },
      ),
    );
  });

  test("a mean far from 0 costs no digits", () => {
    const far = { ...MARKET, means: MARKET.means.map((mean) => mean + 1024), variances: MARKET.variances.map(() => 1) };
    const near = { ...far, means: far.means.map((mean) => mean - 1024) };
    const x = Float64Array.from({ length: 500 }, (_, index) => ((index * 37) % 64) / 16 - 2);
    expect(
      worst(
        [
          score(
            far,
            x.map((value) => value + 1024),
          ),
        ],
        [score(near, x)],
      ),
    ).toBeLessThan(1e-13);
  });
});

describe.each(recorded.map((each, index) => ({ each, index })))("as hmmlearn has it, case $index", ({ each }) => {
  const model = modelOf(each.model);
  const observations = Float64Array.from(each.observations);
  const { expected } = each;

  test("likelihood, posteriors, states", () => {
    expect(worst([score(model, observations)], [expected.score])).toBeLessThan(1e-12);
    expect(worst(posterior(model, observations), expected.posterior)).toBeLessThan(1e-12);
    const { states, logProbability } = decode(model, observations);
    expect([...states]).toEqual(expected.decoded);
    expect(worst([logProbability], [expected.logProbability])).toBeLessThan(1e-12);
  });
});

describe("likelihoods that the caller gives", () => {
  const umbrella = {
    start: Float64Array.of(0.5, 0.5),
    transition: Float64Array.of(0.7, 0.3, 0.3, 0.7),
    likelihoods: Float64Array.of(0.9, 0.2, 0.9, 0.2, 0.1, 0.8, 0.9, 0.2, 0.9, 0.2),
  };

  test("the umbrella example has its forward matrix", () => {
    const { probabilities, logLikelihoods, logLikelihood } = forward(umbrella);
    const matrix = [0.45, 0.1, 0.3105, 0.041, 0.023, 0.0975, 0.0408, 0.015, 0.0298, 0.0046];
    const alpha = probabilities.map((share, at) => share * Math.exp(logLikelihoods[at >> 1]!));
    alpha.forEach((value, at) => {
      expect(value).toBeCloseTo(matrix[at]!, 4);
    });
    expect(logLikelihood).toBeCloseTo(-3.3725, 4);
    expect(logLikelihoods.at(-1)).toBe(logLikelihood);
  });

  test("densities of a Gaussian model give its likelihood", () => {
    const { observations } = simulate(MARKET, 300, 8);
    const likelihoods = Float64Array.from({ length: 900 }, (_, at) => {
      const variance = MARKET.variances[at % 3]!;
      const deviation = observations[Math.floor(at / 3)]! - MARKET.means[at % 3]!;
      return Math.exp((-deviation * deviation) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
    });
    const { logLikelihood, probabilities } = forward({ ...MARKET, likelihoods });
    expect(worst([logLikelihood], [score(MARKET, observations)])).toBeLessThan(1e-12);
    expect(worst(probabilities.subarray(-3), posterior(MARKET, observations).subarray(-3))).toBeLessThan(1e-12);
  });

  test("tiny and huge ones are not lost", () => {
    const likelihoods = umbrella.likelihoods.map((likelihood, at) => likelihood * (at < 4 ? 1e-300 : 1e140));
    const { logLikelihood } = forward({ ...umbrella, likelihoods });
    const expected = forward(umbrella).logLikelihood + (3 * 140 - 2 * 300) * Math.LN10;
    expect(worst([logLikelihood], [expected])).toBeLessThan(1e-13);
  });

  test.each([
    ["an observation that no state allows", [0.9, 0.2, 0, 0], "observation 1"],
    ["one below 0", [0.9, 0.2, -0.1, 0.5], "likelihoods[2]"],
  ])("%s is refused by name", (_, likelihoods, name) => {
    const call = () => forward({ ...umbrella, likelihoods: Float64Array.from(likelihoods) });
    expect(call).toThrow(MathArgumentError);
    expect(call).toThrow(name);
  });
});

describe("what is no model or no series", () => {
  const x = Float64Array.of(0.001, -0.002, 0.004);
  const changed = (part: Partial<HmmModel>) => ({ ...MARKET, ...part });

  test.each([
    ["NaN", Float64Array.of(0, Number.NaN), MathInputError, "input 1 was NaN"],
    ["an infinity", Float64Array.of(0, 0, Number.NEGATIVE_INFINITY), MathInputError, "input 2 was -Infinity"],
    ["a number above 1e150", Float64Array.of(1e151), MathInputError, "input 0 was 1e+151"],
    ["nothing", new Float64Array(), MathArgumentError, "observations.length was 0"],
    ["plain numbers", [0, 1], MathTypeError, "observations was of type Array"],
  ])("%s as observations", (_, observations, error, message) => {
    for (const call of [score, decode, posterior]) {
      expect(() => call(MARKET, observations as Float64Array)).toThrow(error);
      expect(() => call(MARKET, observations as Float64Array)).toThrow(message);
    }
  });

  test.each([
    ["no model", undefined, MathTypeError, "model"],
    ["one state", changed({ states: 1 }), MathArgumentError, "model.states was 1"],
    ["seven states", changed({ states: 7 }), MathArgumentError, "model.states was 7"],
    ["five features", changed({ features: 5 }), MathArgumentError, "model.features was 5"],
    ["half a feature", changed({ features: 0.5 }), MathArgumentError, "model.features was 0.5"],
    ["a short start", changed({ start: Float64Array.of(1) }), MathArgumentError, "model.start.length was 1"],
    ["a plain start", changed({ start: [1, 0, 0] as never }), MathTypeError, "model.start"],
    ["rows of zeros", changed({ transition: new Float64Array(9) }), MathArgumentError, "model.transition"],
    ["a chance below 0", changed({ start: Float64Array.of(-0.5, 1, 0.5) }), MathArgumentError, "model.start[0]"],
    ["a mean that is none", changed({ means: Float64Array.of(0, Number.NaN, 0) }), MathArgumentError, "model.means[1]"],
    ["no variance", changed({ variances: Float64Array.of(1, 1, 0) }), MathArgumentError, "model.variances[2]"],
  ])("%s as the model", (_, model, error, message) => {
    expect(() => score(model as HmmModel, x)).toThrow(error);
    expect(() => score(model as HmmModel, x)).toThrow(message);
  });

  test("numbers that are no whole observations", () => {
    const pair = modelOf({ ...recorded[1]!.model });
    expect(() => score(pair, Float64Array.of(1, 2, 3))).toThrow("observations.length was 3; use a multiple of the 2");
  });
});

test("the bits are those of every machine", () => {
  const file = new URL("fixtures/hmm/inference-hashes.json", import.meta.url);
  const oneWay = { ...MARKET, transition: Float64Array.of(0.9, 0.1, 0, 0, 0.9, 0.1, 0.1, 0, 0.9) };
  const hashes = Object.fromEntries(
    [...recorded.map(({ model: plain }) => modelOf(plain)), oneWay].map((model) => {
      const { observations } = simulate(model, 501, 11);
      const { states, logProbability } = decode(model, observations);
      const numbers = [score(model, observations), logProbability, ...posterior(model, observations), ...states];
      return [
        `${model.states}x${model.features}${model === oneWay ? ", one way" : ""}`,
        hashBits(Float64Array.from(numbers)),
      ];
    }),
  );
  if (process.env.SLUICE_WRITE_HASHES === "1") writeFileSync(file, `${JSON.stringify(hashes, null, 2)}\n`);
  expect(hashes).toEqual(JSON.parse(readFileSync(file, "utf8")));
});
