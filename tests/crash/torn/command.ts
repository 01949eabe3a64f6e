/**
 * The command `torn`: journals are made, broken in every way, read and recovered; a table says what came of it, and the
 * first wrong states are told in full.
 */
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { type Count, type Examination, examine } from "./examination.js";
import { recordLives } from "./recorded-run.js";
import { ENDINGS } from "./torn-journal.js";
import { OUTCOMES } from "./verdict.js";

const USAGE = `usage: npm run torn -- [--journals N] [--seed S] [--json]
  --journals N  journals to make and break (default: 4, one of each way to end)
  --seed S      of the first journal's market (default: 1); the next takes the next
  --json        one JSON value on stdout and nothing else`;

const STRATEGIES = ["strategies/ema-cross.ts", "strategies/market-maker.ts"];
/** Wrong states that are told in full. */
const TOLD_MAX = 10;

interface Settings {
  readonly journals: number;
  readonly seed: number;
  readonly json: boolean;
}

/** Returns the exit code: 0 nothing was wrong, 1 something was, 2 usage. */
async function run(argv: readonly string[]): Promise<number> {
  const settings = readSettings(argv);
  if (settings === null) return 2;
  const startedMs = performance.now();
  const bar = progressBar(settings);
  const examinations: Examination[] = [];
  try {
    for (let at = 0; at < settings.journals; at += 1) {
      const seed = settings.seed + at;
      const run = await recordLives(STRATEGIES, seed);
      examinations.push(await examine(run, seed, ENDINGS[at % ENDINGS.length], (part) => bar?.update(at + part)));
    }
  } finally {
    bar?.stop();
  }
  const seconds = Number(((performance.now() - startedMs) / 1000).toFixed(1));
  const { wrong } = print(examinations, seconds, settings);
  return wrong === 0 ? 0 : 1;
}

function readSettings(argv: readonly string[]): Settings | null {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        journals: { type: "string", default: String(ENDINGS.length) },
        seed: { type: "string", default: "1" },
        json: { type: "boolean", default: false },
      },
    });
    return { journals: whole("journals", values.journals), seed: whole("seed", values.seed), json: values.json };
  } catch (error) {
    process.stderr.write(`torn: ${(error as Error).message}\n${USAGE}\n`);
    return null;
  }
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`--${name} must be a whole number from 1 on, was "${text}"`);
}

function progressBar({ journals, json }: Settings): SingleBar | undefined {
  if (json || !process.stderr.isTTY) return undefined;
  const format = "breaking {bar} {percentage} %, {eta_formatted} left";
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true });
  bar.start(journals, 0);
  return bar;
}

function print(examinations: readonly Examination[], seconds: number, { json, seed }: Settings): Count {
  const rows = new Map<string, Count>();
  for (const { counts } of examinations) {
    for (const [row, count] of counts) rows.set(row, sum(rows.get(row), count));
  }
  const all = [...rows.values()].reduce(sum);
  const faults = examinations.flatMap((each) => each.faults);
  if (json) {
    const journals = examinations.map(({ counts, faults: _, ...facts }) => facts);
    const told = faults.slice(0, TOLD_MAX);
    process.stdout.write(
      `${JSON.stringify({ seed, seconds, journals, ...all, rows: Object.fromEntries(rows), told })}\n`,
    );
    return all;
  }
  const say = (line: string): boolean => process.stdout.write(`${line}\n`);
  for (const line of tableOf(rows, all)) say(line);
  for (const { row, journal, fault, why } of faults.slice(0, TOLD_MAX)) {
    say(`WRONG (${row}): journal ${journal}, ${fault}: ${why}`);
  }
  const what = `${all.tries} tries on ${examinations.length} journals in ${seconds} s`;
  say(all.wrong === 0 ? `${what}: nothing but exact prefixes and refusals` : `${what}: ${all.wrong} WRONG states`);
  return all;
}

const sum = (a: Count | undefined, b: Count): Count => {
  if (a === undefined) return b;
  const [tries, ...others] = (["tries", ...OUTCOMES] as const).map((key) => a[key] + b[key]);
  return { tries, prefix: others[0], shorter: others[1], refused: others[2], wrong: others[3] };
};

const HEADS = ["what was broken", "tries", "exact prefix", "…without its synced end", "refused", "wrong"];

function tableOf(rows: ReadonlyMap<string, Count>, all: Count): string[] {
  const cells = [...rows, ["all", all] as const].map(([row, count]) => [
    row,
    ...(["tries", ...OUTCOMES] as const).map((key) => String(count[key])),
  ]);
  const lines = [HEADS, ...cells];
  const widths = HEADS.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "),
  );
}

process.exitCode = await run(process.argv.slice(2));
