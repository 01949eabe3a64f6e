/** A what-if's result as lines for a terminal. */
import { plural } from "../output.js";
import type { ComparisonReport } from "./comparison-report.js";
import { cents, minus } from "./money-text.js";

export function comparisonLines(report: ComparisonReport): string[] {
  const { journal, changes, partedAt, notes } = report;
  return [
    `MODELLED   what if, on ${journal}`,
    ...changes.map(
      ({ strategy, what, was, is }) => `  ${what}${strategy === null ? "" : ` of ${strategy}`}: ${was} → ${is}`,
    ),
    ...(changes.length === 0 ? ["  nothing is changed"] : []),
    ...(partedAt > 0
      ? [`  from behind #${partedAt} on; until there it is the recorded run, and all sums begin there`]
      : []),
    "",
    ...divergenceLines(report),
    "",
    ...table(report),
    ...notes.map((note) => `note: ${note}`),
  ];
}

function divergenceLines({ divergence, recordsEqual, inputs, recorded, modelled }: ComparisonReport): string[] {
  if (divergence === null) {
    return [
      `no divergence: all ${plural(recordsEqual, "record")} of ${plural(inputs, "input")} equal`,
      `state hash ${recorded.stateHash} recorded, ${modelled.stateHash} modelled`,
    ];
  }
  const { sequence, time, input, because, fields } = divergence;
  return [
    `first divergence at #${sequence}   ${time}   ${input.line}`,
    ...sideLines("recorded", divergence.recorded, divergence.modelled),
    ...sideLines("modelled", divergence.modelled, divergence.recorded),
    ...fields.map(({ record, name, ...field }) => `  in ${record}  ${name}: ${field.recorded} → ${field.modelled}`),
    ...because.map((cause, index) => `  ${index === 0 ? "because " : "        "}  ${cause}`),
    `  before it ${plural(recordsEqual, "record")} are equal`,
  ];
}

type Side = NonNullable<ComparisonReport["divergence"]>["recorded"];

/** What one side did; a star where the other did something else. */
function sideLines(label: string, side: Side, other: Side): string[] {
  if (side === null) return [`  ${label}  took no such input`];
  const others = new Set(other === null ? [] : [other.input, ...other.outputs].map(({ line }) => line));
  const did = [side.input, ...side.outputs].map(
    ({ number, line }) => `${others.has(line) ? " " : "*"} ${number}  ${line}`,
  );
  if (side.outputs.length === 0) did.push("* caused nothing");
  return did.map((line, index) => `  ${index === 0 ? label : " ".repeat(label.length)}  ${line}`);
}

function table({ recorded, modelled, currency, mode }: ComparisonReport): string[] {
  const rows: (readonly [string, string, string, string])[] = [["", `recorded (${mode})`, "modelled", "difference"]];
  const amount = (name: string, was: string, is: string) =>
    rows.push([name, cents(was), cents(is), signed(cents(minus(is, was)))]);
  const count = (name: string, was: number, is: number) => rows.push([name, `${was}`, `${is}`, signedCount(is - was)]);
  amount(`P&L ${currency}`, recorded.pnl, modelled.pnl);
  for (const own of recorded.strategies) {
    const other = modelled.strategies.find(({ id }) => id === own.id);
    if (other) amount(`  ${own.id}`, own.pnl, other.pnl);
  }
  amount("fees", recorded.fees, modelled.fees);
  count("orders sent", recorded.ordersSent, modelled.ordersSent);
  count("orders denied", recorded.ordersDenied, modelled.ordersDenied);
  count("fills", recorded.fills, modelled.fills);
  amount("turnover", recorded.turnover, modelled.turnover);
  for (const [id, largest] of Object.entries(recorded.largestPosition)) {
    rows.push([`largest position ${id}`, largest, modelled.largestPosition[id] ?? "none", ""]);
  }
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map(([name, ...cells]) =>
    [name.padEnd(widths[0]), ...cells.map((cell, index) => cell.padStart(widths[index + 1]))].join("   ").trimEnd(),
  );
}

const signed = (text: string): string => (/^[1-9]|^0.*[1-9]/.test(text) ? `+${text}` : text);
const signedCount = (count: number): string => (count > 0 ? `+${count}` : `${count}`);
