/**
 * Everything that `sluice/ta`, `sluice/stats` and `sluice/exec` compute over one made-up market, as the bits of its
 * results: a page in a browser runs it, and so does Node, and both must say the same.
 */
import { exec } from "../../wasm/exec/index.js";
import { stats } from "../../wasm/stats/index.js";
import { type AnySpec, ta, table } from "../../wasm/ta/index.js";

const LENGTH = 300;

/** In integers and one division each, so that no engine's own arithmetic stands behind the inputs. */
const series = (step: number): Float64Array =>
  Float64Array.from({ length: LENGTH }, (_, index) => 100 + ((index * step) % 211) / 16 + index / 32);
const returns = Float64Array.from({ length: LENGTH }, (_, index) => (((index * 7_919) % 503) - 251) / 16_384);

/** By name, the bits of every result in hexadecimal. */
export function compute(): Record<string, string> {
  return { ...batches(), ...streams(), ...statistics(), ...schedules() };
}

type AnyBatch = (...given: Float64Array[]) => Float64Array | Record<string, Float64Array>;
type AnyStream = () => { push(...inputs: number[]): number };

function batches(): Record<string, string> {
  return Object.fromEntries(
    Object.entries<AnySpec>(table).map(([name, { inputs }]) => {
      const result = (ta[name as keyof typeof table] as unknown as AnyBatch)(...inputs.map((_, at) => series(37 + at)));
      return [`ta.${name}`, bitsOf(...(result instanceof Float64Array ? [result] : Object.values(result)))];
    }),
  );
}

function streams(): Record<string, string> {
  return Object.fromEntries(
    Object.entries<AnySpec>(table).map(([name, { inputs }]) => {
      const stream = (ta.stream[name as keyof typeof table] as unknown as AnyStream)();
      const columns = inputs.map((_, at) => series(37 + at));
      const pushed = columns[0].map((_, row) => stream.push(...columns.map((column) => column[row])));
      return [`ta.stream.${name}`, bitsOf(pushed)];
    }),
  );
}

function statistics(): Record<string, string> {
  const { model, logLikelihood } = stats.hmm.fit(returns, { states: 3, iterationsMax: 20 });
  const filter = stats.hmm.filter(model);
  const garch = stats.garch.fit(returns);
  const shares = Float64Array.of(1e-300, 1e-9, 0.025, 0.5, 0.8, 0.999);
  return {
    hmm: bitsOf(model.means, model.variances, model.transition, [logLikelihood, stats.hmm.score(model, returns)]),
    posterior: bitsOf(stats.hmm.posterior(model, returns)),
    filter: bitsOf([...returns].map((each) => filter.push(each) + filter.probability(0))),
    covariance: bitsOf(
      stats.covariance.sample(returns, { assets: 3 }),
      stats.covariance.ewma(returns, { assets: 3 }),
      stats.covariance.ledoitWolf(returns, { assets: 3 }).matrix,
    ),
    ...risk(),
    garch: bitsOf(Object.values(garch.model), garch.variances, stats.garch.forecast(garch, 5)),
    normal: bitsOf(shares.map(stats.normal.quantile), shares.map(stats.normal.cdf)),
    student: bitsOf(shares.map((each) => stats.student.quantile(each, 4.5))),
    special: bitsOf(shares.map(stats.special.erfc), shares.map(stats.special.lgamma)),
  };
}

function risk(): Record<string, string> {
  const common = { weights: Float64Array.of(5, -2, 1), confidence: 0.975, horizon: 5 };
  const { parametric, historical, cornishFisher, ewma, monteCarlo } = stats.var;
  const found = {
    ...{ parametric: parametric(returns, common), historical: historical(returns, common) },
    ...{ cornishFisher: cornishFisher(returns, common), ewma: ewma(returns, common) },
    student: parametric(returns, { ...common, distribution: "student", freedom: 4.5 }),
    monteCarlo: monteCarlo(returns, { ...common, seed: 7, paths: 20_000 }),
  };
  const before = new stats.PreTradeRisk({ returns, ...common });
  return {
    ...Object.fromEntries(
      Object.entries(found).map(([name, { valueAtRisk, expectedShortfall, component }]) => [
        `var.${name}`,
        bitsOf([valueAtRisk, expectedShortfall], component),
      ]),
    ),
    preTrade: bitsOf([before.valueAtRisk(1, 3), before.expectedShortfall(2, -1)]),
    standardNormals: bitsOf(stats.standardNormals(100, { seed: 3 })),
  };
}

function schedules(): Record<string, string> {
  const window = { lots: 10_007, startUs: 0, endUs: 3_600_000_000 };
  const twap = exec.twap({ ...window, slices: 13, jitter: { time: 0.3, size: 0.3, seed: 7 } });
  const vwap = exec.vwap({ ...window, curve: Float64Array.of(3, 1, 0, 2, 5) });
  return { twap: bitsOf(twap.timesUs, twap.lots), vwap: bitsOf(vwap.timesUs, vwap.lots) };
}

/** Sixteen digits a number; -0 and every NaN have bits of their own. */
function bitsOf(...results: readonly ArrayLike<number>[]): string {
  return results
    .flatMap((each) => [...new BigUint64Array(Float64Array.from(each).buffer)])
    .map((bits) => bits.toString(16).padStart(16, "0"))
    .join("");
}
