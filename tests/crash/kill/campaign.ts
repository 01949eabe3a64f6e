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
import { type Judgement, judge } from "./judgement.js";
import { JournalView } from "./journal-view.js";
import { drawLife, type LifePlan } from "./plan.js";

export interface CampaignOptions {
  readonly root: string;
  readonly kills: number;
  readonly seed: number;
  readonly durability: JournalMode;
  /** Whether the last life is also paused, and the venue during it. */
  readonly pauses: boolean;
  /** Ends the campaign early: no further life is killed. */
  readonly signal: AbortSignal;
  readonly onKill: (done: number) => void;
}

export interface CampaignResult extends Judgement {
  readonly kills: number;
  readonly lives: number;
  /** How the lives ended, by name. */
  readonly endings: Readonly<Record<string, number>>;
  /** How often each fault of the venue struck. */
  readonly venueFaults: Readonly<Record<string, number>>;
  /** Of every life that recovered, milliseconds. */
  readonly recoveryMs: readonly number[];
  /** From the last life's start until every order's fate was known, milliseconds. */
  readonly settledMs: number;
  /** Of the last life as it said it, of a replay, and whether the journal is whole. */
  readonly stateHash: string;
  readonly replayHash: string;
  readonly verified: boolean;
  readonly inputs: number;
  readonly seconds: number;
  /** Kept when something is wrong. */
  readonly directory: string;
}

/** Pace of the recorded market: several hundred events a second. */
const SPEED = 5;
const UP_MS = 20_000;
const POLL_MS = 10;
/** After its first record a life comes by a crash point in this time, or is killed. */
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

  constructor(options: CampaignOptions, venue: ForkedVenue) {
    this.options = options;
    this.venue = venue;
    this.directory = join(mkdtempSync(join(tmpdir(), "sluice-crash-")), "journal");
    mkdirSync(this.directory);
    this.view = new JournalView(this.directory);
  }

  async run(): Promise<CampaignResult> {
    const { kills, seed, signal, onKill } = this.options;
    let done = 0;
    for (; done < kills && !signal.aborted; done += 1) {
      await this.killOne(drawLife(seed, done));
      onKill(done + 1);
    }
    const { settledMs, summary } = await this.lastLife();
    return this.result(done, settledMs, summary);
  }

  async end(): Promise<void> {
    await this.engine?.end();
    this.view.close();
  }

  private async killOne({ ending, seed, rules }: LifePlan): Promise<void> {
    await this.venue.arm(rules, seed);
    const engine = this.start("count" in ending ? `${ending.kind}:${ending.count}` : undefined);
    if (ending.kind === "starting") await this.wait(engine, ending.afterMs);
    else if (await this.isUp(engine)) await this.wait(engine, "afterMs" in ending ? ending.afterMs : POINT_MS);
    const byItself = !engine.isRunning;
    const { code, signal } = await engine.end();
    if (signal !== "SIGKILL") throw new Error(`a life ended with ${code ?? signal} before it was killed:\n${engine.stderr}`);
    this.count("count" in ending && !byItself ? "point not met" : ending.kind);
    this.heedRecovery(engine);
  }

  /** Left alone: it must come to know the fate of every order, go on trading, and stop in order. */
  private async lastLife() {
    await this.venue.arm([]);
    const engine = this.start();
    if (!(await this.isUp(engine))) throw new Error(`the last life did not start:\n${engine.stderr}`);
    await this.until(engine, SETTLE_MS, "every order's fate is known", () => this.view.refresh().isReconciled);
    await this.wait(engine, 500);
    if (this.options.pauses) await this.pauseBoth(engine);
    await this.venue.local("POST", "/local/pause");
    await this.until(engine, SETTLE_MS, "every order's fate is known", () => this.view.refresh().isSettled);
    const settledMs = performance.now() - engine.spawnedMs;
    const summary = await this.stop(engine);
    this.heedRecovery(engine);
    return { settledMs, summary };
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
    if (end?.code !== 0) throw new Error(`the last life did not stop in order (${JSON.stringify(end)}):\n${engine.stderr}`);
    return JSON.parse(engine.stdout);
  }

  private async result(kills: number, settledMs: number, { stateHash }: { stateHash: string }): Promise<CampaignResult> {
    const truth = await this.venue.truth();
    const judgement = judge(truth, this.view.refresh());
    const replayed = await this.sluice("replay", this.directory, "--json");
    const verified = await this.sluice("journal", "verify", this.directory, "--json");
    if (replayed.code !== 0) judgementOf(judgement, `the journal cannot be replayed: ${replayed.stderr.trim()}`);
    if (verified.code !== 0) judgementOf(judgement, `the journal is not whole: ${verified.stderr.trim()}`);
    const replayHash = replayed.code === 0 ? JSON.parse(replayed.stdout).stateHash : "";
    if (replayHash !== stateHash) judgementOf(judgement, `the replay ends in ${replayHash}, the run in ${stateHash}`);
    if (judgement.faults.length === 0) rmSync(join(this.directory, ".."), { recursive: true });
    return {
      ...judgement,
      ...{ kills, lives: this.lives, endings: this.endings, venueFaults: truth.faults, settledMs },
      ...{ recoveryMs: this.recoveries, stateHash, replayHash, verified: verified.code === 0 },
      inputs: this.view.inputs,
      seconds: (performance.now() - this.startedMs) / 1_000,
      directory: this.directory,
    };
  }

  private start(crashPoint?: string): EngineProcess {
    const { root, durability } = this.options;
    const options: EngineOptions = { root, durability, journal: this.directory, venuePort: this.venue.port, crashPoint };
    this.lives += 1;
    this.engine = new EngineProcess(options);
    return this.engine;
  }

  /** Whether the life's first record is in the journal; false when it ended before. */
  private async isUp(engine: EngineProcess): Promise<boolean> {
    const { epoch } = this.view.refresh();
    await this.until(engine, UP_MS, "its first record is written", () => this.view.refresh().epoch > epoch, true);
    return this.view.epoch > epoch;
  }

  private async until(engine: EngineProcess, ms: number, what: string, isSo: () => boolean, mayEnd = false): Promise<void> {
    const deadlineMs = performance.now() + ms;
    while (!isSo()) {
      if (!engine.isRunning && mayEnd) return;
      if (!engine.isRunning) throw new Error(`the engine ended before ${what}:\n${engine.stderr}`);
      if (performance.now() > deadlineMs) throw new Error(`after ${ms} ms it is not so that ${what}:\n${engine.stderr}`);
      await sleep(POLL_MS);
    }
  }

  /** Waits, no longer than the engine lives. */
  private async wait(engine: EngineProcess, ms: number): Promise<void> {
    const enough = new AbortController();
    await Promise.race([engine.ended, sleep(ms, null, { signal: enough.signal }).catch(() => {})]);
    enough.abort();
  }

  private heedRecovery({ recoveryMs }: EngineProcess): void {
    if (recoveryMs !== null) this.recoveries.push(recoveryMs);
  }

  private count(ending: string): void {
    this.endings[ending] = (this.endings[ending] ?? 0) + 1;
  }

  private async sluice(...args: readonly string[]) {
    const main = join(this.options.root, "dist", "cli", "main.js");
    const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const [code] = await once(child, "close");
    return { code: code as number | null, stdout, stderr };
  }
}
