/** `sluice stats`: names, options and help of its commands; each is loaded when it is called. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { isNumber } from "./csv/number-cell.js";
import { integer, positiveNumber, svgPath } from "./option-values.js";
import { processOutput } from "./output.js";
import { KINDS, METHODS } from "./stats/methods.js";
import type { DecodeOptions, HmmOptions } from "./stats-hmm.js";
import type { VarOptions } from "./stats-var.js";

const FILE_HELP = "prices or returns, or - for standard input; sluice ta rsi --help tells its forms";
const json = () => new Option("--json", "one JSON value on stdout and nothing else").default(false);
const values = () =>
  new Option("--values <kind>", "what the columns hold (default: told by names and signs, and said)").choices(KINDS);
const gather = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

export function addStats(program: Command): void {
  const stats = program.command("stats").description("statistics of the prices or returns in a CSV file");
  addVar(stats);
  addHmm(stats);
}

function addVar(stats: Command): void {
  stats
    .command("var")
    .description("value at risk and expected shortfall of a portfolio; losses are positive")
    .requiredOption("--csv <file>", FILE_HELP)
    .option("--column <name>", "an asset's column; may be repeated (default: close, or all)", gather)
    .addOption(values())
    .addOption(new Option("--method <name>", "one method, with each asset's part (default: all)").choices(METHODS))
    .option("--weights <numbers>", "one for each column, in money or fractions (default: equal parts of 1)", numbers)
    .option("--confidence <share>", "above 0.5 and below 1", share(0.5, 1), 0.95)
    .option("--horizon <days>", "1 to 1000; means grow with it, deviations with its root", between(1, 1000), 1)
    .option("--decay <factor>", "of age weights (default: ewma 0.94, historical none)", share(0, 1))
    .option("--freedom <degrees>", "of Student's distribution, above 2", positiveNumber, 5)
    .option("--paths <number>", "scenarios of monte-carlo, 100 to 10000000", between(100, 10_000_000), 100_000)
    .option("--seed <number>", "of monte-carlo", integer, 1)
    .addOption(json())
    .action(async (options: VarOptions) => (await import("./stats-var.js")).runVar(options, processOutput));
}

function addHmm(stats: Command): void {
  const hmm = stats.command("hmm").description("regimes by a hidden Markov model: bull, bear and what lies between");
  model(hmm.command("fit"))
    .description("estimate a model; with --json a file that decode takes")
    .action(async (options: HmmOptions) => (await import("./stats-hmm.js")).runHmmFit(options, processOutput));
  model(hmm.command("decode"))
    .description("say which regime each return was of")
    .option("--model <file>", "a model that fit --json wrote (default: fit one)")
    .option("--csv-out <file>", "write times, returns, regimes and their probabilities there as CSV")
    .option("--plot <file.svg>", "draw the price there, on grounds of its regimes", svgPath)
    .action(async (options: DecodeOptions) => (await import("./stats-hmm.js")).runHmmDecode(options, processOutput));
}

function model(command: Command): Command {
  return command
    .requiredOption("--csv <file>", FILE_HELP)
    .option("--column <name>", "which column (default: close, or the only one)")
    .addOption(values())
    .option("--states <number>", "2 to 6", between(2, 6), 3)
    .option("--seed <number>", "of the random starts", integer, 1)
    .option("--restarts <number>", "random starts, 1 to 100", between(1, 100), 4)
    .option("--iterations <number>", "rounds at most, 1 to 100000", between(1, 100_000), 200)
    .addOption(json());
}

function numbers(text: string): number[] {
  const all = text.split(",").map((each) => each.trim());
  if (!all.every(isNumber)) throw new InvalidArgumentError("numbers are written like 0.6,0.4.");
  return all.map(Number);
}

/** Between two bounds that are none of it. */
function share(above: number, below: number): (text: string) => number {
  return (text) => {
    const value = isNumber(text) ? Number(text) : Number.NaN;
    if (!(value > above && value < below)) throw new InvalidArgumentError(`it is above ${above} and below ${below}.`);
    return value;
  };
}

function between(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = integer(text);
    if (value < min || value > max) throw new InvalidArgumentError(`it is ${min} to ${max}.`);
    return value;
  };
}
