/**
 * The bits of the risk figures, which are the same on every machine and every Node: one hash a method over all that it
 * returns for a few portfolios. A change of a kernel changes them; that must be meant.
 */
import { expect, test } from "vitest";
import { cornishFisher } from "../wasm/risk/cornish-fisher.js";
import { ewma } from "../wasm/risk/ewma.js";
import type { RiskFigures } from "../wasm/risk/figures.js";
import { historical } from "../wasm/risk/historical.js";
import { monteCarlo } from "../wasm/risk/monte-carlo.js";
import { parametric } from "../wasm/risk/parametric.js";
import { PreTradeRisk } from "../wasm/risk/pre-trade.js";
import { drawReturns, drawWeights } from "./risk/samples.js";
import { hashBits } from "./support/numbers.js";

type Method = (returns: Float64Array, weights: Float64Array) => RiskFigures | number[];

const student = { distribution: "student", freedom: 3.5 } as const;
const methods: Readonly<Record<string, readonly [hash: string, Method]>> = {
  normal: ["d27e8d399f4a329c", (returns, weights) => parametric(returns, { weights })],
  student: ["780341fba57de551", (returns, weights) => parametric(returns, { weights, ...student, horizon: 10 })],
  "Cornish-Fisher": ["802a7f165908a7eb", (returns, weights) => cornishFisher(returns, { weights })],
  historical: ["fabe2deae83b239b", (returns, weights) => historical(returns, { weights, confidence: 0.99 })],
  "age-weighted": ["aa4644c5928c4ba3", (returns, weights) => historical(returns, { weights, decay: 0.98 })],
  ewma: ["993d92791f32c258", (returns, weights) => ewma(returns, { weights })],
  "Monte Carlo": ["46378f0586c8ba46", (returns, weights) => monteCarlo(returns, { weights, seed: 1, paths: 20_000 })],
  "Monte Carlo, student": [
    "01bae5277ca5a277",
    (returns, weights) => monteCarlo(returns, { weights, seed: 1, paths: 20_000, ...student }),
  ],
  "pre-trade": [
    "dc450995032e3c01",
    (returns, weights) => {
      const risk = new PreTradeRisk({ returns, weights });
      risk.commit(0, 0.25);
      return [risk.valueAtRisk(0, -0.125), risk.expectedShortfall(0, 3)];
    },
  ],
};

test.each(Object.entries(methods))("%s gives the committed bits", (_, [hash, method]) => {
  const figures = [1, 2, 8, 33].flatMap((assets) => {
    const results = method(drawReturns(617, assets, 40 + assets), drawWeights(assets, assets));
    return Object.values(results).flatMap((each: number | Float64Array) =>
      typeof each === "number" ? each : [...each],
    );
  });
  expect(hashBits(Float64Array.from(figures))).toBe(hash);
});
