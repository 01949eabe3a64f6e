/** Regimes as grounds behind the price, and below how probable each was, all observations known. */

import type { HmmModel } from "../../wasm/hmm/model.js";
import { chartSvg, type Pane } from "../chart/chart.js";
import { type Run, regimesOf } from "./regimes.js";
import type { Returns } from "./returns.js";

const PRICE_HEIGHT = 400;
const PROBABILITY_HEIGHT = 150;

/** `posterior` holds a probability for each state, observation after observation. */
export function regimeChart(model: HmmModel, runs: readonly Run[], posterior: Float64Array, returns: Returns): string {
  const { column, values, prices, times } = returns;
  const regimes = regimesOf(model);
  const shown = prices === null ? values : prices.values.subarray(1);
  const price: Pane = {
    ...{ title: column, height: PRICE_HEIGHT, decimals: prices === null ? 4 : Math.max(2, prices.decimals) },
    marks: [{ kind: "line", name: "", values: shown, colour: "price" }],
    bands: regimes.flatMap(({ state, name, colour }) =>
      runs.filter(({ regime }) => regime.state === state).map(({ from, to }) => ({ name, colour, from, to })),
    ),
  };
  const probability: Pane = {
    ...{ title: "probability", height: PROBABILITY_HEIGHT, levels: [0, 1], decimals: 3 },
    marks: regimes.map(({ state, name, colour }) => ({
      ...{ kind: "line" as const, name, colour },
      values: values.map((_, at) => posterior[at * model.states + state]),
    })),
  };
  const range = times ? `${times.texts[0]} to ${times.texts[times.texts.length - 1]}; ` : "";
  return chartSvg({
    title: `Regimes of ${column}`,
    subtitle: `${range}${values.length} returns; likeliest states of a hidden Markov model of ${model.states}`,
    bars: values.length,
    times: times === null ? null : times.ms,
    panes: [price, probability],
  });
}
