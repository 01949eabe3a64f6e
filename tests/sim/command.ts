/**
 * The simulator as a command: seeds are dealt to worker threads, results are counted, a failing seed is told with its
 * last events and the one command that runs it again. Bundled by run.mjs, which says with which mutants.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { bundleStrategy } from "../../cli/strategy-bundle.js";
import { Report } from "./report.js";
import { runSeed, type SeedResult } from "./simulation.js";
import { strategyTexts } from "./strategies.js";

const BUNDLED = ["market-maker", "ema-cross"];
/** Seeds that a worker is handed at a time. */
const SHARE = 5;

interface WorkerTask {
  readonly texts: ReadonlyMap<string, string>;
  readonly steps: number;
}

export interface CommandSettings {
  readonly seed: number;
  readonly seeds: number;
  readonly steps: number;
  readonly workers: number;
  readonly json: boolean;
  readonly verbose: boolean;
  /** The run ends at the first seed that fails. */
  readonly untilFailure: boolean;
  /** Folder of the strategies that users are given. */
  readonly strategies: string;
  /** The bug that was planted, for the command that repeats a seed. */
  readonly mutant: string | undefined;
}

function readSettings(argv: readonly string[]): CommandSettings {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seeds: { type: "string", default: "20" },
      seed: { type: "string", default: "1" },
      steps: { type: "string", default: "5000" },
      workers: { type: "string", default: "2" },
      json: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      "until-failure": { type: "boolean", default: false },
      strategies: { type: "string", default: "strategies" },
      mutant: { type: "string" },
    },
  });
  const whole = (name: "seeds" | "seed" | "steps" | "workers"): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < (name === "seed" ? 0 : 1)) {
      throw new RangeError(`--${name} must be a whole number, was "${values[name]}"`);
    }
    return value;
  };
  return {
    seed: whole("seed"),
    seeds: whole("seeds"),
    steps: whole("steps"),
    workers: whole("workers"),
    json: values.json,
    verbose: values.verbose,
    untilFailure: values["until-failure"],
    strategies: values.strategies,
    mutant: values.mutant,
  };
}

/** Runs what the arguments ask for; the exit code. */
async function runCommand(argv: readonly string[]): Promise<number> {
  const settings = readSettings(argv);
  const texts = await bundleAll(settings.strategies);
  const report = new Report(settings);
  const seeds = Array.from({ length: settings.seeds }, (_, index) => settings.seed + index);
  if (settings.verbose || settings.seeds < SHARE || settings.workers === 1)
    await runHere(seeds, settings, texts, report);
  else await runInWorkers(seeds, settings, texts, report);
  return report.end();
}

async function bundleAll(folder: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const name of BUNDLED) texts.set(name, (await bundleStrategy(`${folder}/${name}.ts`)).bundle);
  return texts;
}

async function runHere(
  seeds: readonly number[],
  { steps, verbose, untilFailure }: CommandSettings,
  bundled: ReadonlyMap<string, string>,
  report: Report,
): Promise<void> {
  const texts = strategyTexts(bundled);
  const onLine = verbose ? (line: string) => process.stderr.write(`${line}\n`) : undefined;
  for (const seed of seeds) {
    report.add(await runSeed(seed, { steps, texts, onLine }));
    if (untilFailure && report.failures > 0) return;
  }
}

function runInWorkers(
  seeds: readonly number[],
  settings: CommandSettings,
  texts: ReadonlyMap<string, string>,
  report: Report,
): Promise<void> {
  const left = [...seeds];
  const task: WorkerTask = { texts, steps: settings.steps };
  const isDone = (): boolean => left.length === 0 || (settings.untilFailure && report.failures > 0);
  const runOne = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: task });
      const next = (): void => {
        if (isDone()) void worker.terminate().then(() => resolve());
        else worker.postMessage(left.splice(0, SHARE));
      };
      worker.on("error", reject);
      worker.on("message", (results: readonly SeedResult[]) => {
        for (const result of results) report.add(result);
        next();
      });
      next();
    });
  return Promise.all(Array.from({ length: settings.workers }, runOne)).then(() => {});
}

function serve({ texts, steps }: WorkerTask): void {
  const all = strategyTexts(texts);
  parentPort!.on("message", async (seeds: readonly number[]) => {
    const results: SeedResult[] = [];
    for (const seed of seeds) results.push(await runSeed(seed, { steps, texts: all }));
    parentPort!.postMessage(results);
  });
}

if (isMainThread) process.exitCode = await runCommand(process.argv.slice(2));
else serve(workerData as WorkerTask);
