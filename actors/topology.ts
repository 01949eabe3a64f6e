/**
 * The one table of what runs where: which agents exist, on which thread each runs and with which runner, and which ring
 * joins whom. A ring has one producer; a thread has one doorbell, which the producers of its rings ring.
 */
const THREADS = {
  /** The process's own thread: supervision, the clock, operators' commands, the stream. */
  main: { runner: "event-loop", agents: ["clock", "guard", "stream"] },
  feeds: { runner: "event-loop", agents: ["feed"] },
  engine: { runner: "blocking", agents: ["engine"] },
  /** In a paper run the simulated venue stands in the gateway's place. */
  venue: { runner: "blocking", agents: ["sim-venue"] },
  /** Sends orders to a venue that is elsewhere; instead of `venue`, in its place on the log. */
  gateway: { runner: "event-loop", agents: ["gateway"] },
  journal: { runner: "blocking", agents: ["journal"] },
  /** Behind the journal: room for its next segment, the shadow that executes it again, snapshots. */
  archive: { runner: "blocking", agents: ["preparer", "shadow"] },
  /** Only with a time-series store. It reads segment files, not a ring. */
  store: { runner: "event-loop", agents: ["store"] },
} as const;

export type ThreadName = keyof typeof THREADS;
export const THREAD_NAMES = Object.keys(THREADS) as ThreadName[];

const MIB = 1024 * 1024;

/** Point-to-point rings. Capacities are powers of two. */
export const RINGS = {
  market: { from: "feeds", to: "engine", capacity: 8 * MIB },
  control: { from: "main", to: "engine", capacity: MIB },
  report: { from: "venue", to: "engine", capacity: 4 * MIB },
} as const;

export type RingName = keyof typeof RINGS;

/** The log: written by the engine. The writer waits for the gating followers and never for the lossy ones. */
export const LOG = {
  from: "engine",
  capacity: 32 * MIB,
  gating: ["journal", "venue"],
  lossy: ["main"],
} as const;

/** Cursor of a gating follower on the log. */
export const logSlot = (follower: (typeof LOG.gating)[number]): number => LOG.gating.indexOf(follower);

/** Order in which threads are stopped: sources first, then what they feed, so that nothing under way is lost. */
export const STOP_ORDER: readonly ThreadName[] = ["feeds", "engine", "venue", "gateway", "journal", "archive", "store"];
