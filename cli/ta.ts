/**
 * `sluice ta <indicator>`: one indicator over the bars of a CSV file, as a table, JSON, CSV or a chart. Nothing is
 * written before everything has been computed, and a file that is written is whole or not there.
 */
import { Bars } from "./csv/bars.js";
import { readCsv } from "./csv/csv-file.js";
import type { Output } from "./output.js";
import { taChart } from "./ta/chart.js";
import { type Computed, compute } from "./ta/compute.js";
import { csvText, jsonOf, tableLines } from "./ta/result-text.js";
import { writeOutput } from "./write-output.js";

export interface TaOptions {
  /** A path, or `-` for standard input. */
  readonly csv: string;
  /** `name`, or `input=name`. */
  readonly column?: readonly string[];
  readonly last?: number;
  readonly json: boolean;
  readonly csvOut?: string;
  readonly plot?: string;
}

const ROWS_SHOWN = 10;

/** Throws ConfigError for what cannot be asked, CsvError for what stands in the file. */
export function runTa(
  name: string,
  values: Readonly<Record<string, unknown>>,
  options: TaOptions,
  output: Output,
): void {
  const { csv, column = [], last, json, csvOut, plot } = options;
  const bars = new Bars(readCsv(csv));
  const result = compute(name, values, bars, column);
  const chart = plot === undefined ? "" : taChart(result, bars, last);
  for (const note of notesOn(bars, result, csv)) output.note(`sluice: ${note}`);
  if (csvOut !== undefined) writeOutput("--csv-out", csvOut, csvText(result));
  if (plot !== undefined) writeOutput("--plot", plot, chart);
  if (json) return output.json(jsonOf(result));
  const files = [csvOut, plot].filter((path) => path !== undefined);
  for (const path of files) output.line(`wrote ${path}`);
  if (files.length === 0) for (const line of tableLines(result, last ?? ROWS_SHOWN)) output.line(line);
}

function notesOn(bars: Bars, { indicator, warmUp }: Computed, csv: string): string[] {
  if (bars.length > warmUp) return [...bars.notes];
  const short = `${csv} has ${bars.length} rows; the first whole result of ${indicator} needs ${warmUp + 1}`;
  return [...bars.notes, short];
}
