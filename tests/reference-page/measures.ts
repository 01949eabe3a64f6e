/** What the page says of each function beside its description: worst errors and times, from committed results. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const ERRORS = join(ROOT, "research/reference/errors.json");
const RESULTS = join(ROOT, "bench/results");

export interface Comparison {
  readonly oracle: string;
  /** Relative to the largest value. */
  readonly error: number;
}

interface ErrorFile {
  readonly rows: readonly (Comparison & { readonly function: string })[];
}

interface BenchFile {
  readonly parts?: { readonly math?: { readonly streams?: { readonly indicators: readonly IndicatorTime[] } } };
}

export interface IndicatorTime {
  readonly indicator: string;
  /** Nanoseconds a bar. */
  readonly batchNs: number;
  readonly streamNs: number;
}

/** The worst comparison of each function; what follows a comma says which of its results was compared. */
export function worstErrors(): ReadonlyMap<string, Comparison> {
  const { rows } = JSON.parse(readFileSync(ERRORS, "utf8")) as ErrorFile;
  const worst = new Map<string, Comparison>();
  for (const { function: name, oracle, error } of rows) {
    const [key] = name.split(",");
    if (!(error <= (worst.get(key)?.error ?? -1))) worst.set(key, { oracle, error });
  }
  return worst;
}

/** Of the newest committed benchmark that timed every indicator, with its file; empty when there is none. */
export function indicatorTimes(): { readonly file: string | null; readonly times: ReadonlyMap<string, IndicatorTime> } {
  const files = readdirSync(RESULTS).filter((name) => name.endsWith(".json"));
  for (const file of files.sort().reverse()) {
    const { parts } = JSON.parse(readFileSync(join(RESULTS, file), "utf8")) as BenchFile;
    const rows = parts?.math?.streams?.indicators;
    if (rows) return { file, times: new Map(rows.map((row) => [row.indicator, row])) };
  }
  return { file: null, times: new Map() };
}
