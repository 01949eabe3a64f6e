/**
 * Runs agents on a thread that also has sockets and timers: some duty cycles, then a turn of the event loop, then
 * more. When there is nothing to do it sleeps in the event loop until its doorbell rings, a handler on the thread wakes
 * it, or an agent asked to be looked at; it does not poll. The contract towards agents is that of blocking-runner.ts:
 * the same agents run on either.
 */
import { performance } from "node:perf_hooks";
import type { Agent } from "./agent.js";
import type { AgentErrorHandler } from "./blocking-runner.js";
import { CompositeAgent } from "./composite.js";
import type { DutyCycle } from "./duty-cycle.js";
import { IdleCount, type IdleStrategy } from "./idle.js";
import type { ThreadControl } from "./thread-control.js";

/** Duty cycles between two turns of the event loop; a socket waits for no more than these. */
const CYCLES_PER_TURN = 16;

/** Milliseconds that the event loop of this thread has waited for something to happen, since it began. */
export type LoopIdleMs = () => number;
const ownLoopIdleMs: LoopIdleMs = () => performance.nodeTiming.idleTime;

export class EventLoopRunner {
  /** Settles when all agents are closed; rejects with the error of the one that failed. */
  readonly done: Promise<void>;
  private readonly crew: CompositeAgent;
  private readonly control: ThreadControl;
  private readonly idle: IdleCount;
  private readonly parkMs: number;
  private readonly onError: AgentErrorHandler;
  private readonly duty: DutyCycle;
  private readonly loopIdleMs: LoopIdleMs;
  private readonly settle: { resolve: () => void; reject: (error: unknown) => void };
  private state: "new" | "running" | "closed" = "new";
  private turnPending = false;
  private bellPending = false;
  private isParked = false;
  private isRung = false;
  private loopIdleShownMs: number;
  /** Keeps the thread alive while it sleeps, and its heart beating: a pending wait at a doorbell does neither. */
  private heartbeat: NodeJS.Timeout | undefined;
  /** Ends the sleep when an agent asked for it. */
  private timer: NodeJS.Timeout | undefined;
  private lingering: NodeJS.Timeout | undefined;

  constructor(
    agents: readonly Agent[],
    control: ThreadControl,
    idle: IdleStrategy,
    onError: AgentErrorHandler,
    loopIdleMs: LoopIdleMs = ownLoopIdleMs,
  ) {
    this.duty = control.dutyCycle();
    this.crew = new CompositeAgent(agents, this.duty);
    this.control = control;
    this.idle = new IdleCount(idle);
    this.parkMs = idle.parkMs;
    this.onError = onError;
    this.loopIdleMs = loopIdleMs;
    this.loopIdleShownMs = loopIdleMs();
    let settle!: typeof this.settle;
    this.done = new Promise<void>((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.settle = settle;
    // onError has been told by then: an owner that does not look at `done` must not end the process by that.
    this.done.catch(() => {});
  }

  /** Starts the agents and keeps the thread alive until stop. Returns at once; see `done`. */
  start(): this {
    if (this.state !== "new") throw new Error(`a runner starts once (was ${this.state}): make a new one`);
    this.state = "running";
    this.heartbeat = setInterval(this.wake, this.parkMs);
    this.attempt(() => this.crew.onStart());
    this.wake();
    return this;
  }

  /** Asks for the end, as another thread does through the control words; settles when all agents are closed. */
  stop(): Promise<void> {
    this.control.requestStop();
    this.wake();
    return this.done;
  }

  /** Ends the sleep: for a socket's handler on this thread that has left its agent something to do. */
  readonly wake = (): void => {
    if (this.turnPending || this.state !== "running") return;
    this.turnPending = true;
    setImmediate(this.turn);
  };

  /** Ends the sleep in so many milliseconds, or as soon as an earlier call asked for; cheap enough for every frame. */
  wakeWithin(ms: number): void {
    if (this.turnPending || this.lingering !== undefined || this.state !== "running") return;
    this.lingering = setTimeout(this.wake, ms);
  }

  private readonly turn = (): void => {
    this.turnPending = false;
    if (this.state !== "running") return;
    this.clearTimers();
    this.control.doorbell.disarm();
    this.showSleep();
    this.attempt(() => this.workSomeCycles());
    this.duty.pause();
  };

  private workSomeCycles(): void {
    for (let cycle = 0; cycle < CYCLES_PER_TURN; cycle += 1) {
      if (this.control.stopRequested) {
        this.close(undefined);
        return;
      }
      const done = this.cycle();
      if (this.idle.shouldPark(done)) {
        this.park();
        return;
      }
    }
    this.wake();
  }

  private cycle(): number {
    const done = this.crew.work();
    this.control.beat();
    this.duty.count(done);
    return done;
  }

  /** The duty cycle between arming and sleeping is the look at every ring that the doorbell asks for. */
  private park(): void {
    this.control.doorbell.arm();
    if (this.control.stopRequested || this.cycle() > 0) {
      this.wake();
      return;
    }
    const dueMs = this.crew.nextWorkMs();
    if (dueMs < this.parkMs) this.timer = setTimeout(this.wake, Math.max(1, Math.ceil(dueMs)));
    this.isParked = true;
    this.duty.park();
    this.listen();
  }

  /** At most one wait is outstanding: when the thread woke for another reason, the same wait goes on. */
  private listen(): void {
    if (this.bellPending) return;
    this.bellPending = true;
    void this.control.doorbell.waitAsync().then(() => {
      this.bellPending = false;
      this.isRung = true;
      this.wake();
    });
  }

  /** Between two sleeps handlers of sockets may have worked: what was sleep is what the loop says it waited. */
  private showSleep(): void {
    const idleMs = this.loopIdleMs();
    this.duty.slept((idleMs - this.loopIdleShownMs) * 1000);
    this.loopIdleShownMs = idleMs;
    if (this.isParked) this.duty.wakeAfter(this.isRung);
    this.isParked = false;
    this.isRung = false;
  }

  private clearTimers(): void {
    clearTimeout(this.timer);
    clearTimeout(this.lingering);
    this.lingering = undefined;
  }

  private attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.onError(error, this.crew.currentRole);
      this.close({ error });
    }
  }

  private close(failure: { error: unknown } | undefined): void {
    this.state = "closed";
    this.clearTimers();
    clearInterval(this.heartbeat);
    try {
      this.crew.onClose();
    } catch (error) {
      failure ??= { error };
      this.onError(error, this.crew.currentRole);
    }
    this.duty.show();
    if (failure === undefined) this.settle.resolve();
    else this.settle.reject(failure.error);
  }
}
