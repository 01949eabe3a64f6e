/**
 * Watches the worker threads: each must say that it is ready, go on beating, and end only when it was asked to. A
 * thread that fails is started again, left out, or reported, as restart-policy.ts has it; the session then stops the
 * rest in order.
 */
import { MessageChannel, type MessagePort, type Worker } from "node:worker_threads";
import { ConfigError } from "../engine/index.js";
import { threadOf } from "./placement.js";
import { RestartPolicy } from "./restart-policy.js";
import { spawnThread } from "./spawn-thread.js";
import { Departures } from "./threads/crew.js";
import type { ThreadMessage, ThreadOrder } from "./threads/thread.js";
import type { ThreadContext, ThreadData } from "./threads/thread-data.js";
import type { AgentName } from "./topology.js";

const READY_MS = 20_000;
/** The engine recovers first, and without a snapshot that is everything since the first life. */
const RECOVERED_MS = 1_800_000;
/** Errors whose message says all there is to say, from whichever thread it comes. */
const OWN_WORDS = ["TapeError", "ReplayDivergence"];
/** A thread that asked to stop and does not is terminated after this. */
const STOP_MS = 10_000;
/** A thread that has not beaten for this long is stalled; the engine's, when it is inside a strategy. */
const STALL_MS = 10_000;
const STRATEGY_STALL_MS = 5_000;
/** A disk may take its time; that it is slow is the journal's own to say. */
const DISK_STALL_MS = 120_000;
const DISK_AGENTS: readonly AgentName[] = ["journal", "preparer", "shadow"];
const WATCH_MS = 500;

/** A thread ended, or stalled, although nobody asked it to. */
export class ThreadFailure extends Error {
  override readonly name = "ThreadFailure";
  /** Of the thread that failed; empty when it was none in particular. */
  readonly agents: readonly AgentName[];

  constructor(message: string, agents: readonly AgentName[] = []) {
    super(message);
    this.agents = agents;
  }
}

/** Gets an agent's port, again each time that its thread was started anew. */
export type OnPort = (port: MessagePort) => void;

export interface SupervisorEvents {
  /** The thread of these agents is gone; it may come again. */
  readonly onDown?: (agents: readonly AgentName[]) => void;
  /** These agents will not come again, and the session goes on without them. */
  readonly onQuarantined?: (agents: readonly AgentName[]) => void;
  /** What an operator should know of, in a line. */
  readonly onNote?: (line: string) => void;
}

interface Order {
  readonly data: ThreadData;
  readonly onPort: OnPort;
}

interface Watched {
  readonly name: string;
  /** Of the plan. */
  readonly agents: readonly AgentName[];
  /** Agents that were asked for and are to be there, in the order of their coming. */
  readonly orders: Map<AgentName, Order>;
  /** Who the worker was told to expect. */
  crew: readonly AgentName[];
  /** Null while it is not there. */
  worker: Worker | null;
  exited: Promise<void>;
  /** Those that have said so. */
  readonly ready: Set<AgentName>;
  readonly onReady: Map<AgentName, () => void>;
  readonly onLeft: Map<AgentName, () => void>;
  stopping: boolean;
  /** What the thread threw. */
  error: Error | null;
  /** Why we ended it. */
  fault: string;
  restarts: number;
  restartTimer: NodeJS.Timeout | undefined;
  beats: number;
  beatenAtMs: number;
}

export class Supervisor {
  /** Settles with the first failure that the session does not outlive; stays pending while all is well. */
  readonly failure: Promise<Error>;
  private readonly context: ThreadContext;
  private readonly events: SupervisorEvents;
  private readonly departures: Departures;
  private readonly policy: RestartPolicy;
  private readonly threads = new Map<string, Watched>();
  private readonly watch: NodeJS.Timeout;
  private mayRestart = false;
  private checkedAtMs = performance.now();
  private reportFailure!: (error: Error) => void;

  constructor(context: ThreadContext, events: SupervisorEvents = {}, policy = new RestartPolicy()) {
    this.context = context;
    this.policy = policy;
    this.events = events;
    this.departures = new Departures(context.views, context.map.departures);
    this.failure = new Promise((resolve) => {
      this.reportFailure = resolve;
    });
    this.watch = setInterval(() => this.checkHeartbeats(), WATCH_MS);
    this.watch.unref();
  }

  /** From here on threads that may be are started again; before, any failure is the session's. */
  allowRestarts(): void {
    this.mayRestart = true;
  }

  /** Starts an agent on the thread that the plan has for it, and waits until it has joined its rings. */
  async start<Data extends ThreadData>(agent: AgentName, data: Data, onPort: OnPort = () => {}): Promise<void> {
    const thread = this.threadFor(agent);
    thread.orders.set(agent, { data, onPort });
    await Promise.race([
      this.give(thread, agent),
      failed(this.failure),
      deadline(agent === "engine" ? RECOVERED_MS : READY_MS, `the ${agent} did not start`),
    ]);
  }

  /** Asks an agent to end and waits; past the deadline its thread is terminated. */
  async stop(agent: AgentName): Promise<void> {
    const thread = this.threadOf(agent);
    if (thread === undefined || !thread.orders.has(agent)) return;
    const isLast = thread.orders.size === 1;
    const hasBegun = thread.crew.every((each) => thread.ready.has(each));
    if (isLast) await this.stopThread(thread);
    else if (!hasBegun) thread.orders.delete(agent);
    else await this.letLeave(thread, agent);
  }

  /** Ends an agent's thread, which will not end by itself, and whoever is on it. */
  async terminate(agent: AgentName): Promise<void> {
    const thread = this.threadOf(agent);
    if (thread === undefined) return;
    this.forget(thread);
    await thread.worker?.terminate();
    await thread.exited;
  }

  /** Whether an agent was started and is there no more, for good. */
  hasEnded(agent: AgentName): boolean {
    const thread = this.threadOf(agent);
    return thread !== undefined && !(thread.orders.has(agent) && (thread.worker !== null || thread.restartTimer));
  }

  close(): void {
    clearInterval(this.watch);
  }

  private threadOf(agent: AgentName): Watched | undefined {
    return [...this.threads.values()].find(({ agents }) => agents.includes(agent));
  }

  private threadFor(agent: AgentName): Watched {
    const { name, agents } = threadOf(this.context.plan, agent);
    const known = this.threads.get(name);
    if (known !== undefined) return known;
    const thread: Watched = {
      ...{ name, agents, crew: agents, orders: new Map(), worker: null, exited: Promise.resolve() },
      ...{ ready: new Set(), onReady: new Map(), onLeft: new Map(), stopping: false, error: null, fault: "" },
      ...{ restarts: 0, restartTimer: undefined, beats: 0, beatenAtMs: performance.now() },
    };
    this.threads.set(name, thread);
    return thread;
  }

  /** Gives an agent to its thread, which begins with the first of them; settles when the agent is ready. */
  private give(thread: Watched, agent: AgentName): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    const { data: given, onPort } = thread.orders.get(agent)!;
    const data = { ...given, restarts: thread.restarts };
    const ready = new Promise<void>((resolve) => thread.onReady.set(agent, resolve));
    onPort(port1);
    if (thread.worker === null) this.spawn(thread, agent, data, port2);
    else
      thread.worker.postMessage({ type: "join", order: { agent, data, port: port2 } } satisfies ThreadOrder, [port2]);
    return ready;
  }

  private spawn(thread: Watched, agent: AgentName, data: ThreadData, port: MessagePort): void {
    const crew = thread.restarts > 0 ? [...thread.orders.keys()] : thread.agents;
    const worker = spawnThread(agent, data, { crew, port });
    thread.crew = crew;
    thread.worker = worker;
    thread.error = null;
    thread.fault = "";
    thread.beatenAtMs = performance.now();
    worker.on("message", (message: ThreadMessage) => this.hear(thread, message));
    worker.on("error", (error: Error) => {
      thread.error = error;
    });
    thread.exited = new Promise((resolve) => {
      worker.once("exit", () => {
        this.onExit(thread);
        resolve();
      });
    });
  }

  private hear(thread: Watched, { type, agent }: ThreadMessage): void {
    if (type === "ready") {
      thread.ready.add(agent);
      thread.beatenAtMs = performance.now();
      thread.onReady.get(agent)?.();
    }
    if (type === "left") thread.onLeft.get(agent)?.();
  }

  private onExit(thread: Watched): void {
    const { error, fault, ready, orders } = thread;
    const wasReady = [...orders.keys()].every((agent) => ready.has(agent));
    thread.worker = null;
    ready.clear();
    const why = error?.message ?? (fault || "it ended by itself");
    if (thread.stopping && error === null) return;
    if (thread.stopping) this.reportFailure(failureOf(thread, why));
    else if (wasReady || thread.restarts > 0) this.onFailed(thread, why);
    else this.refuse(thread, error);
  }

  private onFailed(thread: Watched, why: string): void {
    const agents = [...thread.orders.keys()];
    const failure = failureOf(thread, why);
    const next = this.mayRestart
      ? this.policy.after(thread.name, agents, performance.now())
      : { action: "stop" as const };
    this.events.onDown?.(agents);
    if (next.action === "restart") this.restartLater(thread, failure, next.delayMs);
    else if (next.action === "quarantine") this.quarantine(thread, failure);
    else this.reportFailure(failure);
  }

  private restartLater(thread: Watched, failure: ThreadFailure, delayMs: number): void {
    this.context.counters.add("thread.restarts", 1);
    this.tell(failure, `it is started again in ${delayMs / 1000} s`);
    thread.restartTimer = setTimeout(() => void this.restart(thread), delayMs);
  }

  /** A thread that does not come is asked no more than one that fails later. */
  private async restart(thread: Watched): Promise<void> {
    const { orders } = thread;
    thread.restartTimer = undefined;
    thread.restarts += 1;
    this.controlOf(thread).reset();
    const late = setTimeout(() => {
      thread.fault = `it did not start within ${READY_MS / 1000} s`;
      void thread.worker?.terminate();
    }, READY_MS);
    const comings = [...orders.keys()].map((agent) => this.give(thread, agent));
    await Promise.race([Promise.all(comings), thread.exited]);
    clearTimeout(late);
  }

  private quarantine(thread: Watched, failure: ThreadFailure): void {
    this.context.counters.add("thread.quarantined", 1);
    this.forget(thread);
    this.tell(failure, "the run goes on without it");
    this.events.onQuarantined?.(failure.agents);
  }

  private tell({ message }: ThreadFailure, what: string): void {
    const line = `${message}; ${what}`;
    this.context.recordError(new Error(line), "supervisor");
    this.events.onNote?.(line);
  }

  private async stopThread(thread: Watched): Promise<void> {
    this.forget(thread);
    if (thread.worker === null) return;
    this.controlOf(thread).requestStop();
    await this.inTime(thread, thread.exited);
  }

  /** The others on the thread go on. */
  private async letLeave(thread: Watched, agent: AgentName): Promise<void> {
    const left = new Promise<void>((resolve) => thread.onLeft.set(agent, resolve));
    this.departures.ask(agent);
    this.controlOf(thread).doorbell.ring();
    await this.inTime(thread, Promise.race([left, thread.exited]));
    thread.orders.delete(agent);
  }

  /** Nobody is expected of it any more, and its end is nobody's failure. */
  private forget(thread: Watched): void {
    thread.stopping = true;
    clearTimeout(thread.restartTimer);
    thread.restartTimer = undefined;
    thread.orders.clear();
  }

  private async inTime(thread: Watched, ending: Promise<void>): Promise<void> {
    const timer = setTimeout(() => {
      const why = `the ${thread.name} thread did not stop within ${STOP_MS / 1000} s and was terminated`;
      this.reportFailure(new ThreadFailure(why, thread.agents));
      thread.stopping = true;
      void thread.worker?.terminate();
    }, STOP_MS);
    await ending;
    clearTimeout(timer);
  }

  private checkHeartbeats(): void {
    const nowMs = performance.now();
    // The whole process was stopped for a while: nobody has beaten, and nobody is to blame.
    const hasSlept = nowMs - this.checkedAtMs > 4 * WATCH_MS;
    this.checkedAtMs = nowMs;
    for (const thread of this.threads.values()) {
      if (hasSlept) thread.beatenAtMs = nowMs;
      const { beats } = this.controlOf(thread);
      const isExpected = thread.worker !== null && !thread.stopping && thread.ready.size >= thread.orders.size;
      if (beats !== thread.beats || beats === 0 || !isExpected) {
        thread.beats = beats;
        thread.beatenAtMs = nowMs;
      } else if (nowMs - thread.beatenAtMs > this.stallMs(thread)) {
        this.onStalled(thread);
      }
    }
  }

  /** The session itself ends a thread that it does not outlive: it may still have to save what that one did. */
  private onStalled(thread: Watched): void {
    const why = `it has not beaten for ${this.stallMs(thread) / 1000} s`;
    if (!this.mayRestart || !this.policy.mayGoOn([...thread.orders.keys()])) {
      this.reportFailure(failureOf(thread, why));
      return;
    }
    thread.fault = why;
    thread.beatenAtMs = performance.now();
    void thread.worker?.terminate();
  }

  private stallMs({ agents }: Watched): number {
    if (agents.includes("engine") && this.context.running[1] !== 0) return STRATEGY_STALL_MS;
    return agents.some((agent) => DISK_AGENTS.includes(agent)) ? DISK_STALL_MS : STALL_MS;
  }

  private controlOf({ agents }: Watched) {
    return this.context.controls[agents[0]];
  }

  /** A thread that does not start may have been asked for what cannot be; exit codes depend on it. */
  private refuse(thread: Watched, error: Error | null): void {
    const { name: kind, message } = error ?? { name: "", message: "it ended by itself" };
    if (kind === "ConfigError") this.reportFailure(new ConfigError(message));
    else if (OWN_WORDS.includes(kind)) this.reportFailure(new ThreadFailure(message, thread.agents));
    else this.reportFailure(failureOf(thread, message));
  }
}

const failureOf = ({ name, agents }: Watched, why: string): ThreadFailure =>
  new ThreadFailure(`the ${name} thread failed: ${why}`, agents);

async function failed(failure: Promise<Error>): Promise<never> {
  throw await failure;
}

function deadline(ms: number, what: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new ThreadFailure(`${what} within ${ms / 1000} s`)), ms).unref();
  });
}
