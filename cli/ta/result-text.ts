/** What `sluice ta` says of its result: the newest rows for people, everything as JSON or CSV. */
import { decimalsFor, figure } from "../chart/figures.js";
import { plural } from "../output.js";
import type { Computed } from "./compute.js";
import { kebab } from "./names.js";

/** Null stands where an output is not ready. */
export function jsonOf({ indicator, parameters, rows, warmUp, times, inputs, outputs }: Computed) {
  const columns = Object.fromEntries(Object.entries(inputs).map(([input, { column }]) => [input, column]));
  const arrays = Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, nullable(values)]));
  const results = "value" in arrays ? { values: arrays.value } : { outputs: arrays };
  return { indicator, parameters, inputs: columns, rows, warmUp, times: times?.texts ?? null, ...results };
}

const nullable = (values: Float64Array): (number | null)[] =>
  Array.from(values, (value) => (Number.isNaN(value) ? null : value));

/** Times, inputs and outputs, a line a row, with every digit that tells a double apart; empty where not ready. */
export function csvText(result: Computed): string {
  const { times, inputs, rows } = result;
  const columns = [...Object.values(inputs).map(({ values }) => values), ...Object.values(result.outputs)];
  const names = [...Object.keys(inputs), ...outputNames(result)];
  const lines = [[...(times ? ["time"] : []), ...names].join(",")];
  for (let row = 0; row < rows; row += 1) {
    const cells = columns.map((values) => (Number.isNaN(values[row]) ? "" : String(values[row])));
    lines.push([...(times ? [times.texts[row]] : []), ...cells].join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** The newest rows in columns, then what all of them come to. */
export function tableLines(result: Computed, rowsShown: number): string[] {
  const { rows, times, inputs } = result;
  const first = Math.max(0, rows - rowsShown);
  const shown = Array.from({ length: rows - first }, (_, index) => first + index);
  const labels = shown.map((row) => times?.texts[row] ?? String(row + 1));
  const columns = [
    column(times ? "time" : "row", labels),
    ...Object.entries(inputs).map(([name, { values, decimals }]) =>
      column(
        name,
        shown.map((row) => cell(values[row], Math.min(decimals, 8))),
      ),
    ),
    ...Object.entries(result.outputs).map(([, values], index) =>
      column(
        outputNames(result)[index],
        shown.map((row) => cell(values[row], decimalsFor(values))),
      ),
    ),
  ];
  const lines = ["", ...labels].map((_, line) => columns.map((cells) => cells[line]).join("  "));
  return [headLine(result), "", ...lines, "", ...summaryLines(result)];
}

function headLine({ indicator, spec, parameters }: Computed): string {
  const values = Object.entries(parameters).map(([name, value]) => `${kebab(name)} ${value}`);
  return [`${kebab(indicator)}: ${spec.meaning}`, ...values].join(" · ");
}

/** A sentence on the rows, and the range of each output. */
function summaryLines(result: Computed): string[] {
  const { rows, warmUp, times, outputs } = result;
  const range = times ? `, ${times.texts[0]} to ${times.texts[rows - 1]}` : "";
  const start = rows > warmUp ? `first whole result in row ${warmUp + 1}` : "no whole result";
  const names = outputNames(result);
  const width = Math.max(...names.map((name) => name.length));
  return [
    `${plural(rows, "row")}${range}; warm-up ${warmUp}, ${start}`,
    ...Object.values(outputs).map((values, index) => `${names[index].padEnd(width)}  ${rangeText(values)}`),
  ];
}

function rangeText(values: Float64Array): string {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return "–";
  const text = (value: number): string => figure(value, decimalsFor(values));
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return `min ${text(low)}  mean ${text(mean)}  max ${text(high)}  last ${text(known[known.length - 1])}`;
}

/** Only an output that is alone goes by the indicator's own name. */
function outputNames({ indicator, outputs, inputs }: Computed): string[] {
  return Object.keys(outputs).map((name) =>
    name === "value" ? indicator : name in inputs ? `${indicator}.${name}` : name,
  );
}

const cell = (value: number, decimals: number): string => (Number.isNaN(value) ? "–" : value.toFixed(decimals));

function column(head: string, cells: readonly string[]): string[] {
  const width = Math.max(head.length, ...cells.map((each) => each.length));
  return [head, ...cells].map((each) => each.padStart(width));
}
