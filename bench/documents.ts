/**
 * Puts files of results into the documents: the README gets the goals and the first table, docs/benchmarks.md all of
 * them. Each has two marks; the text around them is left as it is. Of several files each has parts that the others
 * have not, such as the rings in one and the mathematics in another.
 */
import { basename } from "node:path";
import { ConfigError } from "../engine/index.js";
import { type BenchReport, makeReport } from "./report.js";
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

/** A report and the file that it was read from. */
export interface Results {
  readonly path: string;
  readonly report: BenchReport;
}

/** Throws ConfigError when the marks are missing or the results are not to be quoted. */
export function insertTables(document: Document, text: string, results: readonly Results[]): string {
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start < 0 || end < start) throw new ConfigError(`${document.path} needs ${START} and ${END}, in this order`);
  for (const { path, report } of results) {
    if (report.invalid.length === 0) continue;
    throw new ConfigError(`${path} is INVALID (${report.invalid.join("; ")}); measure again on a quiet machine`);
  }
  const link = ({ path, report }: Results): string => {
    const file = basename(path);
    return `[${file}](${document.results}/${file}) (commit ${report.machine.commit})`;
  };
  const source = `From ${results.map(link).join(" and ")}; \`npm run bench\` measures your host.`;
  const tables = [source, renderMarkdown(document.tablesOf(combined(results)))].join("\n\n");
  return `${text.slice(0, start + START.length)}\n\n${tables}\n\n${text.slice(end)}`;
}

/** All parts, on the first one's machine; a later file's take the place of an earlier one's. */
function combined(results: readonly Results[]): BenchReport {
  const [{ report: first }] = results;
  return makeReport(first.date, first.machine, Object.assign({}, ...results.map(({ report }) => report.parts)));
}
