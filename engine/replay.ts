/**
 * Re-execution: the recorded inputs go through the real engine and strategies, and everything it writes is compared,
 * byte for byte, with what was recorded. The first difference stops the replay and is described.
 */
import { CONFIG_JSON_COUNT, MessageType, type MessageViews, RECORD_HEADER_BYTES, readText } from "../schemas/index.js";
import type { MathCore } from "../wasm/index.js";
import type { EngineConfig } from "./config.js";
import { Engine } from "./engine.js";
import type { StrategyDefinition } from "./strategy/define.js";
import { MemoryLog } from "./tape/memory-log.js";
import { type Crc32c, type SegmentReader, TapeError } from "./tape/segment.js";
import { readTape, type SegmentBytes, type TapeSummary } from "./tape/tape.js";

/** The engine wrote something else than the journal holds. */
export class ReplayDivergence extends Error {
  override readonly name = "ReplayDivergence";
}

export interface ReplayOptions {
  readonly segments: Iterable<SegmentBytes>;
  readonly crc32c: Crc32c;
  readonly math: MathCore;
  /** Loads the strategies that the journal's configuration names. */
  readonly load: (config: EngineConfig) => readonly StrategyDefinition[];
}

export interface ReplayResult {
  readonly engine: Engine;
  readonly tape: TapeSummary;
  /** Outputs that were compared and found equal. */
  readonly outputsEqual: number;
}

export function replay({ segments, crc32c, math, load }: ReplayOptions): ReplayResult {
  const expected = new ExpectedRecords();
  const log = new MemoryLog((_type, _timeUs, views, at, bytes) => expected.push(views, at, bytes));
  let engine: Engine | null = null;
  const tape = readTape(segments, crc32c, (record) => {
    if (record.index === 0) {
      expected.requireEmpty();
      engine ??= new Engine(startOf(record, math, load, log));
      engine.take(record.type, record.views, record.at, record.bytes);
    }
    expected.compare(record);
  });
  if (!engine) throw new TapeError("the journal holds no records; there is nothing to replay");
  if (tape.ending === "end") expected.requireEmpty();
  return { engine, tape, outputsEqual: tape.records - tape.inputs };
}

/** What a journal's first record, its configuration, says. */
export function configOf(record: SegmentReader): EngineConfig {
  if (record.type !== MessageType.Config) throw new TapeError("the journal does not start with a configuration record");
  return JSON.parse(readText(record.views, record.at + CONFIG_JSON_COUNT)) as EngineConfig;
}

function startOf(record: SegmentReader, math: MathCore, load: ReplayOptions["load"], log: MemoryLog) {
  const config = configOf(record);
  return { config, math, strategies: load(config), log };
}

/** Records the engine wrote and the journal has not yet confirmed. */
class ExpectedRecords {
  private readonly waiting: Uint8Array[] = [];
  private next = 0;

  push(views: MessageViews, at: number, bytes: number): void {
    if (this.next === this.waiting.length) this.waiting.length = this.next = 0;
    this.waiting.push(views.u8.slice(at, at + bytes));
  }

  compare(record: SegmentReader): void {
    const place = `sequence ${record.sequence}.${record.index} (${MessageType[record.type]})`;
    const made = this.waiting[this.next];
    if (!made) throw new ReplayDivergence(`${place} is in the journal, but the engine did not write it`);
    this.next += 1;
    const recorded = record.views.u8.subarray(record.recordAt, record.recordAt + record.recordBytes);
    const at = firstDifference(made, recorded);
    if (at >= 0) {
      const what = at < RECORD_HEADER_BYTES ? "header" : "message";
      throw new ReplayDivergence(`${place}: the engine wrote other bytes; first difference in its ${what}, byte ${at}`);
    }
  }

  requireEmpty(): void {
    const extra = this.waiting.length - this.next;
    if (extra > 0) throw new ReplayDivergence(`the engine wrote ${extra} records that the journal does not hold`);
  }
}

/** Index of the first byte that differs, behind the CRC; −1 when none does. */
function firstDifference(made: Uint8Array, recorded: Uint8Array): number {
  const length = Math.max(made.length, recorded.length);
  for (let at = 4; at < length; at += 1) if (made[at] !== recorded[at]) return at;
  return -1;
}
