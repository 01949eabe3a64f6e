/**
 * A run that never was: the market and control inputs of a journal through an engine of another configuration, with the
 * simulated venue inline. It goes along with the journal's lives. With the recorded configuration, and orders that were
 * simulated then, it makes the recorded records again, bit for bit.
 */
import {
  carryOver,
  Engine,
  type EngineConfig,
  InlineFits,
  MemoryLog,
  type ReplayerParts,
  ReportQueue,
  SimVenue,
} from "../../engine/index.js";
import { inputTimeUs } from "../../engine/input.js";
import { isHeld } from "../../engine/risk/trading-state.js";
import {
  CONFIG_BYTES,
  CONFIG_EPOCH,
  CONFIG_JSON_COUNT,
  CONFIG_MODE,
  CONFIG_START,
  CONFIG_TIME_US,
  encodeText,
  LifeStart,
  MessageType,
  type MessageViews,
  MODEL_FIT_REQUEST,
  POSITION_REPORT_INSTRUMENT,
  RECORD_HEADER_BYTES,
  textMessageBytes,
  viewsOf,
  writeConfig,
  writeText,
} from "../../schemas/index.js";
import { refit } from "../../wasm/hmm/refit.js";
import { recordAt } from "./divergence.js";
import { configIn, copyRecord, type JournalRecord } from "./journal-records.js";
import { Observer } from "./observer.js";
import type { Step } from "./replay-walk.js";
import { takeOver } from "./take-over.js";

export interface ModelledRunOptions extends ReplayerParts {
  /** Makes the configuration of the modelled run from a recorded one; the same object when nothing is changed. */
  readonly change: (recorded: EngineConfig) => EngineConfig;
  /** Called with every record as it is written, whose bytes are valid until it returns. */
  readonly onRecord: (record: JournalRecord, engine: Engine) => void;
  /** Called with each input and what it caused, copied, while `isWatched`. */
  readonly onStep: (step: Step) => void;
}

export class ModelledRun {
  /** Whether steps are copied and handed over. */
  isWatched = true;
  /** Whether a configuration of the run is another than the recorded one. */
  isChanged = false;
  private readonly options: ModelledRunOptions;
  private readonly observer = new Observer();
  private readonly load: ReplayerParts["load"];
  private readonly log: MemoryLog;
  private readonly reports = new ReportQueue();
  private venue: SimVenue | null = null;
  private current: Engine | null = null;
  private change: (recorded: EngineConfig) => EngineConfig = (recorded) => recorded;
  private written: JournalRecord[] = [];
  /** Answers to what only the changed run asks for; null while it is the recorded one. */
  private fits: InlineFits | null = null;
  /** Sequence up to which both runs asked for the same models. */
  private partedAt = 0;

  /** Runs as recorded until `depart`. */
  constructor(options: ModelledRunOptions) {
    this.options = options;
    this.load = this.observer.loading(options.load, () => this.engine);
    this.log = new MemoryLog((type, _timeUs, views, at) => {
      const record = recordAt(views, at);
      options.onRecord(record, this.engine);
      if (this.isWatched) this.written.push(recordAt(viewsOf(copyRecord(record).buffer), 0));
      this.venue!.onRecord(type, views, at + RECORD_HEADER_BYTES);
      this.fits?.onRecord(type, views, at);
    });
  }

  get engine(): Engine {
    return this.current!;
  }

  /** From the next input on the run is the changed one. */
  depart(): void {
    this.change = this.options.change;
  }

  /** Likewise in the middle of a life; returns what strategies wrote when they began, null when they wrote nothing. */
  departFrom(newest: Step, recorded: EngineConfig): Step | null {
    this.depart();
    const changed = this.change(recorded);
    if (changed === recorded) return null;
    this.beChanged(changed);
    this.written = [];
    this.observer.begin();
    this.current = takeOver(this.engine, changed, this.log, this.load, (engine) => {
      this.current = engine;
    });
    const { calls, decisions } = this.observer;
    return this.written.length === 0 ? null : { input: newest.input, outputs: this.written, calls, decisions };
  }

  /** Takes a market or control input of the journal, after the reports and models that are due by then. */
  take(record: JournalRecord): void {
    if (record.type === MessageType.Config) return this.beginLife(record);
    if (this.isAnswerToOthers(record)) return;
    this.advanceTo(inputTimeUs(record.type, record.views, record.at));
    this.apply(record.type, record.views, record.at, record.bytes);
  }

  /** Takes the modelled reports and models due by a moment, as long as the run's sequence is below a number. */
  advanceTo(timeUs: number, below = Number.POSITIVE_INFINITY): void {
    const untilUs = Math.max(this.engine.timeUs, timeUs);
    while (this.engine.sequence < below && this.takeDue(untilUs));
  }

  /** Of two at one moment the report is the first; false when nothing is due. */
  private takeDue(untilUs: number): boolean {
    const { reports, fits } = this;
    const reportUs = reports.isEmpty ? Number.POSITIVE_INFINITY : inputTimeUs(reports.type, reports.views, reports.at);
    const fitUs = fits?.dueUs ?? Number.POSITIVE_INFINITY;
    if (Math.min(reportUs, fitUs) > untilUs) return false;
    if (fitUs < reportUs) {
      const { views, bytes } = fits!.next();
      this.apply(MessageType.ModelFit, views, 0, bytes);
      return true;
    }
    const { type, views, at, bytes } = reports;
    this.apply(type, views, at, bytes);
    reports.advance();
    return true;
  }

  /** A recorded answer to what the recorded run alone asked for. */
  private isAnswerToOthers({ type, views, at }: JournalRecord): boolean {
    return this.isChanged && type === MessageType.ModelFit && views.f64[(at + MODEL_FIT_REQUEST) >> 3] > this.partedAt;
  }

  private beChanged({ paper }: EngineConfig): void {
    if (this.isChanged) return;
    this.isChanged = true;
    this.fits = new InlineFits(refit, paper.fitLatencyUs);
    this.partedAt = this.current?.sequence ?? 0;
  }

  /**
   * What the recorded venue said when it was asked at the start of a life: what was held before the first order, and
   * that this was all. A modelled run that has not heard it from its own venue takes it too.
   */
  reconcile(record: JournalRecord): void {
    const { type, views, at, bytes } = record;
    this.advanceTo(inputTimeUs(type, views, at));
    if (!isHeld(this.engine)) return;
    const { openingLots } = this.engine.positions;
    const isNews =
      type === MessageType.Reconciled || Number.isNaN(openingLots[views.u32[(at + POSITION_REPORT_INSTRUMENT) >> 2]]);
    if (isNews) this.apply(type, views, at, bytes);
  }

  /** The venue begins anew with each life; reports that were under way when the one before ended reach nobody. */
  private beginLife(record: JournalRecord): void {
    while (!this.reports.isEmpty) this.reports.advance();
    this.fits?.clear();
    const recorded = configIn(record);
    const config = this.change(recorded);
    if (config !== recorded) this.beChanged(config);
    const isNew = this.current === null || record.views.u8[record.at + CONFIG_START] === LifeStart.Refreshed;
    if (isNew) this.beginEngine(config);
    this.venue = new SimVenue(this.engine.instruments, config.paper, this.reports);
    if (config === recorded) return this.apply(record.type, record.views, record.at, record.bytes);
    const message = reconfigured(config, record.views, record.at);
    this.apply(MessageType.Config, message.views, 0, message.bytes);
  }

  private beginEngine(config: EngineConfig): void {
    const { makeCore, verdicts } = this.options;
    const math = makeCore();
    const next = new Engine({ config, math, strategies: this.load(config, math), log: this.log, verdicts });
    if (this.current !== null) carryOver(this.current, next);
    this.current = next;
  }

  private apply(type: number, views: MessageViews, at: number, bytes: number): void {
    const { engine, observer } = this;
    this.written = [];
    observer.begin();
    observer.watch(engine);
    engine.take(type, views, at, bytes);
    if (!this.isWatched) return;
    const [input, ...outputs] = this.written;
    const { calls, decisions } = observer;
    this.options.onStep({ input, outputs, calls, decisions });
  }
}

/** A Config message that says `config`, otherwise as recorded. */
function reconfigured(config: EngineConfig, recorded: MessageViews, at: number) {
  const json = encodeText(JSON.stringify(config));
  const bytes = textMessageBytes(CONFIG_BYTES, json.length);
  const views = viewsOf(new ArrayBuffer(bytes));
  const timeUs = recorded.f64[(at + CONFIG_TIME_US) >> 3];
  const epoch = recorded.u32[(at + CONFIG_EPOCH) >> 2];
  writeConfig(views, 0, timeUs, epoch, recorded.u8[at + CONFIG_MODE], recorded.u8[at + CONFIG_START], json.length);
  writeText(views, CONFIG_JSON_COUNT, json);
  return { views, bytes };
}
