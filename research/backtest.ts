/**
 * A backtest: the market and control inputs of a tape go through the same engine as live, with the simulated venue
 * inline. Over the journal of a paper run, with the same strategies, it makes the same records, bit for bit; the models
 * that these asked for are on the tape. Those that a changed run asks for are fitted inline.
 */
import {
  type Crc32c,
  configOf,
  type Engine,
  type EngineConfig,
  InlineFits,
  InlineSimulation,
  isReport,
  type LoadStrategies,
  type OnLogged,
  readTape,
  type SegmentBytes,
  TapeError,
  type TapeSummary,
} from "../engine/index.js";
import {
  CONFIG_BYTES,
  CONFIG_EPOCH,
  CONFIG_JSON_COUNT,
  CONFIG_TIME_US,
  encodeText,
  LifeStart,
  MessageType,
  type MessageViews,
  Mode,
  textMessageBytes,
  viewsOf,
  writeConfig,
  writeText,
} from "../schemas/index.js";
import { refit } from "../wasm/hmm/refit.js";
import type { MathCore } from "../wasm/index.js";

export interface BacktestOptions {
  readonly tape: Iterable<SegmentBytes>;
  readonly crc32c: Crc32c;
  readonly math: MathCore;
  /** Strategies for a configuration: the tape's own, or what `configure` made of it. */
  readonly load: LoadStrategies;
  /** Changes the tape's configuration, such as its strategies; without it the run is the recorded one. */
  readonly configure?: (config: EngineConfig) => EngineConfig;
  /** Called with every record that the engine writes. */
  readonly onLogged?: OnLogged;
}

export interface BacktestResult {
  readonly engine: Engine;
  readonly tape: TapeSummary;
}

export function backtest(options: BacktestOptions): BacktestResult {
  let simulation: InlineSimulation | null = null;
  const tape = readTape(options.tape, options.crc32c, (record) => {
    if (record.index !== 0 || isReport(record.type)) return;
    if (simulation) return simulation.take(record.type, record.views, record.at, record.bytes);
    const recorded = configOf(record);
    const config = options.configure?.(recorded) ?? recorded;
    const parts = { config, math: options.math, strategies: options.load(config, options.math) };
    const isRecorded = config === recorded;
    const fits = isRecorded ? null : new InlineFits(refit, config.paper.fitLatencyUs);
    simulation = new InlineSimulation(parts, options.onLogged ?? ignore, fits);
    if (isRecorded) return simulation.take(record.type, record.views, record.at, record.bytes);
    const message = reconfigured(config, record.views, record.at);
    simulation.take(MessageType.Config, message.views, 0, message.bytes);
  });
  if (!simulation) throw new TapeError("the tape holds no records");
  return { engine: (simulation as InlineSimulation).engine, tape };
}

/** A Config message that says `config` at the recorded moment, marked as a backtest. */
function reconfigured(config: EngineConfig, recorded: MessageViews, at: number) {
  const json = encodeText(JSON.stringify(config));
  const bytes = textMessageBytes(CONFIG_BYTES, json.length);
  const views = viewsOf(new ArrayBuffer(bytes));
  const timeUs = recorded.f64[(at + CONFIG_TIME_US) >> 3];
  const epoch = recorded.u32[(at + CONFIG_EPOCH) >> 2];
  writeConfig(views, 0, timeUs, epoch, Mode.Backtest, LifeStart.Fresh, json.length);
  writeText(views, CONFIG_JSON_COUNT, json);
  return { views, bytes };
}

const ignore = (): void => {};
