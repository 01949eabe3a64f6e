/**
 * A unit of work that a thread polls. It is not a thread: a runner calls it on one, and a test or the simulator steps
 * it by hand. An agent never waits; it does a bounded batch and says how much it did.
 */
export interface Agent {
  /** Names the agent in errors, counters and the topology. */
  readonly role: string;
  /** Called once, on the agent's thread, before the first work. */
  onStart?(): void;
  /** Does a bounded batch; returns how much it did, 0 for nothing. */
  work(): number;
  /**
   * Asked when the thread is about to sleep in its event loop: in how many milliseconds the agent has to be looked at
   * though nobody wakes the thread; Infinity, as without this, when never. A thread that blocks looks often enough.
   */
  nextWorkMs?(): number;
  /** Called once, also when onStart or work threw; must bear an agent that is half started. */
  onClose?(): void;
}
