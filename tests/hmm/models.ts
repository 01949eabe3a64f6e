/**
 * Models and series for the tests of hidden Markov models: drawn by fast-check, simulated from a seed, or read from
 * what hmmlearn gave. Simulation uses the deterministic `Math`, so that a seed gives the same series on every machine.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { HmmModel } from "../../wasm/hmm/model.js";
import { createDeterministicMath, createMathCore } from "../../wasm/index.js";
import { wordsFrom } from "../support/numbers.js";

const { log, sqrt, cos, PI } = createDeterministicMath(createMathCore());

type PlainModel = { readonly [Part in keyof HmmModel]: HmmModel[Part] extends number ? number : readonly number[] };

interface Recorded {
  readonly model: PlainModel;
  readonly initial: PlainModel;
  readonly observations: readonly number[];
  readonly rounds: number;
  readonly expected: {
    readonly score: number;
    readonly posterior: readonly number[];
    readonly decoded: readonly number[];
    readonly logProbability: number;
    readonly fitted: Omit<PlainModel, "states" | "features">;
    readonly logLikelihoods: readonly number[];
  };
}

/** What hmmlearn gave; the file says how. */
export const recorded: readonly Recorded[] = JSON.parse(
  readFileSync(new URL("../fixtures/hmm/hmmlearn.json", import.meta.url), "utf8"),
).cases;

export function modelOf({ states, features, start, transition, means, variances }: PlainModel): HmmModel {
  return {
    states,
    features,
    start: Float64Array.from(start),
    transition: Float64Array.from(transition),
    means: Float64Array.from(means),
    variances: Float64Array.from(variances),
  };
}

interface Shape {
  readonly statesMax?: number;
  readonly featuresMax?: number;
  readonly lengthMax: number;
  /** Weights that probabilities are made of: with 0 among them some are impossible. */
  readonly weights?: fc.Arbitrary<number>;
}

const ANY_WEIGHT = fc.integer({ min: 1, max: 50 });

/** A model and a series that fits it more or less. */
export function cases({ statesMax = 6, featuresMax = 4, lengthMax, weights = ANY_WEIGHT }: Shape) {
  const sizes = fc.tuple(
    fc.integer({ min: 2, max: statesMax }),
    fc.integer({ min: 1, max: featuresMax }),
    fc.integer({ min: 1, max: lengthMax }),
  );
  return sizes.chain(([states, features, length]) => {
    const array = (values: fc.Arbitrary<number>, count: number) =>
      fc.array(values, { minLength: count, maxLength: count }).map((each) => Float64Array.from(each));
    const row = array(weights, states)
      .filter((each) => each.some((weight) => weight > 0))
      .map((each) => each.map((weight) => weight / each.reduce((sum, other) => sum + other)));
    const model = fc.record({
      states: fc.constant(states),
      features: fc.constant(features),
      start: row,
      transition: fc
        .array(row, { minLength: states, maxLength: states })
        .map((rows) => Float64Array.from(rows.flatMap((each) => [...each]))),
      means: array(fc.double({ min: -3, max: 3, noNaN: true }), states * features),
      variances: array(fc.double({ min: 0.1, max: 4, noNaN: true }), states * features),
    });
    const observations = array(fc.double({ min: -6, max: 6, noNaN: true }), length * features);
    return fc.record({ model, observations });
  });
}

/** Observations of the model, and the states they came from. */
export function simulate(model: HmmModel, length: number, seed: number) {
  const word = wordsFrom(seed);
  const uniform = () => (word() + 0.5) / 2 ** 32;
  const normal = () => sqrt(-2 * log(uniform())) * cos(2 * PI * uniform());
  const draw = (probabilities: Float64Array): number => {
    let left = uniform();
    return Math.max(
      0,
      probabilities.findIndex((probability) => (left -= probability) < 0),
    );
  };
  const { states, features, start, transition, means, variances } = model;
  const path = new Uint8Array(length);
  const observations = new Float64Array(length * features);
  for (let index = 0; index < length; index++) {
    const before = path[index - 1]! * states;
    const state = draw(index === 0 ? start : transition.subarray(before, before + states));
    path[index] = state;
    for (let feature = 0; feature < features; feature++) {
      const at = state * features + feature;
      observations[index * features + feature] = means[at]! + sqrt(variances[at]!) * normal();
    }
  }
  return { observations, path };
}

/** Daily returns of a market that rises quietly, goes sideways, or falls in turbulence. */
export const MARKET: HmmModel = modelOf({
  states: 3,
  features: 1,
  start: [0.5, 0.3, 0.2],
  transition: [0.98, 0.015, 0.005, 0.02, 0.96, 0.02, 0.01, 0.04, 0.95],
  means: [0.0005, 0, -0.0008],
  variances: [0.002 ** 2, 0.005 ** 2, 0.012 ** 2],
});

/** The model whose state i is state `order[i]` of this one. */
export function reordered(model: HmmModel, order: readonly number[]): HmmModel {
  const { states, features, start, transition, means, variances } = model;
  const rows = (values: Float64Array) =>
    order.flatMap((from) => [...values.subarray(from * features, (from + 1) * features)]);
  return modelOf({
    states,
    features,
    start: order.map((from) => start[from]!),
    transition: order.flatMap((from) => order.map((to) => transition[from * states + to]!)),
    means: rows(means),
    variances: rows(variances),
  });
}

/** The largest difference over the largest value expected. */
export function worst(mine: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (mine.length !== expected.length) return Number.POSITIVE_INFINITY;
  const scale = Array.from(expected).reduce((largest, value) => Math.max(largest, Math.abs(value)), Number.MIN_VALUE);
  return Array.from(expected).reduce((most, value, index) => {
    const difference = Math.abs(mine[index]! - value) / scale;
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference);
  }, 0);
}
