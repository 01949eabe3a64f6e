/**
 * `sluice demo`: the whole engine on a market. By default a venue of our own, in a process of its own, replays
 * recorded frames over a real websocket; with `--venue binance` it is the real one's public data. Orders are
 * simulated either way.
 */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { makeClock, readClockBasis } from "../actors/clock.js";
import { checkSettings } from "../actors/config.js";
import { Session } from "../actors/session.js";
import { type StreamServer, startStream } from "../actors/stream/server.js";
import { StreamAgent } from "../actors/stream/stream-agent.js";
import { ConfigError } from "../engine/index.js";
import { type ForkedVenue, forkLocalVenue } from "../feeds/local-venue/fork.js";
import { Mode } from "../schemas/index.js";
import { createMathCore } from "../wasm/index.js";
import { statusJson, summaryJson, summaryLines } from "./demo-summary.js";
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
  readonly symbol?: readonly string[];
  readonly strategy?: readonly string[];
  readonly param: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly spin: boolean;
  readonly journal?: string;
  readonly port: number;
  /** True when named without a URL. */
  readonly questdb?: string | true;
  readonly json: boolean;
}

const EXAMPLES = ["ema-cross.ts", "market-maker.ts"];
const SYMBOLS = ["BTC/USDT", "ETH/USDT"];

export async function runDemo(options: DemoCommandOptions, output: Output): Promise<void> {
  checkVenue(options);
  const settings = checkSettings({ seed: options.seed });
  const strategies = await bundleStrategies(options.strategy ?? examples(), options.param, createMathCore());
  const questdb = options.questdb === true ? await defaultQuestdbUrl() : (options.questdb ?? null);
  const journalDirectory = options.journal ?? freshJournal();
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
    venue = options.venue === "local" ? await forkLocalVenue({ speed: options.speed }) : null;
    session = await Session.start({
      endpoints: venue ? { rest: venue.restUrl, ws: venue.wsUrl } : "binance",
      symbols: options.symbol ?? SYMBOLS,
      strategies: strategies.map(({ config, text }) => ({ config, text })),
      settings,
      currency: "USDT",
      journalDirectory,
      placement: options.spin ? "dedicated" : "shared",
      questdb,
    });
    const head = headOf(options, stream.streamUrl, journalDirectory, session);
    if (options.duration !== undefined) stopped.limit(options.duration);
    await runToEnd(
      session,
      stream,
      new LiveView(head, () => session!.snapshot(), options.json ? null : output),
      stopped,
    );
    if (options.json) output.json(summaryJson(head, session));
    else for (const line of summaryLines(head, session)) output.line(line);
  } finally {
    stopped.release();
    await stream.close();
    await venue?.close();
  }
}

/** Runs until something ends it, then goes down in order. Throws what failed, once all that is left is safe. */
async function runToEnd(session: Session, stream: StreamServer, view: LiveView, stopped: Interruption): Promise<void> {
  stream.begin({ config: session.config, mode: Mode.Paper, epoch: 1, timeUs: session.context.nowUs() });
  session.run([new StreamAgent(session.logReader(), stream)]);
  view.start();
  const failure = await Promise.race([stopped.promise, session.failure]);
  try {
    await session.stop(stopped.reason ?? "a thread failed");
  } finally {
    view.stop();
  }
  if (failure instanceof Error)
    throw new RunFailed(`${failure.message} (the journal up to there: ${view.head.journal})`);
}

/** A part of the engine failed while it ran. */
class RunFailed extends Error {
  override readonly name = "RunFailed";
}

function checkVenue({ venue, speed }: DemoCommandOptions): void {
  if (venue !== "local" && venue !== "binance") throw new ConfigError(`--venue is local or binance, was ${venue}`);
  if (venue === "binance" && speed !== 1)
    throw new ConfigError("--speed is for the local venue; the real one has its own pace");
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
    mode: "SIMULATED",
    source: options.venue === "local" ? local : "binance (public market data)",
    stream,
    journal: shorter(relative(process.cwd(), journal), journal),
    maxDailyLossMoney: session.limits.maxDailyLossMoney,
  };
}

const shorter = (one: string, other: string): string => (one !== "" && one.length < other.length ? one : other);
