/** What a thread gets from each of its agents' entries: the agent, and how it ends where that takes time. */
import type { MessagePort } from "node:worker_threads";
import type { Agent } from "../agent/agent.js";

export interface Hosted {
  readonly agent: Agent;
  /** Ends what the closed agent has under way, on a thread with an event loop. */
  readonly finish?: () => Promise<void>;
}

/** What an entry may use beside its context. */
export interface Surroundings {
  /** To and from the main thread, for this agent alone. */
  readonly port: MessagePort;
  /** Ends the thread's sleep early: something has arrived that the agent has to look at. */
  readonly wake: () => void;
  /** The same, in so many milliseconds at the latest: for what many small events may do together. */
  readonly wakeWithin: (ms: number) => void;
}
