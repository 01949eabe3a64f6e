/**
 * One life of a paper engine on a data directory, in one thread and stepped by hand: it starts as the engine's thread
 * does, by the real recovery, and what it writes goes through a real log to the real journal agent and the simulated
 * venue. Nothing runs by itself; what was not flushed is lost when nobody steps it any more.
 */
import { createHash } from "node:crypto";
import { SnapshotKeeper } from "../../actors/archive/snapshot-keeper.js";
import type { PassedOver } from "../../actors/archive/snapshot-store.js";
import type { Disk } from "../../actors/disk/disk.js";
import { completeInput } from "../../actors/engine/complete-input.js";
import { JournalAgent } from "../../actors/journal/journal-agent.js";
import { readSegments, storeBundles } from "../../actors/journal/journal-directory.js";
import type { TailPosition } from "../../actors/journal/segment-tail.js";
import { SegmentWriter } from "../../actors/journal/segment-writer.js";
import { type NextLife, nextLife } from "../../actors/recovery/next-life.js";
import { recordedStrategies } from "../../actors/recovery/recorded-strategies.js";
import { type Recovered, recover } from "../../actors/recovery/recover.js";
import { LogReader } from "../../actors/ring/log-reader.js";
import { LogRing, LogWriter } from "../../actors/ring/log-ring.js";
import { sharedViewsOf } from "../../actors/ring/views.js";
import {
  type Engine,
  type EngineConfig,
  formatHash,
  makeInstrument,
  ReportQueue,
  readTape,
  SimVenue,
  stateHash,
} from "../../engine/index.js";
import { inputTimeUs, timeOffset } from "../../engine/input.js";
import { Mode, OperatorAction } from "../../schemas/index.js";
import { CRC32C_BYTES, createMathCore, createSharedMemory, Fabric } from "../../wasm/index.js";
import { BTC, configAt, engineConfig, type Message, operatorAt, SECOND, START_US } from "./engine.js";
import { HOARDER } from "./hoarder.js";
import { syntheticMarket } from "./synthetic-market.js";
import { crc32c } from "./tape.js";

export const DIRECTORY = "/data";
/** Of the build that these lives are of, unless they say another. */
export const BUILD_HASH = 7;
export const OTHER_BUILD = 8;

const LOG_BYTES = 1 << 20;
const LOG_AT = Math.ceil(CRC32C_BYTES / 128) * 128;
const identity = { schemaHash: 1, buildHash: 2 };
/** Inputs that share a write and a sync. */
const BATCH_INPUTS = 8;
/** Between the starts of two lives. */
const HOUR_US = 3_600 * SECOND;

/** A strategy as the text of its bundle. */
export interface StrategyText {
  readonly id: string;
  readonly text: string;
  readonly params?: EngineConfig["strategies"][number]["params"];
}

export const hoarder: StrategyText = { id: "hoarder", text: HOARDER };

/** Keeps its count where no snapshot holds it, and shows it now and then. */
export const secretive: StrategyText = {
  id: "secretive",
  text: `let count = 0;
  exports.default = {
    id: "secretive",
    subscribe: ["trades:${BTC.id}"],
    onTrade(ctx) {
      count += 1;
      if (count % 7 === 0) ctx.log.info("trade " + count);
    },
  };`,
};

/** Buys once, and then has a bid far below the market rest. */
export const rester: StrategyText = {
  id: "rester",
  text: `exports.default = {
    id: "rester",
    params: { below: 1000 },
    subscribe: ["trades:${BTC.id}"],
    init: () => ({ bought: 0, resting: 0 }),
    onTrade(ctx, state, trade) {
      if (state.bought === 0) state.bought = ctx.submit({ side: "buy", qty: 0.01 });
      else if (!ctx.position.isFlat && !ctx.isWorking(state.resting)) {
        state.resting = ctx.submit({ side: "buy", qty: 0.01, price: trade.price - ctx.params.below });
      }
    },
  };`,
};

export interface LifeOptions {
  readonly disk: Disk;
  readonly directory?: string;
  readonly strategies?: readonly StrategyText[];
  /** Over the tests' own configuration. */
  readonly overrides?: Partial<EngineConfig>;
  readonly buildHash?: number;
  readonly segmentBytes?: number;
  /** Whether snapshots are used. */
  readonly restores?: boolean;
  /** Whether the state hash behind each input is kept. */
  readonly hashes?: boolean;
}

/** What the engine's thread does before it is ready, up to the point where it would write. */
export interface Start {
  readonly recovered: Recovered;
  readonly passedOver: readonly PassedOver[];
  /** Why a snapshot that could be restored was left. */
  readonly left: readonly string[];
  readonly config: EngineConfig;
}

function configFor({ strategies = [hoarder], overrides }: Omit<LifeOptions, "disk">): EngineConfig {
  const configured = strategies.map(({ id, text, params = {} }) => ({ id, bundle: sha256(text), params }));
  return engineConfig({ strategies: configured, ...overrides });
}

/** Recovers a directory; writes nothing but what recovery itself does. */
export function startOn(options: LifeOptions): Start {
  const { disk, directory = DIRECTORY, buildHash = BUILD_HASH, restores = true } = options;
  storeBundles(disk, directory, new Map((options.strategies ?? [hoarder]).map(({ text }) => [sha256(text), text])));
  const passedOver: PassedOver[] = [];
  const left: string[] = [];
  const snapshots = keeperOf(options, (each) => void passedOver.push(each));
  const recovered = recover({
    ...{ disk, directory, crc32c, buildHash },
    restore: restores ? (execution) => snapshots.restoreNewest(execution) : undefined,
    onLeft: (why) => void left.push(why),
    makeCore: createMathCore,
    load: recordedStrategies(directory, disk),
  });
  return { recovered, passedOver, left, config: configFor(options) };
}

export class Life {
  readonly recovered: Recovered;
  readonly passedOver: readonly PassedOver[];
  readonly next: NextLife;
  /** Outputs of the newest input that the journal did not have. */
  readonly completed: number;
  readonly engine: Engine;
  /** By sequence, when they are kept. */
  readonly hashes = new Map<number, string>();
  private readonly options: LifeOptions;
  private readonly log: LogWriter;
  private readonly venueLog: LogReader;
  private readonly journal: JournalAgent;
  private readonly venue: SimVenue;
  private readonly reports = new ReportQueue();
  private nowUs = START_US;
  private unwritten = 0;
  private markets = 0;

  constructor(options: LifeOptions) {
    const { disk, directory = DIRECTORY, buildHash = BUILD_HASH, segmentBytes } = options;
    const { recovered, passedOver, config } = startOn(options);
    this.options = options;
    this.recovered = recovered;
    this.passedOver = passedOver;
    const memory = createSharedMemory(LOG_AT + LogRing.bytesFor(LOG_BYTES));
    const views = sharedViewsOf(memory.buffer as unknown as SharedArrayBuffer);
    LogRing.create(views, LOG_AT, { capacity: LOG_BYTES, identity, readers: 2 });
    this.log = LogWriter.join(views, LOG_AT, identity);
    this.venueLog = LogReader.join(views, LOG_AT, identity, 1);
    const nowUs = (): number => this.nowUs;
    const place = { disk, directory, firstSegment: recovered.nextSegment, segmentBytes };
    this.journal = new JournalAgent({
      log: LogReader.join(views, LOG_AT, identity, 0),
      writer: new SegmentWriter({ ...place, buildHash, crc32c, nowUs }),
      fabric: new Fabric(memory, 0),
      counters: { set: () => {} },
      recordError: (error) => {
        throw error;
      },
      previousCrc: recovered.crc,
      nowUs,
    });
    this.next = nextLife(recovered, config);
    this.engine = this.next.engine;
    this.venue = new SimVenue(
      config.instruments.map((spec, index) => makeInstrument(spec, index)),
      config.paper,
      this.reports,
    );
    this.completed = completeInput(recovered.execution.replayer, this.log);
    this.engine.logTo(this.log);
    const { epoch, start } = this.next;
    this.take(configAt(START_US + (epoch - 1) * HOUR_US, this.engine.config, Mode.Paper, epoch, start));
  }

  get sequence(): number {
    return this.engine.sequence;
  }

  get hash(): string {
    return hashOf(this.engine);
  }

  /** Takes an input, after the venue's reports that are due by its time. */
  take({ type, views, at, bytes }: Message): void {
    const timeUs = Math.max(this.engine.timeUs, inputTimeUs(type, views, at));
    while (!this.reports.isEmpty && this.reportTimeUs() <= timeUs) {
      this.apply(this.reports.type, this.reports.views, this.reports.at, this.reports.bytes);
      this.reports.advance();
    }
    this.apply(type, views, at, bytes);
  }

  /** A made-up market from now on: so many messages, or as far as something has come about. */
  trade(count: number, until: (engine: Engine) => boolean = () => false): this {
    const laterUs = this.engine.timeUs - START_US;
    this.markets += 1;
    for (const message of syntheticMarket(count, this.next.epoch * 1_000 + this.markets)) {
      message.views.f64[(message.at + timeOffset(message.type)) >> 3] += laterUs;
      this.take(message);
      if (until(this.engine)) break;
    }
    return this;
  }

  /** Everything is on disk, synced. */
  flush(): this {
    this.nowUs = this.engine.timeUs;
    this.log.publish();
    while (this.journal.work() > 0);
    this.unwritten = 0;
    return this;
  }

  /** The ordered way down: the journal is sealed. */
  stop(): this {
    this.take(operatorAt(this.engine.timeUs, OperatorAction.Stop));
    this.flush();
    this.journal.onClose();
    return this;
  }

  /** Writes a snapshot of what the journal holds. */
  snapshot(): this {
    this.flush();
    keeperOf(this.options).write(this.engine, endOf(this.options));
    return this;
  }

  private apply(type: number, views: Message["views"], at: number, bytes: number): void {
    this.engine.take(type, views, at, bytes);
    if (this.options.hashes) this.hashes.set(this.sequence, this.hash);
    this.log.publish();
    while (this.venueLog.next() >= 0) {
      const { type, views, payloadOffset } = this.venueLog;
      this.venue.onRecord(type, views, payloadOffset);
    }
    this.venueLog.release();
    this.unwritten += 1;
    if (this.unwritten === BATCH_INPUTS) this.flush();
  }

  private reportTimeUs(): number {
    return inputTimeUs(this.reports.type, this.reports.views, this.reports.at);
  }
}

export const hashOf = (engine: Engine): string => formatHash(stateHash(engine));

/** Behind the journal's last whole record. */
function endOf({ disk, directory = DIRECTORY }: Pick<LifeOptions, "disk" | "directory">): TailPosition {
  const { end } = readTape(readSegments(directory, { disk }), crc32c, () => {});
  return { segment: end!.segment, offset: end!.byte, crc: end!.crc, sequence: end!.sequence };
}

function keeperOf(options: LifeOptions, onPassedOver?: (snapshot: PassedOver) => void): SnapshotKeeper {
  const { disk, directory = DIRECTORY, buildHash = BUILD_HASH } = options;
  return new SnapshotKeeper({ disk, directory, crc32c, buildHash, onPassedOver });
}

/** Name of a bundle. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
