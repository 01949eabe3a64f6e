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
import { addStats } from "./stats-commands.js";
import { addTa } from "./ta-commands.js";
import type { ThreadsCommandOptions } from "./threads.js";
import type { TopCommandOptions } from "./top.js";
import type { WhatIfCommandOptions } from "./whatif.js";

const list = (value: string, previous: string[] = []): string[] => [...previous, value];
const THREADS_HELP =
  "which threads run what: shared (all sleep when idle), dedicated (the engine spins: faster, takes a core) or a file";
const ordersOption = () =>
  new Option("--orders <where>", "simulated, or venue: over the local venue's own order interface")
    .choices(["simulated", "venue"])
    .default("simulated");
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
  addThreads(program);
  addWatch(program);
  addTop(program);
  addTa(program);
  addStats(program);
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
    .option("--threads <placement>", THREADS_HELP, "shared")
    .option("--journal <dir>", "where the journal goes, or one to go on with (default: a new folder in .sluice/demo)")
    .addOption(ordersOption())
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
    .option("--hgrm <dir>", "also write each hop's latency distribution there, for HdrHistogram's plotter")
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

function addThreads(program: Command): void {
  program
    .command("threads")
    .description("show which threads a run would have here: agents, waiting, cores and rings; starts nothing")
    .option("--threads <placement>", THREADS_HELP, "shared")
    .addOption(ordersOption())
    .option("--questdb", "as for a run with a time-series store", false)
    .addOption(json())
    .action(async (options: ThreadsCommandOptions) =>
      (await import("./threads.js")).runThreads(options, processOutput),
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

function addTop(program: Command): void {
  program
    .command("top")
    .description("a running engine's threads, rings, latency, drops and errors; also of one that was killed")
    .argument("[pid]", "process of the engine (default: the only one that runs)", integer)
    .option("--once", "show one interval and end", false)
    .option("--interval <time>", "between two looks, such as 500ms or 2s", durationMs, 1_000)
    .addOption(new Option("--json", "one JSON object a line; with --once a single one").default(false))
    .action(async (pid: number | undefined, options: Omit<TopCommandOptions, "pid">) => {
      const { runTop } = await import("./top.js");
      await runTop({ ...options, pid }, processOutput, endedBySignal());
    });
}

function addBench(program: Command): void {
  program
    .command("bench")
    .description(
      "measure this host: rings, messages, latency from a frame to an order and to the disk, recovery, mathematics",
    )
    .option("--only <name>", "one of them, or several by one name; see below")
    .option("--peers", "build the peers in C++, Rust, Java and Python and measure them in the same rounds", false)
    .option("--json [file]", "JSON on stdout and nothing else; with a file, into that, and the tables on stdout", false)
    .option("--hgrm <dir>", "write the latencies of the rings there, as HdrHistogram's plotter reads them")
    .option(
      "--documents <results...>",
      "rewrite the tables in README.md and docs from files of results; measures nothing",
    )
    .addHelpText(
      "after",
      `
Names for --only:
  fabric         all of: tick-to-order, garbage, growth, ring, messages, latency-cost
  tick-to-order  from a frame's bytes to an order, at growing rates and in bursts
  garbage        bytes allocated for a message, from frame bytes to order
  growth         the cost of a message with 1 to 10 000 instruments and strategies
  ring           round trips, streams, topologies and bursts between threads
  messages       writing and reading the messages of the schemas
  latency-cost   what measuring latency costs the engine
  decode         a recorded frame to numbers
  journal        an order until it is safe on disk
  recovery       a start from a journal
  alternatives   rejected designs of the ring; runs only when it is named

All but the last take three minutes, with --peers a few more. Leave the machine alone meanwhile: a restless run is
marked INVALID.`,
    )
    .action(async (options: BenchCommandOptions) => (await import("./bench.js")).runBench(options, processOutput));
}

async function watch(url: string, { topic, json }: { topic?: string[]; json: boolean }): Promise<void> {
  const { runWatch } = await import("./watch.js");
  process.exitCode = await runWatch({ url, topics: topic, json, signal: endedBySignal() });
}

/** Aborted by Ctrl-C. */
function endedBySignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  return stop.signal;
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
