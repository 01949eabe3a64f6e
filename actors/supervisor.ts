/**
 * Watches the worker threads: each must say that it is ready, go on beating, and end only when it was asked to. What
 * goes wrong first is reported once; the session then stops the rest in order.
 */
import type { Worker } from "node:worker_threads";
import { ConfigError } from "../engine/index.js";
import type { ThreadControl } from "./agent/thread-control.js";
import { spawnThread } from "./spawn-thread.js";
import type { ReadyMessage } from "./threads/report.js";
import type { ThreadName } from "./topology.js";

export type WorkerName = Exclude<ThreadName, "main">;

const READY_MS = 20_000;
/** The engine's thread recovers first, and without a snapshot that is everything since the first life. */
const RECOVERED_MS = 1_800_000;
/** Errors whose message says all there is to say, from whichever thread it comes. */
const OWN_WORDS = ["TapeError", "ReplayDivergence"];
/** A thread that asked to stop and does not is terminated after this. */
const STOP_MS = 10_000;
/** A thread that has not beaten for this long is reported as stalled; the engine's, when it is inside a strategy. */
const STALL_MS = 10_000;
const STRATEGY_STALL_MS = 5_000;
/** A disk may take its time; that it is slow is the journal's own to say. */
const DISK_STALL_MS = 120_000;
const WATCH_MS = 500;

/** A thread ended, or stalled, although nobody asked it to. */
export class ThreadFailure extends Error {
  override readonly name = "ThreadFailure";
  /** The thread that failed; empty when it was none in particular. */
  readonly thread: WorkerName | "";

  constructor(message: string, thread: WorkerName | "" = "") {
    super(message);
    this.thread = thread;
  }
}

interface Watched {
  readonly worker: Worker;
  readonly exited: Promise<void>;
  stopping: boolean;
  ended: boolean;
  beats: number;
  beatenAtMs: number;
}

export class Supervisor {
  /** Settles with the first failure; stays pending while all is well. */
  readonly failure: Promise<Error>;
  /** See EngineParts. */
  private readonly running: Float64Array;
  private readonly controls: Readonly<Record<ThreadName, ThreadControl>>;
  private readonly threads = new Map<WorkerName, Watched>();
  private readonly watch: NodeJS.Timeout;
  private checkedAtMs = performance.now();
  private reportFailure!: (error: Error) => void;

  constructor(controls: Readonly<Record<ThreadName, ThreadControl>>, running: Float64Array = new Float64Array(2)) {
    this.controls = controls;
    this.running = running;
    this.failure = new Promise((resolve) => {
      this.reportFailure = resolve;
    });
    this.watch = setInterval(() => this.checkHeartbeats(), WATCH_MS);
    this.watch.unref();
  }

  /** Starts a thread and waits until it has joined its rings. */
  async start(name: WorkerName, data: object, onWorker: (worker: Worker) => void = () => {}): Promise<Worker> {
    const worker = spawnThread(name, data);
    onWorker(worker);
    const watched: Watched = {
      worker,
      exited: new Promise((resolve) => worker.once("exit", () => resolve())),
      stopping: false,
      ended: false,
      beats: 0,
      beatenAtMs: performance.now(),
    };
    this.threads.set(name, watched);
    let isReady = false;
    worker.on("error", (error: Error) => (isReady ? this.fail(name, error.message) : this.refuse(name, error)));
    worker.once("exit", () => {
      watched.ended = true;
      if (!watched.stopping) this.fail(name, "it ended by itself");
    });
    await Promise.race([
      readyMessage(worker),
      failed(this.failure),
      deadline(name === "engine" ? RECOVERED_MS : READY_MS, `the ${name} thread did not start`),
    ]);
    isReady = true;
    watched.beatenAtMs = performance.now();
    return worker;
  }

  /** Asks a thread to end and waits; past the deadline it is terminated. */
  async stop(name: WorkerName): Promise<void> {
    const watched = this.threads.get(name);
    if (!watched || watched.ended) return;
    watched.stopping = true;
    this.controls[name].requestStop();
    const timer = setTimeout(() => {
      this.reportFailure(
        new ThreadFailure(`the ${name} thread did not stop within ${STOP_MS / 1000} s and was terminated`, name),
      );
      void watched.worker.terminate();
    }, STOP_MS);
    await watched.exited;
    clearTimeout(timer);
  }

  /** Ends a thread that will not end by itself. */
  async terminate(name: WorkerName): Promise<void> {
    const watched = this.threads.get(name);
    if (!watched || watched.ended) return;
    watched.stopping = true;
    await watched.worker.terminate();
    await watched.exited;
  }

  /** Whether a thread was started and is there no more. */
  hasEnded(name: WorkerName): boolean {
    return this.threads.get(name)?.ended ?? false;
  }

  close(): void {
    clearInterval(this.watch);
  }

  private checkHeartbeats(): void {
    const nowMs = performance.now();
    // The whole process was stopped for a while: nobody has beaten, and nobody is to blame.
    const hasSlept = nowMs - this.checkedAtMs > 4 * WATCH_MS;
    this.checkedAtMs = nowMs;
    for (const [name, watched] of this.threads) {
      if (hasSlept) watched.beatenAtMs = nowMs;
      const { beats } = this.controls[name];
      if (beats !== watched.beats || watched.beats === 0) {
        watched.beats = beats;
        watched.beatenAtMs = nowMs;
      } else if (!watched.stopping && nowMs - watched.beatenAtMs > this.stallMs(name)) {
        this.fail(name, `it has not beaten for ${this.stallMs(name) / 1000} s`);
      }
    }
  }

  private stallMs(name: WorkerName): number {
    if (name === "journal" || name === "archive") return DISK_STALL_MS;
    return name === "engine" && this.running[1] !== 0 ? STRATEGY_STALL_MS : STALL_MS;
  }

  /** A thread that does not start may have been asked for what cannot be; exit codes depend on it. */
  private refuse(name: WorkerName, { name: kind, message }: Error): void {
    if (kind === "ConfigError") this.reportFailure(new ConfigError(message));
    else if (OWN_WORDS.includes(kind)) this.reportFailure(new ThreadFailure(message, name));
    else this.fail(name, message);
  }

  private fail(name: WorkerName, why: string): void {
    this.reportFailure(new ThreadFailure(`the ${name} thread failed: ${why}`, name));
  }
}

function readyMessage(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.on("message", (message: ReadyMessage) => {
      if (message.type === "ready") resolve();
    });
  });
}

async function failed(failure: Promise<Error>): Promise<never> {
  throw await failure;
}

function deadline(ms: number, what: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new ThreadFailure(`${what} within ${ms / 1000} s`)), ms).unref();
  });
}
