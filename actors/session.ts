/**
 * A running engine: the shared memory, its threads in the topology's order, and the ordered way down. Whoever starts
 * one gets a handle to look at it and to stop it. A thread that fails stops the whole: an engine of which a part is
 * missing must not trade.
 */

import { resolve } from "node:path";
import { type EngineConfig, type FitAnswer, RiskState, type StrategyConfig, type Verdict } from "../engine/index.js";
import { DROP_REASON_NAMES } from "../feeds/index.js";
import { Mode, OperatorAction } from "../schemas/index.js";
import type { Agent } from "./agent/agent.js";
import { EventLoopRunner } from "./agent/event-loop-runner.js";
import { Board } from "./board.js";
import { BoardAgent } from "./board-agent.js";
import { ControlDesk } from "./control-desk.js";
import { NodeDisk } from "./disk/node-disk.js";
import { rescueInput } from "./engine/rescue-input.js";
import type { JournalMode } from "./journal/journal-agent.js";
import { lastSequence } from "./journal/last-sequence.js";
import { latencyDirectory, writeLatency } from "./latency-report.js";
import type { OrderStampReader } from "./metrics/order-stamps.js";
import { startPage } from "./metrics-page/run-page.js";
import type { RunningPage } from "./metrics-page/writer.js";
import { FitPool } from "./models/fit-pool.js";
import { ModelAgent } from "./models/model-agent.js";
import { type ThreadPlan, threadOf } from "./placement.js";
import { addVerdict, readVerdicts } from "./recovery/verdicts.js";
import { BroadcastReader } from "./ring/broadcast.js";
import { type StartedThreads, startThreads, stopAll } from "./session-start.js";
import { type Snapshot, takeSnapshot } from "./snapshot.js";
import { type Supervisor, ThreadFailure } from "./supervisor.js";
import type { RecoveredMessage } from "./threads/engine.js";
import type { FeedEndpoints } from "./threads/feeds.js";
import type { GatewayMessage } from "./threads/gateway.js";
import type { StoredRows } from "./threads/store.js";
import type { ThreadContext } from "./threads/thread-data.js";
import { TradingGuard } from "./trading-guard.js";

export interface SessionOptions {
  readonly endpoints: FeedEndpoints;
  /** Such as BTC/USDT. */
  readonly symbols: readonly string[];
  readonly strategies: readonly { readonly config: StrategyConfig; readonly text: string }[];
  readonly settings: Pick<EngineConfig, "seed" | "risk" | "paper">;
  readonly currency: string;
  /** Of this life and of those before it. */
  readonly journalDirectory: string;
  /** Which thread runs what; agents that the run does not have are left out. */
  readonly plan: ThreadPlan;
  /** Base URL of a QuestDB server; null for no store. */
  readonly questdb: string | null;
  /** Where orders go. */
  readonly orders: "simulated" | GatewayRoute;
  readonly durability: JournalMode;
  /** What an operator accepts that would otherwise be refused. */
  readonly accept: readonly Acceptable[];
  /** Inputs between two snapshots. */
  readonly snapshotEvery?: number;
  readonly segmentBytes?: number;
  /** Newest bytes of the journal that are kept in any case; without it all are. */
  readonly keepBytes?: number;
  /** Told what an operator should know of while it runs, a line each. */
  readonly onNote?: (line: string) => void;
  /** Settles when somebody wants the start to end before it is over. */
  readonly interrupted?: Promise<void>;
  /** Where this process is to end itself, for tests of crashes: `name:count`. */
  readonly crashPoint?: string;
}

/** A venue's order interface, and the account there. */
export interface GatewayRoute {
  readonly endpoints: { readonly rest: string; readonly ws: string };
  readonly apiKey: string;
  readonly secret: string;
}

/** `host`: the journal was written elsewhere. `clock`: the clock is behind the journal. */
export type Acceptable = "host" | "clock";

export class Session {
  readonly config: EngineConfig;
  readonly context: ThreadContext;
  readonly board: Board;
  /** What earlier lives left. */
  readonly recovered: RecoveredMessage;
  /** Settles with the first failure of a thread. */
  readonly failure: Promise<Error>;
  private readonly started: StartedThreads;
  private readonly supervisor: Supervisor;
  /** A value of the schema's Mode. */
  readonly mode: number;
  private readonly orders: SessionOptions["orders"];
  private readonly journalDirectory: string;
  private readonly desk: ControlDesk;
  private readonly fits = new FitPool();
  private readonly stamps: readonly OrderStampReader[];
  private readonly page: RunningPage;
  private readonly startedMs = performance.now();
  private runner: EventLoopRunner | null = null;
  private stopping: Promise<void> | null = null;
  private stored: StoredRows | null = null;

  private constructor(options: SessionOptions, started: StartedThreads) {
    const { config, context, supervisor, recovered } = started;
    this.started = started;
    this.config = config;
    this.context = context;
    this.recovered = recovered;
    this.supervisor = supervisor;
    this.failure = supervisor.failure;
    this.mode = options.orders === "simulated" ? Mode.Paper : Mode.Live;
    this.orders = options.orders;
    this.journalDirectory = options.journalDirectory;
    this.board = new Board(config);
    this.stamps = [context.stampReader("commands"), context.stampReader("safe")];
    this.desk = new ControlDesk(context.producer("control"), context.controls.engine.doorbell, context.nowUs);
    this.page = startPage(context, {
      run: options.orders === "simulated" ? "paper" : "orders to a venue",
      journal: resolve(options.journalDirectory),
    });
  }

  /** Recovers and starts every thread; the feed is connected, and the first input will be the configuration. */
  static async start(options: SessionOptions): Promise<Session> {
    return new Session(options, await startThreads(options));
  }

  /**
   * Begins the run: the configuration goes in, then the clock, then the market. `agents` join the main thread's own.
   */
  run(agents: readonly Agent[]): void {
    const { epoch, start } = this.recovered.life;
    const { counters, recordError } = this.context;
    const answer = (given: FitAnswer) => this.desk.answer(given);
    // Before the first input goes in: what the engine says of it must find its readers.
    const board = new BoardAgent(this.logReader(), this.board);
    const models = new ModelAgent({ log: this.logReader(), pool: this.fits, answer, counters, recordError });
    this.desk.configure(this.config, epoch, this.mode, start);
    const guard = new TradingGuard({
      counters: this.context.counters,
      command: (action, reason) => this.command(action, reason),
      isFeedAway: this.started.feeds.isAway,
    });
    const own = [this.desk, guard, board, models];
    this.runner = new EventLoopRunner(
      [...own, ...agents],
      this.context.control,
      this.context.idle,
      this.context.recordError,
    ).start();
    this.supervisor.allowRestarts();
    this.started.feeds.go();
    if (this.orders !== "simulated") this.startGateway(this.orders);
  }

  private startGateway({ apiKey, secret }: GatewayRoute): void {
    const { recovery } = this.recovered;
    this.started.gateway?.postMessage({ type: "go", recovery, keys: { apiKey, secret } } satisfies GatewayMessage);
  }

  /** A lossy reader of the engine's log, from now on. */
  logReader(): BroadcastReader {
    return BroadcastReader.join(this.context.views, this.context.map.log, this.context.ringIdentity);
  }

  /** Rows sent to the time-series store, by table, once the run has stopped; null without a store. */
  get storedRows(): StoredRows | null {
    return this.stored;
  }

  /** Where the latencies of this life stand once it has stopped. */
  get latencyDirectory(): string {
    return latencyDirectory(this.journalDirectory, this.recovered.life.epoch);
  }

  /** Whether a store was asked for and could not confirm the whole journal in time. */
  get isStoreBehind(): boolean {
    return this.started.store !== null && this.stored === null;
  }

  /** The risk limits in money units. */
  get limits(): RiskState {
    return new RiskState(this.config.risk);
  }

  /** An operator's command; `reason` says who and why. */
  command(action: number, reason: string): void {
    this.desk.command(action, reason);
  }

  snapshot(): Snapshot {
    const { counters, histograms, errors } = this.context;
    const { board, stamps } = this;
    const source = { counters, histograms, stamps, errors, board, dropReasons: DROP_REASON_NAMES };
    return takeSnapshot(source, performance.now() - this.startedMs);
  }

  /**
   * The ordered way down: no more market data, then the stop as the engine's last input, then the rest in the
   * topology's order, so that every message decoded is processed and every record is on disk. Calling it again waits
   * for the same.
   */
  stop(reason: string): Promise<void> {
    this.stopping ??= this.stopInOrder(reason);
    return this.stopping;
  }

  /**
   * After a failure: when it was a strategy that kept the engine from returning, or broke it, the verdict that leaves
   * it out from there on, written beside the journal; then the session may be started again. Null when the engine
   * itself is at fault, or the same input has failed before. Call instead of `stop`.
   */
  async judge(failure: Error): Promise<Verdict | null> {
    const verdict = this.verdictOn(failure);
    if (verdict !== null) {
      // The shadow too, before it meets the same input: nothing of it is lost.
      for (const name of ["engine", "shadow"] as const) await this.supervisor.terminate(name);
      // First the verdict, then its input: a recovery that met the input alone would not return either.
      addVerdict(new NodeDisk(), this.journalDirectory, verdict);
      if (!this.sharesJournal) this.rescue(verdict.sequence);
    }
    await this.stop("a thread failed");
    return verdict;
  }

  /** A journal on the engine's thread stands still with it, and what it has not recorded never comes to be. */
  private get sharesJournal(): boolean {
    return threadOf(this.context.plan, "engine").agents.includes("journal");
  }

  private rescue(sequence: number): void {
    const { views, map, ringIdentity, controls } = this.context;
    rescueInput(views, map.log, ringIdentity, sequence);
    controls.journal.doorbell.ring();
  }

  private verdictOn(failure: Error): Verdict | null {
    const [applied, strategy] = this.context.running;
    if (!(failure instanceof ThreadFailure) || !failure.agents.includes("engine") || strategy === 0) return null;
    // Without its record, the input's number is that of another in the next life.
    const sequence = this.sharesJournal ? lastSequence(this.journalDirectory) + 1 : applied;
    const known = readVerdicts(new NodeDisk(), this.journalDirectory);
    if (known.some((each) => each.sequence === sequence)) return null;
    const { id, bundle } = this.config.strategies[strategy - 1];
    return { sequence, strategy: id, bundle };
  }

  private async stopInOrder(reason: string): Promise<void> {
    const { counters } = this.context;
    const { store, lock } = this.started;
    await this.supervisor.stop("feeds");
    this.desk.stopClock();
    if (!this.supervisor.hasEnded("engine")) this.command(OperatorAction.Stop, reason);
    const isOver = () => counters.get("engine.stopped") === 1 && this.board.stateHash !== "";
    await waitFor(() => isOver() || this.supervisor.hasEnded("engine"), ENGINE_STOP_MS);
    for (const name of BEFORE_STORE) await this.supervisor.stop(name);
    if (store) this.stored = await store.drain();
    await stopAll(this.supervisor);
    await this.runner?.stop();
    await this.fits.close();
    await this.leaveLatency();
    this.page.close();
    await lock.release();
  }

  /** For whoever asks after the run. A disk that refuses it does not make the run a failed one. */
  private async leaveLatency(): Promise<void> {
    const { histograms, nowUs, recordError } = this.context;
    const { epoch } = this.recovered.life;
    const run = { epoch, endedUs: nowUs(), snapshot: this.snapshot(), histograms };
    try {
      await writeLatency(this.latencyDirectory, run);
    } catch (error) {
      recordError(error, "latency");
    }
  }
}

/** What must have ended before the journal is complete. */
const BEFORE_STORE = ["feeds", "engine", "venue", "gateway", "journal"] as const;
const ENGINE_STOP_MS = 5_000;

/** Waits for a condition that another thread brings about; gives up quietly, because stopping goes on either way. */
async function waitFor(condition: () => boolean, deadlineMs: number): Promise<void> {
  const untilMs = performance.now() + deadlineMs;
  while (!condition() && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 2));
}
