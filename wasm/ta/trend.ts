/** The table of trend indicators. Each gives levels or lines that follow a trend. */
import { KIND_HEIKIN_ASHI, KIND_ICHIMOKU, KIND_PIVOTS, KIND_REGRESSION, KIND_SAR, KIND_SUPERTREND } from "./kinds.js";
import { choice, factor, indicator, longPeriod, period } from "./spec.js";

const TA_LIB = "TA-Lib, unstable period 0";

export const trend = {
  parabolicSar: indicator({
    kind: KIND_SAR,
    meaning: "Parabolic stop and reverse",
    inputs: ["high", "low"],
    parameters: {
      acceleration: factor(0.02, 0.0001, 1, "how much each new extreme quickens it"),
      maximum: factor(0.2, 0.0001, 1, "how quick it gets"),
      rules: choice(
        ["talib", "strict"],
        "begins by the second bar, and a touch turns it; or begins long at the first, and a bar must pass it",
      ),
    },
    outputs: { value: () => 1 },
    source: TA_LIB,
    formula:
      "sₜ₊₁ = sₜ + a (e − sₜ), e the side's extreme, a growing by acceleration with each new e, up to maximum; " +
      "kept out of the last two bars; a bar that touches s turns the side, and s goes on from e",
    oracle: "TA-Lib; Stock.Indicators, ChartSchool (strict)",
    prices: ["value"],
  }),
  superTrend: indicator({
    kind: KIND_SUPERTREND,
    meaning: "SuperTrend: a band of average true ranges that follows the trend, and its direction, 1 or −1",
    inputs: ["high", "low", "close"],
    parameters: { period: longPeriod(10), multiplier: factor(3, 0.01, 1000, "average true ranges to a band") },
    outputs: { superTrend: (p) => p.period, direction: (p) => p.period },
    source: "Seban; bands as in Stock.Indicators",
    formula:
      "bands (h + l) / 2 ± multiplier · RMAₙ(TR), the upper one falling and the lower one rising until a close " +
      "passes it; superTrend is the lower band while direction is 1, the upper one while it is −1",
    oracle: "Stock.Indicators; the definition in numpy",
    prices: ["superTrend"],
  }),
  ichimoku: indicator({
    kind: KIND_ICHIMOKU,
    meaning: "Ichimoku's lines and, as they stand at this bar, its spans; the lagging line is the close itself",
    inputs: ["high", "low"],
    parameters: {
      tenkan: period(9),
      kijun: period(26),
      span: period(52),
      displacement: period(26, 1, 10_000, "bars by which the spans lie ahead"),
    },
    outputs: {
      tenkan: (p) => p.tenkan - 1,
      kijun: (p) => p.kijun - 1,
      spanA: (p) => Math.max(p.tenkan, p.kijun) - 1 + p.displacement,
      spanB: (p) => p.span - 1 + p.displacement,
    },
    source: "Hosoda 1969",
    formula:
      "M(k) = (highest high + lowest low) / 2 of k bars; tenkan = M(tenkan), kijun = M(kijun); spanA = (tenkan + " +
      "kijun) / 2 and spanB = M(span), both displacement bars before",
    oracle: "Stock.Indicators; the definition in numpy",
    prices: ["tenkan", "kijun", "spanA", "spanB"],
  }),
  linearRegression: indicator({
    kind: KIND_REGRESSION,
    meaning: "Least-squares line: slope an input, value at the oldest input, and r²",
    inputs: ["close"],
    parameters: { period: period(14, 2) },
    outputs: { slope: (p) => p.period - 1, intercept: (p) => p.period - 1, rSquared: (p) => p.period - 1 },
    source: TA_LIB,
    formula:
      "slope = Σ (i − ī)(xᵢ − x̄) / Σ (i − ī)², i = 0 … n − 1; intercept = x̄ − slope · ī; rSquared = slope · Σ " +
      "(i − ī)(xᵢ − x̄) / Σ (xᵢ − x̄)², 0 of a flat window",
    oracle: "TA-Lib; Stock.Indicators",
  }),
  heikinAshi: indicator({
    kind: KIND_HEIKIN_ASHI,
    meaning: "Heikin-Ashi bars",
    inputs: ["open", "high", "low", "close"],
    parameters: {},
    outputs: { open: () => 0, high: () => 0, low: () => 0, close: () => 0 },
    source: "Valcu 2004",
    formula:
      "close = (o + h + l + c) / 4; open = (open₋₁ + close₋₁) / 2, of the first bar (o + c) / 2; high = max(h, " +
      "open, close); low = min(l, open, close)",
    oracle: "Stock.Indicators; the definition in numpy",
    prices: ["open", "high", "low", "close"],
  }),
  pivotPoints: indicator({
    kind: KIND_PIVOTS,
    meaning: "Pivot points: levels for the bars after a window",
    inputs: ["high", "low", "close"],
    parameters: {
      period: period(1, 1, 10_000, "bars in the window"),
      offset: period(0, 0, 10_000, "bars between the window and this one; 0: it ends with this one"),
      method: choice(["standard", "fibonacci", "camarilla", "woodie"], "whose levels; Woodie's of the window's close"),
    },
    outputs: {
      pivot: pivotWarmUp,
      r1: pivotWarmUp,
      r2: pivotWarmUp,
      r3: pivotWarmUp,
      r4: pivotWarmUp,
      s1: pivotWarmUp,
      s2: pivotWarmUp,
      s3: pivotWarmUp,
      s4: pivotWarmUp,
    },
    source: "Person 2004; Scott 1989 for Camarilla",
    formula:
      "P = (H + L + C) / 3, Woodie (H + L + 2C) / 4. Standard and Woodie: R₁ = 2P − L, R₂ = P + (H − L), " +
      "R₃ = H + 2(P − L), R₄ = H + 3(P − L), Woodie R₃ + (H − L); S₁ = 2P − H, S₂ = P − (H − L), S₃ = L − 2(H − P), " +
      "S₄ = L − 3(H − P), Woodie S₃ − (H − L). Fibonacci: P ± (0.382, 0.618, 1, 1.618)(H − L). " +
      "Camarilla: C ± 1.1 (H − L) / (12, 6, 4, 2)",
    oracle: "pandas; Stock.Indicators, rolling and by month, for the standard levels",
    prices: ["pivot", "r1", "r2", "r3", "r4", "s1", "s2", "s3", "s4"],
  }),
};

function pivotWarmUp(p: { readonly period: number; readonly offset: number }): number {
  return p.period - 1 + p.offset;
}
