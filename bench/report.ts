/** What one run of the benchmarks found, as it is written to a file: plain values, one file to a machine and date. */
import { ConfigError } from "../engine/index.js";
import { type Goal, type Goals, type UnmeasuredGoal, verdictsOf } from "./goal.js";
import type { Jitter } from "./jitter.js";
import type { Machine } from "./machine.js";
import { anyPart, PART_KEYS, type PartKey, type Results } from "./parts.js";
import type { Comparison, NegativeControl } from "./statistics.js";

export interface Timed<T> {
  readonly seconds: number;
  readonly jitter: Jitter;
  readonly result: T;
}

/** What was measured of them all. */
export type Measurements = { readonly [K in PartKey]?: Timed<NonNullable<Results[K]>> };

const FORMAT = 2;

export interface BenchReport {
  readonly format: typeof FORMAT;
  /** When the run began, UTC. */
  readonly date: string;
  readonly machine: Machine;
  /** Reasons why the run's figures are not to be quoted; empty for a valid run. */
  readonly invalid: readonly string[];
  /** Of the goals that have a row among what was measured. */
  readonly goals: Goals;
  readonly parts: Measurements;
}

export function makeReport(date: string, machine: Machine, parts: Measurements): BenchReport {
  return { format: FORMAT, date, machine, invalid: faultsOf(parts), goals: goalsOf(parts), parts };
}

/** Throws ConfigError for a file of results of another form. */
export function parseReport(text: string, path: string): BenchReport {
  const report = JSON.parse(text) as BenchReport;
  if (report.format === FORMAT) return report;
  throw new ConfigError(`${path} has format ${report.format}, this build reads ${FORMAT}; measure anew`);
}

/** What would make the figures worthless: a restless machine, or a loss that the benchmark could not see. */
export function faultsOf(parts: Measurements): string[] {
  const restless = entriesOf(parts).flatMap(([key, { jitter }]) => {
    if (jitter.valid) return [];
    const { p999, limitNs } = jitter;
    return [`${anyPart(key).name}: machine jitter p99.9 was ${ms(p999!)} ms, the limit is ${ms(limitNs)} ms`];
  });
  return [
    ...restless,
    ...controlsOf(parts)
      .filter(({ detected }) => !detected)
      .map(unseen),
  ];
}

export function controlsOf(parts: Measurements): NegativeControl[] {
  return entriesOf(parts).flatMap(([key, { result }]) => anyPart(key).controls?.(result) ?? []);
}

export function comparisonsOf(parts: Measurements): Comparison[] {
  return entriesOf(parts).flatMap(([key, { result }]) => anyPart(key).comparisons?.(result) ?? []);
}

/** What was measured, in the order of the list. */
export function entriesOf(parts: Measurements): [PartKey, Timed<unknown>][] {
  return PART_KEYS.flatMap((key) => {
    const part = parts[key];
    return part === undefined ? [] : [[key, part]];
  });
}

function goalsOf(parts: Measurements): Goals {
  const rows = entriesOf(parts).flatMap(([key, { result }]) => anyPart(key).goals?.(result) ?? []);
  return verdictsOf(rows.filter(isMeasured), rows.filter((row) => !isMeasured(row)) as UnmeasuredGoal[]);
}

const isMeasured = (row: Goal | UnmeasuredGoal): row is Goal => "pass" in row;
const unseen = ({ name }: NegativeControl): string => `the variant slowed on purpose was not found slower: ${name}`;
const ms = (ns: number): string => (ns / 1e6).toFixed(1);
