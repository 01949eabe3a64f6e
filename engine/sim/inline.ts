/**
 * Engine and simulated venue in one thread, in the order in which two threads would have to agree: before an input,
 * every report that is due by its time. So a paper run and a backtest over the same market and control inputs are one
 * and the same sequence, bit for bit.
 */
import type { MessageViews } from "../../schemas/index.js";
import { MessageType, RECORD_HEADER_BYTES } from "../../schemas/index.js";
import { Engine, type EngineParts } from "../engine.js";
import { inputTimeUs } from "../input.js";
import { MemoryLog, type OnLogged } from "../tape/memory-log.js";
import type { InlineFits } from "./inline-fits.js";
import { ReportQueue } from "./report-queue.js";
import { SimVenue } from "./venue.js";

export class InlineSimulation {
  readonly engine: Engine;
  private readonly venue: SimVenue;
  private readonly reports = new ReportQueue();
  private readonly fits: InlineFits | null;

  /** Without `fits` models are those that come among the inputs; with them these are left out, and fits are made. */
  constructor(parts: Omit<EngineParts, "log">, onLogged: OnLogged, fits: InlineFits | null = null) {
    this.fits = fits;
    const log = new MemoryLog((type, timeUs, views, at, bytes) => {
      onLogged(type, timeUs, views, at, bytes);
      fits?.onRecord(type, views, at);
      this.venue.onRecord(type, views, at + RECORD_HEADER_BYTES);
    });
    this.engine = new Engine({ ...parts, log });
    this.venue = new SimVenue(this.engine.instruments, parts.config.paper, this.reports);
  }

  /** Takes a market or control input, after the reports and models that are due by then. */
  take(type: number, views: MessageViews, at: number, bytes: number): void {
    if (type === MessageType.Config) this.endLife();
    if (type === MessageType.ModelFit && this.fits !== null) return;
    const timeUs = Math.max(this.engine.timeUs, inputTimeUs(type, views, at));
    while (this.takeDue(timeUs));
    this.engine.take(type, views, at, bytes);
  }

  /** What was under way died with those who sent it, when the life before ended. */
  private endLife(): void {
    this.reports.clear();
    this.fits?.clear();
  }

  /** Of two at one moment the report is the first; false when nothing is due. */
  private takeDue(untilUs: number): boolean {
    const reportUs = this.reports.isEmpty ? Number.POSITIVE_INFINITY : this.reportTimeUs();
    const fitUs = this.fits?.dueUs ?? Number.POSITIVE_INFINITY;
    if (Math.min(reportUs, fitUs) > untilUs) return false;
    if (fitUs < reportUs) this.takeModel(this.fits!);
    else this.takeReport();
    return true;
  }

  private takeModel(fits: InlineFits): void {
    const { views, bytes } = fits.next();
    this.engine.take(MessageType.ModelFit, views, 0, bytes);
  }

  private takeReport(): void {
    const { views, type, at, bytes } = this.reports;
    this.engine.take(type, views, at, bytes);
    this.reports.advance();
  }

  private reportTimeUs(): number {
    return inputTimeUs(this.reports.type, this.reports.views, this.reports.at);
  }
}
