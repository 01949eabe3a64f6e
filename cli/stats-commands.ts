/** `sluice stats`: names, options and help of its commands; each is loaded when it is called. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { integer, svgPath } from "./option-values.js";
import { processOutput } from "./output.js";
import type { DecodeOptions, HmmOptions } from "./stats-hmm.js";

const KINDS = ["prices", "returns"];
const json = () => new Option("--json", "one JSON value on stdout and nothing else").default(false);
const values = () =>
  new Option("--values <kind>", "what the columns hold (default: told by their names and signs, and said)").choices(
    KINDS,
  );

export function addStats(program: Command): void {
  const stats = program.command("stats").description("statistics of the returns in a CSV file: regimes");
  addHmm(stats);
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
    .requiredOption("--csv <file>", "prices or returns, or - for standard input; see sluice ta rsi --help for its form")
    .option("--column <name>", "which column (default: close, or the only one)")
    .addOption(values())
    .option("--states <number>", "2 to 6", between(2, 6), 3)
    .option("--seed <number>", "of the random starts", integer, 1)
    .option("--restarts <number>", "random starts, 1 to 100", between(1, 100), 4)
    .option("--iterations <number>", "rounds at most, 1 to 100000", between(1, 100_000), 200)
    .addOption(json());
}

function between(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = integer(text);
    if (value < min || value > max) throw new InvalidArgumentError(`it is ${min} to ${max}.`);
    return value;
  };
}
