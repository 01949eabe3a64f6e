/**
 * Fitting hidden Markov models: the same rounds as hmmlearn, likelier with each, back to the parameters that a series
 * was simulated from, with floors where a likelihood would have no bound, and states in the order they had before.
 */
import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MathArgumentError, MathInputError, MathTypeError } from "../wasm/errors.js";
import { align } from "../wasm/hmm/align.js";
import { type FitOptions, fit as learn } from "../wasm/hmm/fit.js";
import { score } from "../wasm/hmm/inference.js";
import { checkModel, type HmmModel } from "../wasm/hmm/model.js";
import { refit } from "../wasm/hmm/refit.js";
import { select } from "../wasm/hmm/select.js";
import { cases, MARKET, modelOf, recorded, reordered, simulate, worst } from "./hmm/models.js";
import { hashBits } from "./support/numbers.js";

const market = simulate(MARKET, 6000, 3).observations;
const SAME_ROUNDS = { tolerance: 0, varianceFloor: 0 };

describe.each(recorded.map((each, index) => ({ each, index })))("as hmmlearn fits, case $index", ({ each }) => {
  const { states, features } = each.model;
  const options = { states, features, iterationsMax: each.rounds, initial: modelOf(each.initial), ...SAME_ROUNDS };
  const result = learn(Float64Array.from(each.observations), options);

  test("parameters after the same rounds from the same start", () => {
    for (const part of ["start", "transition", "means", "variances"] as const) {
      expect(worst(result.model[part], each.expected.fitted[part]), part).toBeLessThan(1e-10);
    }
  });

  test("likelihoods of the start and after each round", () => {
    expect(worst(result.logLikelihoods, each.expected.logLikelihoods)).toBeLessThan(1e-12);
    expect(result.iterations).toBe(each.rounds);
  });
});

describe("a round", () => {
  test("never makes the observations less likely, and leaves a model", () => {
    fc.assert(
      fc.property(cases({ lengthMax: 120 }), ({ model, observations: drawn }) => {
        const { states, features } = model;
        fc.pre(drawn.length / features > states);
        const observations = drawn.map((x, at) => x + ((at * 7919) % 101) / 1000);
        const { logLikelihoods, model: fitted } = learn(observations, {
          states,
          features,
          initial: model,
          tolerance: 0,
        });
        checkModel(fitted);
        logLikelihoods.slice(1).forEach((after, index) => {
          expect(after).toBeGreaterThan(logLikelihoods[index]! - 1e-9 * Math.abs(after));
        });
      }),
      { numRuns: 40 },
    );
  });

  test("keeps what is impossible in the start impossible", () => {
    const initial = {
      ...MARKET,
      start: Float64Array.of(0, 1, 0),
      transition: Float64Array.of(0.9, 0.1, 0, 0.1, 0.8, 0.1, 0, 0.1, 0.9),
    };
    const { model, logLikelihoods } = learn(market.subarray(0, 500), { states: 3, initial, iterationsMax: 10 });
    expect([...model.start]).toEqual([0, 1, 0]);
    expect([model.transition[2], model.transition[6]]).toEqual([0, 0]);
    expect(logLikelihoods.at(-1)!).toBeGreaterThan(logLikelihoods[0]!);
  });

  test("leaves a state that nothing is in as it is", () => {
    const initial = {
      ...MARKET,
      start: Float64Array.of(1, 0, 0),
      transition: Float64Array.of(1, 0, 0, 0.1, 0.8, 0.1, 0, 0.1, 0.9),
    };
    const { model } = learn(market.subarray(0, 200), { states: 3, initial, iterationsMax: 3 });
    expect(worst(model.means.subarray(1), MARKET.means.subarray(1))).toBe(0);
    expect(worst(model.transition.subarray(3), initial.transition.subarray(3))).toBe(0);
  });
});

describe("a fit", () => {
  test("finds the parameters that a series was simulated from", () => {
    const { observations } = simulate(MARKET, 60_000, 4);
    const { model, converged } = learn(observations, { states: 3, previous: MARKET });
    expect(converged).toBe(true);
    expect(worst(model.transition, MARKET.transition)).toBeLessThan(0.02);
    expect(worst(model.means, MARKET.means)).toBeLessThan(0.15);
    expect(worst(model.variances.map(Math.sqrt), MARKET.variances.map(Math.sqrt))).toBeLessThan(0.02);
  });

  test("finds several features, of very different units, from starts of its own", () => {
    const truth = modelOf({
      states: 3,
      features: 2,
      start: [1, 0, 0],
      transition: [0.9, 0.05, 0.05, 0.1, 0.8, 0.1, 0.05, 0.05, 0.9],
      means: [0, 50_000, 3e-6, 50_010, -3e-6, 50_020],
      variances: [1e-12, 4, 1e-12, 1, 1e-12, 9],
    });
    const { observations } = simulate(truth, 8000, 5);
    const { model, logLikelihood } = learn(observations, { states: 3, features: 2 });
    expect(logLikelihood).toBeGreaterThan(score(truth, observations));
    const inOrder = align(model, truth);
    expect(worst(inOrder.transition, truth.transition)).toBeLessThan(0.05);
    expect(worst(inOrder.means, truth.means)).toBeLessThan(1e-4);
  });

  test("reaches from its own starts what it reaches from the truth", () => {
    const fromTruth = learn(market, { states: 3, initial: MARKET, tolerance: 1e-12 });
    for (const seed of [1, 2, 3]) {
      const { logLikelihood } = learn(market, { states: 3, seed, tolerance: 1e-12, iterationsMax: 2000 });
      expect(logLikelihood).toBeGreaterThan(fromTruth.logLikelihood - 1e-3);
    }
  });

  test("reports the likelihood of the model it returns, and its criteria", () => {
    const { model, logLikelihood, logLikelihoods, aic, bic, iterations } = learn(market, { states: 2 });
    expect(logLikelihood).toBe(score(model, market));
    expect(logLikelihoods.at(-1)).toBe(logLikelihood);
    expect(logLikelihoods).toHaveLength(iterations + 1);
    expect(aic).toBeCloseTo(2 * 7 - 2 * logLikelihood, 8);
    expect(bic).toBeCloseTo(7 * Math.log(6000) - 2 * logLikelihood, 8);
  });

  test("gives the same bits for the same seed, and tries other starts for another", () => {
    const bits = ({ model }: { model: HmmModel }) => hashBits(Float64Array.of(...model.means, ...model.transition));
    const options = { states: 4, iterationsMax: 3 };
    const one = bits(learn(market, { ...options, seed: 1 }));
    expect(bits(learn(market, { ...options, seed: 1 }))).toBe(one);
    expect(bits(learn(market, { ...options, seed: 2 }))).not.toBe(one);
  });

  test("stops where a round adds no more than the tolerance, or after the rounds it is given", () => {
    const { logLikelihoods, converged } = learn(market, { states: 2, tolerance: 1e-6 });
    const [before, after] = logLikelihoods.slice(-3);
    expect(converged).toBe(true);
    expect(after! - before!).toBeLessThanOrEqual(1e-6 * Math.abs(after!));
    const cut = learn(market, { states: 2, iterationsMax: 2 });
    expect([cut.iterations, cut.converged]).toEqual([2, false]);
    const none = learn(market, { states: 3, iterationsMax: 0, initial: MARKET });
    expect(none.logLikelihood).toBe(score(MARKET, market));
    expect(worst(none.model.means, MARKET.means)).toBe(0);
  });
});

describe("where a likelihood would have no bound", () => {
  test("a state on one observation keeps the variance of the floor", () => {
    const observations = Float64Array.from(market.subarray(0, 300));
    observations[150] = 10;
    const { model } = learn(observations, { states: 2, varianceFloor: 1e-3 });
    const mean = observations.reduce((sum, x) => sum + x) / 300;
    const variance = observations.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 300;
    expect(Math.min(...model.variances)).toBeCloseTo(1e-3 * variance, 12);
  });

  test("a constant is refused, and the error says why", () => {
    const options = { states: 2, features: 2 };
    const observations = Float64Array.from({ length: 200 }, (_, at) => (at % 2 ? 5.1 : market[at]!));
    expect(() => learn(observations, options)).toThrow(MathArgumentError);
    expect(() => learn(observations, options)).toThrow(
      /variance of feature 1 of observations was 0; .* infinitely likely/,
    );
  });
});

describe("with a model fitted before", () => {
  test("states keep their order", () => {
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
      [1, 0, 2],
    ]) {
      const { model } = learn(market, { states: 3, previous: reordered(MARKET, order) });
      expect(
        worst(
          model.variances.map(Math.sqrt),
          order.map((from) => Math.sqrt(MARKET.variances[from]!)),
        ),
      ).toBeLessThan(0.1);
    }
  });

  test("the order is the cheapest of all", () => {
    fc.assert(
      fc.property(cases({ statesMax: 5, featuresMax: 2, lengthMax: 1 }), fc.nat(), ({ model }, seed) => {
        const previous = { ...model, means: simulate(model, model.states, seed).observations };
        const all = ordersOf(model.states).map((order) => costBetween(reordered(model, order), previous));
        expect(costBetween(align(model, previous), previous)).toBeCloseTo(Math.min(...all), 9);
      }),
    );
  });

  test("one near state does not take the place of a better pairing of all", () => {
    const line = (means: number[]) =>
      modelOf({
        states: 2,
        features: 1,
        start: [0.5, 0.5],
        transition: [0.5, 0.5, 0.5, 0.5],
        means,
        variances: [1, 1],
      });
    expect([...align(line([1, 10]), line([0.9, -8])).means]).toEqual([10, 1]);
  });

  test("a job for a pool gives what the fit gives, and both survive a structured clone", () => {
    const job = { observations: market, states: 3, features: 1, seed: 7, previous: MARKET };
    const result = structuredClone(refit(structuredClone(job)));
    const direct = learn(market, { states: 3, seed: 7, previous: MARKET });
    expect(result.logLikelihood).toBe(direct.logLikelihood);
    expect(hashBits(result.model.transition)).toBe(hashBits(direct.model.transition));
    expect([result.iterations, result.converged]).toEqual([direct.iterations, true]);
    checkModel(result.model);
  });
});

describe("the number of states", () => {
  test("is that of the model a series was simulated from", () => {
    const { best, fits } = select(market);
    expect(best.model.states).toBe(3);
    expect(fits.map(({ model }) => model.states)).toEqual([2, 3, 4, 5, 6]);
    expect(best.bic).toBe(Math.min(...fits.map(({ bic }) => bic)));
  });

  test("is judged by one criterion or the other", () => {
    const { best, fits } = select(market.subarray(0, 1500), { criterion: "aic", iterationsMax: 30 });
    expect(best.aic).toBe(Math.min(...fits.map(({ aic }) => aic)));
    expect(() => select(market, { criterion: "best" as never })).toThrow('criterion was "best"; use "aic" or "bic"');
  });
});

/** Every order of that many states. */
function ordersOf(states: number): number[][] {
  if (states === 0) return [[]];
  return ordersOf(states - 1).flatMap((order) => {
    return Array.from({ length: states }, (_, at) => order.toSpliced(at, 0, states - 1));
  });
}

/** Of each state to the one in its place: moments in units of the pooled deviation, squared. */
function costBetween(model: HmmModel, previous: HmmModel): number {
  const { states, features } = model;
  const pooled = (feature: number) => {
    const variances = [...model.variances, ...previous.variances].filter((_, at) => at % features === feature);
    return variances.reduce((sum, variance) => sum + variance) / variances.length;
  };
  return Array.from({ length: states * features }, (_, at) => {
    const mean = model.means[at]! - previous.means[at]!;
    const deviation = Math.sqrt(model.variances[at]!) - Math.sqrt(previous.variances[at]!);
    return (mean ** 2 + deviation ** 2) / pooled(at % features);
  }).reduce((sum, cost) => sum + cost);
}

describe("what no model can be fitted to", () => {
  const options = (part: Partial<Record<keyof FitOptions, unknown>>) => ({ states: 3, ...part }) as FitOptions;

  test.each([
    ["as many observations as states", Float64Array.of(1, 2, 3), {}, MathArgumentError, "use 4 to 2^27 observations"],
    ["none", new Float64Array(), {}, MathArgumentError, "observations.length was 0"],
    ["NaN", Float64Array.of(1, 2, Number.NaN, 3, 4), {}, MathInputError, "input 2 was NaN"],
    ["plain numbers", [1, 2, 3, 4, 5], {}, MathTypeError, "observations"],
    ["one state", market, { states: 1 }, MathArgumentError, "states was 1; use an integer from 2 to 6"],
    ["seven", market, { states: 7 }, MathArgumentError, "states was 7"],
    ["none given", market, { states: undefined }, MathTypeError, "states was undefined"],
    ["five features", market, { features: 5 }, MathArgumentError, "features was 5"],
    ["a seed with a fraction", market, { seed: 0.5 }, MathArgumentError, "seed was 0.5"],
    ["no restart", market, { restarts: 0 }, MathArgumentError, "restarts was 0"],
    ["a tolerance below 0", market, { tolerance: -1 }, MathArgumentError, "tolerance was -1"],
    ["a floor that is no number", market, { varianceFloor: "1" }, MathTypeError, 'varianceFloor was "1"'],
    ["a start of another size", market, { states: 2, initial: MARKET }, MathArgumentError, "initial.states was 3"],
    ["a previous one of another", market, { states: 2, previous: MARKET }, MathArgumentError, "previous.states was 3"],
    ["a unit beyond all models", market.map((x) => x * 1e120), {}, MathArgumentError, "variance of feature 0"],
  ])("%s", (_, observations, part, error, message) => {
    expect(() => learn(observations as Float64Array, options(part))).toThrow(error);
    expect(() => learn(observations as Float64Array, options(part))).toThrow(message);
  });

  test("models of different sizes have no order in common", () => {
    expect(() => align(MARKET, modelOf(recorded[1]!.model))).toThrow(MathArgumentError);
  });
});

test("the bits are those of every machine", () => {
  const file = new URL("fixtures/hmm/fit-hashes.json", import.meta.url);
  const hashes = Object.fromEntries(
    [2, 3, 4, 5, 6].map((states) => {
      const { model, logLikelihoods } = learn(market, { states, iterationsMax: 25, seed: states });
      const { start, transition, means, variances } = model;
      return [states, hashBits(Float64Array.of(...start, ...transition, ...means, ...variances, ...logLikelihoods))];
    }),
  );
  if (process.env.SLUICE_WRITE_HASHES === "1") writeFileSync(file, `${JSON.stringify(hashes, null, 2)}\n`);
  expect(hashes).toEqual(JSON.parse(readFileSync(file, "utf8")));
});
