/**
 * The one table of what runs: which agents exist, which kind of thread each needs, and which ring joins whom. On which
 * thread each runs is a plan (placement.ts). A ring has one producer; a thread has one doorbell, which the producers of
 * the rings of its agents ring.
 */

/**
 * How a thread passes its time. A blocking one never returns to its event loop, and sleeps at its doorbell; an
 * event-loop one has sockets.
 */
export type RunnerKind = "blocking" | "event-loop";

export const AGENTS = {
  feeds: { runner: "event-loop" },
  engine: { runner: "blocking" },
  /** In a paper run the simulated venue stands in the gateway's place. */
  venue: { runner: "blocking" },
  /** Sends orders to a venue that is elsewhere; instead of `venue`, in its place on the log. */
  gateway: { runner: "event-loop" },
  journal: { runner: "blocking" },
  /** Behind the journal: room for its next segment. */
  preparer: { runner: "blocking" },
  /** Behind the journal: executes it again, and makes the snapshots. */
  shadow: { runner: "blocking" },
  /** Only with a time-series store. It reads segment files, not a ring. */
  store: { runner: "event-loop" },
} as const satisfies Record<string, { readonly runner: RunnerKind }>;

export type AgentName = keyof typeof AGENTS;
export const AGENT_NAMES = Object.keys(AGENTS) as AgentName[];

/**
 * Who has control words: the main thread, which runs supervision, the clock, operators' commands and the stream, and
 * every agent. A worker's own are those of the first agent on it.
 */
export type ThreadName = "main" | AgentName;
export const THREAD_NAMES: readonly ThreadName[] = ["main", ...AGENT_NAMES];

const MIB = 1024 * 1024;

/** Point-to-point rings. Capacities are powers of two. */
export const RINGS = {
  market: { from: ["feeds"], to: "engine", capacity: 8 * MIB },
  control: { from: ["main"], to: "engine", capacity: MIB },
  report: { from: ["venue", "gateway"], to: "engine", capacity: 4 * MIB },
} as const satisfies Record<string, { from: readonly ThreadName[]; to: ThreadName; capacity: number }>;

export type RingName = keyof typeof RINGS;

/** The log: written by the engine. The writer waits for the gating followers and never for the lossy ones. */
export const LOG = {
  from: "engine",
  capacity: 32 * MIB,
  gating: ["journal", "venue"],
  lossy: ["main"],
} as const;

/** Cursor of a gating follower on the log; the gateway has the venue's. */
export const logSlot = (follower: (typeof LOG.gating)[number]): number => LOG.gating.indexOf(follower);

/** Order in which agents are stopped: sources first, then what they feed, so that nothing under way is lost. */
export const STOP_ORDER: readonly AgentName[] = [
  "feeds",
  "engine",
  "venue",
  "gateway",
  "journal",
  "preparer",
  "shadow",
  "store",
];
