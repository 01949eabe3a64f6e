/**
 * Profits of a portfolio under simulated returns, 32 scenarios at a time: standard normal shocks of every asset,
 * correlated by a Cholesky factor, and for Student's distribution divided by the root of one chi-square number a
 * scenario, scaled so that the covariance is kept. Means are left to the caller. Glasserman, Monte Carlo Methods in
 * Financial Engineering, 2003, §2.3 and §9.3.
 */
import { seedStreams, nextUniform } from "./xoshiro";
import { buildZiggurat, fillNormals, nextNormal } from "./ziggurat";

// @ts-ignore: decorator
@inline const SCENARIOS: i32 = 32;
/** Of the shocks of one asset in eight scenarios, which are worked on together. */
// @ts-ignore: decorator
@inline const ASSET_BYTES: usize = 64;
// @ts-ignore: decorator
@inline const BLOCK_BYTES: usize = 256;

/** The table of 24 584 bytes and the state of 96 that `simulate` takes. */
export function prepareStreams(table: usize, state: usize, seed: f64): void {
  buildZiggurat(table);
  seedStreams(state, seed);
}

/**
 * Writes 32 profits a block. `shocks` is scratch, 256 bytes an asset. `factor` is a lower triangle of which only the
 * last `rows` rows are there, each of `assets` doubles, with a weight for each: all of them, or one row that already is
 * the portfolio. `freedom` is 0 for the normal distribution, else above 2.
 */
export function simulate(
  table: usize,
  state: usize,
  factor: usize,
  weights: usize,
  rows: i32,
  assets: i32,
  freedom: f64,
  shocks: usize,
  into: usize,
  blocks: i32,
): void {
  for (let block = 0; block < blocks; ++block) {
    fillNormals(table, state, shocks, assets * SCENARIOS);
    for (let eight: usize = 0; eight < BLOCK_BYTES; eight += 64) {
      profitsOfEight(shocks + eight * assets, factor, weights, rows, assets, into + eight);
    }
    if (freedom > 0) fattenTails(table, state, freedom, into);
    into += BLOCK_BYTES;
  }
}

/** Σ wᵢ Σ Lᵢⱼ zⱼ of eight scenarios. */
function profitsOfEight(
  shocks: usize,
  factor: usize,
  weights: usize,
  rows: i32,
  assets: i32,
  into: usize,
): void {
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let sum2 = f64x2.splat(0);
  let sum3 = f64x2.splat(0);
  for (let i = 0; i < rows; ++i) {
    let y0 = f64x2.splat(0);
    let y1 = f64x2.splat(0);
    let y2 = f64x2.splat(0);
    let y3 = f64x2.splat(0);
    let z = shocks;
    for (let entry = factor, end = factor + (<usize>(assets - rows + i) << 3); entry <= end; entry += 8) {
      const share = v128.load64_splat(entry);
      y0 = f64x2.add(y0, f64x2.mul(share, v128.load(z)));
      y1 = f64x2.add(y1, f64x2.mul(share, v128.load(z, 16)));
      y2 = f64x2.add(y2, f64x2.mul(share, v128.load(z, 32)));
      y3 = f64x2.add(y3, f64x2.mul(share, v128.load(z, 48)));
      z += ASSET_BYTES;
    }
    const weight = v128.load64_splat(weights + (<usize>i << 3));
    sum0 = f64x2.add(sum0, f64x2.mul(weight, y0));
    sum1 = f64x2.add(sum1, f64x2.mul(weight, y1));
    sum2 = f64x2.add(sum2, f64x2.mul(weight, y2));
    sum3 = f64x2.add(sum3, f64x2.mul(weight, y3));
    factor += <usize>assets << 3;
  }
  v128.store(into, sum0);
  v128.store(into, sum1, 16);
  v128.store(into, sum2, 32);
  v128.store(into, sum3, 48);
}

/** Multiplies each profit by √((ν − 2) / χ²), so that its variance stays what it was. */
function fattenTails(table: usize, state: usize, freedom: f64, profits: usize): void {
  for (const end = profits + BLOCK_BYTES; profits < end; profits += 8) {
    const chiSquare = 2 * nextGamma(table, state, 0.5 * freedom);
    store<f64>(profits, load<f64>(profits) * NativeMath.sqrt((freedom - 2) / chiSquare));
  }
}

/** From the gamma distribution of scale 1 and a shape above 1: Marsaglia and Tsang, 2000. */
function nextGamma(table: usize, state: usize, shape: f64): f64 {
  const d = shape - 0.3333333333333333;
  const c = 1 / NativeMath.sqrt(9 * d);
  while (true) {
    const x = nextNormal(table, state);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const uniform = nextUniform(state);
    // Nearly all are below this bound of the logarithms' one.
    const square = x * x;
    if (uniform < 1 - 0.0331 * square * square) return d * v;
    if (NativeMath.log(uniform) < 0.5 * square + d * (1 - v + NativeMath.log(v))) return d * v;
  }
}
