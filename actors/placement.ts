/**
 * Which thread runs which agents, how it waits and on which cores: a plan, made from a preset or read from a file
 * (placement-file.ts). The rule that holds for all: never more spinning threads than the host's cores less one, for
 * who spins leaves no core to whom it waits for.
 */
import { hasTaskset, usableCores } from "./affinity.js";
import { IDLE, type IdleStrategy } from "./agent/idle.js";
import { AGENT_NAMES, AGENTS, type AgentName, type RunnerKind } from "./topology.js";

export interface PlannedThread {
  readonly name: string;
  /** At least one; all of the same kind. The thread is known by the first. */
  readonly agents: readonly AgentName[];
  readonly idle: IdleStrategy;
  /** Numbers of the cores that it may run on; none means all. */
  readonly cores: readonly number[];
}

export interface ThreadPlan {
  readonly threads: readonly PlannedThread[];
}

/** `shared`: every thread sleeps when it is idle, and none is pinned. `dedicated`: the engine spins. */
export type Placement = "shared" | "dedicated";
export const PLACEMENTS: readonly Placement[] = ["shared", "dedicated"];

/** A plan, and what of the wish could not be had here, a line each. */
export interface PlannedPlacement {
  readonly plan: ThreadPlan;
  readonly notes: readonly string[];
}

/** What a host offers. */
export interface Host {
  /** Numbers of the cores that this process may use. */
  readonly cores: readonly number[];
  readonly canPin: boolean;
}

export const thisHost = (): Host => ({ cores: usableCores(), canPin: hasTaskset() });

const PRESET_THREADS: Readonly<Record<string, readonly AgentName[]>> = {
  feeds: ["feeds"],
  engine: ["engine"],
  venue: ["venue"],
  gateway: ["gateway"],
  journal: ["journal"],
  archive: ["preparer", "shadow"],
  store: ["store"],
};

/** Of these, a run has one. */
const EITHER: readonly AgentName[] = ["venue", "gateway"];

/**
 * A preset on a host. With `dedicated` the engine spins, and when there are more cores than threads each has one to
 * itself, from the second on; on a host with a single core it sleeps like the others.
 */
export function presetPlan(
  preset: Placement,
  { cores, canPin }: Host,
  agents: readonly AgentName[] = AGENT_NAMES,
): PlannedPlacement {
  const wanted = Object.entries(PRESET_THREADS).map(([name, all]) => ({
    name,
    agents: all.filter((agent) => agents.includes(agent)),
  }));
  const threads = wanted.filter((each) => each.agents.length > 0);
  const mayPin = preset === "dedicated" && canPin && cores.length > rivals(threads);
  const maySpin = preset === "dedicated" && cores.length > 1;
  let nextCore = 0;
  const plan = threads.map(({ name, agents }): PlannedThread => {
    // The gateway never runs beside the simulated venue, and has its core.
    if (!(EITHER.includes(agents[0]) && name === "gateway")) nextCore += 1;
    return {
      name,
      agents,
      idle: maySpin && name === "engine" ? IDLE.dedicated : sleepingIdle(agents),
      cores: mayPin ? [cores[nextCore]] : [],
    };
  });
  const notes = preset === "dedicated" && !maySpin ? [TOO_SMALL] : [];
  return { plan: { threads: plan }, notes };
}

const TOO_SMALL = "--threads dedicated lets the engine spin, which takes 2 cores; there is 1, and every thread sleeps";

/** Threads that may run at the same time. */
function rivals(threads: readonly { readonly agents: readonly AgentName[] }[]): number {
  const either = threads.filter(({ agents }) => agents.some((agent) => EITHER.includes(agent))).length;
  return threads.length - Math.max(either - 1, 0);
}

/** How a thread waits that is not to spin: nobody waits for agents that only read files, and looking costs. */
export function sleepingIdle(agents: readonly AgentName[]): IdleStrategy {
  if (runnerOf(agents) === "event-loop") return IDLE.eventLoop;
  return agents.every((agent) => agent === "preparer" || agent === "shadow") ? IDLE.background : IDLE.shared;
}

export const runnerOf = (agents: readonly AgentName[]): RunnerKind => AGENTS[agents[0]].runner;

export const spins = ({ idle }: Pick<PlannedThread, "idle">): boolean => idle.spinsMax === Number.POSITIVE_INFINITY;

/** The thread that an agent runs on. Throws for one that the plan leaves out. */
export function threadOf({ threads }: ThreadPlan, agent: AgentName): PlannedThread {
  const found = threads.find(({ agents }) => agents.includes(agent));
  if (found === undefined) throw new RangeError(`the plan of the threads has no ${agent}: place it on one`);
  return found;
}

/** The plan without the agents that a run does not have. */
export function planOf({ threads }: ThreadPlan, agents: readonly AgentName[]): ThreadPlan {
  const kept = threads.map((each) => ({ ...each, agents: each.agents.filter((agent) => agents.includes(agent)) }));
  return { threads: kept.filter((each) => each.agents.length > 0) };
}
