/**
 * Re-execution: the recorded inputs go through the real engine and strategies, and everything it writes is compared,
 * byte for byte, with what was recorded. The first difference stops the replay and is described. A replayer is handed
 * records one by one, so whoever drives it may stop anywhere and look at the engine.
 */
import {
  CONFIG_JSON_COUNT,
  CONFIG_START,
  LifeStart,
  MessageType,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_FLAGS,
  readText,
} from "../schemas/index.js";
import type { MathCore } from "../wasm/index.js";
import { assert } from "./assert.js";
import { carryOver } from "./carry-over.js";
import type { EngineConfig } from "./config.js";
import { Engine, type OnFault, type Verdict } from "./engine.js";
import type { StrategyDefinition } from "./strategy/define.js";
import { MemoryLog } from "./tape/memory-log.js";
import { type Crc32c, type RecordReader, TapeError } from "./tape/segment.js";
import { readTape, type SegmentBytes, type TapeSummary } from "./tape/tape.js";

/** The engine wrote something else than the journal holds. */
export class ReplayDivergence extends Error {
  override readonly name = "ReplayDivergence";
}

/** Loads the strategies that a configuration names, to compute with that core. */
export type LoadStrategies = (config: EngineConfig, core: MathCore) => readonly StrategyDefinition[];

export interface ReplayerParts {
  /** A new math core: every engine has one of its own. */
  readonly makeCore: () => MathCore;
  readonly load: LoadStrategies;
  readonly verdicts?: readonly Verdict[];
  /** See EngineParts. */
  readonly running?: Float64Array;
  readonly onFault?: OnFault;
}

export interface ReplayOptions extends ReplayerParts {
  readonly segments: Iterable<SegmentBytes>;
  readonly crc32c: Crc32c;
}

export interface ReplayResult {
  readonly engine: Engine;
  readonly tape: TapeSummary;
  /** Outputs that were compared and found equal. */
  readonly outputsEqual: number;
}

/** Replays a whole journal. */
export function replay({ segments, crc32c, ...parts }: ReplayOptions): ReplayResult {
  const replayer = new Replayer(parts);
  const tape = readTape(segments, crc32c, (record) => replayer.take(record));
  if (!replayer.hasBegun) throw new TapeError("the journal holds no records; there is nothing to replay");
  if (tape.ending === "end") replayer.requireNothingMissing();
  return { engine: replayer.engine, tape, outputsEqual: replayer.outputsEqual };
}

/** What a life's first record, its configuration, says. */
export function configOf(record: RecordReader): EngineConfig {
  if (record.type !== MessageType.Config) throw new TapeError("the journal does not start with a configuration record");
  return JSON.parse(readText(record.views, record.at + CONFIG_JSON_COUNT)) as EngineConfig;
}

/** Records that one input may cause, itself included. */
const RECORDS_MAX = 8_192;

export class Replayer {
  outputsEqual = 0;
  private readonly parts: ReplayerParts;
  private readonly log: MemoryLog;
  private current: Engine | null = null;
  /** Where in the log the records stand that the newest input made, and how many of them the journal has shown. */
  private readonly made = new Int32Array(RECORDS_MAX);
  private count = 0;
  private shown = 0;

  constructor(parts: ReplayerParts) {
    this.parts = parts;
    this.log = new MemoryLog((_type, _timeUs, _views, at) => {
      assert(this.count < RECORDS_MAX, "an input made more records than a replay can hold");
      this.made[this.count] = at;
      this.count += 1;
    });
  }

  /** Builds an engine for a configuration, as the replay would; for one whose state comes from a snapshot. */
  build(config: EngineConfig): Engine {
    const math = this.parts.makeCore();
    const strategies = this.parts.load(config, math);
    const { verdicts, running, onFault } = this.parts;
    return new Engine({ config, math, strategies, log: this.log, verdicts, running, onFault });
  }

  /** Goes on with an engine that `build` made and that was brought to the place before the next record. */
  adopt(engine: Engine): void {
    this.current = engine;
    // What an engine before it made and the journal has not shown is nobody's any more.
    this.count = this.shown = 0;
  }

  get hasBegun(): boolean {
    return this.current !== null;
  }

  get engine(): Engine {
    assert(this.current !== null, "a replay has an engine from its first record on");
    return this.current;
  }

  /** Executes an input, or compares an output with what the engine wrote. Throws ReplayDivergence. */
  take(record: RecordReader): void {
    if (record.index === 0) this.execute(record);
    this.compare(record);
  }

  /** The outputs of the newest input that the journal has not shown: its writer was stopped between them. */
  get missing(): number {
    return this.count - this.shown;
  }

  /** Hands over the missing outputs, header first, and counts them as shown. */
  takeMissing(each: (views: MemoryLog["views"], recordAt: number, recordBytes: number) => void): void {
    for (; this.shown < this.count; this.shown += 1) {
      const at = this.made[this.shown];
      each(this.log.views, at, this.log.views.i32[(at + 4) >> 2]);
    }
  }

  requireNothingMissing(): void {
    if (this.missing > 0)
      throw new ReplayDivergence(`the engine wrote ${this.missing} records that the journal does not hold`);
  }

  private execute(record: RecordReader): void {
    this.requireNothingMissing();
    this.count = this.shown = 0;
    if (record.type === MessageType.Config) this.current = this.engineFor(record);
    if (this.current === null) throw new TapeError("the journal does not start with a configuration record");
    this.current.take(record.type, record.views, record.at, record.bytes);
  }

  /** The engine of the life that begins: the same, or one that takes over from it. */
  private engineFor(record: RecordReader): Engine {
    const { current } = this;
    if (current !== null && record.views.u8[record.at + CONFIG_START] !== LifeStart.Refreshed) return current;
    const next = this.build(configOf(record));
    if (current !== null) carryOver(current, next);
    return next;
  }

  private compare(record: RecordReader): void {
    const place = () => `sequence ${record.sequence}.${record.index} (${MessageType[record.type]})`;
    if (this.shown === this.count)
      throw new ReplayDivergence(`${place()} is in the journal, but the engine did not write it`);
    const at = this.made[this.shown];
    this.shown += 1;
    const difference = firstDifference(this.log.views.i32, at >> 2, record.views.i32, record.recordAt >> 2);
    if (difference >= 0) {
      const what = difference < RECORD_HEADER_BYTES ? "header" : "message";
      throw new ReplayDivergence(
        `${place()}: the engine wrote other bytes; first difference in its ${what}, byte ${difference}`,
      );
    }
    if (record.index > 0) this.outputsEqual += 1;
  }
}

const FLAGS_WORD = RECORD_HEADER_FLAGS >> 2;

/** The first byte, rounded down to a word, in which two records differ; −1. The CRC and the flags are the journal's. */
function firstDifference(made: Int32Array, madeAt: number, recorded: Int32Array, recordedAt: number): number {
  const words = Math.max(made[madeAt + 1], recorded[recordedAt + 1]) >> 2;
  for (let word = 1; word < words; word += 1) {
    if (word !== FLAGS_WORD && made[madeAt + word] !== recorded[recordedAt + word]) return word << 2;
  }
  return -1;
}
