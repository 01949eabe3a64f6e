/**
 * Each function of `exec` with options that it takes, and for each option what it refuses, with what the error says.
 */
import { exec } from "../../wasm/exec/index.js";
import { SLICES_MAX, VENUES_MAX } from "../../wasm/exec/layout.js";

const window = { lots: 100, slices: 10, startUs: 1000, endUs: 2000 };
const curved = { lots: 100, curve: Float64Array.of(1, 2), startUs: 1000, endUs: 2000 };
const late = { ...curved, nowUs: 1500, executedLots: 10, liveLots: 5 };
const model = { ...window, volatility: 1, temporaryImpact: 1, riskAversion: 1 };
export const ice = { side: "buy", lots: 100, peakLots: 10, limitTicks: 5 } as const;
export const share = { lots: 100, rate: 0.1, startUs: 1000, endUs: 2000 };
const venue = { priceTicks: Float64Array.of(10, 11), lots: Float64Array.of(1, 1) };
const routed = { side: "buy", lots: 100, venues: [venue] } as const;
export const plan = { timesUs: Float64Array.of(1, 2), lots: Float64Array.of(3, 4) };
const filled = {
  ...{ side: "sell", lots: 9, arrivalTicks: 100, marketLots: 5, marketVwapTicks: 100 },
  ...{ fillTicks: Float64Array.of(99), fillLots: Float64Array.of(3) },
} as const;

type Call = (options: never) => unknown;

export const FUNCTIONS: readonly (readonly [Call, object, Readonly<Record<string, readonly [unknown, string][]>>])[] = [
  [
    exec.twap,
    window,
    {
      lots: [
        [0, "lots was 0; use an integer from 1 to 9007199254740991"],
        [-1, "lots was -1"],
        [1.5, "lots was 1.5"],
        [2 ** 53, "lots was 9007199254740992"],
        [Number.NaN, "lots was NaN"],
        [Number.POSITIVE_INFINITY, "lots was Infinity"],
      ],
      slices: [
        [0, `slices was 0; use an integer from 1 to ${SLICES_MAX}`],
        [SLICES_MAX + 1, "slices was"],
      ],
      startUs: [[0.5, "startUs was 0.5"]],
      endUs: [
        [1000, "endUs was 1000; use an integer from 1010"],
        [999, "endUs was 999"],
        [1009, "endUs was 1009"],
      ],
      lotsMin: [
        [0, "lotsMin was 0"],
        [101, "lots was 100; use an integer from 101"],
      ],
      jitter: [
        [{ time: 1.1, seed: 1 }, "jitter.time was 1.1; use a number from 0 to 1"],
        [{ size: -0.1, seed: 1 }, "jitter.size was -0.1"],
        [{ size: Number.NaN, seed: 1 }, "jitter.size was NaN"],
        [{ size: 1 }, "jitter.seed was undefined"],
        [{ speed: 1, seed: 1 }, 'an option was "speed"'],
      ],
    },
  ],
  [
    exec.vwap,
    curved,
    {
      curve: [
        [new Float64Array(0), "curve.length was 0"],
        [new Float64Array(3), "the sum of curve was 0"],
        [Float64Array.of(1, -1), "curve[1] was -1"],
        [Float64Array.of(Number.NaN), "curve[0] was NaN"],
        [Float64Array.of(1e-200), "curve[0] was 1e-200; use 0 or a number from 1e-150 to 1e150"],
        [new Float64Array(SLICES_MAX + 1).fill(1), "curve.length was"],
        [new Float64Array(1001).fill(1), "endUs was 2000; use an integer from 2001"],
        [[1, 2], "curve was of type Array; use a Float64Array"],
      ],
      participationMax: [
        [0.1, "expectedVolume was undefined; use lots, which participationMax is a share of"],
        [0, "participationMax was 0; use a number from 0.000001 to 1"],
        [1.1, "participationMax was 1.1"],
      ],
      expectedVolume: [[0.5, "expectedVolume was 0.5"]],
    },
  ],
  [
    exec.vwapRemaining,
    late,
    {
      nowUs: [
        [Number.NaN, "nowUs was NaN"],
        [-1, "nowUs was -1"],
      ],
      executedLots: [[-1, "executedLots was -1"]],
      liveLots: [[0.1, "liveLots was 0.1"]],
      marketLots: [[-3, "marketLots was -3"]],
    },
  ],
  [
    exec.shortfall,
    model,
    {
      riskAversion: [
        [-1e-9, "riskAversion was -1e-9; use a number from 0"],
        [Number.NaN, "riskAversion was NaN"],
      ],
      volatility: [[Number.POSITIVE_INFINITY, "volatility was Infinity"]],
      temporaryImpact: [[0, "temporaryImpact was 0"]],
      permanentImpact: [[1e20, "temporaryImpact was 1; use more than permanentImpact × τ / 2"]],
      fixedCost: [["1", 'fixedCost was "1"']],
    },
  ],
  [
    exec.shortfallFrontier,
    { ...window, volatility: 1, temporaryImpact: 1, riskAversions: Float64Array.of(1) },
    {
      riskAversions: [
        [new Float64Array(0), "riskAversions.length was 0"],
        [Float64Array.of(1, -1), "riskAversions[1] was -1"],
        [[1], "riskAversions was of type Array"],
      ],
    },
  ],
  [
    exec.iceberg,
    ice,
    {
      side: [["bid", 'side was "bid"; use "buy" or "sell"']],
      peakLots: [[0, "peakLots was 0; use an integer from 1"]],
      lotsMin: [[6, "peakLots was 10; use an integer from 11"]],
      band: [
        [1.5, "band was 1.5"],
        [0.5, "seed was undefined"],
      ],
      limitTicks: [[2 ** 31, "limitTicks was 2147483648"]],
      priceRule: [["chase", 'priceRule was "chase"; use "stay" or "follow"']],
    },
  ],
  [
    exec.pov,
    share,
    {
      rate: [
        [0, "rate was 0; use a number from 0.000001 to 1"],
        [1.01, "rate was 1.01"],
        [Number.NaN, "rate was NaN"],
      ],
      endUs: [[1000, "endUs was 1000"]],
      childMin: [[101, "lots was 100; use an integer from 101"]],
      childMax: [[0, "childMax was 0"]],
      catchUpLots: [[0, "catchUpLots was 0"]],
      completion: [["sweep", 'completion was "sweep"; use "cancel" or "complete"']],
    },
  ],
  [
    exec.follow,
    { plan, endUs: 10 },
    {
      endUs: [[1, "endUs was 1; use an integer from 2"]],
      plan: [
        [null, "plan was null"],
        [{ ...plan, lots: Float64Array.of(1) }, "plan.lots.length was 1; use the length of plan.timesUs, 2"],
        [{ ...plan, lots: Float64Array.of(1, 0) }, "plan.lots[1] was 0"],
        [{ ...plan, lots: Float64Array.of(2 ** 53 - 1, 1) }, "plan.lots[1] was 1"],
        [{ ...plan, timesUs: Float64Array.of(2, 2) }, "plan.timesUs[1] was 2"],
        [{ ...plan, timesUs: [1, 2] }, "plan.timesUs was of type Array"],
      ],
      late: [["never", 'late was "never"']],
    },
  ],
  [
    exec.route,
    routed,
    {
      venues: [
        [[], "venues.length was 0"],
        [Array(VENUES_MAX + 1).fill(venue), "venues.length was 17"],
        [venue, "venues was of type Object"],
        [[{ ...venue, priceTicks: Float64Array.of(11, 10) }], "venues[0].priceTicks[1] was 10; use prices from best"],
        [[{ ...venue, priceTicks: Float64Array.of(11) }], "venues[0].lots.length was 2"],
        [[{ ...venue, lots: Float64Array.of(1, -1) }], "venues[0].lots[1] was -1"],
        [[venue, { ...venue, feeBps: Number.NaN }], "venues[1].feeBps was NaN"],
        [[{ ...venue, latencyPenaltyTicks: -1 }], "venues[0].latencyPenaltyTicks was -1"],
        [[{ ...venue, lotSize: 0 }], "venues[0].lotSize was 0"],
        [[{ ...venue, lotsMin: 5, lotsMax: 4 }], "venues[0].lotsMax was 4"],
        [[{ ...venue, priceTicks: new Float64Array(513), lots: new Float64Array(513) }], "priceTicks.length was 513"],
      ],
      lots: [[0, "lots was 0"]],
      midTicks: [[Number.NaN, "midTicks was NaN"]],
    },
  ],
  [
    exec.parentReport,
    filled,
    {
      side: [[undefined, "side was undefined"]],
      arrivalTicks: [[Number.NaN, "arrivalTicks was NaN"]],
      fillLots: [
        [Float64Array.of(0), "fillLots[0] was 0"],
        [Float64Array.of(1, 2), "fillLots.length was 2"],
      ],
      fillTicks: [[Float64Array.of(Number.POSITIVE_INFINITY), "fillTicks[0] was Infinity"]],
      marketLots: [[-1, "marketLots was -1"]],
    },
  ],
];
