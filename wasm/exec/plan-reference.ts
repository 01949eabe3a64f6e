/**
 * What the reference page says of plans, and the words that all entries of this folder share.
 */
import type { FunctionReference } from "../reference.js";

const PLAN = "{ timesUs, lots }: Float64Arrays, when each child is due in microseconds, and its integer lots";
export const THROWS =
  "MathTypeError or MathArgumentError for an argument of a wrong type, out of its range, or unknown";
export const WINDOW = {
  lots: "of the parent: an integer from lotsMin to 2^53 − 1",
  startUs: "integer microseconds since the epoch",
  endUs: "integer microseconds, later than startUs by one for each slice at least",
  lotsMin: "the least that a child may have, an integer from 1; default 1",
} as const;
export const planReference: readonly FunctionReference[] = [
  {
    name: "exec.twap",
    meaning: "Divides a parent evenly over a window.",
    formula:
      "n = min(slices, ⌊lots / lotsMin⌋); child i at start + ⌊i (end − start) / n⌋; lots by largest remainder, equal " +
      "remainders spread evenly. Jitter: each time moves by a part of its slice, neighbours exchange lots.",
    takes: {
      ...WINDOW,
      slices: "an integer from 1 to 10 000",
      jitter: "{ time, size: 0 to 1, default 0; seed: an integer from 0 }; default none",
    },
    returns: PLAN,
    throws: THROWS,
    example:
      "const plan = exec.twap({ lots: 10, slices: 4, startUs: 0, endUs: 60e6 });\n" +
      "console.log([...plan.timesUs], [...plan.lots]);",
    source: "largest remainder: Hamilton; random integers: SplitMix64, Steele, Lea and Flood 2014",
    oracle: "integers without a bound, 10⁵ random parents",
  },
  {
    name: "exec.vwap",
    meaning: "Divides a parent in proportion to a volume curve.",
    formula:
      "lotsᵢ ∝ curveᵢ by largest remainder, at the beginning of bucket i; what is below lotsMin moves to a later " +
      "bucket; with a cap, lotsᵢ ≤ ⌊p / (1 − p) volumeᵢ⌋ summed up to any time, volumeᵢ the curve's share of " +
      "expectedVolume",
    takes: {
      ...WINDOW,
      curve: "Float64Array of 1 to 10 000 weights, each 0 or from 1e-150 to 1e150",
      participationMax: "p = own / (own + market), 1e-6 to 1 in millionths; default none",
      expectedVolume: "lots that others are expected to trade in the window, an integer from 0; needed for a cap",
    },
    returns: `${PLAN}; and unplannedLots, for which the cap left no room`,
    throws: THROWS,
    example:
      "const curve = Float64Array.of(5, 2, 1, 2, 6);\n" +
      "const { lots, unplannedLots } = exec.vwap({ lots: 800, curve, startUs: 0, endUs: 300e6 });\n" +
      "console.log([...lots], unplannedLots);",
    source: "largest remainder: Hamilton",
    oracle: "integers without a bound, 10⁵ random parents",
  },
  {
    name: "exec.vwapRemaining",
    meaning: "Plans again what is neither done nor live, over what is left of the window.",
    formula:
      "the present bucket's weight × the part of it to come, then the later weights; for a cap the market's rest is " +
      "(1 − c) ((1 − c) expectedVolume + marketLots), c the share of the curve that has passed",
    takes: {
      ...WINDOW,
      "curve, participationMax, expectedVolume": "as for exec.vwap",
      nowUs: "microseconds",
      executedLots: "an integer from 0",
      liveLots: "an integer from 0: at the venue or possibly so, orders of unknown outcome in full",
      marketLots: "lots that others have traded in the window so far; default as expected",
    },
    returns: `${PLAN}; and unplannedLots`,
    throws: THROWS,
    example:
      "const day = { lots: 800, curve: Float64Array.of(5, 2, 1, 2, 6), startUs: 0, endUs: 300e6 };\n" +
      "const rest = exec.vwapRemaining({ ...day, nowUs: 130e6, executedLots: 300, liveLots: 20 });\n" +
      "console.log([...rest.timesUs], [...rest.lots]);",
    source: "largest remainder: Hamilton",
    oracle: "integers without a bound, 10⁵ random moments",
  },
  {
    name: "exec.curveFrom",
    meaning: "Estimates a volume curve from past days.",
    formula: "curveᵢ = mean over days of volumeᵢ / Σ volume of that day; days without volume do not count",
    takes: {
      volumes: "Float64Array of days × buckets, one day after another, each 0 or from 1e-100 to 1e100",
      buckets: "an integer from 1 to 10 000",
    },
    returns: "Float64Array of buckets shares that sum to 1",
    throws: THROWS,
    example: "console.log([...exec.curveFrom(Float64Array.of(10, 30, 200, 200), 2)]);",
    source: "mean of daily shares",
    oracle: "closed form",
  },
  {
    name: "exec.shortfall",
    meaning: "Plans the trajectory that trades market impact against the risk of waiting.",
    formula:
      "xⱼ = X sinh(κ(T − tⱼ)) / sinh(κT); cosh(κτ) = 1 + τ²λσ² / 2η̃, η̃ = η − γτ/2; " +
      "E = ½γX² + εX + η̃ Σn² / τ, V = σ²τ Σx²",
    takes: {
      ...WINDOW,
      slices: "N, an integer from 1 to 10 000",
      riskAversion: "λ per (tick × lot), 0 to 1e100; 0 gives TWAP",
      volatility: "σ, ticks per √day, 0 to 1e100; days of 86 400 s",
      temporaryImpact: "η, ticks per (lot a day), above γτ/2",
      permanentImpact: "γ, ticks a lot, from 0; default 0",
      fixedCost: "ε, ticks a lot, from 0; default 0",
    },
    returns:
      `${PLAN}; holdings, Float64Array of N + 1 lots before rounding; expectedCost in ticks × lots and variance in ` +
      "(ticks × lots)² of the rounded plan; urgency κ per day",
    throws: THROWS,
    example:
      "const plan = exec.shortfall({\n" +
      "  lots: 1e6, slices: 5, startUs: 0, endUs: 5 * 86_400e6, riskAversion: 1e-6,\n" +
      "  volatility: 0.95, temporaryImpact: 2.5e-6, permanentImpact: 2.5e-7, fixedCost: 0.0625,\n" +
      "});\n" +
      "console.log([...plan.lots], plan.expectedCost.toFixed(0));",
    source: "Almgren and Chriss, Optimal execution of portfolio transactions, 2000",
    oracle: "closed form, mpmath",
  },
  {
    name: "exec.shortfallFrontier",
    meaning: "The efficient frontier: expected cost and variance of the best trajectory for each risk aversion.",
    formula: "E(λ) and V(λ) of the trajectory before rounding; dE/dV = −λ",
    takes: {
      "lots … fixedCost": "as for exec.shortfall, without riskAversion",
      riskAversions: "Float64Array of 1 to 10 000, each from 0 to 1e100",
    },
    returns: "{ expectedCost, variance, urgency }: Float64Arrays as long as riskAversions",
    throws: THROWS,
    example:
      "const { expectedCost, variance } = exec.shortfallFrontier({\n" +
      "  lots: 1000, slices: 10, startUs: 0, endUs: 3600e6, volatility: 500, temporaryImpact: 1e-5,\n" +
      "  riskAversions: Float64Array.of(0, 1e-6, 1e-4),\n" +
      "});\n" +
      "console.log([...expectedCost], [...variance]);",
    source: "Almgren and Chriss 2000, section 2",
    oracle: "closed form, mpmath",
  },
];
