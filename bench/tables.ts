/** A report as tables: the machine, the goals and their verdicts, and what each benchmark has to show. */
import { micros, times } from "./figures.js";
import { goalSummary, goalTable } from "./goal.js";
import { machineLine } from "./machine.js";
import { anyPart } from "./parts.js";
import { type BenchReport, comparisonsOf, controlsOf, entriesOf } from "./report.js";
import type { Comparison } from "./statistics.js";
import type { Table } from "./table.js";

export function tablesOf(report: BenchReport): Table[] {
  const { goals, parts } = report;
  return [
    summary(report),
    ...(Object.keys(goals).length > 0 ? [goalTable(goals)] : []),
    ...entriesOf(parts).flatMap(([key, { result }]) => anyPart(key).tables(result)),
    ...ratios(comparisonsOf(parts)),
  ];
}

/** What a reader wants to see first: the machine, each goal by its worst row, and the first table of all. */
export function headlinesOf(report: BenchReport): Table[] {
  const { goals, parts } = report;
  const first = entriesOf(parts).flatMap(([key, { result }]) => anyPart(key).tables(result))[0];
  return [
    summary(report),
    ...(Object.keys(goals).length > 0 ? [goalSummary(goals)] : []),
    ...(first === undefined ? [] : [first]),
  ];
}

function summary({ date, machine, invalid, parts }: BenchReport): Table {
  const jitter = entriesOf(parts).map(([key, part]) => `${anyPart(key).name} ${micros(part.jitter.p999)} µs`);
  const controls = controlsOf(parts).map(({ name, median }) => `${name} (${median.toFixed(2)} ×)`);
  return {
    title: `${invalid.length === 0 ? "Measured" : "INVALID, not to be quoted; measured"} on ${date.slice(0, 10)}`,
    ...{ head: [], rows: [], words: 0 },
    notes: [
      ...invalid.map((fault) => `INVALID: ${fault}.`),
      machineLine(machine),
      `Machine jitter, p99.9 of how late a sleeping thread woke: ${jitter.join(", ")}.`,
      ...(controls.length > 0 ? [`Slowed on purpose and found slower: ${controls.join(", ")}.`] : []),
    ],
  };
}

function ratios(comparisons: readonly Comparison[]): Table[] {
  if (comparisons.length === 0) return [];
  const row = ({ measure, subject, peer, median, low, high, goal, met }: Comparison): string[] => [
    ...[measure, subject, peer],
    ...[times(median), `${times(low)} – ${times(high)}`, `≥ ${goal}`, met ? "yes" : "no"],
  ];
  return [
    {
      title: "How many times better, by paired rounds",
      head: ["measure", "subject", "than", "median", "95 % interval", "goal", "met"],
      words: 3,
      rows: comparisons.map(row),
      notes: ["A goal is met when the interval's low end meets it."],
    },
  ];
}
