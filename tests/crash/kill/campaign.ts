/**
 * A campaign: one venue that outlives all, one data directory, and lives of an engine that are killed one after the
 * other; then a last one, left alone, that has to bring everything in order. What it ends in is held against the truth
 * of the venue, and the journal against itself.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { JournalMode } from "../../../actors/journal/journal-agent.js";
import { type ForkedVenue, forkLocalVenue } from "../../../feeds/local-venue/fork.js";
import { type EngineOptions, EngineProcess } from "./engine-process.js";
import { JournalView } from "./journal-view.js";
import { type Judgement, judge } from "./judgement.js";
import { drawLife, type LifePlan } from "./plan.js";

export interface CampaignOptions {
  readonly root: string;
  readonly kills: number;
  readonly seed: number;
  readonly durability: JournalMode;
  /** Whether the last life is also paused, and the venue during it. */
  readonly pauses: boolean;
  /** Ends the campaign early, with an error. */
  readonly signal: AbortSignal;
  readonly onKill: (done: number) => void;
}

interface LastLife {
  /** From its start until the fate of every order was known, milliseconds. */
  readonly settledMs: number;
  /** As it said it at its end. */
  readonly stateHash: string;
}

export interface CampaignResult extends Judgement, LastLife {
  readonly kills: number;
  readonly lives: number;
  /** How the lives ended, by name. */
  readonly endings: Readonly<Record<string, number>>;
  /** How often each fault of the venue struck. */
  readonly venueFaults: Readonly<Record<string, number>>;
  /** Of every life that recovered, milliseconds. */
  readonly recoveryMs: readonly number[];
  /** Of a replay of the whole journal. */
  readonly replayHash: string;
  readonly inputs: number;
  /** How often the fate of an order became unknown. */
  readonly unknowns: number;
  readonly seconds: number;
  /** Kept when something is wrong. */
  readonly directory: string;
}

/** Pace of the recorded market: some hundred events a second. */
const SPEED = 3;
const UP_MS = 20_000;
const POLL_MS = 10;
/** Once it trades a life comes by a crash point in this time, or is killed. */
const POINT_MS = 1_500;
const SETTLE_MS = 90_000;
const STOP_MS = 30_000;
const ENGINE_PAUSE_MS = 3_000;
/** Longer than the gateway waits for an answer. */
const VENUE_PAUSE_MS = 7_000;

/** Throws what kept it from being carried out; nothing that it started is left. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const venue = await forkLocalVenue({ speed: SPEED });
  try {
    await venue.local("POST", "/local/limits", { weightPerMinute: 1e7, ordersPer10Seconds: 1e6, ordersPerDay: 1e8 });
    const campaign = new Campaign(options, venue);
    try {
      return await campaign.run();
    } finally {
      await campaign.end();
    }
  } finally {
    await venue.close();
  }
}

class Campaign {
  private readonly options: CampaignOptions;
  private readonly venue: ForkedVenue;
  private readonly directory: string;
  private readonly view: JournalView;
  private readonly endings: Record<string, number> = {};
  private readonly recoveries: number[] = [];
  private readonly startedMs = performance.now();
  private engine: EngineProcess | null = null;
  private lives = 0;
  /** Of the newest life that was up when this one was started. */
  private epochBefore = 0;

  constructor(options: CampaignOptions, venue: ForkedVenue) {
    this.options = options;
    this.venue = venue;
    this.directory = join(mkdtempSync(join(tmpdir(), "sluice-crash-")), "journal");
    mkdirSync(this.directory);
    this.view = new JournalView(this.directory);
  }

  async run(): Promise<CampaignResult> {
    const { kills, seed, onKill } = this.options;
    for (let done = 0; done < kills; done += 1) {
      await this.killOne(drawLife(seed, done));
      onKill(done + 1);
    }
    return this.result(kills, await this.lastLife());
  }

  async end(): Promise<void> {
    await this.engine?.end();
    this.view.close();
  }

  private async killOne({ ending, seed, rules }: LifePlan): Promise<void> {
    await this.venue.arm(rules, seed);
    const engine = this.start("count" in ending ? `${ending.kind}:${ending.count}` : undefined);
    if (ending.kind !== "starting") await this.comeUp(engine, ending.kind !== "reconciling");
    await this.wait(engine, "afterMs" in ending ? ending.afterMs : POINT_MS);
    const byItself = !engine.isRunning;
    const { code, signal } = await engine.end();
    if (signal !== "SIGKILL")
      throw new Error(`a life ended with ${code ?? signal} before it was killed:\n${engine.stderr}`);
    this.count("count" in ending && !byItself ? "point not met" : ending.kind);
    this.heedRecovery(engine);
  }

  /** Left alone: it must come to know the fate of every order, go on trading, and stop in order. */
  private async lastLife(): Promise<LastLife> {
    await this.venue.arm([]);
    const engine = this.start();
    await this.comeUp(engine, true);
    await this.until(engine, SETTLE_MS, "every order's fate is known", () => this.view.refresh().isReconciled);
    await this.wait(engine, 500);
    if (this.options.pauses) await this.pauseBoth(engine);
    await this.venue.local("POST", "/local/pause");
    await this.until(engine, SETTLE_MS, "every order's fate is known", () => this.view.refresh().isSettled);
    const settledMs = performance.now() - engine.spawnedMs;
    const { stateHash } = await this.stop(engine);
    this.heedRecovery(engine);
    return { settledMs, stateHash };
  }

  private async pauseBoth(engine: EngineProcess): Promise<void> {
    await engine.pause(ENGINE_PAUSE_MS);
    await this.wait(engine, 500);
    process.kill(this.venue.pid, "SIGSTOP");
    try {
      await this.wait(engine, VENUE_PAUSE_MS);
    } finally {
      process.kill(this.venue.pid, "SIGCONT");
    }
    await this.until(engine, SETTLE_MS, "it is connected again", () => this.view.refresh().isReconciled);
  }

  private async stop(engine: EngineProcess): Promise<{ stateHash: string }> {
    engine.send("SIGINT");
    const late = sleep(STOP_MS, null, { ref: false });
    const end = await Promise.race([engine.ended, late]);
    if (end?.code !== 0)
      throw new Error(`the last life did not stop in order (${JSON.stringify(end)}):\n${engine.stderr}`);
    return JSON.parse(engine.stdout);
  }

  private async result(kills: number, last: LastLife): Promise<CampaignResult> {
    const truth = await this.venue.truth();
    const { faults: found, ...counts } = judge(truth, this.view.refresh());
    const faults = [...found];
    const replayed = await this.sluice("replay", this.directory);
    const verified = await this.sluice("journal", "verify", this.directory);
    const replayHash = String(replayed.json.stateHash ?? "");
    if (replayed.code !== 0) faults.push(`the journal cannot be replayed: ${replayed.stderr}`);
    else if (replayHash !== last.stateHash)
      faults.push(`the run ended in ${last.stateHash}, its replay in ${replayHash}`);
    if (verified.code !== 0) faults.push(`the journal is not whole: ${verified.stderr}`);
    if (faults.length === 0) rmSync(join(this.directory, ".."), { recursive: true });
    return {
      ...counts,
      ...{ kills, lives: this.lives, endings: this.endings, venueFaults: truth.faults, recoveryMs: this.recoveries },
      ...last,
      ...{ unknowns: this.view.unknowns, inputs: this.view.inputs, replayHash, faults, directory: this.directory },
      seconds: (performance.now() - this.startedMs) / 1_000,
    };
  }

  private start(crashPoint?: string): EngineProcess {
    const { root, durability } = this.options;
    const options: EngineOptions = {
      root,
      durability,
      journal: this.directory,
      venuePort: this.venue.port,
      crashPoint,
    };
    this.lives += 1;
    this.epochBefore = this.view.refresh().epoch;
    this.engine = new EngineProcess(options);
    return this.engine;
  }

  /** Waits for the life's first record, and if it is to trade until it may; no longer than it lives. */
  private async comeUp(engine: EngineProcess, isToTrade: boolean): Promise<void> {
    const { lives, view } = this;
    const isUp = (): boolean => view.refresh().epoch > this.epochBefore && (!isToTrade || view.hasAsked);
    await this.until(engine, UP_MS, `life ${lives} is up`, () => isUp() || !engine.isRunning);
  }

  private async until(engine: EngineProcess, ms: number, what: string, isSo: () => boolean): Promise<void> {
    const deadlineMs = performance.now() + ms;
    while (!isSo()) {
      this.options.signal.throwIfAborted();
      if (!engine.isRunning) throw new Error(`the engine ended before ${what}:\n${engine.stderr}`);
      if (performance.now() > deadlineMs)
        throw new Error(`after ${ms} ms it is not so that ${what}:\n${engine.stderr}`);
      await sleep(POLL_MS);
    }
  }

  /** Waits, no longer than the engine lives. */
  private async wait(engine: EngineProcess, ms: number): Promise<void> {
    const untilMs = performance.now() + ms;
    while (engine.isRunning && performance.now() < untilMs) {
      this.options.signal.throwIfAborted();
      await sleep(Math.min(untilMs - performance.now(), POLL_MS));
    }
  }

  private heedRecovery({ recoveryMs }: EngineProcess): void {
    if (recoveryMs !== null) this.recoveries.push(recoveryMs);
  }

  private count(ending: string): void {
    this.endings[ending] = (this.endings[ending] ?? 0) + 1;
  }

  private async sluice(...args: readonly string[]) {
    const main = join(this.options.root, "dist", "cli", "main.js");
    const child = spawn(process.execPath, [main, ...args, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const [code] = await once(child, "close");
    return { code: code as number | null, json: code === 0 ? JSON.parse(stdout) : {}, stderr: stderr.trim() };
  }
}
