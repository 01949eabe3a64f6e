/** What one run of the benchmarks found, as it is written to a file: plain values, one file to a machine and date. */
import type { DecodeResult } from "./decode/decode.js";
import type { FabricResult } from "./fabric/fabric.js";
import type { Jitter } from "./jitter.js";
import type { JournalResult } from "./journal/journal.js";
import type { Machine } from "./machine.js";
import type { RecoveryResult } from "./recovery/recovery.js";
import type { NegativeControl } from "./statistics.js";
import type { TickToOrderResult } from "./tick-to-order/tick-to-order.js";

export interface Timed<T> {
  readonly seconds: number;
  readonly jitter: Jitter;
  readonly result: T;
}

export interface BenchReport {
  readonly format: 1;
  /** When the run began, UTC. */
  readonly date: string;
  readonly machine: Machine;
  /** Reasons why the run's figures are not to be quoted; empty for a valid run. */
  readonly invalid: readonly string[];
  readonly fabric?: Timed<FabricResult>;
  readonly decode?: Timed<DecodeResult>;
  readonly tickToOrder?: Timed<TickToOrderResult>;
  readonly journal?: Timed<JournalResult>;
  readonly recovery?: Timed<RecoveryResult>;
}

/** What was measured of it. */
export type Parts = Pick<BenchReport, "fabric" | "decode" | "tickToOrder" | "journal" | "recovery">;

/** What would make the figures worthless: a restless machine, or a loss that the benchmark could not see. */
export function faultsOf({ fabric, decode, tickToOrder, journal, recovery }: Parts): string[] {
  const timed = { fabric, decode, "tick-to-order": tickToOrder, journal, recovery };
  const restless = Object.entries(timed).flatMap(([name, part]) => {
    if (part === undefined || part.jitter.valid) return [];
    const { p999, limitNs } = part.jitter;
    return [`${name}: machine jitter p99.9 was ${ms(p999!)} ms, the limit is ${ms(limitNs)} ms`];
  });
  return [
    ...restless,
    ...controlsOf({ fabric, decode })
      .filter(({ detected }) => !detected)
      .map(unseen),
  ];
}

export function controlsOf({ fabric, decode }: Parts): NegativeControl[] {
  return [...(fabric ? [fabric.result.control] : []), ...(decode?.result.controls ?? [])];
}

const unseen = ({ name }: NegativeControl): string => `the variant slowed on purpose was not found slower: ${name}`;
const ms = (ns: number): string => (ns / 1e6).toFixed(1);
