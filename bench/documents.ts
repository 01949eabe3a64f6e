/**
 * Puts a file of results into the documents: the README gets the goals and the first table, docs/benchmarks.md all of
 * them. Each has two marks; the text around them is left as it is.
 */
import { basename } from "node:path";
import { ConfigError } from "../engine/index.js";
import type { BenchReport } from "./report.js";
import { renderMarkdown, type Table } from "./table.js";
import { headlinesOf, tablesOf } from "./tables.js";

const START = "<!-- bench:start -->";
const END = "<!-- bench:end -->";

/** The documents, and which tables each shows; a link to the results is relative to it. */
export const DOCUMENTS = [
  { path: "README.md", results: "bench/results", tablesOf: headlinesOf },
  { path: "docs/benchmarks.md", results: "../bench/results", tablesOf },
] as const satisfies readonly Document[];

export interface Document {
  readonly path: string;
  readonly results: string;
  readonly tablesOf: (report: BenchReport) => readonly Table[];
}

/** Throws ConfigError when the marks are missing or the results are not to be quoted. */
export function insertTables(document: Document, text: string, report: BenchReport, resultsPath: string): string {
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start < 0 || end < start) throw new ConfigError(`${document.path} needs ${START} and ${END}, in this order`);
  if (report.invalid.length > 0) {
    throw new ConfigError(`${resultsPath} is INVALID (${report.invalid.join("; ")}); measure again on a quiet machine`);
  }
  const file = basename(resultsPath);
  const source = `From [${file}](${document.results}/${file}); \`npm run bench\` measures your host.`;
  const tables = [source, renderMarkdown(document.tablesOf(report))].join("\n\n");
  return `${text.slice(0, start + START.length)}\n\n${tables}\n\n${text.slice(end)}`;
}
