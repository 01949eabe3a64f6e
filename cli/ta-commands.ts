/**
 * `sluice ta` and its commands, one for each indicator. All of it comes from the table of indicators: names, options,
 * ranges, defaults and what the help says; no indicator is named here.
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type AnySpec, families, MathArgumentError } from "../wasm/index.js";
import { valuesOf } from "../wasm/ta/arguments.js";
import type { Choice, NumberParameter, Parameter } from "../wasm/ta/spec.js";
import { isNumber } from "./csv/number-cell.js";
import { integer, svgPath } from "./option-values.js";
import { processOutput } from "./output.js";
import { kebab } from "./ta/names.js";
import type { TaOptions } from "./ta.js";

const gather = (value: string, previous: readonly string[] = []): string[] => [...previous, value];

const CSV_HELP = `
The file: lines of bars, parted by commas, semicolons or tabs, with or without a header. Columns are found by their
names in any order (time, open, high, low, close, volume, and what vendors call them). Times are ISO 8601, UTC unless
they name a zone, or an epoch in s, ms, µs or ns; they may be missing. Without --json, --csv-out and --plot the newest
rows are shown.`;

export function addTa(program: Command): void {
  const ta = program
    .command("ta")
    .description("compute a technical indicator over a CSV file of bars")
    .configureHelp({ subcommandTerm: (command) => command.name() });
  ta.command("list")
    .description("every indicator with its parameters, ranges and outputs")
    .addOption(new Option("--json", "one JSON value on stdout and nothing else").default(false))
    .action(async ({ json }: { json: boolean }) => (await import("./ta/list.js")).runTaList({ json }, processOutput));
  for (const [family, members] of Object.entries(families)) {
    ta.commandsGroup(`${family[0].toUpperCase()}${family.slice(1)}:`);
    for (const [name, spec] of Object.entries(members)) addIndicator(ta, name, spec);
  }
}

function addIndicator(ta: Command, name: string, spec: AnySpec): void {
  const command = ta.command(kebab(name)).description(spec.meaning);
  if (kebab(name) !== name) command.alias(name);
  const parameters = Object.entries(spec.parameters);
  for (const [key, parameter] of parameters) command.addOption(parameterOption(spec, key, parameter));
  command
    .requiredOption("--csv <file>", "the bars, or - for standard input")
    .option("--column <name>", `which column to read, as ${columnExample(spec)}; may be repeated`, gather)
    .option("--last <rows>", "rows to show and to draw, the newest ones (default: 10, of a chart all)", rows)
    .addOption(new Option("--json", "one JSON value on stdout and nothing else").default(false))
    .option("--csv-out <file>", "write times, inputs and outputs there as CSV")
    .option("--plot <file.svg>", "draw a chart of prices and indicator there", svgPath)
    .addHelpText("after", CSV_HELP)
    .action(async (options: TaOptions & Readonly<Record<string, unknown>>) => {
      const { runTa } = await import("./ta.js");
      const given = Object.fromEntries(parameters.map(([key]) => [key, options[key]]));
      runTa(name, given, options, processOutput);
    });
}

function parameterOption(spec: AnySpec, key: string, parameter: Parameter): Option {
  if ("choices" in parameter) return choiceOption(key, parameter as Choice);
  const { min, max, meaning, default: standard } = parameter as NumberParameter;
  return new Option(`--${kebab(key)} <number>`, `${meaning}, ${min} to ${max}`)
    .default(standard)
    .argParser((text) => parameterValue(spec, key, text));
}

function choiceOption(key: string, { choices, meaning, default: standard }: Choice): Option {
  return new Option(`--${kebab(key)} <choice>`, meaning).choices(choices).default(standard);
}

/** Checked by the rules of the table, in its words. */
function parameterValue(spec: AnySpec, key: string, text: string): number {
  try {
    return valuesOf(spec, { [key]: isNumber(text) ? Number(text) : Number.NaN })[key] as number;
  } catch (error) {
    if (error instanceof MathArgumentError) throw new InvalidArgumentError(`Use ${error.allowed}.`);
    throw error;
  }
}

function columnExample({ inputs }: AnySpec): string {
  return inputs.length === 1 ? `--column close` : `--column ${inputs[0]}=<name>`;
}

function rows(text: string): number {
  const count = integer(text);
  if (count === 0) throw new InvalidArgumentError("it must be 1 or more.");
  return count;
}
