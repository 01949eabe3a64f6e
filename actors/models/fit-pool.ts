/**
 * Threads that fit models, away from every thread that trades. They come with the first job and go when there has been
 * none for a while, so that a run whose strategies ask for nothing has none. At its bound the pool takes no more jobs.
 */
import type { Piscina } from "piscina";
import type { FitJob } from "../../engine/index.js";
import { builtActors } from "../spawn-thread.js";
import type { fit } from "./fit-worker.js";

export type TimedFit = ReturnType<typeof fit>;

export interface FitPoolOptions {
  /** Fits at the same time. */
  readonly threads?: number;
  /** Jobs that may wait beside those. */
  readonly waitingMax?: number;
  /** A fit that takes longer is given up, milliseconds. */
  readonly limitMs?: number;
  /** The module that fits, by its URL; by default the built one. */
  readonly worker?: string;
}

const LIMIT_MS = 60_000;
const IDLE_MS = 10_000;
/** Of the Unix scale: whoever trades goes first, also on the same core. */
const NICE = 10;

export class FitPool {
  private readonly threads: number;
  private readonly jobsMax: number;
  private readonly limitMs: number;
  private readonly worker: string;
  private pool: Promise<Piscina> | null = null;
  private isClosed = false;
  private jobs = 0;
  /** Those that wait for their turn; the library's own queue keeps no order while its threads begin. */
  private readonly turns: (() => void)[] = [];

  constructor({ threads = 1, waitingMax = 16, limitMs = LIMIT_MS, worker }: FitPoolOptions = {}) {
    this.threads = threads;
    this.jobsMax = threads + waitingMax;
    this.limitMs = limitMs;
    this.worker = worker ?? new URL("models/fit-worker.js", builtActors()).href;
  }

  /** Jobs that are not done. */
  get underWay(): number {
    return this.jobs;
  }

  /** Whether another job would be too many. */
  get isFull(): boolean {
    return this.jobs >= this.jobsMax;
  }

  /** Rejects when the job cannot be done, its thread dies, or it takes too long. */
  async fit(job: FitJob): Promise<TimedFit> {
    this.jobs += 1;
    if (this.jobs > this.threads) await new Promise<void>((begin) => this.turns.push(begin));
    try {
      if (this.isClosed) throw new Error("the pool is closed");
      this.pool ??= this.open();
      const pool = await this.pool;
      return await pool.run(job, { signal: AbortSignal.timeout(this.limitMs) });
    } finally {
      this.jobs -= 1;
      this.turns.shift()?.();
    }
  }

  /** Ends the threads, in the middle of their work if need be; jobs that are not done are rejected. */
  async close(): Promise<void> {
    this.isClosed = true;
    await (await this.pool)?.destroy();
  }

  private async open(): Promise<Piscina> {
    const { Piscina: Threads } = await import("piscina");
    const { threads: maxThreads, worker: filename } = this;
    const pool = new Threads({
      ...{ filename, name: "fit", minThreads: 0, maxThreads, maxQueue: maxThreads },
      ...{ idleTimeout: IDLE_MS, niceIncrement: NICE, recordTiming: false, env: {} },
    });
    // A thread that ends outside of a job: unheard it would end the process, and its jobs would wait for ever.
    pool.on("error", () => {
      this.pool = null;
      void pool.destroy();
    });
    return pool;
  }
}
