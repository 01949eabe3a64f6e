/**
 * How an engine starts, which is by recovering: the directory is locked, the instruments are asked for, the engine's
 * thread brings back what earlier lives left, and only then the threads begin that write. A refusal leaves nothing
 * half-written.
 */
import { rmSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import {
  ConfigError,
  Engine,
  type EngineConfig,
  type InstrumentSpec,
  loadStrategy,
  MemoryLog,
} from "../engine/index.js";
import { createDeterministicMath, createMathCore } from "../wasm/index.js";
import type { Disk } from "./disk/disk.js";
import { NodeDisk } from "./disk/node-disk.js";
import { type DirectoryLock, lockDirectory } from "./journal/directory-lock.js";
import { thisHost } from "./journal/host.js";
import { isForeign, readIdentity, writeIdentity } from "./journal/identity.js";
import { segmentNames, storeBundles } from "./journal/journal-directory.js";
import { prepareMemory } from "./prepare-memory.js";
import type { SessionOptions } from "./session.js";
import { Supervisor, ThreadFailure } from "./supervisor.js";
import type { RecoveredMessage } from "./threads/engine.js";
import type { FeedsMessage } from "./threads/feeds.js";
import { ThreadContext, type ThreadData } from "./threads/thread-data.js";
import { STOP_ORDER } from "./topology.js";

/** Everything that runs, ready for its first input. */
export interface StartedThreads {
  readonly config: EngineConfig;
  readonly context: ThreadContext;
  readonly supervisor: Supervisor;
  readonly lock: DirectoryLock;
  readonly recovered: RecoveredMessage;
  readonly feeds: Worker;
  readonly store: Worker | null;
  readonly gateway: Worker | null;
}

/** How far the clock may be behind the journal's newest record. */
const CLOCK_BEHIND_US = 1_000_000;

export async function startThreads(options: SessionOptions): Promise<StartedThreads> {
  const { journalDirectory: directory } = options;
  const bundles = new Map(options.strategies.map(({ config: { bundle }, text }) => [bundle, text]));
  const disk = new NodeDisk();
  const isNew = !disk.exists(directory);
  storeBundles(disk, directory, new Map());
  const lock = await lockDirectory(directory);
  const data = prepareMemory(options.placement);
  const context = new ThreadContext("main", data);
  const supervisor = new Supervisor(context.controls, context.running);
  try {
    requireHost(disk, options);
    storeBundles(disk, directory, bundles);
    return { ...(await startAll(options, data, context, supervisor)), context, supervisor, lock };
  } catch (error) {
    // One that still recovers hears nothing, and has written nothing.
    await supervisor.terminate("engine");
    await stopAll(supervisor);
    await lock.release();
    if (isNew && segmentNames(disk, directory).length === 0) rmSync(directory, { recursive: true });
    throw error;
  }
}

async function startAll(options: SessionOptions, data: ThreadData, context: ThreadContext, supervisor: Supervisor) {
  const { journalDirectory: directory, symbols, orders, questdb: url } = options;
  const feeds = await supervisor.start("feeds", { ...data, endpoints: options.endpoints, symbols });
  const asked = configuration(options, await instrumentsFrom(feeds, supervisor));
  requireRunnable(asked, options.strategies);
  const simulated = orders === "simulated";
  const { crashPoint } = options;
  const recovering = recoverEngine(supervisor, { ...data, config: asked, directory, simulated, crashPoint });
  const recovered = await unlessInterrupted(recovering, options);
  const { config } = recovered;
  requireClock(context.nowUs(), recovered, options);
  const { nextSegment: firstSegment, crc: previousCrc } = recovered;
  const { durability: mode, segmentBytes, snapshotEvery } = options;
  const journal = { ...data, directory, mode, firstSegment, previousCrc, segmentBytes, crashPoint };
  const { keepBytes } = options;
  const recoveredSequence = recovered.sequence;
  const archive = {
    ...data,
    directory,
    segmentBytes,
    snapshotEvery,
    recoveredSequence,
    keepBytes,
    isStored: url !== null,
  };
  const [gateway] = await Promise.all([
    orders === "simulated"
      ? null
      : supervisor.start("gateway", { ...data, config, endpoints: orders.endpoints, crashPoint }),
    orders === "simulated" ? supervisor.start("venue", { ...data, config }) : null,
    supervisor.start("journal", journal),
    supervisor.start("archive", archive),
  ]);
  const store = url === null ? null : await supervisor.start("store", { ...data, directory, url, recoveredSequence });
  return { config, recovered, feeds, gateway, store };
}

/** A long recovery can be left at any moment: it changes nothing before it is over. */
async function unlessInterrupted<T>(work: Promise<T>, { interrupted, journalDirectory }: SessionOptions): Promise<T> {
  if (interrupted === undefined) return work;
  const left = interrupted.then(() => {
    throw new ThreadFailure(`interrupted while it recovered; ${journalDirectory} is as it was`);
  });
  return Promise.race([work, left]);
}

function configuration(options: SessionOptions, instruments: InstrumentSpec[]): EngineConfig {
  const { currency, settings, strategies } = options;
  return { format: 1, currency, ...settings, instruments, strategies: strategies.map(({ config }) => config) };
}

/** Starts the engine's thread, which recovers before it is ready, and hears what it found. */
async function recoverEngine(supervisor: Supervisor, data: object): Promise<RecoveredMessage> {
  let recovered: RecoveredMessage | null = null;
  await supervisor.start("engine", data, (worker) => {
    worker.on("message", (message: RecoveredMessage) => {
      if (message.type === "recovered") recovered = message;
    });
  });
  if (recovered === null) throw new ThreadFailure("the engine did not say what it recovered", "engine");
  return recovered;
}

/** The journal says where it was written. An engine that may still run there manages the same orders. */
function requireHost(disk: Disk, { journalDirectory: directory, accept }: SessionOptions): void {
  const host = thisHost();
  const identity = readIdentity(disk, directory);
  if (identity !== null && !isForeign(identity, host)) return;
  if (identity !== null && !accept.includes("host")) {
    throw new ConfigError(
      `the journal in ${directory} was written on another host, ${identity.host}: make sure that no engine ` +
        "runs there with the same account, then start with --accept host",
    );
  }
  writeIdentity(disk, directory, host, Date.now());
}

function requireClock(nowUs: number, { timeUs }: RecoveredMessage, { accept, journalDirectory }: SessionOptions): void {
  if (nowUs + CLOCK_BEHIND_US >= timeUs || accept.includes("clock")) return;
  const [now, newest] = [nowUs, timeUs].map((us) => new Date(us / 1000).toISOString());
  throw new ConfigError(
    `this host's clock says ${now}, but the newest record of ${journalDirectory} is of ${newest}: set the clock, or ` +
      "start with --accept clock (the engine's time then stands still until the clock has passed it)",
  );
}

/** Builds an engine and throws it away: what it would refuse is refused before anything is written. */
function requireRunnable(config: EngineConfig, strategies: SessionOptions["strategies"]): void {
  const math = createMathCore();
  const strategyMath = createDeterministicMath(math);
  const definitions = strategies.map(({ config: { id }, text }) => loadStrategy(text, id, strategyMath));
  new Engine({ config, math, strategies: definitions, log: new MemoryLog(() => {}) });
}

export async function stopAll(supervisor: Supervisor): Promise<void> {
  for (const name of STOP_ORDER) if (name !== "main") await supervisor.stop(name);
  supervisor.close();
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
