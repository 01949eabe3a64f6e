/**
 * Several agents as one, run in the order given. It owns their lifetime: what was begun is closed, each once, in order,
 * whatever the others throw. It does not decide when to work or when to stop; a runner or a test does.
 */
import type { Agent } from "./agent.js";

export class CompositeAgent implements Agent {
  readonly role: string;
  private readonly agents: readonly Agent[];
  /** Agents whose onStart was begun, and so have to be closed. */
  private begun = 0;
  /** The agent at work, so that an error can be laid at its door. */
  private current = 0;

  constructor(agents: readonly Agent[]) {
    if (agents.length === 0) throw new RangeError("a thread runs at least one agent (was an empty list)");
    this.agents = agents;
    this.role = agents.map((agent) => agent.role).join("+");
  }

  /** The role of the agent that works, or that threw last. */
  get currentRole(): string {
    return this.agents[this.current].role;
  }

  onStart(): void {
    while (this.begun < this.agents.length) {
      this.current = this.begun;
      this.begun += 1;
      this.agents[this.current].onStart?.();
    }
  }

  work(): number {
    const agents = this.agents;
    let done = 0;
    for (let next = 0; next < agents.length; next += 1) {
      this.current = next;
      done += agents[next].work();
    }
    return done;
  }

  /** Closes every agent begun, even if one throws; then throws the first of their errors. */
  onClose(): void {
    const begun = this.begun;
    this.begun = 0;
    let failed = -1;
    let failure: unknown;
    for (let next = 0; next < begun; next += 1) {
      this.current = next;
      try {
        this.agents[next].onClose?.();
      } catch (error) {
        if (failed === -1) [failed, failure] = [next, error];
      }
    }
    if (failed === -1) return;
    this.current = failed;
    throw failure;
  }
}
