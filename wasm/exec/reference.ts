/**
 * What the reference page says of the execution schedules, beside the code that it describes.
 */
import type { FunctionReference } from "../reference.js";

const PLAN = "{ timesUs, lots }: Float64Arrays, when each child is due in microseconds, and its integer lots";
const THROWS = "MathTypeError or MathArgumentError for an argument of a wrong type, out of its range, or unknown";
const WINDOW = {
  lots: "of the parent: an integer from lotsMin to 2^53 − 1",
  startUs: "integer microseconds since the epoch",
  endUs: "integer microseconds, later than startUs by one for each slice at least",
  lotsMin: "the least that a child may have, an integer from 1; default 1",
} as const;
const CHILD = "Integer lots to send now, 0 when there is nothing to send; never more than is neither executed nor live";

const plans: readonly FunctionReference[] = [
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
      "bucket; with a cap, lotsᵢ ≤ ⌊p / (1 − p) volumeᵢ⌋ summed up to any time, volumeᵢ the curve's share of expectedVolume",
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

const working: readonly FunctionReference[] = [
  {
    name: "exec.follow",
    meaning: "Makes an order that works off a plan: nothing before its time, nothing beyond the plan.",
    formula:
      "catchUp: Σ lots due − executed − live; spread: ⌊remaining × lotsₖ / Σⱼ≥ₖ lotsⱼ⌋, once for the latest due child k",
    takes: {
      plan: "{ timesUs, lots } as the planning functions return it",
      endUs: "integer microseconds, not before the last child",
      lotsMin: WINDOW.lotsMin,
      late: '"catchUp" (the default) or "spread": what is done about time that was missed',
      completion: '"cancel" (the default) or "complete": what is done at endUs about what remains',
    },
    returns: `An order with next(nowUs, executedLots, liveLots), pause, resume, cancel, snapshot, restore. ${CHILD}`,
    throws: `${THROWS}; restore throws MathStateError`,
    example:
      "const plan = exec.twap({ lots: 100, slices: 4, startUs: 0, endUs: 60e6 });\n" +
      "const order = exec.follow({ plan, endUs: 60e6 });\n" +
      "console.log(order.next(0, 0, 0), order.next(1e6, 0, 25), order.next(31e6, 25, 0));",
    source: "this library",
    oracle: "10⁵ random parents against a random venue",
  },
  {
    name: "exec.iceberg",
    meaning: "Makes an order of which never more than a peak is visible, refilled when that is gone.",
    formula: "visible = peak − ⌊u (⌊band × peak⌋ + 1)⌋, u the seed's next number; none while anything is live",
    takes: {
      side: '"buy" or "sell"',
      lots: WINDOW.lots,
      peakLots: "an integer from 2 lotsMin − 1",
      limitTicks: "the price that is never passed, integer ticks",
      band: "0 to 1; default 0",
      lotsMin: WINDOW.lotsMin,
      seed: "an integer from 0; needed with a band",
      priceRule: '"stay" at the limit (the default) or "follow" the touch on our side',
    },
    returns:
      "An order with next(executedLots, liveLots), priceTicks(touchTicks), pause, resume, cancel, snapshot, " +
      `restore. ${CHILD}`,
    throws: `${THROWS}; restore throws MathStateError`,
    example:
      'const order = exec.iceberg({ side: "buy", lots: 250, peakLots: 100, limitTicks: 5000, priceRule: "follow" });\n' +
      "console.log(order.next(0, 0), order.next(60, 40), order.next(200, 0), order.priceTicks(4998));",
    source: "random integers: SplitMix64, Steele, Lea and Flood 2014",
    oracle: "10⁵ random parents against a random venue",
  },
  {
    name: "exec.pov",
    meaning: "Makes an order that keeps its share of the volume at a rate.",
    formula: "owed = ⌊rate / (1 − rate) × market⌋ − forgiven; child = owed − executed − live, within its bounds",
    takes: {
      lots: WINDOW.lots,
      rate: "own / (own + market), 1e-6 to 1 in millionths",
      startUs: WINDOW.startUs,
      endUs: "integer microseconds, later than startUs",
      childMin: WINDOW.lotsMin,
      childMax: "an integer from 2 childMin − 1; default any",
      catchUpLots: "the most lots that it may be behind, from childMin; default any",
      completion: '"cancel" (the default) or "complete"',
    },
    returns:
      "An order with next(nowUs, marketLots since the last call, executedLots, liveLots), pause, resume, cancel, " +
      `snapshot, restore. ${CHILD}; before the end below rate / (1 − rate) × market + childMin in all`,
    throws: `${THROWS}; restore throws MathStateError`,
    example:
      "const order = exec.pov({ lots: 1000, rate: 0.2, startUs: 0, endUs: 60e6 });\n" +
      "console.log(order.next(1e6, 40, 0, 0), order.next(2e6, 8, 10, 0));",
    source: "this library",
    oracle: "integers without a bound, 10⁵ random parents",
  },
];

const others: readonly FunctionReference[] = [
  {
    name: "exec.route",
    meaning: "Divides an order that takes liquidity among venues: most lots filled, then least cost.",
    formula: "min Σ lots × (±(price − mid) + |price| feeBps / 10⁴ + feeTicks + latencyPenaltyTicks), in whole blocks",
    takes: {
      side: '"buy" or "sell"',
      lots: "an integer from 1",
      venues:
        "1 to 16 of { priceTicks, lots: Float64Arrays from the best level on, up to 512; feeBps, feeTicks, " +
        "latencyPenaltyTicks, lotsMin default 0; lotsMax default all; lotSize default 1 }",
      midTicks: "what half-spreads are measured from; default the best price of all",
    },
    returns:
      "{ lots: Float64Array, one for each venue; filledLots, unfilledLots; cost and costs { fee, halfSpread, walk, " +
      "latency } in ticks × lots; isOptimal }",
    throws: THROWS,
    example:
      "const near = { priceTicks: Float64Array.of(5000, 5001), lots: Float64Array.of(40, 60), feeBps: 2 };\n" +
      "const far = { priceTicks: Float64Array.of(5000), lots: Float64Array.of(50), latencyPenaltyTicks: 0.5 };\n" +
      'const { lots, cost } = exec.route({ side: "buy", lots: 100, venues: [near, far] });\n' +
      "console.log([...lots], cost);",
    source: "marginal allocation: Fox 1966; branch and bound for minimums and lot sizes",
    oracle: "every division of small books",
  },
  {
    name: "exec.parentReport",
    meaning: "What working a parent has cost, against arrival and against the market.",
    formula:
      "slippage = ±Σ lots (price − arrival) / executed; shortfall = ±Σ lots (price − arrival) + fees " +
      "± unfilled (final − arrival); participation = own / (own + market)",
    takes: {
      side: '"buy" or "sell"',
      lots: "what was to be done, an integer from 1",
      arrivalTicks: "the price at the decision; basis points of 0 are infinite or NaN",
      "fillTicks, fillLots": "Float64Arrays, one entry for each fill",
      fees: "ticks × lots; default 0",
      marketLots: "lots that others traded",
      marketVwapTicks: "their average price",
      finalTicks: "the price at the end; default as on arrival",
    },
    returns:
      "{ executedLots, unfilledLots, averageTicks, slippageTicks, slippageBps, vwapSlippageTicks, vwapSlippageBps, " +
      "shortfall, shortfallBps, participation }; NaN where a fill is needed and there is none",
    throws: THROWS,
    example:
      "const report = exec.parentReport({\n" +
      '  side: "buy", lots: 100, arrivalTicks: 1000, marketLots: 720, marketVwapTicks: 1002,\n' +
      "  fillTicks: Float64Array.of(1001, 1003), fillLots: Float64Array.of(30, 50),\n" +
      "});\n" +
      "console.log(report.slippageTicks, report.vwapSlippageTicks, report.participation);",
    source: "Perold, The implementation shortfall: paper versus reality, 1988",
    oracle: "closed form",
  },
];

export const execReference: readonly FunctionReference[] = [...plans, ...working, ...others];
