/**
 * A campaign: lives of an engine that are killed one after the other, and a last one, left alone, that has to bring
 * everything in order. What it ends in is held against the truth of the venue, and the journal against itself.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JournalMode } from "../../../actors/journal/journal-agent.js";
import type { EngineProcess } from "./engine-process.js";
import { drawLife, type LifePlan } from "./plan.js";
import { Scene, type Verdict } from "./scene.js";

export interface CampaignOptions {
  readonly root: string;
  readonly kills: number;
  readonly seed: number;
  readonly durability: JournalMode;
  /** Whether the last life is also paused, and the venue during it. */
  readonly pauses: boolean;
  /** Ends the campaign early, with an error. */
  readonly signal?: AbortSignal;
  readonly onKill?: (done: number) => void;
}

export interface CampaignResult extends Verdict {
  readonly kills: number;
  /** How the lives ended, by name. */
  readonly endings: Readonly<Record<string, number>>;
  /** Of every life that recovered, milliseconds. */
  readonly recoveryMs: readonly number[];
  /** From the last life's start until the fate of every order was known, milliseconds. */
  readonly settledMs: number;
  readonly inputs: number;
  /** How often the fate of an order became unknown. */
  readonly unknowns: number;
  readonly seconds: number;
  /** Of the journal; it is kept when something is wrong. */
  readonly directory: string;
}

/** Once it trades a life comes by a crash point in this time, or is killed. */
const POINT_MS = 2_500;
const ENGINE_PAUSE_MS = 3_000;
/** Longer than the gateway waits for an answer. */
const VENUE_PAUSE_MS = 7_000;
/** Trading between two events of the last life. */
const TRADE_MS = 500;

/** Throws what kept it from being carried out; no process that it started is left. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const parent = mkdtempSync(join(tmpdir(), "sluice-crash-"));
  const directory = join(parent, "journal");
  const scene = await Scene.open({ ...options, directory });
  try {
    const result = await new Campaign(options, scene).run();
    if (result.faults.length === 0) rmSync(parent, { recursive: true });
    return { ...result, directory };
  } catch (error) {
    throw new Error(`${(error as Error).message}\nthe journal is in ${directory}`, { cause: error });
  } finally {
    await scene.close();
  }
}

class Campaign {
  private readonly options: CampaignOptions;
  private readonly scene: Scene;
  private readonly endings: Record<string, number> = {};
  private readonly recoveries: number[] = [];
  private readonly startedMs = performance.now();

  constructor(options: CampaignOptions, scene: Scene) {
    this.options = options;
    this.scene = scene;
  }

  async run(): Promise<Omit<CampaignResult, "directory">> {
    const { kills, seed, onKill } = this.options;
    for (let done = 0; done < kills; done += 1) {
      await this.killOne(drawLife(seed, done));
      onKill?.(done + 1);
    }
    const { settledMs, stateHash } = await this.lastLife();
    const { view } = this.scene;
    return {
      ...(await this.scene.verdict(stateHash)),
      ...{ kills, endings: this.endings, recoveryMs: this.recoveries, settledMs },
      ...{ inputs: view.inputs, unknowns: view.unknowns },
      seconds: (performance.now() - this.startedMs) / 1_000,
    };
  }

  private async killOne({ ending, patienceMs, seed, rules }: LifePlan): Promise<void> {
    const { scene } = this;
    await scene.venue.arm(rules, seed);
    const engine = scene.start("count" in ending ? `${ending.kind}:${ending.count}` : undefined);
    if (ending.kind !== "starting") await scene.comeUp(engine);
    if (ending.kind !== "starting" && ending.kind !== "reconciling") await scene.trade(engine, patienceMs);
    await scene.wait(engine, "afterMs" in ending ? ending.afterMs : POINT_MS);
    const byItself = !engine.isRunning;
    const { code, signal } = await engine.end();
    if (signal !== "SIGKILL")
      throw new Error(`a life ended with ${code ?? signal} before it was killed:\n${engine.stderr}`);
    this.heed(engine, "count" in ending && !byItself ? "point not met" : ending.kind);
  }

  /** Left alone: it must come to know the fate of every order, trade on through pauses, and stop in order. */
  private async lastLife() {
    const { scene } = this;
    await scene.venue.arm([]);
    const engine = scene.start();
    await scene.comeUp(engine);
    await scene.reconcile(engine);
    await scene.mustTrade(engine);
    const settledMs = performance.now() - engine.spawnedMs;
    await scene.wait(engine, TRADE_MS);
    if (this.options.pauses) await this.pauseBoth(engine);
    const stateHash = await scene.settle(engine);
    this.heed(engine, "in order");
    return { settledMs, stateHash };
  }

  private async pauseBoth(engine: EngineProcess): Promise<void> {
    const { scene } = this;
    await engine.pause(ENGINE_PAUSE_MS);
    await scene.wait(engine, TRADE_MS);
    await scene.pauseVenue(engine, VENUE_PAUSE_MS);
    await scene.reconcile(engine);
    await scene.wait(engine, TRADE_MS);
  }

  private heed({ recoveryMs }: EngineProcess, ending: string): void {
    if (recoveryMs !== null) this.recoveries.push(recoveryMs);
    this.endings[ending] = (this.endings[ending] ?? 0) + 1;
  }
}
