/** The filters as their definitions read: exponential moments, cumulative sums, and Kalman's with whole matrices. */
import { fixed, over, times, unfixed } from "./big-fixed.js";
import type { Parameters, Twin } from "./twin.js";
import { changes, type Series, sum, zip } from "./windows.js";

/** By all weights at once: λ^k (1 − λ), and λ^t for the first. */
function weighted(x: Series, lambda: number): number[] {
  return x.map((_, t) =>
    sum(x.slice(0, t + 1).map((each, i) => each * lambda ** (t - i) * (i === 0 ? 1 : 1 - lambda))),
  );
}

function cumulative(x: Series, { threshold, drift, of, target }: Parameters): number[][] {
  const steps = of === "values" ? x.map((each) => each - target) : changes(x);
  let [up, down] = [0, 0];
  const rows = steps.map((step) => {
    if (Number.isNaN(step)) return [step, step, step];
    up = Math.max(0, up + step - drift);
    down = Math.min(0, down + step + drift);
    const event = up > threshold ? 1 : down < -threshold ? -1 : 0;
    if (event > 0) up = 0;
    if (event < 0) down = 0;
    return [event, up, down];
  });
  return [0, 1, 2].map((at) => rows.map((row) => row[at]!));
}

/** The textbook's two steps, with the variance of the level in the noise's units, from 1 after the first input. */
function level(x: Series, { ratio, noise }: Parameters): number[][] {
  const rows: number[][] = [];
  for (const each of x) {
    const before = rows.at(-1);
    const variance = before ? before[2]! + ratio : Number.POSITIVE_INFINITY;
    const gain = before ? variance / (variance + 1) : 1;
    rows.push([before ? (1 - gain) * before[0]! + gain * each : each, noise * gain, gain]);
  }
  return [0, 1, 2].map((at) => rows.map((row) => row[at]!));
}

type Matrix = readonly (readonly bigint[])[];
const product = (a: Matrix, b: Matrix): bigint[][] =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((total, each, k) => total + times(each, b[k]![j]!), 0n)));
const turned = (a: Matrix): bigint[][] => a[0]!.map((_, j) => a.map((row) => row[j]!));
const plus = (a: Matrix, b: Matrix): bigint[][] => a.map((row, i) => row.map((each, j) => each + b[i]![j]!));
const scaled = (a: Matrix, by: bigint): bigint[][] => a.map((row) => row.map((each) => times(each, by)));
const diagonal = (x: bigint): bigint[][] => [
  [x, 0n],
  [0n, x],
];

function hedge(y: Series, x: Series, { delta, noise, prior }: Parameters): number[][] {
  let state: Matrix = [[0n], [0n]];
  let spread: Matrix = diagonal(fixed(prior));
  const step = diagonal(over(fixed(delta), fixed(1) - fixed(delta)));
  const rows = y.map((each, index) => {
    const seen: Matrix = [[fixed(1), fixed(x[index]!)]];
    if (index > 0) spread = plus(spread, step);
    const variance = product(product(seen, spread), turned(seen))[0]![0]! + fixed(noise);
    const gain = scaled(product(spread, turned(seen)), over(fixed(1), variance));
    const error = fixed(each) - product(seen, state)[0]![0]!;
    state = plus(state, scaled(gain, error));
    spread = plus(spread, scaled(product(product(gain, seen), spread), fixed(-1)));
    return [unfixed(state[1]![0]!), unfixed(state[0]![0]!), unfixed(error), Math.sqrt(unfixed(variance))];
  });
  return [0, 1, 2, 3].map((at) => rows.map((row) => row[at]!));
}

export const filterTwins: Readonly<Record<string, Twin>> = {
  ewmaMean: ([x], p) => [weighted(x!, p.lambda)],
  ewmaCovariance: ([x, y], p) => [
    weighted(
      zip((a, b) => a * b, x!, y!),
      p.lambda,
    ),
  ],
  cusum: ([x], p) => cumulative(x!, p),
  kalmanLevel: ([x], p) => level(x!, p),
  hedgeRatio: ([y, x], p) => hedge(y!, x!, p),
};
