/**
 * A journal re-executed one input at a time: each step takes an input, compares the outputs that were recorded behind
 * it, and leaves the engine as it was right after. Whoever walks may look at the engine between two steps.
 */
import {
  type Crc32c,
  type Engine,
  type EngineConfig,
  Replayer,
  type ReplayerParts,
  type SegmentBytes,
} from "../../engine/index.js";
import { takeOrShow } from "./divergence.js";
import { type JournalRecord, JournalRecords } from "./journal-records.js";
import { type GateDecision, type HandlerCall, Observer } from "./observer.js";

export interface WalkOptions extends ReplayerParts {
  /** Asked for its first segment after `restore` was called. */
  readonly segments: Iterable<SegmentBytes>;
  readonly crc32c: Crc32c;
  /** Restores an engine, made by `build`, to a place of the journal from which the walk begins; null: its beginning. */
  readonly restore?: (build: (config: EngineConfig) => Engine) => Engine | null;
}

/** One input and what came of it. */
export interface Step {
  readonly input: JournalRecord;
  readonly outputs: readonly JournalRecord[];
  readonly calls: readonly HandlerCall[];
  readonly decisions: readonly GateDecision[];
}

export class ReplayWalk {
  readonly records: JournalRecords;
  /** Sequence behind which the walk begins; 0 at the journal's beginning. */
  readonly restoredAt: number;
  private readonly replayer: Replayer;
  private readonly observer = new Observer();
  /** The input that the next step takes; undefined until somebody asks. */
  private upcoming: JournalRecord | null | undefined;

  constructor({ segments, crc32c, restore, ...parts }: WalkOptions) {
    const load = this.observer.loading(parts.load, () => this.engine);
    this.replayer = new Replayer({ ...parts, load });
    const restored = restore?.((config) => this.replayer.build(config)) ?? null;
    if (restored !== null) this.replayer.adopt(restored);
    this.restoredAt = restored?.sequence ?? 0;
    this.records = new JournalRecords(segments, crc32c, this.restoredAt);
  }

  get engine(): Engine {
    return this.replayer.engine;
  }

  /** Outputs of the newest input that the journal does not hold: its writer was stopped between them. */
  get missing(): number {
    return this.peek() === null ? this.replayer.missing : 0;
  }

  /** The input that the next step takes, not executed yet; null at the end of the journal. */
  peek(): JournalRecord | null {
    if (this.upcoming === undefined) this.upcoming = this.records.next();
    return this.upcoming;
  }

  /** Null at the end of the journal. Throws Divergence where the engine writes something else than was recorded. */
  next(): Step | null {
    const input = this.peek();
    if (input === null) return null;
    this.observer.begin();
    if (this.replayer.hasBegun) this.observer.watch(this.engine);
    takeOrShow(this.replayer, input);
    const outputs: JournalRecord[] = [];
    this.upcoming = this.records.next();
    while (this.upcoming !== null && this.upcoming.index > 0) {
      takeOrShow(this.replayer, this.upcoming);
      outputs.push(this.upcoming);
      this.upcoming = this.records.next();
    }
    const { calls, decisions } = this.observer;
    return { input, outputs, calls, decisions };
  }
}
