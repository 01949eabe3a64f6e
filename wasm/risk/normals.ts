/** Standard normal numbers for simulations of one's own: those that the Monte Carlo method here draws. */
import { checkInteger } from "./estimator-arguments.js";
import { Scratch, STATE_LENGTH, TABLE_LENGTH } from "./kernels.js";

/**
 * `count` independent standard normal numbers, 1 to 2²⁷, the same on every machine for a seed from 0 to 2⁵³ − 1. A
 * ziggurat of 1024 layers (Marsaglia and Tsang, 2000) over xoshiro256++. Throws MathTypeError and MathArgumentError.
 */
export function standardNormals(count: number, { seed }: { readonly seed: number }): Float64Array {
  checkInteger("count", count, 1, 2 ** 27);
  checkInteger("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  const even = count + (count % 2);
  const scratch = new Scratch({ table: TABLE_LENGTH, state: STATE_LENGTH, normals: even });
  const { kernels, at } = scratch;
  kernels.prepareStreams(at.table, at.state, seed);
  kernels.fillNormals(at.table, at.state, at.normals, even);
  return scratch.view("normals").slice(0, count);
}
