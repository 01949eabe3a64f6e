/**
 * A running engine: the shared memory, its threads in the topology's order, and the ordered way down. Whoever starts
 * one gets a handle to look at it and to stop it. A thread that fails stops the whole: an engine of which a part is
 * missing must not trade.
 */
import type { Worker } from "node:worker_threads";
import {
  ConfigError,
  Engine,
  type EngineConfig,
  type InstrumentSpec,
  loadStrategy,
  MemoryLog,
  RiskState,
  type StrategyConfig,
} from "../engine/index.js";
import { DROP_REASON_NAMES } from "../feeds/index.js";
import { Mode, OperatorAction } from "../schemas/index.js";
import { createDeterministicMath, createMathCore } from "../wasm/index.js";
import type { Agent } from "./agent/agent.js";
import { EventLoopRunner } from "./agent/event-loop-runner.js";
import { Board } from "./board.js";
import { BoardAgent } from "./board-agent.js";
import { ControlDesk } from "./control-desk.js";
import { createJournalDirectory } from "./journal/journal-directory.js";
import { prepareMemory } from "./prepare-memory.js";
import { BroadcastReader } from "./ring/broadcast.js";
import { type Snapshot, takeSnapshot } from "./snapshot.js";
import { Supervisor, ThreadFailure } from "./supervisor.js";
import type { FeedEndpoints, FeedsMessage } from "./threads/feeds.js";
import type { StoredRows, StoreMessage } from "./threads/store.js";
import { type Placement, ThreadContext } from "./threads/thread-data.js";
import { STOP_ORDER } from "./topology.js";

export interface SessionOptions {
  readonly endpoints: FeedEndpoints;
  /** Such as BTC/USDT. */
  readonly symbols: readonly string[];
  readonly strategies: readonly { readonly config: StrategyConfig; readonly text: string }[];
  readonly settings: Pick<EngineConfig, "seed" | "risk" | "paper">;
  readonly currency: string;
  readonly journalDirectory: string;
  readonly placement: Placement;
  /** Base URL of a QuestDB server; null for no store. */
  readonly questdb: string | null;
}

export class Session {
  readonly config: EngineConfig;
  readonly context: ThreadContext;
  readonly board: Board;
  /** Settles with the first failure of a thread. */
  readonly failure: Promise<Error>;
  private readonly supervisor: Supervisor;
  private readonly workers: Workers;
  private readonly desk: ControlDesk;
  private readonly startedMs = performance.now();
  private runner: EventLoopRunner | null = null;
  private stopping: Promise<void> | null = null;
  private stored: StoredRows | null = null;

  private constructor(config: EngineConfig, context: ThreadContext, supervisor: Supervisor, workers: Workers) {
    this.config = config;
    this.context = context;
    this.supervisor = supervisor;
    this.failure = supervisor.failure;
    this.workers = workers;
    this.board = new Board(config);
    this.desk = new ControlDesk(context.producer("control"), context.controls.engine.doorbell, context.nowUs);
  }

  /** Starts every thread; the feed is connected, and the first input is the configuration. */
  static async start(options: SessionOptions): Promise<Session> {
    const data = prepareMemory(options.placement);
    const context = new ThreadContext("main", data);
    const supervisor = new Supervisor(context.controls);
    try {
      const feeds = await supervisor.start("feeds", {
        ...data,
        endpoints: options.endpoints,
        symbols: options.symbols,
      });
      const instruments = await instrumentsFrom(feeds, supervisor);
      const strategies = options.strategies.map(({ config }) => config);
      const config: EngineConfig = {
        format: 1,
        currency: options.currency,
        ...options.settings,
        instruments,
        strategies,
      };
      requireRunnable(config, options.strategies);
      const bundles = new Map(options.strategies.map(({ config: { bundle }, text }) => [bundle, text]));
      createJournalDirectory(options.journalDirectory, bundles);
      await Promise.all([
        supervisor.start("journal", { ...data, directory: options.journalDirectory }),
        supervisor.start("venue", { ...data, config }),
        supervisor.start("engine", { ...data, config, bundles: options.strategies.map(({ text }) => text) }),
      ]);
      const { journalDirectory: directory, questdb: url } = options;
      const store = url === null ? null : await supervisor.start("store", { ...data, directory, url });
      return new Session(config, context, supervisor, { feeds, store });
    } catch (error) {
      await stopAll(supervisor);
      throw error;
    }
  }

  /**
   * Begins the run: the configuration goes in, then the clock, then the market. `agents` join the main thread's own.
   */
  run(agents: readonly Agent[]): void {
    this.desk.configure(this.config, 1, Mode.Paper);
    const own = [this.desk, new BoardAgent(this.logReader(), this.board)];
    this.runner = new EventLoopRunner(
      [...own, ...agents],
      this.context.control,
      this.context.idle,
      this.context.recordError,
    ).start();
    this.workers.feeds.postMessage({ type: "go" } satisfies FeedsMessage);
  }

  /** A lossy reader of the engine's log, from now on. */
  logReader(): BroadcastReader {
    return BroadcastReader.join(this.context.views, this.context.map.log, this.context.ringIdentity);
  }

  /** Rows sent to the time-series store, by table, once the run has stopped; null without a store. */
  get storedRows(): StoredRows | null {
    return this.stored;
  }

  /** Whether a store was asked for and could not confirm the whole journal in time. */
  get isStoreBehind(): boolean {
    return this.workers.store !== null && this.stored === null;
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
    const source = { counters, histograms, errors, board: this.board, dropReasons: DROP_REASON_NAMES };
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

  private async stopInOrder(reason: string): Promise<void> {
    const { counters } = this.context;
    await this.supervisor.stop("feeds");
    this.desk.stopClock();
    this.command(OperatorAction.Stop, reason);
    const isOver = () => counters.get("engine.stopped") === 1 && this.board.stateHash !== "";
    await waitFor(() => isOver() || this.supervisor.hasEnded("engine"), ENGINE_STOP_MS);
    for (const name of BEFORE_STORE) await this.supervisor.stop(name);
    if (this.workers.store) this.stored = await drainStore(this.workers.store);
    await stopAll(this.supervisor);
    await this.runner?.stop();
  }
}

interface Workers {
  readonly feeds: Worker;
  readonly store: Worker | null;
}

/** What must have ended before the journal is complete. */
const BEFORE_STORE = ["feeds", "engine", "venue", "journal"] as const;
const STORE_DRAIN_MS = 60_000;

/**
 * Waits until the store has confirmed the whole journal; null when it could not in time: it resumes from where it
 * was.
 */
async function drainStore(store: Worker): Promise<StoredRows | null> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => resolve(null), STORE_DRAIN_MS);
    store.once("exit", () => resolve(null));
    store.on("message", (message: StoreMessage) => {
      clearTimeout(deadline);
      resolve(message.type === "drained" ? message.rows : null);
    });
    store.postMessage({ type: "drain" } satisfies StoreMessage);
  });
}

/** Builds an engine and throws it away: what it would refuse is refused before anything is written. */
function requireRunnable(config: EngineConfig, strategies: SessionOptions["strategies"]): void {
  const math = createMathCore();
  const strategyMath = createDeterministicMath(math);
  const definitions = strategies.map(({ config: { id }, text }) => loadStrategy(text, id, strategyMath));
  new Engine({ config, math, strategies: definitions, log: new MemoryLog(() => {}) });
}

const ENGINE_STOP_MS = 5_000;

async function stopAll(supervisor: Supervisor): Promise<void> {
  for (const name of STOP_ORDER) if (name !== "main") await supervisor.stop(name);
  supervisor.close();
}

/** Waits for a condition that another thread brings about; gives up quietly, because stopping goes on either way. */
async function waitFor(condition: () => boolean, deadlineMs: number): Promise<void> {
  const untilMs = performance.now() + deadlineMs;
  while (!condition() && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** What the venue says of the instruments; arrives once, after the feed has loaded its markets. */
async function instrumentsFrom(feeds: Worker, supervisor: Supervisor): Promise<InstrumentSpec[]> {
  const message = new Promise<InstrumentSpec[]>((resolve, reject) => {
    feeds.on("message", (received: FeedsMessage) => {
      if (received.type === "instruments") resolve([...received.specs]);
      if (received.type === "refused") reject(refusal(received.name, received.message));
    });
    feeds.postMessage({ type: "load" } satisfies FeedsMessage);
  });
  return Promise.race([message, supervisor.failure.then((error) => Promise.reject(error))]);
}

/** An error that crossed a thread comes back as its own class: exit codes depend on it. */
function refusal(name: string, message: string): Error {
  return name === "ConfigError" ? new ConfigError(message) : new ThreadFailure(message);
}
