/**
 * `sluice bench`: measures this host. The benchmarks load their peers, which are development dependencies, so they are
 * looked for only when they are asked for; an installed package does not have them.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../engine/index.js";
import type { Output } from "./output.js";

export interface BenchCommandOptions {
  readonly only?: string;
  /** Builds the peers of other languages and measures them in the same rounds. */
  readonly peers: boolean;
  /** A directory for latencies as .hgrm files. */
  readonly hgrm?: string;
  /** JSON on stdout; a path: into that file, and the tables on stdout. */
  readonly json: boolean | string;
  /** Files of results: rewrites the documents' tables from them and measures nothing. */
  readonly documents?: readonly string[];
}

/** What the benchmarks offer; they may not be imported by name. */
interface BenchModule {
  readonly NAMES: readonly string[];
  runBenchmarks(options: RunOptions): Promise<{ invalid: readonly string[] }>;
  reportText(report: object): string;
  writeDocuments(root: string, paths: readonly string[]): readonly string[];
}

interface RunOptions {
  readonly only?: string;
  readonly peers: boolean;
  readonly hgrm?: string;
  readonly note: (text: string) => void;
}

const README = "README.md";
/** With the exit codes that shells know them by. */
const SIGNALS = [["SIGINT", 130] as const, ["SIGTERM", 143] as const];

/** Throws ConfigError for a benchmark that does not exist, and outside of a checkout. */
export async function runBench(options: BenchCommandOptions, output: Output): Promise<void> {
  const bench = await loadBench();
  if (options.documents !== undefined) return writeDocuments(bench, options.documents, output);
  const { only, json, peers, hgrm } = options;
  if (only !== undefined && !bench.NAMES.includes(only)) {
    throw new ConfigError(`--only must be one of ${bench.NAMES.join(", ")} (was "${only}")`);
  }
  endWithChildren();
  const report = await bench.runBenchmarks({ only, peers, hgrm, note: output.note });
  if (typeof json === "string") writeResults(json, report);
  if (json === true) output.json(report);
  else output.line(bench.reportText(report));
  for (const fault of report.invalid) output.note(`INVALID: ${fault}; measure again on a quiet machine`);
}

/** A signal ends this process by its handlers for exit, which end the peers' programs. */
function endWithChildren(): void {
  for (const [signal, code] of SIGNALS) process.once(signal, () => process.exit(code));
}

function writeDocuments(bench: BenchModule, paths: readonly string[], output: Output): void {
  const missing = paths.find((path) => !existsSync(path));
  if (missing) throw new ConfigError(`there is no file ${missing}; make it with: sluice bench --json FILE`);
  if (!existsSync(README)) throw new ConfigError(`there is no ${README} here; run this in the checkout`);
  for (const path of bench.writeDocuments(".", paths)) output.line(`${path}: tables made from ${paths.join(", ")}`);
}

function writeResults(path: string, report: object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

async function loadBench(): Promise<BenchModule> {
  const url = new URL("../bench/run.js", import.meta.url);
  if (!existsSync(fileURLToPath(url))) {
    throw new ConfigError("the benchmarks are not part of this package; run them in a checkout: npm run bench");
  }
  try {
    return (await import(url.href)) as BenchModule;
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new ConfigError(`the benchmarks need the development packages; run: npm ci (${(error as Error).message})`);
  }
}
