/** The table of microstructure measures: of the best prices of a book, and of trades. */
import {
  KIND_AMIHUD,
  KIND_IMBALANCE,
  KIND_KYLE,
  KIND_LEE_READY,
  KIND_MICROPRICE,
  KIND_ORDER_FLOW,
  KIND_SPREAD,
  KIND_TICK_RULE,
} from "./kinds.js";
import { indicator, period } from "./spec.js";

const quote = ["bid", "bidSize", "ask", "askSize"] as const;
const DEFINITION = "the definition";

export const microstructure = {
  imbalance: indicator({
    kind: KIND_IMBALANCE,
    meaning: "Imbalance of the sizes on both sides, −1 to 1; of several levels, give it their sums",
    inputs: ["bidSize", "askSize"],
    parameters: {},
    outputs: { value: () => 0 },
    source: DEFINITION,
    levels: [0],
  }),
  microprice: indicator({
    kind: KIND_MICROPRICE,
    meaning: "Middle of bid and ask, drawn to the side with less size",
    inputs: quote,
    parameters: {},
    outputs: { value: () => 0 },
    source: "Gatheral and Oomen 2010",
    prices: ["value"],
  }),
  spread: indicator({
    kind: KIND_SPREAD,
    meaning: "Spread, and its share of the middle",
    inputs: ["bid", "ask"],
    parameters: {},
    outputs: { spread: () => 0, share: () => 0 },
    source: DEFINITION,
  }),
  orderFlowImbalance: indicator({
    kind: KIND_ORDER_FLOW,
    meaning: "Order-flow imbalance: what was added at the best bid less what was added at the best ask",
    inputs: quote,
    parameters: { period: period(50) },
    outputs: { value: (p) => p.period },
    source: "Cont, Kukanov and Stoikov 2014",
    levels: [0],
  }),
  kyleLambda: indicator({
    kind: KIND_KYLE,
    meaning: "Kyle's lambda: price change for a unit of signed volume",
    inputs: ["price", "signedVolume"],
    parameters: { period: period(50) },
    outputs: { value: (p) => p.period },
    source: "Kyle 1985",
  }),
  amihud: indicator({
    kind: KIND_AMIHUD,
    meaning: "Amihud's illiquidity: relative price change for a unit of turnover",
    inputs: ["close", "volume"],
    parameters: { period: period(20) },
    outputs: { value: (p) => p.period },
    source: "Amihud 2002",
  }),
  tickRule: indicator({
    kind: KIND_TICK_RULE,
    meaning: "Side of a trade by the last price change: 1 bought, −1 sold, 0 unknown",
    inputs: ["price"],
    parameters: {},
    outputs: { value: () => 0 },
    source: "Lee and Ready 1991",
  }),
  leeReady: indicator({
    kind: KIND_LEE_READY,
    meaning: "Side of a trade by the middle of bid and ask, at the middle by the last price change",
    inputs: ["price", "bid", "ask"],
    parameters: {},
    outputs: { value: () => 0 },
    source: "Lee and Ready 1991",
  }),
};
