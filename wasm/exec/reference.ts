/**
 * What the reference page says of the execution schedules, beside the code that it describes.
 */
import type { FunctionReference } from "../reference.js";
import { planReference, THROWS, WINDOW } from "./plan-reference.js";

const CHILD = "Integer lots to send now, or 0; never more than is neither executed nor live";

const working: readonly FunctionReference[] = [
  {
    name: "exec.follow",
    meaning: "Makes an order that works off a plan: nothing before its time, nothing beyond the plan.",
    formula: "catchUp: Σ due lots − executed − live; spread: ⌊remaining × lotsₖ / Σⱼ≥ₖ lotsⱼ⌋, once for the last due k",
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
      'const terms = { side: "buy", lots: 250, peakLots: 100, limitTicks: 5000, priceRule: "follow" };\n' +
      "const order = exec.iceberg(terms);\n" +
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

export const execReference: readonly FunctionReference[] = [...planReference, ...working, ...others];
