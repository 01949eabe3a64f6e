/** What a twin is: from the series of the inputs and the values of the parameters to the series of the outputs. */
import type { Series } from "./windows.js";

type Choices = "average" | "convention" | "first" | "mean" | "of" | "seed" | "stages" | "start" | "ties" | "window";
type Numbers =
  | "acceleration"
  | "displacement"
  | "kijun"
  | "lag"
  | "lambda"
  | "maximum"
  | "share"
  | "span"
  | "tenkan"
  | "atrPeriod"
  | "deviations"
  | "factor"
  | "fast"
  | "fastLimit"
  | "long"
  | "middle"
  | "multiplier"
  | "offset"
  | "perYear"
  | "period"
  | "scale"
  | "short"
  | "sigma"
  | "signal"
  | "slow"
  | "slowLimit"
  | "smooth"
  | "stochastic"
  | "volume"
  | `${"roc" | "sma"}${number}`;

/** The parameters of all indicators; each twin has its own, which the table has checked. */
export type Parameters = { readonly [K in Choices]: string } & { readonly [K in Numbers]: number };
export type Twin = (series: readonly Series[], parameters: Parameters) => number[][];
