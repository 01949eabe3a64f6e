/**
 * A thread of the simulated process: an agent that is stepped when its doorbell rings, and unasked when it has slept
 * long enough, as a runner would. What its disk operations cost keeps it, and only it, from its next step.
 */
import type { Agent } from "../../../actors/agent/agent.js";
import { Doorbell } from "../../../actors/agent/doorbell.js";
import type { SharedViews } from "../../../actors/ring/views.js";
import type { VirtualClock } from "../clock.js";
import type { Random } from "../random.js";

/** Longer than a real thread sleeps, so that a run is not made of idle looks. */
const PARK_US = 50_000;
const WAKE_US = 30;

export interface SimThreadParts {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: Random;
  /** Runs a step of the agent and says how much it did; the process looks after what it throws. */
  readonly step: (agent: Agent) => number;
  readonly isDead: () => boolean;
  /** Duty cycles in one step, while there is work: with one, other threads may come between any two. */
  readonly cyclesMax: number;
}

export class SimThread {
  readonly name: string;
  private readonly parts: SimThreadParts;
  private agent: Agent | undefined;
  private freeAtUs = 0;
  private chargedUs = 0;
  private plannedUs = Number.POSITIVE_INFINITY;
  private plan = 0;

  constructor(parts: SimThreadParts) {
    this.name = parts.name;
    this.parts = parts;
  }

  start(agent: Agent): void {
    this.agent = agent;
    this.wake();
  }

  /** How far the thread's own work has moved its clock on since its step began. */
  get aheadUs(): number {
    return this.chargedUs;
  }

  /** The thread has to wait for something. */
  readonly charge = (waitUs: number): void => {
    this.chargedUs += waitUs;
  };

  /** Does nothing for a while, as when the system has no time for it. */
  stall(forUs: number): void {
    this.freeAtUs = Math.max(this.freeAtUs, this.parts.clock.nowUs + forUs);
  }

  readonly wake = (): void => {
    this.planAt(this.parts.clock.nowUs + this.parts.random.exponential(WAKE_US));
  };

  private planAt(wantedUs: number): void {
    const { clock } = this.parts;
    const atUs = Math.max(wantedUs, this.freeAtUs);
    if (atUs >= this.plannedUs) return;
    this.plannedUs = atUs;
    this.plan += 1;
    const { plan } = this;
    clock.after(atUs - clock.nowUs, () => {
      if (plan === this.plan) this.run();
    });
  }

  private run(): void {
    const { clock, step, isDead, cyclesMax } = this.parts;
    this.plannedUs = Number.POSITIVE_INFINITY;
    if (isDead() || !this.agent) return;
    if (clock.nowUs < this.freeAtUs) return this.planAt(this.freeAtUs);
    this.chargedUs = 0;
    let done = step(this.agent);
    for (let again = 1; done > 0 && again < cyclesMax && !isDead(); again += 1) done = step(this.agent);
    this.freeAtUs = clock.nowUs + this.chargedUs;
    this.chargedUs = 0;
    if (isDead()) return;
    if (done > 0) this.wake();
    else this.planAt(clock.nowUs + PARK_US);
  }
}

/** A doorbell that wakes a simulated thread. */
export class SimDoorbell extends Doorbell {
  private readonly thread: SimThread;

  constructor(views: SharedViews, thread: SimThread) {
    super(views, 0);
    this.thread = thread;
  }

  override ring(): void {
    this.thread.wake();
  }
}
