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
import { ReportQueue } from "./report-queue.js";
import { SimVenue } from "./venue.js";

export class InlineSimulation {
  readonly engine: Engine;
  private readonly venue: SimVenue;
  private readonly reports = new ReportQueue();

  constructor(parts: Omit<EngineParts, "log">, onLogged: OnLogged) {
    const log = new MemoryLog((type, timeUs, views, at, bytes) => {
      onLogged(type, timeUs, views, at, bytes);
      this.venue.onRecord(type, views, at + RECORD_HEADER_BYTES);
    });
    this.engine = new Engine({ ...parts, log });
    this.venue = new SimVenue(this.engine.instruments, parts.config.paper, this.reports);
  }

  /** Takes a market or control input, after the reports that are due by then. */
  take(type: number, views: MessageViews, at: number, bytes: number): void {
    // What was under way from the venue died with it, when the life before ended.
    if (type === MessageType.Config) this.reports.clear();
    const timeUs = Math.max(this.engine.timeUs, inputTimeUs(type, views, at));
    while (!this.reports.isEmpty && this.reportTimeUs() <= timeUs) this.takeReport();
    this.engine.take(type, views, at, bytes);
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
