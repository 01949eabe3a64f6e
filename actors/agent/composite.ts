/**
 * Several agents as one, run in the order given. It owns their lifetime: what was begun is closed, each once, in order,
 * whatever the others throw. It does not decide when to work or when to stop; a runner or a test does.
 */
import type { Agent } from "./agent.js";
import type { DutyCycle } from "./duty-cycle.js";

export class CompositeAgent implements Agent {
  readonly role: string;
  private readonly agents: readonly Agent[];
  private readonly duty: DutyCycle | null;
  /** Agents whose onStart was begun, and so have to be closed. */
  private begun = 0;
  /** The agent at work, so that an error can be laid at its door. */
  private current = 0;

  /** With `duty`, what each agent does is counted there. */
  constructor(agents: readonly Agent[], duty: DutyCycle | null = null) {
    if (agents.length === 0) throw new RangeError("a thread runs at least one agent (was an empty list)");
    this.agents = agents;
    this.duty = duty;
    duty?.name(agents.map(({ role }) => role));
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
    const { agents, duty } = this;
    let done = 0;
    for (let next = 0; next < agents.length; next += 1) {
      this.current = next;
      const items = agents[next].work();
      if (items === 0) continue;
      done += items;
      if (duty !== null) duty.worked(next, items);
    }
    return done;
  }

  /** The soonest of the agents' own; Infinity when none has to be looked at unasked. */
  nextWorkMs(): number {
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const agent of this.agents) {
      const dueMs = agent.nextWorkMs?.() ?? Number.POSITIVE_INFINITY;
      if (dueMs < soonestMs) soonestMs = dueMs;
    }
    return soonestMs;
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
