/**
 * Two lives of a paper run over a made-up market, with both example strategies: their records as the engine wrote them,
 * and the state hash behind each input, which is what a recovery up to there must come to.
 */
import { bundleStrategy, type StrategyBundle } from "../../../cli/strategy-bundle.js";
import {
  Engine,
  type EngineConfig,
  formatHash,
  MemoryLog,
  ReportQueue,
  SimVenue,
  stateHash,
} from "../../../engine/index.js";
import { inputTimeUs } from "../../../engine/input.js";
import {
  LifeStart,
  Mode,
  RECORD_HEADER_BYTES,
  RECORD_HEADER_INDEX,
  RECORD_HEADER_SEQUENCE,
} from "../../../schemas/index.js";
import { createMathCore } from "../../../wasm/index.js";
import { configAt, engineConfig, loadAll, type Message, START_US } from "../../support/engine.js";
import { syntheticMarket } from "../../support/synthetic-market.js";

/** An input and the outputs it caused, each a whole record; CRCs and flags are zero. */
export type InputRecords = readonly Uint8Array[];

export interface RecordedRun {
  readonly bundles: readonly StrategyBundle[];
  readonly lives: readonly [InputRecords[], InputRecords[]];
  /** State hashes by sequence. */
  readonly hashes: ReadonlyMap<number, string>;
}

/** Market messages between the two lives. */
const FIRST_LIFE = 500;
/** More than fits into the segment that is broken. */
const SECOND_LIFE = 800;

export async function recordLives(strategies: readonly string[], seed: number): Promise<RecordedRun> {
  const bundles = await Promise.all(strategies.map((path) => bundleStrategy(path)));
  const config = engineConfig({ strategies: bundles.map(({ id, sha256 }) => ({ id, bundle: sha256, params: {} })) });
  const run = new PaperRun(config, bundles);
  const market = [...syntheticMarket(FIRST_LIFE + SECOND_LIFE, seed)];
  run.take(configAt(START_US, config, Mode.Paper));
  for (const message of market.slice(0, FIRST_LIFE)) run.take(message);
  const first = run.records.splice(0);
  run.take(configAt(run.engine.timeUs + 1, config, Mode.Paper, 2, LifeStart.Resumed));
  for (const message of market.slice(FIRST_LIFE)) run.take(message);
  return { bundles, lives: [byInput(first), byInput(run.records)], hashes: run.hashes };
}

/** Engine and simulated venue in one thread; the engine is looked at behind every input, reports too. */
class PaperRun {
  readonly records: Uint8Array[] = [];
  readonly hashes = new Map<number, string>();
  readonly engine: Engine;
  private readonly reports = new ReportQueue();

  constructor(config: EngineConfig, bundles: readonly StrategyBundle[]) {
    const math = createMathCore();
    const log = new MemoryLog((type, _timeUs, views, at, bytes) => {
      this.records.push(views.u8.slice(at, at + bytes));
      venue.onRecord(type, views, at + RECORD_HEADER_BYTES);
    });
    this.engine = new Engine({ config, math, strategies: loadAll(bundles, math), log });
    const venue = new SimVenue(this.engine.instruments, config.paper, this.reports);
  }

  /** Takes a message after the reports that are due by then. */
  take(message: Message): void {
    const { reports } = this;
    while (!reports.isEmpty && timeOf(reports) <= timeOf(message)) {
      this.takeOne(reports);
      reports.advance();
    }
    this.takeOne(message);
  }

  private takeOne({ type, views, at, bytes }: Message): void {
    this.engine.take(type, views, at, bytes);
    this.hashes.set(this.engine.sequence, formatHash(stateHash(this.engine)));
  }
}

const timeOf = ({ type, views, at }: Message): number => inputTimeUs(type, views, at);

function byInput(records: readonly Uint8Array[]): InputRecords[] {
  const inputs: Uint8Array[][] = [];
  for (const record of records) {
    if (headerOf(record).getUint16(RECORD_HEADER_INDEX, true) === 0) inputs.push([]);
    inputs.at(-1)!.push(record);
  }
  return inputs;
}

export const sequenceOf = (record: Uint8Array): number => headerOf(record).getFloat64(RECORD_HEADER_SEQUENCE, true);

const headerOf = (record: Uint8Array): DataView => new DataView(record.buffer, record.byteOffset, record.length);
