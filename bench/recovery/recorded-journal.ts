/**
 * A journal of so many inputs, made as fast as it goes: recorded frames through the real intake into an engine with a
 * simulated venue, whose records the journal's own agent writes. How long that takes counts nowhere.
 */
import { NodeDisk } from "../../actors/disk/node-disk.js";
import { JournalAgent } from "../../actors/journal/journal-agent.js";
import { storeBundles } from "../../actors/journal/journal-directory.js";
import { SegmentWriter } from "../../actors/journal/segment-writer.js";
import { LogReader } from "../../actors/ring/log-reader.js";
import { LogRing, LogWriter } from "../../actors/ring/log-ring.js";
import { sharedViewsOf } from "../../actors/ring/views.js";
import {
  type Crc32c,
  DEFAULT_PAPER,
  type Engine,
  type EngineConfig,
  InlineSimulation,
  loadStrategy,
  type OnLogged,
} from "../../engine/index.js";
import { copyMessage } from "../../engine/input.js";
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
  RECORD_HEADER_INDEX,
  RECORD_HEADER_SEQUENCE,
  SCHEMA_HASH,
  textMessageBytes,
  viewsOf,
  writeConfig,
  writeText,
} from "../../schemas/index.js";
import { CRC32C_BYTES, createDeterministicMath, createMathCore, createSharedMemory, Fabric } from "../../wasm/index.js";
import { INSTRUMENTS, SPECS } from "../decode/frames.js";
import { STRATEGY_TEXT, strategyConfig } from "../tick-to-order/strategy.js";

/** So wide that every order passes. */
const RISK = { maxPosition: "1000000", maxOrderValue: "100000", maxDailyLoss: "1000000" };
const START_US = 1_767_571_200_000_000;
const FRAME_US = 1_000;
const MESSAGE_BYTES_MAX = 64 * 1024;
const LOG_BYTES = 4 << 20;
const LOG_AT = Math.ceil(CRC32C_BYTES / 128) * 128;
const BATCH_BYTES = 1 << 20;

/** Returns the engine as it was when it wrote the last record. */
export function recordJournal(directory: string, inputs: number, buildHash: number, crc32c: Crc32c): Engine {
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
  file.finish();
  return simulation.engine;
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
    stamp: (into, at) => {
      into[at] = nowUs;
    },
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

/** Hands records to the journal's agent by way of a log, a batch at a time. */
class JournalFile {
  private readonly log: LogWriter;
  private readonly agent: JournalAgent;
  private waitingBytes = 0;

  constructor(directory: string, buildHash: number, crc32c: Crc32c) {
    const memory = createSharedMemory(LOG_AT + LogRing.bytesFor(LOG_BYTES));
    const views = sharedViewsOf(memory.buffer as unknown as SharedArrayBuffer);
    const identity = { schemaHash: SCHEMA_HASH, buildHash };
    const nowUs = (): number => START_US;
    LogRing.create(views, LOG_AT, { capacity: LOG_BYTES, identity, readers: 1 });
    this.log = LogWriter.join(views, LOG_AT, identity);
    this.agent = new JournalAgent({
      log: LogReader.join(views, LOG_AT, identity, 0),
      writer: new SegmentWriter({ disk: new NodeDisk(), directory, buildHash, crc32c, nowUs }),
      fabric: new Fabric(memory, 0),
      counters: { set: () => {} },
      recordError: (error) => {
        throw error;
      },
      nowUs,
    });
  }

  readonly onLogged: OnLogged = (type, timeUs, views, at, bytes) => {
    const { log } = this;
    const index = views.u16[(at + RECORD_HEADER_INDEX) >> 1];
    if (index === 0 && this.waitingBytes > BATCH_BYTES) this.write();
    const sequence = views.f64[(at + RECORD_HEADER_SEQUENCE) >> 3];
    const to = log.claim(type, index, sequence, timeUs, bytes - RECORD_HEADER_BYTES);
    copyMessage(views, at + RECORD_HEADER_BYTES, log.views, to, bytes - RECORD_HEADER_BYTES);
    log.commit();
    this.waitingBytes += bytes;
  };

  finish(): void {
    this.write();
    this.agent.onClose();
  }

  private write(): void {
    this.log.publish();
    while (this.agent.work() > 0);
    this.waitingBytes = 0;
  }
}
