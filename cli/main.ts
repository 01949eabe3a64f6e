/**
 * The commands. Each is a function in a file of its own; here are their names, options and exit codes: 0 it worked, 1
 * the work failed, 2 it was asked for something that cannot be. A command is loaded when it is called: a replay needs
 * neither sockets nor databases, and runs where there are none.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { ConfigError } from "../engine/index.js";
import type { BenchCommandOptions } from "./bench.js";
import type { DemoCommandOptions } from "./demo.js";
import type { CatOptions } from "./journal.js";
import { acceptable, bytes, durationMs, integer, parameters, port, positiveNumber } from "./option-values.js";
import { processOutput } from "./output.js";
import type { ReplayCommandOptions } from "./replay.js";
import type { WhatIfCommandOptions } from "./whatif.js";

const list = (value: string, previous: string[] = []): string[] => [...previous, value];
const json = () => new Option("--json", "one JSON value on stdout and nothing else").default(false);

export function makeProgram(): Command {
  const program = new Command("sluice")
    .description("A headless, low-latency trading engine. `sluice demo` shows it at work; no account, no server.")
    .version("0.1.0")
    .showHelpAfterError("(add --help for the options)")
    .exitOverride();
  addDemo(program);
  addTapeCommands(program);
  addJournal(program);
  addStoreCommands(program);
  addWatch(program);
  addBench(program);
  return program;
}

function addDemo(program: Command): void {
  program
    .command("demo")
    .description("run the engine on a local venue that replays recorded Binance frames; orders are simulated")
    .option("--duration <time>", "end after this long, such as 20s or 5m (default: until Ctrl-C)", durationMs)
    .option("--speed <factor>", "pace of the recorded market", positiveNumber, 1)
    .option("--venue <name>", "local, or binance for its public market data (no key)", "local")
    .option("--local-venue <port>", "a local venue that is running already, in place of one of our own", port)
    .option("--symbol <symbol>", "market to follow, such as BTC/USDT; may be repeated", list)
    .option("--strategy <file>", "strategy to run; may be repeated (default: the two examples)", list)
    .option("--param <key=value>", "value for a strategy's parameter; may be repeated", parameters, {})
    .option("--seed <number>", "seed of the strategies' random numbers", integer, 1)
    .option("--spin", "let the engine's thread spin instead of sleeping: faster, takes a core", false)
    .option("--journal <dir>", "where the journal goes, or one to go on with (default: a new folder in .sluice/demo)")
    .addOption(
      new Option("--orders <where>", "simulated, or venue: over the local venue's own order interface")
        .choices(["simulated", "venue"])
        .default("simulated"),
    )
    .addOption(
      new Option(
        "--durability <mode>",
        "when a record is safe: durable = synced to disk, fast = written, synced 2 ms later",
      )
        .choices(["durable", "fast"])
        .default("durable"),
    )
    .addOption(
      new Option("--accept <what>", "go on although the journal was written on another host, or is ahead of the clock")
        .argParser(acceptable)
        .default([]),
    )
    .option(
      "--keep <size>",
      "remove old segments beyond this size, such as 2GiB, once a snapshot and the store are past them",
      bytes,
    )
    .option("--port <number>", "port of the stream; 0 takes a free one", port, 8787)
    .option("--questdb [url]", "store into a QuestDB server (default: the one that `sluice questdb start` runs)")
    .addOption(json())
    .action(async (options: DemoCommandOptions) => (await import("./demo.js")).runDemo(options, processOutput));
}

function addTapeCommands(program: Command): void {
  program
    .command("replay")
    .description("re-execute a journal and assert that every output is what was recorded")
    .argument("<journal>", "directory of the journal")
    .option("--at <place>", "show the state right after a sequence number or a time: 4411, 12:30:05.25, +3.5s")
    .option("--until <condition>", "show the state where it first holds: 'fills > 3 && trading.state == \"active\"'")
    .option("--step", "go on input by input, by commands from the terminal or stdin", false)
    .option("--why <order>", "show what led to an order and what became of it; its number, or its text at the venue")
    .addOption(json())
    .action(async (journal: string, options: ReplayCommandOptions) =>
      (await import("./replay.js")).runReplay(journal, options, processOutput),
    );

  program
    .command("whatif")
    .description("run another strategy, parameters or limits over a journal's market, beside what was recorded")
    .argument("<journal>", "directory of the journal")
    .option("--strategy <file>", "strategy in place of one of the journal's")
    .option("--replace <id>", "which of the journal's strategies is replaced, or gets the parameters")
    .option("--params <key=value...>", "values for its parameters", parameters)
    .option("--risk <limit=amount...>", "limits: maxPosition, maxOrderValue, maxDailyLoss", parameters)
    .option("--seed <number>", "seed of the strategies' random numbers", integer)
    .option("--from <place>", "where the two part, a sequence number or a time (default: the beginning)")
    .addOption(json())
    .action(async (journal: string, options: WhatIfCommandOptions) =>
      (await import("./whatif.js")).runWhatIf(journal, options, processOutput),
    );

  program
    .command("backtest")
    .description("run a tape's market data through the engine with the venue simulated inline")
    .argument("<tape>", "directory of a journal or a recording")
    .option("--strategy <file>", "strategy in place of the tape's own; may be repeated", list, [])
    .option("--param <key=value>", "value for a strategy's parameter; may be repeated", parameters, {})
    .addOption(json())
    .action(async (tape: string, { strategy, param, json }) =>
      (await import("./backtest.js")).runBacktest(tape, { strategy, params: param, json }, processOutput),
    );
}

function addJournal(program: Command): void {
  const journal = program.command("journal").description("look into a journal, also of a running engine");
  journal
    .command("verify")
    .description("walk every byte: whole, torn, or damaged and where")
    .argument("<journal>", "directory of the journal")
    .addOption(json())
    .action(async (directory: string, options: { json: boolean }) =>
      (await import("./journal.js")).runJournalVerify(directory, options, processOutput),
    );
  journal
    .command("cat")
    .description("print the records, a line each")
    .argument("<journal>", "directory of the journal")
    .option("--from <sequence>", "first sequence", integer)
    .option("--to <sequence>", "last sequence", integer)
    .option("--type <name>", "one type alone, such as submit-order")
    .option("--limit <number>", "records at most", integer)
    .addOption(new Option("--json", "one JSON object a line").default(false))
    .action(async (directory: string, options: CatOptions) =>
      (await import("./journal.js")).runJournalCat(directory, options, processOutput),
    );
}

function addStoreCommands(program: Command): void {
  program
    .command("store")
    .description("store a finished journal into QuestDB; doing it again changes nothing")
    .argument("<journal>", "directory of the journal")
    .option("--questdb <url>", "the server (default: the one that `sluice questdb start` runs)")
    .addOption(json())
    .action(async (journal: string, { questdb, json }) =>
      (await import("./store.js")).runStore(journal, { url: questdb, json }, processOutput),
    );

  program
    .command("questdb")
    .description("start, stop or look at a QuestDB server of your own in .sluice/questdb")
    .addArgument(program.createArgument("<action>", "what to do").choices(["start", "stop", "status"]))
    .option("--port <number>", "HTTP port for start (default: the one it had last, 9000 at first)", port)
    .addOption(json())
    .action(async (action: "start" | "stop" | "status", options: { port?: number; json: boolean }) =>
      (await import("./questdb.js")).runQuestdb(action, options, processOutput),
    );
}

function addWatch(program: Command): void {
  program
    .command("watch")
    .description("follow the stream of a running engine from another process")
    .argument("[url]", "the stream", "ws://127.0.0.1:8787/stream")
    .option("--topic <name>", "trades, quotes, book, orders, fills, positions or status; may be repeated", list)
    .addOption(new Option("--json", "one JSON object a line").default(false))
    .action((url: string, options: { topic?: string[]; json: boolean }) => watch(url, options));
}

function addBench(program: Command): void {
  program
    .command("bench")
    .description("measure this host: rings, decoding, latency from a frame to an order and to the disk, recovery")
    .option("--only <name>", "one of them: fabric, decode, tick-to-order, journal or recovery")
    .option("--json [file]", "JSON on stdout and nothing else; with a file, into it as well", false)
    .option("--readme <results>", "rewrite README.md's tables from a file of results; measures nothing")
    .addHelpText(
      "after",
      "\nAll of them take under three minutes. Leave the machine alone meanwhile: a restless run is marked INVALID.",
    )
    .action(async (options: BenchCommandOptions) => (await import("./bench.js")).runBench(options, processOutput));
}

async function watch(url: string, { topic, json }: { topic?: string[]; json: boolean }): Promise<void> {
  const { runWatch } = await import("./watch.js");
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  process.exitCode = await runWatch({ url, topics: topic, json, signal: stop.signal });
}

/** Parses and runs; every error is one line with its remedy, and the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await makeProgram().parseAsync(argv as string[]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (!(error instanceof CommanderError)) process.stderr.write(`sluice: ${messageOf(error)}\n`);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof ConfigError || error instanceof InvalidArgumentError ? 2 : 1;
}

/** Errors of our own say all in their message; of others the stack is worth more than silence. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.constructor !== Error && error.constructor !== TypeError && error.constructor !== RangeError;
  return own || process.env.SLUICE_DEBUG === undefined ? error.message : (error.stack ?? error.message);
}

// Whoever reads us may have had enough, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
await main(process.argv);
