/**
 * How an engine starts, which is by recovering: the directory is locked, the instruments are asked for, the engine's
 * thread brings back what earlier lives left, and only then the threads begin that write. A refusal leaves nothing
 * half-written.
 */
import { rmSync } from "node:fs";
import type { MessagePort } from "node:worker_threads";
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
import { FeedsLink } from "./feeds/feeds-link.js";
import { type DirectoryLock, lockDirectory } from "./journal/directory-lock.js";
import { thisHost } from "./journal/host.js";
import { isForeign, readIdentity, writeIdentity } from "./journal/identity.js";
import { segmentNames, storeBundles } from "./journal/journal-directory.js";
import { planOf } from "./placement.js";
import { prepareMemory } from "./prepare-memory.js";
import type { SessionOptions } from "./session.js";
import { StoreLink } from "./store/store-link.js";
import { Supervisor, ThreadFailure } from "./supervisor.js";
import type { EngineThreadData, RecoveredMessage } from "./threads/engine.js";
import type { FeedsThreadData } from "./threads/feeds.js";
import type { GatewayThreadData } from "./threads/gateway.js";
import type { JournalThreadData } from "./threads/journal.js";
import type { PreparerThreadData } from "./threads/preparer.js";
import type { ShadowThreadData } from "./threads/shadow.js";
import type { StoreThreadData } from "./threads/store.js";
import { ThreadContext, type ThreadData } from "./threads/thread-data.js";
import type { VenueThreadData } from "./threads/venue.js";
import { AGENT_NAMES, type AgentName, STOP_ORDER } from "./topology.js";

/** Everything that runs, ready for its first input. */
export interface StartedThreads {
  readonly config: EngineConfig;
  readonly context: ThreadContext;
  readonly supervisor: Supervisor;
  readonly lock: DirectoryLock;
  readonly recovered: RecoveredMessage;
  readonly feeds: FeedsLink;
  readonly store: StoreLink | null;
  readonly gateway: MessagePort | null;
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
  const data = prepareMemory(planOf(options.plan, agentsOf(options)));
  const context = new ThreadContext("main", data);
  const feeds = new FeedsLink(context);
  const store = options.questdb === null ? null : new StoreLink();
  const supervisor = new Supervisor(context, {
    onDown: (agents) => agents.includes("feeds") && feeds.lost(),
    onQuarantined: (agents) => agents.includes("store") && store?.lost(),
    onNote: options.onNote,
  });
  try {
    requireHost(disk, options);
    storeBundles(disk, directory, bundles);
    const started = await startAll(options, data, { context, supervisor, feeds, store });
    return { ...started, context, supervisor, lock, feeds, store };
  } catch (error) {
    // One that still recovers hears nothing, and has written nothing.
    await supervisor.terminate("engine");
    await stopAll(supervisor);
    await lock.release();
    if (isNew && segmentNames(disk, directory).length === 0) rmSync(directory, { recursive: true });
    throw error;
  }
}

interface Starting {
  readonly context: ThreadContext;
  readonly supervisor: Supervisor;
  readonly feeds: FeedsLink;
  readonly store: StoreLink | null;
}

async function startAll(options: SessionOptions, given: ThreadData, { context, supervisor, feeds, store }: Starting) {
  const { journalDirectory: directory, symbols, orders, questdb: url, crashPoint, segmentBytes } = options;
  const data = { ...given, directory, crashPoint };
  await supervisor.start(
    "feeds",
    { ...data, endpoints: options.endpoints, symbols } satisfies FeedsThreadData,
    feeds.onPort,
  );
  const asked = configuration(options, await unlessFailed(feeds.load(), supervisor));
  requireRunnable(asked, options.strategies);
  const simulated = orders === "simulated";
  const recovering = recoverEngine(supervisor, { ...data, config: asked, simulated });
  const recovered = await unlessInterrupted(recovering, options);
  const { config, sequence: recoveredSequence } = recovered;
  requireClock(context.nowUs(), recovered, options);
  const { nextSegment: firstSegment, crc: previousCrc } = recovered;
  const { durability: mode, snapshotEvery, keepBytes } = options;
  const journal: JournalThreadData = { ...data, mode, firstSegment, previousCrc, segmentBytes };
  const preparer: PreparerThreadData = { ...data, segmentBytes };
  const isStored = url !== null;
  const shadow: ShadowThreadData = { ...data, snapshotEvery, recoveredSequence, keepBytes, isStored };
  let gateway: MessagePort | null = null;
  const onGateway = (port: MessagePort): void => {
    gateway = port;
  };
  await Promise.all([
    orders === "simulated"
      ? supervisor.start("venue", { ...data, config } satisfies VenueThreadData)
      : supervisor.start(
          "gateway",
          { ...data, config, endpoints: orders.endpoints } satisfies GatewayThreadData,
          onGateway,
        ),
    supervisor.start("journal", journal),
    supervisor.start("preparer", preparer),
    supervisor.start("shadow", shadow),
  ]);
  if (store !== null && url !== null) {
    await supervisor.start("store", { ...data, url, recoveredSequence } satisfies StoreThreadData, store.onPort);
  }
  return { config, recovered, gateway: gateway as MessagePort | null };
}

/** The agents that a run has: a simulated venue or a gateway, and a store if there is to be one. */
export function agentsOf({
  orders,
  questdb,
}: {
  readonly orders: unknown;
  readonly questdb: string | null;
}): AgentName[] {
  const absent = [orders === "simulated" ? "gateway" : "venue", ...(questdb === null ? ["store"] : [])];
  return AGENT_NAMES.filter((agent) => !absent.includes(agent));
}

function unlessFailed<T>(work: Promise<T>, supervisor: Supervisor): Promise<T> {
  return Promise.race([work, supervisor.failure.then((error) => Promise.reject(error))]);
}

/** A long recovery can be left at any moment: it changes nothing before it is over. */
async function unlessInterrupted<T>(work: Promise<T>, { interrupted, journalDirectory }: SessionOptions): Promise<T> {
  if (interrupted === undefined) return work;
  const left = interrupted.then(() => {
    throw new ThreadFailure(`interrupted while it recovered; ${journalDirectory} is as it was`);
  });
  return Promise.race([work, left]);
}

function configuration(options: SessionOptions, instruments: readonly InstrumentSpec[]): EngineConfig {
  const { currency, settings, strategies } = options;
  return {
    format: 1,
    currency,
    ...settings,
    instruments: [...instruments],
    strategies: strategies.map(({ config }) => config),
  };
}

/** Starts the engine, which recovers before it is ready, and hears what it found. */
async function recoverEngine(supervisor: Supervisor, data: EngineThreadData): Promise<RecoveredMessage> {
  let hear!: (message: RecoveredMessage) => void;
  const heard = new Promise<RecoveredMessage>((resolve) => {
    hear = resolve;
  });
  await supervisor.start("engine", data, (port) => {
    port.on("message", (message: RecoveredMessage) => {
      if (message.type === "recovered") hear(message);
    });
  });
  return unlessFailed(heard, supervisor);
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
  for (const agent of STOP_ORDER) await supervisor.stop(agent);
  supervisor.close();
}
