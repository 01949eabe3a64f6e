/**
 * Runs agents on a thread that also has sockets and timers: some duty cycles, then a turn of the event loop, then
 * more. When there is nothing to do it sleeps in the event loop until its doorbell rings. The contract towards agents
 * is that of blocking-runner.ts: the same agents run on either.
 */
import type { Agent } from "./agent.js";
import type { AgentErrorHandler } from "./blocking-runner.js";
import { CompositeAgent } from "./composite.js";
import { IdleCount, type IdleStrategy } from "./idle.js";
import type { ThreadControl } from "./thread-control.js";

/** Duty cycles between two turns of the event loop; a socket waits for no more than these. */
const CYCLES_PER_TURN = 16;

export class EventLoopRunner {
  /** Settles when all agents are closed; rejects with the error of the one that failed. */
  readonly done: Promise<void>;
  private readonly crew: CompositeAgent;
  private readonly control: ThreadControl;
  private readonly idle: IdleCount;
  private readonly parkMs: number;
  private readonly onError: AgentErrorHandler;
  private readonly settle: { resolve: () => void; reject: (error: unknown) => void };
  private state: "new" | "running" | "closed" = "new";
  private turnPending = false;
  private bellPending = false;
  /** Keeps the thread alive while it sleeps, and ends the sleep. */
  private timer: NodeJS.Timeout | undefined;

  constructor(agents: readonly Agent[], control: ThreadControl, idle: IdleStrategy, onError: AgentErrorHandler) {
    this.crew = new CompositeAgent(agents);
    this.control = control;
    this.idle = new IdleCount(idle);
    this.parkMs = idle.parkMs;
    this.onError = onError;
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

  /** Ends the sleep early: for a socket's handler on this thread that has left its agent something to do. */
  wake(): void {
    if (this.turnPending || this.state !== "running") return;
    this.turnPending = true;
    setImmediate(this.turn);
  }

  private readonly turn = (): void => {
    this.turnPending = false;
    clearTimeout(this.timer);
    if (this.state !== "running") return;
    this.control.doorbell.disarm();
    this.attempt(() => this.workSomeCycles());
  };

  private workSomeCycles(): void {
    for (let cycle = 0; cycle < CYCLES_PER_TURN; cycle += 1) {
      if (this.control.stopRequested) {
        this.close(undefined);
        return;
      }
      const done = this.crew.work();
      this.control.beat();
      if (this.idle.shouldPark(done)) {
        this.park();
        return;
      }
    }
    this.wake();
  }

  /** The duty cycle between arming and sleeping is the look at every ring that the doorbell asks for. */
  private park(): void {
    this.control.doorbell.arm();
    if (this.control.stopRequested || this.crew.work() > 0) {
      this.wake();
    } else {
      this.timer = setTimeout(this.turn, this.parkMs);
      this.listen();
    }
  }

  /** At most one wait is outstanding: after a timeout the bell is armed again and the same wait goes on. */
  private listen(): void {
    if (this.bellPending) return;
    this.bellPending = true;
    void this.control.doorbell.waitAsync().then(() => {
      this.bellPending = false;
      this.wake();
    });
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
    try {
      this.crew.onClose();
    } catch (error) {
      failure ??= { error };
      this.onError(error, this.crew.currentRole);
    }
    if (failure === undefined) this.settle.resolve();
    else this.settle.reject(failure.error);
  }
}
