/** The table of microstructure measures: of the best prices of a book, and of trades. */
import {
  KIND_AMIHUD,
  KIND_IMBALANCE,
  KIND_KYLE,
  KIND_LEE_READY,
  KIND_MICROPRICE,
  KIND_ORDER_FLOW,
  KIND_REALISED_SPREAD,
  KIND_SPREAD,
  KIND_TICK_RULE,
  KIND_VPIN,
} from "./kinds.js";
import { choice, factor, indicator, period } from "./spec.js";

const quote = ["bid", "bidSize", "ask", "askSize"] as const;
const DEFINITION = "the definition";

export const microstructure = {
  imbalance: indicator({
    kind: KIND_IMBALANCE,
    meaning: "Imbalance of the sizes on both sides, −1 to 1; of several levels, give it their levelSums",
    inputs: ["bidSize", "askSize"],
    parameters: {},
    outputs: { value: () => 0 },
    source: DEFINITION,
    formula: "(bidSize − askSize) / (bidSize + askSize); 0 without sizes",
    oracle: "the definition in numpy",
    levels: [0],
  }),
  microprice: indicator({
    kind: KIND_MICROPRICE,
    meaning: "Middle of bid and ask, drawn to the side with less size",
    inputs: quote,
    parameters: {},
    outputs: { value: () => 0 },
    source: "Gatheral and Oomen 2010",
    formula: "bid + (ask − bid) · bidSize / (bidSize + askSize); the middle without sizes",
    oracle: "the definition in numpy",
    prices: ["value"],
  }),
  spread: indicator({
    kind: KIND_SPREAD,
    meaning: "Spread, and its share of the middle",
    inputs: ["bid", "ask"],
    parameters: {},
    outputs: { spread: () => 0, share: () => 0 },
    source: DEFINITION,
    formula: "spread = ask − bid; share = spread / ((bid + ask) / 2)",
    oracle: "the definition in numpy",
  }),
  orderFlowImbalance: indicator({
    kind: KIND_ORDER_FLOW,
    meaning: "Order-flow imbalance: what was added at the best bid less what was added at the best ask",
    inputs: quote,
    parameters: { period: period(50) },
    outputs: { value: (p) => p.period },
    source: "Cont, Kukanov and Stoikov 2014",
    formula: "Σₙ ([bid ≥ bid₋₁] bidSize − [bid ≤ bid₋₁] bidSize₋₁ − [ask ≤ ask₋₁] askSize + [ask ≥ ask₋₁] askSize₋₁)",
    oracle: "the definition in numpy",
    levels: [0],
  }),
  kyleLambda: indicator({
    kind: KIND_KYLE,
    meaning: "Kyle's lambda: price change for a unit of signed volume",
    inputs: ["price", "signedVolume"],
    parameters: { period: period(50) },
    outputs: { value: (p) => p.period },
    source: "Kyle 1985",
    formula: "Σₙ q Δp / Σₙ q², q the signed volume; 0 without volume",
    oracle: "the definition in numpy",
  }),
  amihud: indicator({
    kind: KIND_AMIHUD,
    meaning: "Amihud's illiquidity: relative price change for a unit of turnover",
    inputs: ["close", "volume"],
    parameters: { period: period(20) },
    outputs: { value: (p) => p.period },
    source: "Amihud 2002",
    formula: "Σₙ |Δc / c₋₁| / (c v), divided by n; a bar without turnover counts 0",
    oracle: "the definition in numpy",
  }),
  tickRule: indicator({
    kind: KIND_TICK_RULE,
    meaning: "Side of a trade by the last price change: 1 bought, −1 sold, 0 unknown",
    inputs: ["price"],
    parameters: {},
    outputs: { value: () => 0 },
    source: "Lee and Ready 1991",
    formula: "1 where Δp > 0, −1 where Δp < 0, else as before; 0 before any change",
    oracle: "the definition in numpy",
  }),
  leeReady: indicator({
    kind: KIND_LEE_READY,
    meaning: "Side of a trade by the middle of bid and ask, at the middle by the last price change",
    inputs: ["price", "bid", "ask"],
    parameters: {},
    outputs: { value: () => 0 },
    source: "Lee and Ready 1991",
    formula: "1 where p > (bid + ask) / 2, −1 where p < (bid + ask) / 2, at it the tick rule's",
    oracle: "the definition in numpy",
  }),
  vpin: indicator({
    kind: KIND_VPIN,
    meaning: "Volume-synchronised probability of informed trading, 0 to 1, and the full buckets it is taken from",
    inputs: ["price", "signedVolume"],
    parameters: {
      bucket: factor(1000, 1e-9, 1e15, "volume of a bucket"),
      buckets: period(50, 1, 10_000, "full buckets in the mean"),
      classification: choice(
        ["bulk", "sign"],
        "volume is bought by how far its price moved, whatever its sign; or by its sign",
      ),
      period: period(50, 2, 10_000, "price changes whose deviation a change is measured by, in bulk"),
    },
    outputs: { vpin: vpinWarmUp, buckets: vpinWarmUp },
    source: "Easley, Lopez de Prado and O'Hara 2012",
    formula: "share = 2 Φ(Δp / σ) − 1, or the sign; VPIN = mean of |Σ v × share| / bucket over the last buckets",
    oracle: "the definition in numpy, by running totals",
  }),
  realisedSpread: indicator({
    kind: KIND_REALISED_SPREAD,
    meaning: "What trades cost and who kept it: realised and effective spread, and the price impact between them",
    inputs: ["price", "side", "bid", "ask"],
    parameters: {
      horizon: period(20, 1, 10_000, "trades after which the middle is looked at again"),
      period: period(50, 1, 10_000, "trades in the mean"),
    },
    outputs: { realised: spreadWarmUp, effective: spreadWarmUp, impact: spreadWarmUp },
    source: "Huang and Stoll 1996",
    formula:
      "d = sign(side), m = (bid + ask) / 2; realised = mean 2 dₜ₋ₕ (pₜ₋ₕ − mₜ); " +
      "effective = mean 2 dₜ₋ₕ (pₜ₋ₕ − mₜ₋ₕ); impact = effective − realised",
    oracle: "the definition in numpy",
  }),
};

interface Vpin {
  readonly classification: "bulk" | "sign";
  readonly period: number;
}

function vpinWarmUp(p: Vpin): number {
  return p.classification === "bulk" ? p.period : 0;
}

function spreadWarmUp(p: { readonly horizon: number; readonly period: number }): number {
  return p.horizon + p.period - 1;
}
