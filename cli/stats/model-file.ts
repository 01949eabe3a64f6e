/** A hidden Markov model as JSON: rows of probabilities as lists, so that a person can read it and a program use it. */
import { readFileSync } from "node:fs";
import { ConfigError } from "../../engine/index.js";
import { checkModel, type HmmModel } from "../../wasm/hmm/model.js";

export function modelJson({ states, features, start, transition, means, variances }: HmmModel) {
  const rows = (values: Float64Array, columns: number): number[][] =>
    Array.from({ length: states }, (_, state) => [...values.subarray(state * columns, (state + 1) * columns)]);
  return {
    ...{ states, features, start: [...start], transition: rows(transition, states) },
    ...{ means: rows(means, features), variances: rows(variances, features) },
  };
}

/** Reads what `fit --json` printed, or the model in it. Throws ConfigError for what is none. */
export function readModel(path: string): HmmModel {
  try {
    const parsed = JSON.parse(readFileSync(path, "utf8"));
    const { states, features, start, transition, means, variances } = parsed.model ?? parsed;
    const flat = (values: unknown): Float64Array => Float64Array.from((values as number[][]).flat());
    const model = {
      ...{ states, features, start: flat(start), transition: flat(transition) },
      ...{ means: flat(means), variances: flat(variances) },
    };
    checkModel(model);
    return model;
  } catch (error) {
    const why = (error as Error).message;
    throw new ConfigError(`--model ${path}: ${why}; give a file that "sluice stats hmm fit --json" wrote`);
  }
}
