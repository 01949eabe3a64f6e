/**
 * A journal of so many inputs, made as fast as it goes: recorded frames through the real intake into an engine with a
 * simulated venue, whose records are sealed and written by the journal's own writer. How long that takes counts nowhere.
 */
import { SegmentWriter } from "../../actors/journal/segment-writer.js";
import { storeBundles } from "../../actors/journal/journal-directory.js";
import type { TailPosition } from "../../actors/journal/segment-tail.js";
import { NodeDisk } from "../../actors/disk/node-disk.js";
import {
  type Crc32c,
  DEFAULT_PAPER,
  type Engine,
  type EngineConfig,
  InlineSimulation,
  loadStrategy,
  type OnLogged,
} from "../../engine/index.js";
import { RECORD_CRC_FROM, type RecordMark, SYNCED_BEFORE } from "../../engine/tape/segment-header.js";
import { BinanceIntake } from "../../feeds/binance/intake.js";
import { readSnapshot } from "../../feeds/binance/snapshot.js";
import { createFeedCounters, type MarketSink } from "../../feeds/index.js";
import { loadCapture } from "../../feeds/local-venue/capture.js";
import { Replay } from "../../feeds/local-venue/replay.js";
import {
  CONFIG_BYTES,
  CONFIG_JSON_COUNT,
  encodeText,
  LifeStart,
  MessageType,
  Mode,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_CRC,
  RECORD_HEADER_FLAGS,
  RECORD_HEADER_INDEX,
  RECORD_HEADER_SEQUENCE,
  textMessageBytes,
  viewsOf,
  writeConfig,
  writeText,
} from "../../schemas/index.js";
import { createDeterministicMath, createMathCore } from "../../wasm/index.js";
import { INSTRUMENTS, SPECS } from "../decode/frames.js";
import { STRATEGY_TEXT, strategyConfig } from "../tick-to-order/strategy.js";

export interface RecordedJournal {
  /** As it was when it wrote the last record. */
  readonly engine: Engine;
  readonly bytes: number;
  /** Behind the last record. */
  readonly end: TailPosition;
}

/** So wide that every order passes. */
const RISK = { maxPosition: "1000000", maxOrderValue: "100000", maxDailyLoss: "1000000" };
const START_US = 1_767_571_200_000_000;
const FRAME_US = 1_000;
const MESSAGE_BYTES_MAX = 64 * 1024;

export function recordJournal(directory: string, inputs: number, buildHash: number, crc32c: Crc32c): RecordedJournal {
  const config: EngineConfig = {
    ...{ format: 1, currency: "USDT", seed: 1, instruments: SPECS, risk: RISK, paper: DEFAULT_PAPER },
    strategies: [strategyConfig(0)],
  };
  storeBundles(new NodeDisk(), directory, new Map([[config.strategies[0].bundle, STRATEGY_TEXT]]));
  const file = new JournalFile(directory, buildHash, crc32c);
  const math = createMathCore();
  const strategies = [loadStrategy(STRATEGY_TEXT, config.strategies[0].id, createDeterministicMath(math))];
  const simulation = new InlineSimulation({ config, math, strategies }, file.onLogged);
  begin(simulation, config);
  trade(simulation, inputs);
  return { engine: simulation.engine, ...file.finish() };
}

function begin(simulation: InlineSimulation, config: EngineConfig): void {
  const json = encodeText(JSON.stringify(config));
  const bytes = textMessageBytes(CONFIG_BYTES, json.length);
  const views = viewsOf(new ArrayBuffer(bytes));
  writeConfig(views, 0, START_US, 1, Mode.Paper, LifeStart.Fresh, json.length);
  writeText(views, CONFIG_JSON_COUNT, json);
  simulation.take(MessageType.Config, views, 0, bytes);
}

/** Plays the recorded market over and over until the engine has taken so many inputs. */
function trade(simulation: InlineSimulation, inputs: number): void {
  const capture = loadCapture();
  const replay = new Replay(capture);
  let nowUs = START_US;
  const intake = new BinanceIntake({
    instruments: INSTRUMENTS,
    sink: new SimulationSink(simulation),
    counters: createFeedCounters(),
    nowUs: () => nowUs,
    silenceMs: Number.POSITIVE_INFINITY,
  });
  intake.subscribed();
  while (simulation.engine.sequence < inputs) {
    nowUs += FRAME_US;
    intake.onFrame(Buffer.from(replay.next().text, "latin1"), true);
    for (const book of intake.books) {
      if (!book.sync.wantsSnapshot) continue;
      book.sync.snapshotAsked();
      const answer = capture.snapshots.get(book.instrument.venueSymbol);
      intake.onSnapshot(book, readSnapshot(answer, book.instrument, nowUs)!);
    }
  }
}

/** Hands each message on as soon as it is whole. */
class SimulationSink implements MarketSink {
  readonly views = viewsOf(new ArrayBuffer(MESSAGE_BYTES_MAX));
  private readonly simulation: InlineSimulation;
  private type = 0;
  private bytes = 0;

  constructor(simulation: InlineSimulation) {
    this.simulation = simulation;
  }

  claim(type: number, bytes: number): number {
    this.type = type;
    this.bytes = bytes;
    return 0;
  }

  commit(): void {
    this.simulation.take(this.type, this.views, 0, this.bytes);
  }

  publish(): void {}
}

const BATCH_BYTES = 1 << 20;

/** Seals records and writes them a batch at a time, each synced. */
class JournalFile {
  private readonly writer: SegmentWriter;
  private readonly crc32c: Crc32c;
  private readonly batch = new Uint8Array(2 * BATCH_BYTES);
  private readonly header = new DataView(this.batch.buffer);
  private used = 0;
  private segment = -1;
  /** Bytes in the open segment. */
  private offset = 0;
  private previousCrc = 0;
  private firstSequence = 0;
  private newest: RecordMark = { crc: 0, sequence: 0, index: 0, timeUs: 0 };

  constructor(directory: string, buildHash: number, crc32c: Crc32c) {
    this.crc32c = crc32c;
    this.writer = new SegmentWriter({ disk: new NodeDisk(), directory, buildHash, crc32c, nowUs: () => START_US });
  }

  readonly onLogged: OnLogged = (_type, timeUs, views, at, bytes) => {
    const index = views.u16[(at + RECORD_HEADER_INDEX) >> 1];
    const sequence = views.f64[(at + RECORD_HEADER_SEQUENCE) >> 3];
    if (index === 0 && this.used > BATCH_BYTES) this.write();
    const { batch, header, used } = this;
    batch.set(views.u8.subarray(at, at + bytes), used);
    if (used === 0) {
      this.firstSequence = sequence;
      this.previousCrc = this.newest.crc;
      header.setUint32(used + RECORD_HEADER_FLAGS, SYNCED_BEFORE, true);
    }
    const crc = this.crc32c(batch.subarray(used + RECORD_CRC_FROM, used + bytes), this.newest.crc);
    header.setUint32(used + RECORD_HEADER_CRC, crc, true);
    this.newest = { crc, sequence, index, timeUs };
    this.used += bytes;
  };

  finish(): { readonly bytes: number; readonly end: TailPosition } {
    this.write();
    const { newest, segment, offset } = this;
    this.writer.finish(newest);
    const end = { segment, offset, crc: newest.crc, sequence: newest.sequence };
    return { bytes: this.writer.bytesWritten, end };
  }

  private write(): void {
    const { writer } = this;
    if (!writer.isOpen || this.used > writer.room) this.open();
    writer.write([this.batch.subarray(0, this.used)]);
    writer.sync();
    this.offset += this.used;
    this.used = 0;
  }

  private open(): void {
    const { writer, previousCrc, firstSequence, newest } = this;
    const before = writer.bytesWritten;
    writer.finish({ ...newest, crc: previousCrc });
    writer.open(previousCrc, firstSequence);
    this.offset = writer.bytesWritten - before;
    this.segment += 1;
  }
}
