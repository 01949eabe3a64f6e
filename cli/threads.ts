/**
 * `sluice threads`: which threads a run would have here, with their agents, their way of waiting, their cores and the
 * rings between them. It starts nothing; a file that a run would refuse is refused here in the same words.
 */
import { IDLE, type IdleStrategy } from "../actors/agent/idle.js";
import { runnerOf, spins } from "../actors/placement.js";
import { choosePlacement } from "../actors/placement-file.js";
import { agentsOf } from "../actors/session-start.js";
import { LOG, RINGS, type ThreadName } from "../actors/topology.js";
import type { Output } from "./output.js";

export interface ThreadsCommandOptions {
  /** shared, dedicated, or the path of a file. */
  readonly threads: string;
  readonly orders: string;
  readonly questdb: boolean;
  readonly json: boolean;
}

interface Row {
  readonly name: string;
  readonly runner: string;
  readonly agents: readonly string[];
  readonly idle: "spin" | IdleStrategy;
  /** None: it may run on any. */
  readonly cores: readonly number[];
  readonly ringsIn: readonly string[];
  readonly ringsOut: readonly string[];
}

export function runThreads({ threads, orders, questdb, json }: ThreadsCommandOptions, output: Output): void {
  const { plan, notes } = choosePlacement(threads, agentsOf({ orders, questdb: questdb ? "a server" : null }));
  for (const line of notes) output.note(`sluice: ${line}`);
  const rows: Row[] = plan.threads.map((each) => ({
    ...{ name: each.name, runner: runnerOf(each.agents), agents: each.agents },
    ...{ idle: spins(each) ? ("spin" as const) : each.idle, cores: each.cores },
    ...ringsOf(each.agents),
  }));
  rows.unshift(mainRow());
  if (json) output.json({ format: 1, threads: rows });
  else for (const line of tableLines(rows)) output.line(line);
}

/** The process's own thread is in no plan. */
function mainRow(): Row {
  const agents = ["clock", "guard", "board", "stream"];
  return { name: "main", runner: "event-loop", agents, idle: IDLE.eventLoop, cores: [], ...ringsOf(["main"]) };
}

/** The log has a ring's part too; `(lossy)` marks a reader for whom nobody waits. */
function ringsOf(agents: readonly ThreadName[]): Pick<Row, "ringsIn" | "ringsOut"> {
  const has = (name: ThreadName): boolean => agents.includes(name);
  const rings = Object.entries(RINGS);
  const follows = has("gateway") || LOG.gating.some(has);
  return {
    ringsIn: [
      ...rings.filter(([, { to }]) => has(to)).map(([name]) => name),
      ...(follows ? ["log"] : LOG.lossy.some(has) ? ["log (lossy)"] : []),
    ],
    ringsOut: [
      ...rings.filter(([, { from }]) => from.some(has)).map(([name]) => name),
      ...(has(LOG.from) ? ["log"] : []),
    ],
  };
}

const HEAD = ["thread", "runner", "agents", "idle", "cores", "rings in", "rings out"];

function tableLines(rows: readonly Row[]): string[] {
  const cells = rows.map((row) => [
    row.name,
    row.runner,
    row.agents.join(" "),
    row.idle === "spin" ? "spins" : `sleeps after ${row.idle.spinsMax} spins`,
    row.cores.length === 0 ? "any" : row.cores.join(" "),
    row.ringsIn.join(", ") || "–",
    row.ringsOut.join(", ") || "–",
  ]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column].length)));
  return [HEAD, ...cells].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );
}
