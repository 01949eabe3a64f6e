/**
 * The gateway's agent on small rings, stepped by hand: a log with a journal before the gateway, the report ring behind
 * it. A record is safe, and so visible, once `sync` was called.
 */
import { ThreadControl } from "../../actors/agent/thread-control.js";
import { COUNTER_NAMES } from "../../actors/counter-names.js";
import { GatewayAgent } from "../../actors/gateway/gateway-agent.js";
import { LinkInbox } from "../../actors/gateway/link-inbox.js";
import { Counters } from "../../actors/metrics/counters.js";
import { NONE } from "../../actors/ring/layout.js";
import { LogReader } from "../../actors/ring/log-reader.js";
import { LogRing, LogWriter } from "../../actors/ring/log-ring.js";
import { SpscProducer, SpscRing } from "../../actors/ring/spsc.js";
import { SpscConsumer } from "../../actors/ring/spsc-consumer.js";
import { sharedViewsOf } from "../../actors/ring/views.js";
import type { Instrument } from "../../engine/index.js";
import type { SendRequest } from "../../feeds/orders/link.js";
import type { Recovery } from "../../feeds/orders/recovery.js";
import type { GatewaySettings } from "../../feeds/orders/settings.js";
import {
  CANCEL_ORDER_BYTES,
  CONFIG_BYTES,
  LifeStart,
  MessageType,
  Mode,
  SUBMIT_ORDER_BYTES,
  writeCancelOrder,
  writeConfig,
} from "../../schemas/index.js";
import { inShort, readReport, type Submission, type Told, writeSubmit } from "./gateway.js";

const IDENTITY = { schemaHash: 1, buildHash: 1 };
const LOG_AT = 4_096;
const LOG_BYTES = 1 << 20;
const [JOURNAL, GATEWAY] = [0, 1];

export interface AgentRigParts {
  readonly instruments: readonly Instrument[];
  readonly recovery: Recovery;
  readonly send: SendRequest;
  readonly inbox?: LinkInbox;
  readonly stepLink?: () => number;
  readonly nowUs: () => number;
  readonly settings?: Partial<GatewaySettings>;
  /** Bytes of the report ring; default enough for every test. */
  readonly reportBytes?: number;
}

export class AgentRig {
  readonly agent: GatewayAgent;
  readonly inbox: LinkInbox;
  readonly counters: Counters;
  /** Everything told so far. */
  readonly told: Told[] = [];
  private readonly writer: LogWriter;
  private readonly journal: LogReader;
  private readonly reports: SpscConsumer;
  private readonly nowUs: () => number;
  private sequence = 0;

  constructor({ inbox = new LinkInbox(() => {}), stepLink = () => 0, reportBytes = 1 << 20, ...parts }: AgentRigParts) {
    const views = sharedViewsOf(new SharedArrayBuffer(8 << 20));
    LogRing.create(views, LOG_AT, { capacity: LOG_BYTES, readers: 2, identity: IDENTITY });
    const ringAt = LOG_AT + Math.ceil(LogRing.bytesFor(LOG_BYTES) / 4_096) * 4_096;
    SpscRing.create(views, ringAt, { capacity: reportBytes, identity: IDENTITY });
    this.inbox = inbox;
    this.nowUs = parts.nowUs;
    this.writer = LogWriter.join(views, LOG_AT, IDENTITY);
    this.journal = LogReader.join(views, LOG_AT, IDENTITY, JOURNAL);
    this.reports = SpscConsumer.join(views, ringAt, IDENTITY);
    const control = new ThreadControl(views, 1_024);
    const counters = new Counters(sharedViewsOf(new SharedArrayBuffer(1 << 16)), 128, COUNTER_NAMES);
    this.counters = counters;
    this.agent = new GatewayAgent({
      ...parts,
      log: LogReader.join(views, LOG_AT, IDENTITY, GATEWAY, [JOURNAL]),
      reports: SpscProducer.join(views, ringAt, IDENTITY),
      engineBell: control.doorbell,
      inbox,
      stepLink,
      counters,
    });
    this.agent.onStart();
    this.configure();
  }

  submit(order: Submission): void {
    const at = this.claim(MessageType.SubmitOrder, SUBMIT_ORDER_BYTES);
    writeSubmit(this.writer.views, at, order, this.nowUs());
    this.publish();
  }

  cancel(orderId: number, instrument = 0): void {
    const at = this.claim(MessageType.CancelOrder, CANCEL_ORDER_BYTES);
    writeCancelOrder(this.writer.views, at, this.nowUs(), orderId, instrument, 1, 0);
    this.publish();
  }

  /** The first record of every life; a gateway leaves alone what stands before it. */
  private configure(): void {
    const at = this.claim(MessageType.Config, CONFIG_BYTES);
    writeConfig(this.writer.views, at, this.nowUs(), 1, Mode.Live, LifeStart.Fresh, 0);
    this.publish();
  }

  /** What is in the log is safe. */
  sync(): void {
    while (this.journal.next() !== NONE);
    this.journal.release();
  }

  work(): number {
    const done = this.agent.work();
    this.listen();
    return done;
  }

  /** What the engine has taken from the report ring since the last look, in short. */
  words(): string[] {
    return this.told.splice(0).map(inShort);
  }

  /** Takes at most so many reports from the ring. */
  listen(most = Number.POSITIVE_INFINITY): void {
    for (let count = 0; count < most; count += 1) {
      const at = this.reports.next();
      if (at === NONE) break;
      this.told.push(readReport(this.reports.type, this.reports.views, at));
    }
    this.reports.release();
  }

  private claim(type: number, bytes: number): number {
    return this.writer.claim(type, 0, (this.sequence += 1), this.nowUs(), bytes);
  }

  private publish(): void {
    this.writer.commit();
    this.writer.publish();
  }
}
