/**
 * Where engines are killed: a venue in a process of its own that outlives all of them, one data directory, and the
 * lives, one after the other. It waits for facts, and knows how a run that came to its end is held against the venue's
 * truth. Nothing that it started is left once it is closed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { JournalMode } from "../../../actors/journal/journal-agent.js";
import { type ForkedVenue, forkLocalVenue } from "../../../feeds/local-venue/fork.js";
import { EngineProcess } from "./engine-process.js";
import { JournalView } from "./journal-view.js";
import { type Judgement, judge } from "./judgement.js";

export interface SceneOptions {
  readonly root: string;
  /** The journal's; made by the first life. */
  readonly directory: string;
  readonly durability: JournalMode;
  /** Ends every wait, with an error. */
  readonly signal?: AbortSignal;
}

/** What a run that ended in order came to. */
export interface Verdict extends Judgement {
  readonly stateHash: string;
  /** Of a replay of the whole journal; empty when there could be none. */
  readonly replayHash: string;
  readonly venueFaults: Readonly<Record<string, number>>;
}

/** Pace of the recorded market: some hundred events a second. */
const SPEED = 3;
const POLL_MS = 10;
const UP_MS = 20_000;
const SETTLE_MS = 90_000;
const STOP_MS = 30_000;

export class Scene {
  readonly view: JournalView;
  readonly venue: ForkedVenue;
  lives = 0;
  private readonly options: SceneOptions;
  private engine: EngineProcess | null = null;
  /** What the journal held when the present life was started. */
  private epochBefore = 0;
  private ordersBefore = 0;

  private constructor(options: SceneOptions, venue: ForkedVenue) {
    this.options = options;
    this.venue = venue;
    this.view = new JournalView(options.directory);
  }

  static async open(options: SceneOptions): Promise<Scene> {
    const venue = await forkLocalVenue({ speed: SPEED });
    await venue.local("POST", "/local/limits", { weightPerMinute: 1e7, ordersPer10Seconds: 1e6, ordersPerDay: 1e8 });
    return new Scene(options, venue);
  }

  async close(): Promise<void> {
    await this.engine?.end();
    this.view.close();
    await this.venue.close();
  }

  start(crashPoint?: string): EngineProcess {
    const { root, durability, directory } = this.options;
    this.lives += 1;
    this.epochBefore = this.view.refresh().epoch;
    this.ordersBefore = this.view.submitted.size;
    this.engine = new EngineProcess({ root, durability, journal: directory, venuePort: this.venue.port, crashPoint });
    return this.engine;
  }

  /** Waits for the life's first record; no longer than it lives. */
  async comeUp(engine: EngineProcess): Promise<void> {
    await this.until(engine, UP_MS, `life ${this.lives} is up`, () => this.isUp || !engine.isRunning);
  }

  /** Waits for the life's first order, so long at most. */
  async trade(engine: EngineProcess, ms: number): Promise<void> {
    const untilMs = performance.now() + ms;
    while (engine.isRunning && !this.hasTraded && performance.now() < untilMs) await this.wait(engine, POLL_MS);
  }

  /** Waits for the life's first order, which must come. */
  mustTrade(engine: EngineProcess): Promise<void> {
    return this.until(engine, SETTLE_MS, `life ${this.lives} trades`, () => this.hasTraded);
  }

  /** Waits until the fate of every order is known. */
  reconcile(engine: EngineProcess): Promise<void> {
    return this.until(engine, SETTLE_MS, "the fate of every order is known", () => this.isUp && this.view.isReconciled);
  }

  /** Stops the market, waits until nothing is under way, and ends the engine in order; the state hash that it says. */
  async settle(engine: EngineProcess): Promise<string> {
    await this.venue.local("POST", "/local/pause");
    await this.until(engine, SETTLE_MS, "nothing is under way", () => this.isUp && this.view.isSettled);
    engine.send("SIGINT");
    const end = await Promise.race([engine.ended, sleep(STOP_MS, null, { ref: false })]);
    if (end?.code !== 0)
      throw new Error(`the engine did not stop in order (${JSON.stringify(end)}):\n${engine.stderr}`);
    return JSON.parse(engine.stdout).stateHash;
  }

  private get isUp(): boolean {
    return this.view.refresh().epoch > this.epochBefore;
  }

  private get hasTraded(): boolean {
    return this.view.refresh().submitted.size > this.ordersBefore;
  }

  async until(engine: EngineProcess, ms: number, what: string, isSo: () => boolean): Promise<void> {
    const deadlineMs = performance.now() + ms;
    while (!isSo()) {
      this.options.signal?.throwIfAborted();
      if (!engine.isRunning) throw new Error(`the engine ended before ${what}:\n${engine.stderr}`);
      if (performance.now() > deadlineMs)
        throw new Error(`after ${ms} ms it is not so that ${what}:\n${engine.stderr}`);
      await sleep(POLL_MS);
    }
  }

  /** Waits, no longer than the engine lives. */
  async wait(engine: EngineProcess, ms: number): Promise<void> {
    const untilMs = performance.now() + ms;
    while (engine.isRunning && performance.now() < untilMs) {
      this.options.signal?.throwIfAborted();
      await sleep(Math.min(untilMs - performance.now(), POLL_MS));
    }
  }

  /** Stops the venue's process for some time, as a system does that has no time for it. */
  async pauseVenue(engine: EngineProcess, ms: number): Promise<void> {
    process.kill(this.venue.pid, "SIGSTOP");
    try {
      await this.wait(engine, ms);
    } finally {
      process.kill(this.venue.pid, "SIGCONT");
    }
  }

  /** Of a run whose last life said its state hash and is over. */
  async verdict(stateHash: string): Promise<Verdict> {
    const { directory } = this.options;
    const truth = await this.venue.truth();
    const { faults: found, ...counts } = judge(truth, this.view.refresh());
    const faults = [...found];
    const replayed = await this.sluice("replay", directory, "--json");
    const verified = await this.sluice("journal", "verify", directory, "--json");
    const replayHash = replayed.code === 0 ? JSON.parse(replayed.stdout).stateHash : "";
    if (replayed.code !== 0) faults.push(`the journal cannot be replayed: ${replayed.stderr}`);
    else if (replayHash !== stateHash) faults.push(`the run ended in ${stateHash}, its replay in ${replayHash}`);
    if (verified.code !== 0) faults.push(`the journal is not whole: ${verified.stderr}`);
    return { ...counts, stateHash, replayHash, venueFaults: truth.faults, faults };
  }

  /** Runs the command to its end. */
  async sluice(...args: readonly string[]) {
    const main = join(this.options.root, "dist", "cli", "main.js");
    const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const [code] = await once(child, "close");
    return { code: code as number | null, stdout, stderr: stderr.trim() };
  }
}
