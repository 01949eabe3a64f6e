/**
 * The filter of a hidden Markov model as a textbook writes it, over plain lists: slow, obvious, and with the logs of
 * `Math`. The kernel is compared with it.
 */
import type { HmmModel } from "../../wasm/index.js";

export class ForwardTwin {
  probabilities: number[] | null = null;
  logLikelihood = 0;
  private readonly model: HmmModel;

  constructor(model: HmmModel) {
    this.model = model;
  }

  push(...observation: number[]): number[] {
    const { states, start, transition } = this.model;
    const before = this.probabilities;
    const predicted = Array.from({ length: states }, (_, to) =>
      before === null
        ? start[to]
        : before.reduce((sum, probability, from) => sum + probability * transition[from * states + to], 0),
    );
    const logs = predicted.map((probability, state) => Math.log(probability) + this.logDensity(state, observation));
    const largest = Math.max(...logs);
    const logSum = largest + Math.log(logs.reduce((sum, each) => sum + Math.exp(each - largest), 0));
    this.logLikelihood += logSum;
    this.probabilities = logs.map((each) => Math.exp(each - logSum));
    return this.probabilities;
  }

  private logDensity(state: number, observation: readonly number[]): number {
    const { features, means, variances } = this.model;
    return observation.reduce((sum, x, feature) => {
      const [mean, variance] = [means[state * features + feature], variances[state * features + feature]];
      return sum - 0.5 * (Math.log(2 * Math.PI * variance) + (x - mean) ** 2 / variance);
    }, 0);
  }
}
