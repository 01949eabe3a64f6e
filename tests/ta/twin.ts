/** What a twin is: from the series of the inputs and the values of the parameters to the series of the outputs. */
import type { Series } from "./windows.js";

// biome-ignore lint/suspicious/noExplicitAny: numbers and choices by name; the table has checked them.
export type Parameters = any;
export type Twin = (series: readonly Series[], parameters: Parameters) => number[][];
