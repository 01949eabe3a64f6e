/**
 * The simulated venue as an actor in the gateway's place: it reads the log and answers over the report ring. Its
 * cursor is released only when the reports made so far are published, because the engine waits on that cursor
 * (paper-gate.ts).
 */
import { type Instrument, type PaperModel, ReportQueue, SimVenue } from "../../engine/index.js";
import { MessageType } from "../../schemas/index.js";
import type { Agent } from "../agent/agent.js";
import type { Doorbell } from "../agent/doorbell.js";
import type { NowUs } from "../clock.js";
import type { Histogram } from "../metrics/histogram.js";
import type { OrderStampReader } from "../metrics/order-stamps.js";
import { NONE } from "../ring/layout.js";
import type { LogReader } from "../ring/log-reader.js";
import type { SpscProducer } from "../ring/spsc.js";

const BATCH_MAX = 1024;

export interface VenueAgentParts {
  readonly log: LogReader;
  readonly reports: SpscProducer;
  readonly engineBell: Doorbell;
  readonly instruments: readonly Instrument[];
  readonly model: PaperModel;
  /** Left out where nobody looks. */
  readonly latency?: VenueLatency;
}

export interface VenueLatency {
  /** The engine's. */
  readonly commands: OrderStampReader;
  /** From a command's publication to the moment it is taken here. */
  readonly sent: Histogram;
  readonly nowUs: NowUs;
}

export class VenueAgent implements Agent {
  readonly role = "sim-venue";
  private readonly parts: VenueAgentParts;
  private readonly queue = new ReportQueue();
  private readonly venue: SimVenue;

  constructor(parts: VenueAgentParts) {
    this.parts = parts;
    this.venue = new SimVenue(parts.instruments, parts.model, this.queue);
  }

  work(): number {
    const { log, reports, engineBell } = this.parts;
    let done = 0;
    while (done < BATCH_MAX && this.deliver() && log.next() !== NONE) {
      if (log.type === MessageType.SubmitOrder) this.timeOrder();
      this.venue.onRecord(log.type, log.views, log.payloadOffset);
      done += 1;
    }
    if (this.deliver()) {
      reports.publish();
      log.release();
      if (done > 0) engineBell.ring();
    }
    return done;
  }

  private timeOrder(): void {
    const { log, latency } = this.parts;
    if (latency === undefined || !latency.commands.find(log.sequence)) return;
    latency.sent.record((latency.nowUs() - latency.commands.passedUs) * 1000);
  }

  /** Moves waiting reports into the ring; false while the ring is full. No report is ever dropped. */
  private deliver(): boolean {
    const { reports } = this.parts;
    while (!this.queue.isEmpty) {
      const at = reports.claim(this.queue.type, this.queue.bytes);
      if (at === NONE) {
        reports.publish();
        return false;
      }
      const from = this.queue.at >> 2;
      const words = this.queue.views.i32;
      for (let word = 0; word < this.queue.bytes >> 2; word += 1)
        reports.views.i32[(at >> 2) + word] = words[from + word];
      reports.commit();
      this.queue.advance();
    }
    return true;
  }
}
