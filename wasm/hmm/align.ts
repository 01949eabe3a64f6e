/**
 * The order of states. A fit finds states in no particular order; what holds on to an index from one fit to the next
 * wants the order of the model before. Reordering changes nothing that a model says of observations.
 */
import { MathArgumentError } from "../errors.js";
import { checkModel, type HmmModel } from "./model.js";

/**
 * The model with its states in the order in which they are most like those of `previous`: the assignment of least cost
 * (Kuhn 1955; by trying all subsets, 64 at most), where a pair costs the squared differences of means and of
 * deviations, in units of the pooled deviation of each feature. Throws MathTypeError or MathArgumentError for models
 * that are not allowed or of different sizes.
 */
export function align(model: HmmModel, previous: HmmModel): HmmModel {
  checkModel(model);
  checkModel(previous);
  for (const count of ["states", "features"] as const) {
    if (model[count] !== previous[count]) {
      throw new MathArgumentError(`previous.${count}`, previous[count], `the ${model[count]} of the model`);
    }
  }
  return reorder(model, cheapest(costs(model, previous)));
}

/** The model whose state i is state `order[i]` of this one. */
function reorder(model: HmmModel, order: readonly number[]): HmmModel {
  const { states, features, start, transition, means, variances } = model;
  const rows = (values: Float64Array) =>
    order.flatMap((from) => [...values.subarray(from * features, (from + 1) * features)]);
  return {
    states,
    features,
    start: Float64Array.from(order, (from) => start[from]!),
    transition: Float64Array.from(order.flatMap((from) => order.map((to) => transition[from * states + to]!))),
    means: Float64Array.from(rows(means)),
    variances: Float64Array.from(rows(variances)),
  };
}

/** In row i the cost of each state of the model in the place of state i of the previous one. */
function costs(model: HmmModel, previous: HmmModel): readonly (readonly number[])[] {
  const { states, features } = model;
  const indices = Array.from({ length: states }, (_, state) => state);
  const pooled = Array.from({ length: features }, (_, feature) => {
    const sum = indices.reduce((total, state) => {
      const at = state * features + feature;
      return total + model.variances[at]! + previous.variances[at]!;
    }, 0);
    return sum / (2 * states);
  });
  const cost = (place: number, state: number): number => {
    return pooled.reduce((total, variance, feature) => {
      const [at, before] = [state * features + feature, place * features + feature];
      const mean = model.means[at]! - previous.means[before]!;
      const deviation = Math.sqrt(model.variances[at]!) - Math.sqrt(previous.variances[before]!);
      return total + (mean * mean + deviation * deviation) / variance;
    }, 0);
  };
  return indices.map((place) => indices.map((state) => cost(place, state)));
}

/** Which column each row takes so that the sum is least: the best way to use each set of columns for the first rows. */
function cheapest(costs: readonly (readonly number[])[]): readonly number[] {
  let best = new Map<number, { readonly cost: number; readonly order: readonly number[] }>([
    [0, { cost: 0, order: [] }],
  ]);
  for (const row of costs) {
    const longer: typeof best = new Map();
    for (const [used, { cost, order }] of best) {
      row.forEach((more, column) => {
        const bit = 1 << column;
        const known = longer.get(used | bit);
        if (used & bit || (known && known.cost <= cost + more)) return;
        longer.set(used | bit, { cost: cost + more, order: [...order, column] });
      });
    }
    best = longer;
  }
  return best.get(2 ** costs.length - 1)!.order;
}
