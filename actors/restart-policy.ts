/**
 * What follows when a thread ends by an error or stalls. A thread that can be left for a while without harm is started
 * again, after a delay that doubles; when that does not help, it is left out if a session without it is whole but for
 * its convenience, and otherwise the session stops: an engine of which a part is missing must not trade. The delays
 * have no jitter, because nobody else restarts at the same time.
 */
import type { AgentName } from "./topology.js";

interface Rule {
  readonly restarts: boolean;
  /** When restarts did not help, or there are none. */
  readonly otherwise: "quarantine" | "stop";
}

const RULES: Readonly<Record<AgentName, Rule>> = {
  /** Trading is suspended meanwhile; the books are joined anew. */
  feeds: { restarts: true, otherwise: "stop" },
  /** A strategy at fault is left out by a verdict, and the session begins anew. */
  engine: { restarts: false, otherwise: "stop" },
  /** Its orders would be forgotten, and they are the account's. */
  venue: { restarts: false, otherwise: "stop" },
  /** What became of the requests under way only a new life's questions find out. */
  gateway: { restarts: false, otherwise: "stop" },
  /** Nothing may be decided that is not recorded. */
  journal: { restarts: false, otherwise: "stop" },
  /** The journal makes its own room, more slowly. */
  preparer: { restarts: true, otherwise: "quarantine" },
  /** It begins again from the newest snapshot; without it the next recovery takes longer. */
  shadow: { restarts: true, otherwise: "quarantine" },
  /** It goes on from its cursor, in this run or a later one. */
  store: { restarts: true, otherwise: "quarantine" },
};

const RESTARTS_MAX = 5;
const WINDOW_MS = 600_000;
const FIRST_DELAY_MS = 1_000;

export type AfterFailure =
  | { readonly action: "restart"; readonly delayMs: number }
  | { readonly action: "quarantine" | "stop" };

export class RestartPolicy {
  /** By thread: when it was started again, within the window. */
  private readonly restarts = new Map<string, readonly number[]>();
  private readonly firstDelayMs: number;

  constructor(firstDelayMs = FIRST_DELAY_MS) {
    this.firstDelayMs = firstDelayMs;
  }

  /** Whether a session may outlive the failure of a thread with these agents. */
  mayGoOn(agents: readonly AgentName[]): boolean {
    return agents.every((agent) => RULES[agent].restarts || RULES[agent].otherwise === "quarantine");
  }

  /** What to do with a thread that has just failed. Of its agents the one that bears least decides. */
  after(thread: string, agents: readonly AgentName[], nowMs: number): AfterFailure {
    const rules = agents.map((agent) => RULES[agent]);
    const recent = (this.restarts.get(thread) ?? []).filter((atMs) => nowMs - atMs < WINDOW_MS);
    if (rules.every(({ restarts }) => restarts) && recent.length < RESTARTS_MAX) {
      this.restarts.set(thread, [...recent, nowMs]);
      return { action: "restart", delayMs: this.firstDelayMs * 2 ** recent.length };
    }
    return { action: rules.every(({ otherwise }) => otherwise === "quarantine") ? "quarantine" : "stop" };
  }
}
