/** What the page says of each function beside its description: worst errors and times, from committed results. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const ERRORS = join(ROOT, "research/reference/errors.json");
const RESULTS = join(ROOT, "bench/results");

export interface Comparison {
  /** What stands behind a comma is which of its results was compared. */
  readonly function: string;
  readonly oracle: string;
  /** Relative to the largest value. */
  readonly error: number;
  readonly limit: number;
}

interface BenchFile {
  readonly parts?: {
    readonly math?: { readonly result: { readonly streams: { readonly indicators: readonly IndicatorTime[] } } };
  };
}

export interface IndicatorTime {
  readonly indicator: string;
  /** Nanoseconds a bar. */
  readonly batchNs: number;
  readonly streamNs: number;
}

/** All that research/reference/compare.py found when its results were last committed. */
export function comparisons(): readonly Comparison[] {
  return JSON.parse(readFileSync(ERRORS, "utf8")).rows;
}

/**
 * The worst of each function's strictest comparisons: those of results that are only near by their nature, such as a
 * maximum from other starts, have wider limits.
 */
export function worstErrors(): ReadonlyMap<string, Comparison> {
  const worst = new Map<string, Comparison>();
  for (const row of comparisons()) {
    const [name] = row.function.split(",");
    const known = worst.get(name);
    const isWorse =
      known === undefined || row.limit < known.limit || (row.limit === known.limit && !(row.error <= known.error));
    if (isWorse) worst.set(name, row);
  }
  return worst;
}

/** Of the newest committed benchmark that timed every indicator, with its file; empty when there is none. */
export function indicatorTimes(): { readonly file: string | null; readonly times: ReadonlyMap<string, IndicatorTime> } {
  const files = readdirSync(RESULTS).filter((name) => name.endsWith(".json"));
  for (const file of files.sort().reverse()) {
    const { parts } = JSON.parse(readFileSync(join(RESULTS, file), "utf8")) as BenchFile;
    const rows = parts?.math?.result.streams.indicators;
    if (rows) return { file, times: new Map(rows.map((row) => [row.indicator, row])) };
  }
  return { file: null, times: new Map() };
}
