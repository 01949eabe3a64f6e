/**
 * What states are called: by what they are, not by their index, which says nothing. Every model has one bull and one
 * bear; whatever lies between them is sideways.
 */
import type { HmmModel } from "./model.js";

export type RegimeName = "bull" | "bear" | "sideways";

/**
 * The name of each state of a model that `checkModel` passes. States are ranked by the mean of their first feature, the
 * highest first, of equal means the one of lower variance, and of equal moments the lower index: the first is the bull,
 * the last the bear.
 */
export function names({ states, features, means, variances }: HmmModel): readonly RegimeName[] {
  const ranked = Array.from({ length: states }, (_, state) => state).sort((one, other) => {
    const [left, right] = [one * features, other * features];
    return means[right]! - means[left]! || variances[left]! - variances[right]! || one - other;
  });
  const named = new Array<RegimeName>(states).fill("sideways");
  named[ranked[0]!] = "bull";
  named[ranked.at(-1)!] = "bear";
  return named;
}
