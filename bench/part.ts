/** One benchmark among the others: what it is called, how it is measured and what its result says. */
import type { HistogramSnapshot } from "../actors/metrics/histogram.js";
import type { Peers } from "./fabric/peers.js";
import type { Goal, UnmeasuredGoal } from "./goal.js";
import type { Measured } from "./jitter.js";
import type { MathPeers } from "./math/peers.js";
import type { Plans } from "./plans.js";
import type { Comparison, NegativeControl } from "./statistics.js";
import type { Table } from "./table.js";

export interface RunContext {
  /** Told of the progress. */
  readonly note: (text: string) => void;
  /** Those of other languages; none unless they were asked for. */
  readonly peers: Peers;
  /** The same of the math core. */
  readonly mathPeers: MathPeers;
  /** Is given latencies worth a file of their own. */
  readonly keep: (name: string, latency: HistogramSnapshot) => void;
}

export interface Part<R> {
  /** Its name on the command line. */
  readonly name: string;
  readonly title: string;
  /** What of the machine's restlessness makes it worthless. */
  readonly measured: Measured;
  /** Whether it runs only when it is named. */
  readonly onlyByName?: boolean;
  measure(plans: Plans, context: RunContext): R | Promise<R>;
  tables(result: R): readonly Table[];
  goals?(result: R): readonly (Goal | UnmeasuredGoal)[];
  comparisons?(result: R): readonly Comparison[];
  controls?(result: R): readonly NegativeControl[];
}
