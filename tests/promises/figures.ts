/**
 * The newest figures of the commands that put the promises to the test, as they are kept beside their table. They are
 * taken from what a command prints with --json; a run in which something failed has no figures, only a bug.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

export const COMMANDS = ["sim", "crash", "torn", "determinism"] as const;
export type CommandName = (typeof COMMANDS)[number];

/** What a run was made of and what it found, in the order in which it is told. */
export type Figures = Readonly<Record<string, number>>;

export interface Recorded {
  readonly figures: Figures;
  /** Short hash of the commit; with a plus when something was not committed. */
  readonly commit: string;
  /** Of the run, UTC. */
  readonly date: string;
}

export type Results = Partial<Readonly<Record<CommandName, Recorded>>>;

/** Throws when the run failed, or when this is not what the command prints. */
export function figuresOf(command: CommandName, printed: unknown): Figures {
  const value = new Printed(command, printed);
  const figures = READERS[command](value);
  const wrong = Object.entries(figures).filter(([name, count]) => MUST_BE_ZERO.has(name) && count !== 0);
  if (wrong.length === 0) return figures;
  throw new Error(`this run of ${command} failed (${wrong.map(([name, count]) => `${count} ${name}`).join(", ")})`);
}

const MUST_BE_ZERO: ReadonlySet<string> = new Set([
  ...["seeds failed", "fills lost", "fills doubled", "fills wrong", "orders doubled", "orders unrecorded"],
  ...["orders astray", "positions wrong", "wrong states", "replays that differ"],
]);

const READERS: Readonly<Record<CommandName, (value: Printed) => Figures>> = {
  sim: (value) => ({
    seeds: value.number("seeds"),
    events: value.number("steps"),
    "simulated seconds": value.number("simulatedSeconds"),
    "faults put in": value.sum("faults"),
    "seeds failed": value.number("failures"),
  }),
  crash: (value) => ({
    kills: value.number("kills"),
    orders: value.number("orders"),
    fills: value.number("fills"),
    "fills lost": value.number("fillsLost"),
    "fills doubled": value.number("fillsDoubled"),
    "fills wrong": value.number("fillsWrong"),
    "orders doubled": value.number("ordersDoubled"),
    "orders unrecorded": value.number("ordersUnrecorded"),
    "orders astray": value.number("ordersAstray"),
    "positions wrong": value.number("positionsWrong"),
    "ms to recover, median": value.number("recovery", "p50Ms"),
    "ms to recover, longest": value.number("recovery", "maxMs"),
  }),
  torn: (value) => ({
    "broken journals": value.number("tries"),
    "exact prefixes": value.number("prefix"),
    "exact prefixes without a synced end": value.number("shorter"),
    refusals: value.number("refused"),
    "wrong states": value.number("wrong"),
  }),
  determinism: (value) => ({
    replays: value.count("rows"),
    "inputs each": value.number("rows", "0", "inputs"),
    "outputs each": value.number("rows", "0", "outputs"),
    "replays that differ": value.is("equal") ? 0 : value.count("rows"),
  }),
};

/** What a command printed, read by name. */
class Printed {
  private readonly command: CommandName;
  private readonly value: unknown;

  constructor(command: CommandName, value: unknown) {
    this.command = command;
    this.value = value;
  }

  number(...path: readonly string[]): number {
    const found = this.at(path);
    return typeof found === "number" && Number.isFinite(found) ? found : this.refuse(path, "a number");
  }

  is(...path: readonly string[]): boolean {
    const found = this.at(path);
    return typeof found === "boolean" ? found : this.refuse(path, "true or false");
  }

  count(...path: readonly string[]): number {
    const found = this.at(path);
    return Array.isArray(found) ? found.length : this.refuse(path, "a list");
  }

  sum(...path: readonly string[]): number {
    const counts = Object.values((this.at(path) ?? {}) as Record<string, unknown>);
    return counts.every((count) => typeof count === "number")
      ? (counts as number[]).reduce((a, b) => a + b, 0)
      : this.refuse(path, "counts");
  }

  private at(path: readonly string[]): unknown {
    return path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | null | undefined)?.[key],
      this.value,
    );
  }

  private refuse(path: readonly string[], what: string): never {
    throw new Error(`${path.join(".")} is not ${what} in what ${this.command} printed; was it run with --json?`);
  }
}

export function readResults(path: string): Results {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Results) : {};
}

/** Takes a run's figures in, in the place of older ones. */
export function recordResult(path: string, command: CommandName, recorded: Recorded): void {
  const results: Results = { ...readResults(path), [command]: recorded };
  const ordered = Object.fromEntries(COMMANDS.flatMap((name) => (results[name] ? [[name, results[name]]] : [])));
  writeFileSync(path, `${JSON.stringify(ordered, null, 2)}\n`);
}

/** Short hash of the commit that is checked out; with a plus when something is not committed. */
export function commitOf(root: string): string {
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return git("rev-parse", "--short=12", "HEAD") + (git("status", "--porcelain") === "" ? "" : "+");
  } catch {
    return "unknown";
  }
}
