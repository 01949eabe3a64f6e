/**
 * What if: a journal beside a run that never was, over the same market and control inputs. Both are followed record by
 * record to the first difference, and added up to the end. Fills of the modelled run come from the simulated venue.
 */
import {
  type Crc32c,
  type Engine,
  type EngineConfig,
  isReport,
  type LoadStrategies,
  type ReplayerParts,
  type SegmentBytes,
  TapeError,
} from "../engine/index.js";
import { MessageType } from "../schemas/index.js";
import type { JournalRecord } from "./replay/journal-records.js";
import { Ledger, type LedgerResult } from "./replay/ledger.js";
import { ModelledRun } from "./replay/modelled-run.js";
import { ReplayWalk, type Step } from "./replay/replay-walk.js";

export interface WhatIfOptions extends ReplayerParts {
  readonly segments: Iterable<SegmentBytes>;
  readonly crc32c: Crc32c;
  /** Makes the modelled run's configuration from a recorded one; the same object when nothing is changed. */
  readonly change: (recorded: EngineConfig) => EngineConfig;
  /** Strategies for a configuration of the modelled run. */
  readonly loadModelled: LoadStrategies;
  /** Id of the strategy whose code or parameters are others: what was found over it does not bind the modelled run. */
  readonly replaced?: string | null;
  /** Whether the runs part before an input, given the journal's first; null: they part at the beginning. */
  readonly partsBefore?: ((input: JournalRecord, first: JournalRecord) => boolean) | null;
}

/** The first input of which the two runs made something else. Null: one of them did not take such an input at all. */
export interface FirstDifference {
  readonly recorded: Step | null;
  readonly modelled: Step | null;
  /** For names and scales; in the states after these inputs or later ones. */
  readonly recordedEngine: Engine;
  readonly modelledEngine: Engine;
}

export interface WhatIfResult {
  readonly difference: FirstDifference | null;
  /** Records of both that are equal, up to the first difference. */
  readonly recordsEqual: number;
  readonly inputs: number;
  readonly recorded: LedgerResult;
  readonly modelled: LedgerResult;
  readonly recordedEngine: Engine;
  readonly modelledEngine: Engine;
  /** Sequence behind which the modelled run is the changed one; 0: from the beginning on. */
  readonly partedAt: number;
  readonly isTorn: boolean;
}

/** The runs must be one and the same up to where they are to part. */
class NotTheSameRun extends Error {
  override readonly name = "NotTheSameRun";
}

export function whatIf(options: WhatIfOptions): WhatIfResult {
  return new Comparison(options).run();
}

class Comparison {
  private readonly options: WhatIfOptions;
  private readonly walk: ReplayWalk;
  private readonly model: ModelledRun;
  private readonly recordedLedger = new Ledger();
  private readonly modelledLedger = new Ledger();
  /** Steps of either run that the other has not made yet; one of them is always empty. */
  private readonly recordedSteps: Step[] = [];
  private readonly modelledSteps: Step[] = [];
  private difference: FirstDifference | null = null;
  private recordsEqual = 0;
  private partedAt = -1;
  /** Of the recorded run. */
  private newest: Step | null = null;

  constructor(options: WhatIfOptions) {
    this.options = options;
    const { segments, crc32c, makeCore, load, loadModelled, verdicts = [], change, replaced } = options;
    this.walk = new ReplayWalk({ segments, crc32c, makeCore, load, verdicts });
    this.model = new ModelledRun({
      makeCore,
      load: loadModelled,
      verdicts: verdicts.filter(({ strategy }) => strategy !== replaced),
      change,
      onRecord: (record, engine) => this.modelledLedger.take(record, engine),
      onStep: (step) => this.modelledSteps.push(step),
    });
  }

  run(): WhatIfResult {
    const first = this.walk.peek();
    if (first === null) throw new TapeError("the journal holds no records; there is nothing to compare with");
    const { partsBefore } = this.options;
    if (!partsBefore) this.part();
    for (let input: JournalRecord | null = first; input !== null; input = this.walk.peek()) {
      if (this.partedAt < 0 && partsBefore?.(input, first)) this.part();
      this.takeBoth();
      this.compare();
    }
    this.catchUp();
    this.compareEnds();
    return this.result();
  }

  private takeBoth(): void {
    const { walk, model } = this;
    if (walk.peek()!.type === MessageType.Config && this.newest !== null) this.catchUp();
    const step = walk.next()!;
    this.newest = step;
    for (const record of [step.input, ...step.outputs]) this.recordedLedger.take(record, walk.engine);
    if (this.difference === null) this.recordedSteps.push(step);
    if (!isReport(step.input.type)) model.take(step.input);
    else if (RECONCILING.has(step.input.type)) model.reconcile(step.input);
  }

  /** From here on the modelled run goes its own way. */
  private part(): void {
    const { newest, walk, model } = this;
    if (newest === null) {
      this.partedAt = 0;
      return model.depart();
    }
    this.catchUp();
    this.compareEnds();
    if (this.difference !== null) throw this.notTheSame();
    this.partedAt = newest.input.sequence;
    this.recordedLedger.startHere();
    this.modelledLedger.startHere();
    const begun = model.departFrom(newest, walk.engine.config);
    if (begun !== null) this.differ({ ...newest, outputs: [] }, begun);
  }

  private notTheSame(): NotTheSameRun {
    const sequence = (this.difference!.recorded ?? this.difference!.modelled)!.input.sequence;
    return new NotTheSameRun(
      "the runs cannot part there: up to that place the modelled run must be the recorded one, but it does something " +
        `else at sequence ${sequence}: the orders of this journal met another venue; compare from its beginning`,
    );
  }

  /** The modelled run takes the reports of which the recorded one has taken its own; it stops in step with it. */
  private catchUp(): void {
    const { timeUs, sequence } = this.walk.engine;
    this.model.advanceTo(timeUs, this.difference === null ? sequence : undefined);
    this.compare();
  }

  private compare(): void {
    const { recordedSteps, modelledSteps } = this;
    while (this.difference === null && recordedSteps.length > 0 && modelledSteps.length > 0) {
      const [recorded, modelled] = [recordedSteps.shift()!, modelledSteps.shift()!];
      if (isEqual(recorded, modelled, this.model.isChanged)) this.recordsEqual += 1 + recorded.outputs.length;
      else this.differ(recorded, modelled);
    }
  }

  /** What only one of them did. A journal that was cut short may lack the newest reports. */
  private compareEnds(): void {
    const [recorded = null, modelled = null] = [this.recordedSteps[0], this.modelledSteps[0]];
    if (this.difference === null && (recorded !== null || modelled !== null)) this.differ(recorded, modelled);
  }

  private differ(recorded: Step | null, modelled: Step | null): void {
    this.difference = { recorded, modelled, recordedEngine: this.walk.engine, modelledEngine: this.model.engine };
    this.model.isWatched = false;
  }

  private result(): WhatIfResult {
    return {
      difference: this.difference,
      recordsEqual: this.recordsEqual,
      inputs: this.walk.records.inputs,
      recorded: this.recordedLedger.result(),
      modelled: this.modelledLedger.result(),
      recordedEngine: this.walk.engine,
      modelledEngine: this.model.engine,
      partedAt: Math.max(0, this.partedAt),
      isTorn: this.walk.records.isTorn,
    };
  }
}

/** Reports that say something of the account rather than of an order. */
const RECONCILING: ReadonlySet<number> = new Set([MessageType.PositionReport, MessageType.Reconciled]);

/**
 * Same input, same outputs, byte for byte. Of two configurations their own text and the hashes of their states are left
 * out: it is what the runs do that is compared.
 */
function isEqual(recorded: Step, modelled: Step, isChanged: boolean): boolean {
  const isConfig = recorded.input.type === MessageType.Config && modelled.input.type === MessageType.Config;
  if (!(isChanged && isConfig) && !isSameMessage(recorded.input, modelled.input)) return false;
  const isDeed = ({ type }: JournalRecord): boolean => !isChanged || type !== MessageType.Checkpoint;
  const [was, is] = [recorded.outputs.filter(isDeed), modelled.outputs.filter(isDeed)];
  return was.length === is.length && was.every((output, index) => isSameMessage(output, is[index]));
}

function isSameMessage(one: JournalRecord, other: JournalRecord): boolean {
  if (one.type !== other.type || one.bytes !== other.bytes || one.timeUs !== other.timeUs) return false;
  const [left, right] = [one.views.i32, other.views.i32];
  const shift = (other.at >> 2) - (one.at >> 2);
  for (let word = one.at >> 2; word < (one.at + one.bytes) >> 2; word += 1) {
    if (left[word] !== right[word + shift]) return false;
  }
  return true;
}
