/**
 * Hidden Markov models with Gaussian emissions over whole series. The host writes a model to its address and the
 * observations behind `dataStart`; the memory is its scratch space and keeps nothing for it.
 */
export { filterGiven } from "./given";
export { firstRefused, moments, varianceStart } from "./moments";
export { improve, likelihood, logarithm, path, posterior } from "./passes";
export { start } from "./seeding";
export { floorStart } from "./sums";
export { modelStart } from "./tables";

/** Where the module's own tables end; a caller's data may lie from there to the end of the memory. */
export function dataStart(): usize {
  return (__heap_base + 63) & ~63;
}
