/**
 * Puts the tables of a file of results into the README, between its two marks; the rest of the text is left as it is.
 */
import { basename } from "node:path";
import { ConfigError } from "../engine/index.js";
import type { BenchReport } from "./report.js";
import { renderMarkdown } from "./table.js";
import { tablesOf } from "./tables.js";

const START = "<!-- bench:start -->";
const END = "<!-- bench:end -->";

/** Throws ConfigError when the marks are missing or the results are not to be quoted. */
export function insertTables(readme: string, report: BenchReport, resultsPath: string): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new ConfigError(`the README needs ${START} and ${END}, in this order`);
  if (report.invalid.length > 0) {
    throw new ConfigError(`${resultsPath} is INVALID (${report.invalid.join("; ")}); measure again on a quiet machine`);
  }
  const file = basename(resultsPath);
  const source = `From [${file}](bench/results/${file}); \`npm run bench\` measures your host.`;
  const text = [source, renderMarkdown(tablesOf(report))].join("\n\n");
  return `${readme.slice(0, start + START.length)}\n\n${text}\n\n${readme.slice(end)}`;
}
