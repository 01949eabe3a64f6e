/**
 * A plan of the threads from a JSON file. What it says is checked as a whole before anything starts, and every fault
 * is named with its file, its place there, what stood there and what would do. A plan that could run only by luck is
 * refused; cores that cannot be given because the host has no way to pin are left out, and said to be.
 *
 *     { "format": 1, "threads": [{ "name": "engine", "agents": ["engine"], "idle": "spin", "cores": [1] }, …] }
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { ConfigError } from "../engine/index.js";
import { IDLE, type IdleStrategy } from "./agent/idle.js";
import {
  type Host,
  PLACEMENTS,
  type PlannedPlacement,
  type PlannedThread,
  planOf,
  presetPlan,
  runnerOf,
  sleepingIdle,
  thisHost,
} from "./placement.js";
import { AGENT_NAMES, AGENTS, type AgentName } from "./topology.js";

const NAME = /^[a-z][a-z0-9-]{0,23}$/;
const SPINS_MAX = 1_000_000;
const PARK_MS_MAX = 1_000;

const idleSchema = z.union(
  [
    z.enum(["spin", "park"]),
    z.strictObject({ spinsMax: z.int().min(0).max(SPINS_MAX), parkMs: z.int().min(1).max(PARK_MS_MAX) }),
  ],
  `must be "park", "spin", or spinsMax of 0 to ${SPINS_MAX} and parkMs of 1 to ${PARK_MS_MAX}`,
);

const threadSchema = z.strictObject({
  name: z.string().regex(NAME, "must be a word of lower-case letters, digits and hyphens, at most 24"),
  agents: z.array(z.enum(AGENT_NAMES as [AgentName, ...AgentName[]], agentsAre())).min(1, "must name an agent"),
  idle: idleSchema.default("park"),
  cores: z.array(z.int().min(0)).min(1, "must name a core; leave it out to allow all").optional(),
});

const fileSchema = z.strictObject({
  format: z.literal(1, "must be 1"),
  threads: z.array(threadSchema).min(1, "must hold a thread"),
});

type Thread = z.infer<typeof threadSchema>;

/** A fault's place in the file, and what it is. */
type Fault = readonly [place: string, what: string];

/** The plan that `--threads` names, a preset or a file, for a run with these agents. Throws ConfigError. */
export function choosePlacement(choice: string, agents: readonly AgentName[], host = thisHost()): PlannedPlacement {
  const preset = PLACEMENTS.find((each) => each === choice);
  return preset === undefined ? readPlacementFile(choice, host, agents) : presetPlan(preset, host, agents);
}

/** Reads a plan for a run with these agents, on this host. Throws ConfigError naming each fault. */
function readPlacementFile(path: string, host: Host, agents: readonly AgentName[]): PlannedPlacement {
  const threads = parse(path, readJson(path));
  const faults = [
    ...repetitions(threads),
    ...missing(threads, agents),
    ...threads.flatMap((each, index) => faultsOf(each, `threads[${index}]`, host)),
    ...tooManySpinning(threads, host),
  ];
  refuse(path, faults);
  const { cores, canPin } = host;
  const plan = planOf({ threads: threads.map((each) => planned(each, canPin)) }, agents);
  const isPinned = threads.some((each) => each.cores !== undefined && each.cores.length < cores.length);
  return { plan, notes: isPinned && !canPin ? [`${path}: cores are left out, for this host has no taskset`] : [] };
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`--threads is shared, dedicated or a file that can be read, was ${path} (${code})`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

function parse(path: string, value: unknown): readonly Thread[] {
  const result = fileSchema.safeParse(value);
  if (result.success) return result.data.threads;
  refuse(
    path,
    result.error.issues.map(({ path: place, message }) => {
      const was = valueAt(value, place);
      return [placeText(place), was === undefined ? message : `${message}, was ${JSON.stringify(was)}`];
    }),
  );
  return [];
}

function refuse(path: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const lines = faults.map(([place, what]) => (place === "" ? what : `${place}: ${what}`));
  throw new ConfigError(`${path}: ${lines.join("; ")}`);
}

function repetitions(threads: readonly Thread[]): Fault[] {
  const faults: Fault[] = [];
  const names = new Map<string, string>();
  const agents = new Map<AgentName, string>();
  for (const [index, each] of threads.entries()) {
    const place = `threads[${index}]`;
    const twin = names.get(each.name);
    if (twin !== undefined) faults.push([`${place}.name`, `"${each.name}" is the name of ${twin} too`]);
    names.set(each.name, place);
    for (const agent of each.agents) {
      const other = agents.get(agent);
      if (other !== undefined) faults.push([`${place}.agents`, `"${agent}" is in ${other} already: place it once`]);
      agents.set(agent, place);
    }
  }
  return faults;
}

function missing(threads: readonly Thread[], agents: readonly AgentName[]): Fault[] {
  const placed = new Set(threads.flatMap((each) => each.agents));
  const left = agents.filter((agent) => !placed.has(agent));
  return left.map((agent) => ["threads", `no thread has "${agent}", which this run needs: add it to one`]);
}

function faultsOf({ agents, idle, cores = [] }: Thread, place: string, host: Host): Fault[] {
  const faults: Fault[] = [];
  const stranger = agents.find((agent) => AGENTS[agent].runner !== runnerOf(agents));
  if (stranger !== undefined) {
    const [one, other] = [agents[0], stranger].map((agent) => `"${agent}" (${AGENTS[agent].runner})`);
    faults.push([`${place}.agents`, `${one} and ${other} need different kinds of threads: place them apart`]);
  }
  const guest = agents.find((agent) => agent !== "shadow" && agent !== "preparer");
  if (agents.includes("shadow") && guest !== undefined) {
    faults.push([
      `${place}.agents`,
      `"shadow" executes strategies again, for which "${guest}" would wait: place it alone or with "preparer"`,
    ]);
  }
  if (idle === "spin" && runnerOf(agents) === "event-loop") {
    faults.push([`${place}.idle`, '"spin" would keep a thread with sockets from hearing them: use "park"']);
  }
  const strange = cores.find((core) => !host.cores.includes(core));
  if (strange !== undefined) {
    faults.push([`${place}.cores`, `there is no core ${strange} here: name some of ${host.cores.join(", ")}`]);
  }
  return faults;
}

function tooManySpinning(threads: readonly Thread[], { cores }: Host): Fault[] {
  const names = threads.filter(({ idle }) => idle === "spin").map(({ name }) => name);
  const most = cores.length - 1;
  if (names.length <= most) return [];
  const what = `${names.join(", ")} spin, but ${cores.length} cores bear ${most}`;
  return [["threads", `${what}: let ${names.length - most === 1 ? "one" : names.length - most} park`]];
}

function planned({ name, agents, idle, cores = [] }: Thread, canPin: boolean): PlannedThread {
  return { name, agents, idle: idleOf(idle, agents), cores: canPin ? cores : [] };
}

function idleOf(idle: Thread["idle"], agents: readonly AgentName[]): IdleStrategy {
  if (idle === "park") return sleepingIdle(agents);
  return idle === "spin" ? IDLE.dedicated : idle;
}

function agentsAre(): string {
  return `must be an agent: ${AGENT_NAMES.join(", ")}`;
}

function placeText(place: readonly PropertyKey[]): string {
  return place.reduce<string>(
    (text, each) =>
      typeof each === "number" ? `${text}[${each}]` : text === "" ? String(each) : `${text}.${String(each)}`,
    "",
  );
}

function valueAt(value: unknown, place: readonly PropertyKey[]): unknown {
  return place.reduce<unknown>((inner, each) => (inner as Record<PropertyKey, unknown> | undefined)?.[each], value);
}
