/**
 * The command `promises`: writes docs/promises.md from the table and the figures, checks that it is what they give,
 * takes in what another command printed, or runs them all first.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { documentOf } from "./document.js";
import { COMMANDS, type CommandName, commitOf, figuresOf, readResults, recordResult } from "./figures.js";
import { type NamedTest, PROMISES } from "./table.js";

const USAGE = `usage: npm run promises -- [--check | --run | --record COMMAND]
  --check           changes nothing; fails when docs/promises.md is not up to date or names a test that is gone
  --run             runs ${COMMANDS.join(", ")} first, for some minutes, and takes their figures in
  --record COMMAND  takes in what that command printed with --json, from stdin`;

/** How much of each is run. */
const RUNS: Readonly<Record<CommandName, readonly string[]>> = {
  sim: ["tests/sim/run.mjs", "--seeds", "1000", "--json"],
  crash: ["tests/crash/run.mjs", "--kills", "50", "--json"],
  torn: ["tests/crash/torn.mjs", "--json"],
  determinism: ["tests/determinism/run.mjs", "--current", "--json"],
};

const DOCUMENT = "docs/promises.md";
const RESULTS = "tests/promises/results.json";

/** Told of what goes on and what is wrong, a line at a time. */
type Say = (text: string) => void;
const toStderr: Say = (text) => void process.stderr.write(`promises: ${text}\n`);

/** Returns the exit code: 0 done, 1 something is not as it should be, 2 usage. */
export function runPromises(argv: readonly string[], root: string, say: Say = toStderr): number {
  const options = readOptions(argv, say);
  if (options === null) return 2;
  try {
    if (options.record !== undefined) takeIn(root, options.record, readFileSync(0, "utf8"));
    if (options.run) for (const command of COMMANDS) takeIn(root, command, printedBy(root, command, say));
    const faults = faultsIn(root, options.check);
    for (const fault of faults) say(fault);
    if (faults.length > 0) return 1;
    if (options.check) return 0;
    writeFileSync(join(root, DOCUMENT), documentNow(root));
    say(`${DOCUMENT} made from ${PROMISES.length} promises and ${RESULTS}`);
    return 0;
  } catch (error) {
    say((error as Error).message);
    return 1;
  }
}

/** What is wrong with the table, and with the document when that is to be checked; a line each. */
export function faultsIn(root: string, checksDocument: boolean): string[] {
  const gone = PROMISES.flatMap(({ tests }) => tests).filter((test) => !isThere(root, test));
  const faults = gone.map(({ file, name }) => `${file} has no test "${name}": name the one that holds the promise now`);
  const path = join(root, DOCUMENT);
  const isCurrent = existsSync(path) && readFileSync(path, "utf8") === documentNow(root);
  return checksDocument && !isCurrent ? [...faults, `${DOCUMENT} is out of date: npm run promises`] : faults;
}

/** Whether a file has a test that is called so. */
export function isThere(root: string, { file, name }: NamedTest): boolean {
  const path = join(root, file);
  if (!existsSync(path)) return false;
  const text = readFileSync(path, "utf8");
  return ['"', "'", "`"].some((quote) => new RegExp(`[\\w)]\\(\\s*${escaped(quote + name + quote)}`).test(text));
}

const documentNow = (root: string): string => documentOf(PROMISES, readResults(join(root, RESULTS)));

function takeIn(root: string, command: CommandName, printed: string): void {
  // npm says a few words of its own before what the command prints.
  const json = printed.slice(Math.max(printed.search(/^\{/m), 0));
  const figures = figuresOf(command, parsed(command, json));
  recordResult(join(root, RESULTS), command, { figures, commit: commitOf(root), date: new Date().toISOString() });
}

function printedBy(root: string, command: CommandName, say: Say): string {
  say(`running node ${RUNS[command].join(" ")}`);
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const { status, stdout } = spawnSync(process.execPath, RUNS[command], {
    ...{ cwd: root, encoding: "utf8", maxBuffer: 1 << 28 },
    stdio: [...stdio],
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}; run it by hand: node ${RUNS[command].join(" ")}`);
  return stdout;
}

function parsed(command: CommandName, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error(`what ${command} printed is no JSON; run it with --json`);
  }
}

interface Options {
  readonly check: boolean;
  readonly run: boolean;
  readonly record?: CommandName;
}

function readOptions(argv: readonly string[], say: Say): Options | null {
  try {
    const flag = { type: "boolean", default: false } as const;
    const { values } = parseArgs({ args: [...argv], options: { check: flag, run: flag, record: { type: "string" } } });
    const record = COMMANDS.find((name) => name === values.record);
    if (values.record !== undefined && !record) {
      throw new RangeError(`--record takes ${COMMANDS.join(", ")}, was "${values.record}"`);
    }
    if (Number(values.check) + Number(values.run) + Number(record !== undefined) > 1) {
      throw new RangeError("--check, --run and --record are for one at a time");
    }
    return { check: values.check, run: values.run, record };
  } catch (error) {
    say(`${(error as Error).message}\n${USAGE}`);
    return null;
  }
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
