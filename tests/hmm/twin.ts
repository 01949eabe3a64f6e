/**
 * Hidden Markov models the slow and obvious way, for comparison. `everyPath` adds up all sequences of states, so it
 * knows no recursion at all; `inLogarithms` knows the textbook's, with nothing scaled, for series too long for that.
 */
import type { HmmModel } from "../../wasm/hmm/model.js";

export interface Truth {
  readonly logLikelihood: number;
  readonly posterior: Float64Array;
}

/** Over K^T sequences. */
export function everyPath(model: HmmModel, observations: Float64Array): Truth & { readonly best: number } {
  const { states, features } = model;
  const length = observations.length / features;
  const logs: number[] = [];
  const paths: number[][] = [];
  for (let code = 0; code < states ** length; code++) {
    const path = Array.from({ length }, (_, index) => Math.floor(code / states ** index) % states);
    paths.push(path);
    logs.push(logProbabilityOf(model, observations, path));
  }
  const logLikelihood = logSum(logs);
  const posterior = new Float64Array(length * states);
  paths.forEach((path, index) => {
    const share = Math.exp(logs[index]! - logLikelihood);
    path.forEach((state, at) => {
      posterior[at * states + state]! += share;
    });
  });
  return { logLikelihood, posterior, best: Math.max(...logs) };
}

/** Of the observations together with that sequence of states. */
export function logProbabilityOf(model: HmmModel, observations: Float64Array, path: ArrayLike<number>): number {
  const { states, start, transition } = model;
  return Array.from(path).reduce((sum, state, index) => {
    const chance = index === 0 ? start[state]! : transition[path[index - 1]! * states + state]!;
    return sum + Math.log(chance) + logDensity(model, observations, index, state);
  }, 0);
}

/** Forward–backward with a sum of logarithms at every step. */
export function inLogarithms(model: HmmModel, observations: Float64Array): Truth {
  const { states, features, start, transition } = model;
  const length = observations.length / features;
  const indices = Array.from({ length: states }, (_, state) => state);
  const forward = [indices.map((state) => Math.log(start[state]!) + logDensity(model, observations, 0, state))];
  for (let index = 1; index < length; index++) {
    const before = forward[index - 1]!;
    forward.push(
      indices.map((to) => {
        const ways = indices.map((from) => before[from]! + Math.log(transition[from * states + to]!));
        return logSum(ways) + logDensity(model, observations, index, to);
      }),
    );
  }
  const logLikelihood = logSum(forward[length - 1]!);
  const posterior = new Float64Array(length * states);
  let backward = indices.map(() => 0);
  for (let index = length - 1; index >= 0; index--) {
    indices.forEach((state) => {
      posterior[index * states + state] = Math.exp(forward[index]![state]! + backward[state]! - logLikelihood);
    });
    const ahead = indices.map((state) => backward[state]! + logDensity(model, observations, index, state));
    backward = indices.map((from) =>
      logSum(indices.map((to) => ahead[to]! + Math.log(transition[from * states + to]!))),
    );
  }
  return { logLikelihood, posterior };
}

function logDensity({ features, means, variances }: HmmModel, x: Float64Array, index: number, state: number): number {
  let sum = 0;
  for (let feature = 0; feature < features; feature++) {
    const deviation = x[index * features + feature]! - means[state * features + feature]!;
    const variance = variances[state * features + feature]!;
    sum -= 0.5 * (Math.log(2 * Math.PI * variance) + (deviation * deviation) / variance);
  }
  return sum;
}

function logSum(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
