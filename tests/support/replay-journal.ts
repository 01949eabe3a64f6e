/**
 * A journal on disk for the replay tools: a simulated run with everything that replaying it needs, and what the
 * engine's state was after every input, as the run itself saw it.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleStrategy } from "../../cli/strategy-bundle.js";
import {
  type Engine,
  type EngineConfig,
  formatHash,
  InlineSimulation,
  type ParamValue,
  type ReportQueue,
  SimVenue,
  stateHash,
} from "../../engine/index.js";
import { timeOffset } from "../../engine/input.js";
import { LifeStart, Mode, OperatorAction } from "../../schemas/index.js";
import { createMathCore } from "../../wasm/index.js";
import { configAt, engineConfig, loadAll, type Message, operatorAt, Recording, SECOND, START_US } from "./engine.js";
import { writeJournal } from "./journal.js";
import { syntheticMarket } from "./synthetic-market.js";

export const EXAMPLES = ["strategies/ema-cross.ts", "strategies/market-maker.ts"];
/** Quick averages, so that a short tape holds orders and fills. */
export const QUICK = { fast: 2, slow: 5 };

export interface RunOptions {
  readonly count: number;
  readonly seed?: number;
  /** Strategy files; by default both examples. */
  readonly strategies?: readonly string[];
  /** Parameters by strategy. */
  readonly params?: Readonly<Record<string, Readonly<Record<string, ParamValue>>>>;
  readonly config?: Partial<EngineConfig>;
  readonly segments?: number;
  /** Lives that share the market among them. */
  readonly lives?: number;
  readonly mode?: number;
}

export interface WrittenRun {
  readonly directory: string;
  readonly config: EngineConfig;
  readonly recording: Recording;
  /** At its end. */
  readonly engine: Engine;
  /** State hash after each input; index 0 is unused. */
  readonly hashes: readonly string[];
  /** Profit in money units after each input. */
  readonly profits: readonly number[];
}

/** Writes a stopped paper run to a directory. */
export async function writeRun(directory: string, options: RunOptions): Promise<WrittenRun> {
  const { count, seed = 1, strategies = EXAMPLES, lives = 1, mode = Mode.Paper } = options;
  const params: NonNullable<RunOptions["params"]> = options.params ?? { "ema-cross": QUICK };
  const bundles = await Promise.all(strategies.map((path) => bundleStrategy(path)));
  const config = engineConfig({
    strategies: bundles.map(({ id, sha256 }) => ({ id, bundle: sha256, params: params[id] ?? {} })),
    ...options.config,
  });
  const math = createMathCore({ arenaCapacity: 65_536 });
  const recording = new Recording();
  const simulation = new InlineSimulation({ config, math, strategies: loadAll(bundles, math) }, recording.onLogged);
  const { engine } = simulation;
  const { hashes, profits } = watched(engine);
  const take = ({ type, views, at, bytes }: Message): void => simulation.take(type, views, at, bytes);
  take(configAt(START_US, config, mode));
  const market = [...syntheticMarket(count, seed)];
  const share = Math.ceil(market.length / lives);
  for (let life = 1; life <= lives; life += 1) {
    if (life > 1) {
      endLife(simulation);
      take(configAt(engine.timeUs + SECOND, config, mode, life, LifeStart.Resumed));
    }
    for (const message of market.slice((life - 1) * share, life * share)) take(later(message, (life - 1) * 3 * SECOND));
  }
  take(operatorAt(engine.timeUs + SECOND, OperatorAction.Stop));
  writeJournal(directory, recording.records, options.segments ?? 1);
  mkdirSync(join(directory, "strategies"), { recursive: true });
  for (const { bundle } of bundles) {
    writeFileSync(join(directory, "strategies", `${createHash("sha256").update(bundle).digest("hex")}.js`), bundle);
  }
  return { directory, config, recording, engine, hashes, profits };
}

/** Notes what an engine's state is after each input, reports too. */
function watched(engine: Engine): Pick<WrittenRun, "hashes" | "profits"> {
  const hashes: string[] = [];
  const profits: number[] = [];
  const take = engine.take.bind(engine);
  engine.take = (type, views, at, bytes) => {
    take(type, views, at, bytes);
    hashes[engine.sequence] = formatHash(stateHash(engine));
    profits[engine.sequence] = engine.profitMoney();
  };
  return { hashes, profits };
}

/** As a process that is killed: one report more is heard, those behind it, due at the same moment or later, are not. */
function endLife(simulation: InlineSimulation): void {
  const { reports } = simulation as unknown as { reports: ReportQueue };
  const heard = reports.isEmpty ? 0 : 1;
  for (let taken = 0; !reports.isEmpty; taken += 1) {
    if (taken < heard) simulation.engine.take(reports.type, reports.views, reports.at, reports.bytes);
    reports.advance();
  }
  // The next process has a venue of its own.
  const { engine } = simulation;
  Object.assign(simulation, { venue: new SimVenue(engine.instruments, engine.config.paper, reports) });
}

/** The same message, that much later. */
function later(message: Message, us: number): Message {
  message.views.f64[(message.at + timeOffset(message.type)) >> 3] += us;
  return message;
}

/** What a command says, collected. */
export class CollectedOutput {
  readonly lines: string[] = [];
  readonly notes: string[] = [];
  value: unknown = undefined;
  readonly isTerminal = false;

  line(text: string): void {
    this.lines.push(text);
  }
  json(value: unknown): void {
    this.value = JSON.parse(JSON.stringify(value));
  }
  note(text: string): void {
    this.notes.push(text);
  }
  get text(): string {
    return this.lines.join("\n");
  }
}
