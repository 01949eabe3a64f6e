/**
 * Agents of one thread, each of which may leave before the others do: a session ends in an order, and a thread that
 * two agents share must outlive the first. A word in shared memory asks an agent to leave; the thread's own stop word
 * ends them all.
 */
import type { Agent } from "../agent/agent.js";
import type { SharedViews } from "../ring/views.js";
import { AGENT_NAMES, type AgentName } from "../topology.js";

/** The words through which agents are asked to leave, zero at the start. */
export class Departures {
  static readonly bytes = AGENT_NAMES.length * Int32Array.BYTES_PER_ELEMENT;
  private readonly i32: Int32Array;
  private readonly first: number;

  constructor({ i32 }: SharedViews, base: number) {
    this.i32 = i32;
    this.first = base >> 2;
  }

  ask(agent: AgentName): void {
    Atomics.store(this.i32, this.wordOf(agent), 1);
  }

  isAsked(agent: AgentName): boolean {
    return Atomics.load(this.i32, this.wordOf(agent)) !== 0;
  }

  private wordOf(agent: AgentName): number {
    return this.first + AGENT_NAMES.indexOf(agent);
  }
}

/** An agent among others: it works until it is asked to leave, and is then closed at once. */
export class CrewMember implements Agent {
  readonly role: string;
  private readonly agent: Agent;
  private readonly isAsked: () => boolean;
  private readonly onLeft: () => void;
  private hasLeft = false;

  constructor(agent: Agent, isAsked: () => boolean, onLeft: () => void) {
    this.role = agent.role;
    this.agent = agent;
    this.isAsked = isAsked;
    this.onLeft = onLeft;
  }

  onStart(): void {
    this.agent.onStart?.();
  }

  work(): number {
    if (this.hasLeft) return 0;
    return this.isAsked() ? this.leave() : this.agent.work();
  }

  nextWorkMs(): number {
    return (this.hasLeft ? undefined : this.agent.nextWorkMs?.()) ?? Number.POSITIVE_INFINITY;
  }

  onClose(): void {
    if (!this.hasLeft) this.agent.onClose?.();
  }

  /** Marked first: an agent whose end fails is not closed a second time. */
  private leave(): number {
    this.hasLeft = true;
    this.agent.onClose?.();
    this.onLeft();
    return 1;
  }
}
