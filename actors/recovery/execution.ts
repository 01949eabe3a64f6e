/**
 * Brings an engine through recorded records: those that this build wrote are executed again and every output is
 * compared; those of another build are folded. One of these is behind every recovery and behind the shadow that
 * verifies a running engine.
 */
import {
  carryOver,
  configOf,
  type Engine,
  fold,
  type RecordReader,
  Replayer,
  type ReplayerParts,
  TapeError,
} from "../../engine/index.js";
import { MessageType } from "../../schemas/index.js";

export interface ExecutionParts extends ReplayerParts {
  readonly buildHash: number;
}

export class Execution {
  readonly replayer: Replayer;
  inputs = 0;
  private readonly buildHash: number;
  private isForeign = false;
  /** Whether the newest record was another build's: its engine's strategies know nothing. */
  private hasFolded = false;

  constructor(parts: ExecutionParts) {
    this.replayer = new Replayer(parts);
    this.buildHash = parts.buildHash;
  }

  get engine(): Engine | null {
    return this.replayer.hasBegun ? this.replayer.engine : null;
  }

  /** Strategies' memory is that of the recorded run, and may go on. */
  get isExact(): boolean {
    return !this.hasFolded;
  }

  /** Goes on with an engine that was brought to a place of the journal; `isExact`: by this build. */
  adopt(engine: Engine, isExact: boolean): void {
    this.replayer.adopt(engine);
    this.hasFolded = !isExact;
  }

  /** The records that follow were written by this build, or not. */
  enterSegment(buildHash: number): void {
    this.isForeign = buildHash !== this.buildHash;
  }

  take(record: RecordReader): void {
    if (record.index === 0) this.inputs += 1;
    if (this.isForeign) return this.foldRecord(record);
    if (record.index === 0) this.hasFolded = false;
    this.replayer.take(record);
  }

  private foldRecord(record: RecordReader): void {
    const { replayer } = this;
    if (record.type === MessageType.Config) {
      const next = replayer.build(configOf(record));
      if (replayer.hasBegun) carryOver(replayer.engine, next);
      replayer.adopt(next);
    }
    if (!replayer.hasBegun) throw new TapeError("the journal does not start with a configuration record");
    fold(replayer.engine, record);
    this.hasFolded = true;
  }
}
