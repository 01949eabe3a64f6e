/**
 * The gateway's thread: hands commands that the journal has let go to the real gateway, and its reports to the engine.
 * Nothing is dropped: while the report ring is full no command is read.
 */
import type { Agent } from "../../../actors/agent/agent.js";
import type { Doorbell } from "../../../actors/agent/doorbell.js";
import { NONE } from "../../../actors/ring/layout.js";
import type { LogReader } from "../../../actors/ring/log-ring.js";
import type { SpscProducer } from "../../../actors/ring/spsc.js";
import type { ReportSink } from "../../../engine/index.js";
import { copyMessage } from "../../../engine/input.js";
import { Gateway } from "../../../feeds/orders/gateway.js";
import type { LinkAnswer, SendRequest, StreamEvent } from "../../../feeds/orders/link.js";
import type { Recovery } from "../../../feeds/orders/recovery.js";
import { MessageType, viewsOf } from "../../../schemas/index.js";
import { INSTRUMENTS } from "../venue/instruments.js";
import { promise } from "../violation.js";

const BATCH_MAX = 256;
const REPORTS_MAX = 4_096;
const REPORT_BYTES_MAX = 128;

export interface GatewayHostParts {
  readonly log: LogReader;
  readonly reports: SpscProducer;
  readonly engineBell: Doorbell;
  readonly send: SendRequest;
  readonly nowUs: () => number;
}

export class GatewayHost implements Agent {
  readonly role = "gateway";
  private readonly parts: GatewayHostParts;
  private readonly gateway: Gateway;
  private readonly queue = new WaitingReports();

  constructor(parts: GatewayHostParts) {
    this.parts = parts;
    this.gateway = new Gateway({ instruments: INSTRUMENTS, reports: this.queue, send: parts.send });
  }

  begin(recovery: Recovery): void {
    this.gateway.begin(recovery, this.parts.nowUs());
  }

  onAnswer(answer: LinkAnswer): void {
    this.gateway.onAnswer(answer, this.parts.nowUs());
    this.deliver();
  }

  onStream(event: StreamEvent): void {
    this.gateway.onStream(event, this.parts.nowUs());
    this.deliver();
  }

  work(): number {
    const { log, nowUs } = this.parts;
    let done = this.gateway.work(nowUs());
    let read = 0;
    while (read < BATCH_MAX && this.deliver() && this.gateway.takesCommands && log.next() !== NONE) {
      const isCommand = log.type === MessageType.SubmitOrder || log.type === MessageType.CancelOrder;
      if (isCommand) this.gateway.onCommand(log.type, log.views, log.payloadOffset, nowUs());
      read += 1;
    }
    if (this.deliver()) log.release();
    done += read;
    return done;
  }

  /** False while the ring is full. */
  private deliver(): boolean {
    const { reports, engineBell } = this.parts;
    const { queue } = this;
    let isDelivered = false;
    for (let next = queue.first; next !== undefined; next = queue.first) {
      const at = reports.claim(next.type, next.bytes);
      if (at === NONE) break;
      copyMessage(queue.views, next.at, reports.views, at, next.bytes);
      reports.commit();
      queue.shift();
      isDelivered = true;
    }
    if (isDelivered) {
      reports.publish();
      engineBell.ring();
    }
    return queue.first === undefined;
  }
}

interface WaitingReport {
  readonly type: number;
  readonly at: number;
  readonly bytes: number;
}

/** Reports between the gateway and the ring. */
class WaitingReports implements ReportSink {
  readonly views = viewsOf(new ArrayBuffer(REPORTS_MAX * REPORT_BYTES_MAX));
  private readonly waiting: WaitingReport[] = [];
  private claimed: WaitingReport | undefined;
  private next = 0;

  get first(): WaitingReport | undefined {
    return this.waiting[0];
  }

  shift(): void {
    this.waiting.shift();
  }

  claim(type: number, bytes: number): number {
    promise(this.waiting.length < REPORTS_MAX && bytes <= REPORT_BYTES_MAX, "bounds", () => "too many reports wait");
    this.claimed = { type, at: (this.next++ % REPORTS_MAX) * REPORT_BYTES_MAX, bytes };
    return this.claimed.at;
  }

  commit(): void {
    this.waiting.push(this.claimed!);
  }
}
