/** What the jitter thread and its owner share: a word that stops it and a histogram of how late it woke. */
import { Histogram } from "../actors/metrics/histogram.js";
import { LINE_PAIR } from "../actors/ring/layout.js";

export const STOP_AT = 0;
export const HISTOGRAM_AT = LINE_PAIR;
export const JITTER_BYTES = LINE_PAIR + Histogram.bytesFor();
export const SLEEP_MS = 10;

export interface JitterData {
  readonly buffer: SharedArrayBuffer;
}
