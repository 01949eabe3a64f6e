/**
 * Runs litmus tests: bundles the thread with the product's code, starts each side on a thread of its own and adds up
 * what they counted. The memory is a new one for every test.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { build, type Plugin } from "esbuild";
import { sharedViewsOf } from "../../actors/ring/views.js";
import { createSharedMemory } from "../../wasm/index.js";
import type { Counts, Killed, Litmus } from "./litmus.js";
import { Random } from "./random.js";
import { ABORT, FINISH, STAGE_BYTES } from "./stage.js";
import type { ThreadData, ThreadResult } from "./thread.js";

const GRACE_MS = 1_000;
/** Of a side that is ended from outside, once it is under way. */
const LIFE_MS_MAX = 5;

export interface LitmusOptions {
  readonly messages: number;
  readonly seed: number;
  /** A run that takes longer is stopped and counts as unfinished. */
  readonly msMax: number;
  /** How long a sleeper may sleep before nobody was going to wake it. */
  readonly sleepMsMax: number;
}

export interface LitmusResult {
  readonly name: string;
  readonly seed: number;
  readonly messages: number;
  readonly seconds: number;
  readonly counts: Counts;
  readonly errors: readonly string[];
}

/** A built thread; `remove` deletes it. */
export interface BuiltThread {
  readonly file: string;
  remove(): void;
}

export interface Build {
  /** File of this folder. */
  readonly entry?: string;
  readonly name?: string;
  /** Rewrites lines of the product on their way. */
  readonly plugin?: Plugin;
}

/** Bundles a thread of this checkout, the litmus tests' own unless the entry is another. */
export async function buildThread(root: string, options: Build = {}): Promise<BuiltThread> {
  const { entry = "thread.ts", name = "product", plugin } = options;
  const folder = join(root, "dist", "litmus");
  const file = resolve(folder, `${name}-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(root, "tests", "litmus", entry)],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    outfile: file,
    logLevel: "warning",
    packages: "external",
    plugins: plugin === undefined ? [] : [plugin],
  });
  return { file, remove: () => rmSync(file, { force: true }) };
}

/** Runs one test. A broken promise is an outcome of the result, not an exception. */
export async function runLitmus(thread: BuiltThread, litmus: Litmus, options: LitmusOptions): Promise<LitmusResult> {
  const run = new LitmusRun(thread.file, litmus, options);
  const began = performance.now();
  try {
    await run.finish();
  } finally {
    await run.close();
  }
  const { name } = litmus;
  const seconds = (performance.now() - began) / 1000;
  return { name, seed: options.seed, messages: run.messages, seconds, counts: run.counts, errors: run.errors };
}

class LitmusRun {
  readonly counts: Counts = {};
  readonly errors: string[] = [];
  readonly messages: number;
  private readonly memory = createSharedMemory(STAGE_BYTES);
  private readonly views = sharedViewsOf(this.memory.buffer);
  private readonly workers = new Set<Worker>();

  constructor(
    private readonly file: string,
    private readonly litmus: Litmus,
    private readonly options: LitmusOptions,
  ) {
    this.messages = Math.ceil((options.messages * litmus.share) / 1000);
    litmus.prepare(this.views);
  }

  /** Settles when every side has come to its end, or the time is up. */
  async finish(): Promise<void> {
    const { killed, sides } = this.litmus;
    const lasting = Object.keys(sides).filter((name) => name !== killed?.side);
    const ends = lasting.map((name) => this.start(name, 0).end);
    if (killed !== undefined) ends.push(this.killAgainAndAgain(killed));
    const limit = new AbortController();
    const late = sleep(this.options.msMax, true, { signal: limit.signal }).catch(() => false);
    const isLate = await Promise.race([Promise.all(ends).then(() => false), late]);
    limit.abort();
    if (!isLate) return;
    this.add({ unfinished: 1 });
    Atomics.store(this.views.i32, ABORT >> 2, 1);
    // A side that hangs does not look; the others say what they counted.
    await Promise.race([Promise.all(ends), sleep(GRACE_MS)]);
  }

  async close(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.terminate()));
  }

  /** Starts the side anew each time its thread was ended, after some milliseconds of work. */
  private async killAgainAndAgain({ side, rounds, hasBegun, afterDeath }: Killed): Promise<void> {
    const random = new Random(this.options.seed);
    for (let life = 1; life <= rounds; life += 1) {
      const { worker } = this.start(side, life);
      while (!hasBegun(this.views, life)) {
        if (Atomics.load(this.views.i32, ABORT >> 2) !== 0) return;
        await sleep(1);
      }
      await sleep(random.below(LIFE_MS_MAX));
      await worker.terminate();
      this.workers.delete(worker);
      afterDeath(this.views, life);
      this.add({ ended: 1 });
    }
    Atomics.store(this.views.i32, FINISH >> 2, 1);
  }

  private start(name: string, life: number): { readonly worker: Worker; readonly end: Promise<void> } {
    const { seed, sleepMsMax } = this.options;
    const workerData = {
      memory: this.memory,
      litmus: this.litmus.name,
      name,
      life,
      seed,
      messages: this.messages,
      sleepMsMax,
    } satisfies ThreadData;
    const worker = new Worker(this.file, { workerData, env: {} });
    this.workers.add(worker);
    const end = new Promise<void>((resolve, reject) => {
      worker.once("message", ({ counts, error }: ThreadResult) => {
        this.add(counts);
        if (error !== undefined) this.errors.push(`${name}: ${error}`);
        resolve();
      });
      worker.once("error", reject);
    });
    return { worker, end };
  }

  private add(counts: Counts): void {
    for (const [outcome, count] of Object.entries(counts)) this.counts[outcome] = (this.counts[outcome] ?? 0) + count;
  }
}
