/**
 * `sluice demo`: the whole engine on a market. By default a venue of our own, in a process of its own, replays
 * recorded frames over a real websocket; with `--venue binance` it is the real one's public data. Orders are
 * simulated either way.
 */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { makeClock, readClockBasis } from "../actors/clock.js";
import { checkSettings } from "../actors/config.js";
import { NodeDisk } from "../actors/disk/node-disk.js";
import type { JournalMode } from "../actors/journal/journal-agent.js";
import { segmentNames } from "../actors/journal/journal-directory.js";
import { writeDistributions } from "../actors/latency-report.js";
import { choosePlacement } from "../actors/placement-file.js";
import { type Acceptable, type GatewayRoute, Session, type SessionOptions } from "../actors/session.js";
import { agentsOf } from "../actors/session-start.js";
import { type StreamServer, startStream } from "../actors/stream/server.js";
import { StreamAgent } from "../actors/stream/stream-agent.js";
import { ConfigError, type Verdict } from "../engine/index.js";
import { type ForkedVenue, forkLocalVenue } from "../feeds/local-venue/fork.js";
import { LOCAL_API_KEY, LOCAL_API_SECRET } from "../feeds/local-venue/orders/credentials.js";
import { createMathCore } from "../wasm/index.js";
import { recoveryLines, statusJson, summaryJson, summaryLines } from "./demo-summary.js";
import { type Interruption, interruption } from "./interruption.js";
import type { Output } from "./output.js";
import { defaultQuestdbUrl } from "./questdb.js";
import { bundleStrategies } from "./strategies.js";
import { LiveView } from "./view/live-view.js";
import type { ViewHead } from "./view/terminal-view.js";

export interface DemoCommandOptions {
  readonly duration?: number;
  readonly speed: number;
  readonly venue: string;
  /** Port of a local venue that somebody else has started. */
  readonly localVenue?: number;
  readonly symbol?: readonly string[];
  readonly strategy?: readonly string[];
  readonly param: Readonly<Record<string, string>>;
  readonly seed: number;
  /** shared, dedicated, or the path of a file. */
  readonly threads: string;
  readonly journal?: string;
  readonly orders: string;
  readonly durability: JournalMode;
  readonly accept: readonly string[];
  /** Bytes. */
  readonly keep?: number;
  readonly port: number;
  /** True when named without a URL. */
  readonly questdb?: string | true;
  /** Directory for the latency distributions. */
  readonly hgrm?: string;
  readonly json: boolean;
}

const EXAMPLES = ["ema-cross.ts", "market-maker.ts"];
const SYMBOLS = ["BTC/USDT", "ETH/USDT"];

export async function runDemo(options: DemoCommandOptions, output: Output): Promise<void> {
  checkOptions(options);
  if (options.hgrm !== undefined) makeDirectory(options.hgrm);
  const settings = checkSettings({ seed: options.seed });
  const strategies = await bundleStrategies(options.strategy ?? examples(), options.param, createMathCore());
  const questdb = options.questdb === true ? await defaultQuestdbUrl() : (options.questdb ?? null);
  const journalDirectory = options.journal ?? freshJournal();
  const orders = options.orders === "venue" ? "venue" : "simulated";
  const placed = choosePlacement(options.threads, agentsOf({ orders, questdb }));
  for (const line of placed.notes) output.note(`sluice: ${line}`);
  const stopped = interruption();
  let session: Session | null = null;
  const stream = await startStream({
    port: options.port,
    nowUs: makeClock(readClockBasis()),
    status: () => (session ? statusJson(session) : {}),
    isReady: () => session !== null,
    onError: (error) => output.note(`sluice: stream: ${error instanceof Error ? error.message : String(error)}`),
  });
  let venue: ForkedVenue | null = null;
  try {
    if (options.venue === "local" && options.localVenue === undefined)
      venue = await forkLocalVenue({ speed: options.speed });
    const local = venue ? { rest: venue.restUrl, ws: venue.wsUrl } : localEndpoints(options.localVenue);
    const start: SessionOptions = {
      ...sessionOptions(options, local),
      strategies: strategies.map(({ config, text }) => ({ config, text })),
      ...{ settings, journalDirectory, questdb },
      plan: placed.plan,
      onNote: (line) => output.note(`sluice: ${line}`),
      interrupted: stopped.promise,
    };
    noteRecovery(journalDirectory, output);
    for (let again = true; again; ) {
      const first: boolean = session === null;
      session = await Session.start(start);
      if (first && options.duration !== undefined) stopped.limit(options.duration);
      for (const line of recoveryLines(session)) output.note(line);
      const head = headOf(options, stream.streamUrl, journalDirectory, session);
      const view = new LiveView(head, () => session!.snapshot(), options.json ? null : output);
      again = await runToEnd(session, stream, view, stopped, output);
      if (again) continue;
      if (options.hgrm !== undefined) await writeDistributions(options.hgrm, session.context.histograms);
      if (options.json) output.json(summaryJson(head, session));
      else for (const line of summaryLines(head, session)) output.line(line);
    }
  } finally {
    stopped.release();
    await stream.close();
    await venue?.close();
  }
}

/** What the options alone say of a session. */
function sessionOptions(options: DemoCommandOptions, local: LocalEndpoints | null) {
  return {
    endpoints: local ?? ("binance" as const),
    symbols: options.symbol ?? SYMBOLS,
    currency: "USDT",
    orders: local && options.orders === "venue" ? localRoute(local) : ("simulated" as const),
    durability: options.durability,
    accept: options.accept as Acceptable[],
    keepBytes: options.keep,
    crashPoint: process.env.SLUICE_CRASH_POINT,
  };
}

/** Bytes of a journal whose recovery takes long enough to be told of. */
const LONG_BYTES = 32 << 20;

function noteRecovery(directory: string, output: Output): void {
  const disk = new NodeDisk();
  const names = segmentNames(disk, directory);
  const bytes = names.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
  if (bytes > LONG_BYTES) output.note(`recovering from ${directory}, ${Math.round(bytes / (1 << 20))} MiB …`);
}

/**
 * Runs until something ends it, then goes down in order. True when it was a strategy that is now left out, and the rest
 * may start again. Throws what else failed, once all that is left is safe.
 */
async function runToEnd(
  session: Session,
  stream: StreamServer,
  view: LiveView,
  stopped: Interruption,
  output: Output,
): Promise<boolean> {
  const { epoch } = session.recovered.life;
  stream.begin({ config: session.config, mode: session.mode, epoch, timeUs: session.context.nowUs() });
  session.run([new StreamAgent(session.logReader(), stream)]);
  view.start();
  const failure = await Promise.race([stopped.promise, session.failure]);
  let verdict: Verdict | null = null;
  try {
    if (failure instanceof Error) verdict = await session.judge(failure);
    else await session.stop(stopped.reason ?? "a thread failed");
  } finally {
    view.stop();
  }
  if (!(failure instanceof Error)) {
    // On the way down too: what could not be saved any more is told, and is no good end.
    const late = await Promise.race([session.failure, null]);
    if (late !== null) throw new RunFailed(`${late.message} (the journal up to there: ${view.head.journal})`);
    return false;
  }
  if (verdict === null) throw new RunFailed(`${failure.message} (the journal up to there: ${view.head.journal})`);
  output.note(
    `sluice: strategy ${verdict.strategy} stopped the engine at input ${verdict.sequence} (${failure.message}); ` +
      `it is left out from there on, see ${view.head.journal}/verdicts`,
  );
  return true;
}

/** A part of the engine failed while it ran. */
class RunFailed extends Error {
  override readonly name = "RunFailed";
}

function checkOptions({ venue, speed, orders, localVenue }: DemoCommandOptions): void {
  if (venue !== "local" && venue !== "binance") throw new ConfigError(`--venue is local or binance, was ${venue}`);
  if (venue === "binance" && speed !== 1)
    throw new ConfigError("--speed is for the local venue; the real one has its own pace");
  if (localVenue !== undefined && (venue !== "local" || speed !== 1))
    throw new ConfigError("--local-venue names a local venue with its own --speed; leave --venue and --speed out");
  if (venue !== "local" && orders === "venue")
    throw new ConfigError("--orders venue is for the local venue; this build sends no order to a real one");
}

/** A directory that cannot be is refused before the run, not after it. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new ConfigError(`cannot make ${path} (${(error as Error).message}): choose another directory with --hgrm`);
  }
}

/** The local venue's own account. */
function localRoute(endpoints: LocalEndpoints): GatewayRoute {
  return { endpoints, apiKey: LOCAL_API_KEY, secret: LOCAL_API_SECRET };
}

interface LocalEndpoints {
  readonly rest: string;
  readonly ws: string;
}

function localEndpoints(port: number | undefined): LocalEndpoints | null {
  return port === undefined ? null : { rest: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}` };
}

/** The example strategies, from the package itself. */
function examples(): string[] {
  const root = fileURLToPath(new URL("../../strategies/", import.meta.url));
  return EXAMPLES.map((name) => join(root, name));
}

/** A new directory for each run: journals are never overwritten. It is made when the engine starts. */
function freshJournal(): string {
  const started = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const first = join(".sluice", "demo", started);
  let directory = first;
  for (let attempt = 2; existsSync(directory); attempt += 1) directory = `${first}-${attempt}`;
  return directory;
}

function headOf(options: DemoCommandOptions, stream: string, journal: string, session: Session): ViewHead {
  const local = `binance (local venue, recorded 2024-08-08 ×${options.speed})`;
  return {
    mode: options.orders === "venue" ? "LOCAL VENUE" : "SIMULATED",
    source: options.venue === "local" ? local : "binance (public market data)",
    stream,
    journal: shorter(relative(process.cwd(), journal), journal),
    maxDailyLossMoney: session.limits.maxDailyLossMoney,
  };
}

const shorter = (one: string, other: string): string => (one !== "" && one.length < other.length ? one : other);
