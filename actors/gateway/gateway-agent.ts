/**
 * The order gateway as an agent of its thread: it reads commands that are safe on disk from the log, hands the gateway
 * what the link heard, and puts the reports into the ring to the engine. What may not be lost waits; while too much
 * waits, nothing more is read.
 */
import type { Instrument } from "../../engine/index.js";
import { Gateway } from "../../feeds/orders/gateway.js";
import type { SendRequest } from "../../feeds/orders/link.js";
import type { Recovery } from "../../feeds/orders/recovery.js";
import type { GatewaySettings } from "../../feeds/orders/settings.js";
import { MessageType } from "../../schemas/index.js";
import type { Agent } from "../agent/agent.js";
import type { Doorbell } from "../agent/doorbell.js";
import type { NowUs } from "../clock.js";
import type { CounterName } from "../counter-names.js";
import { crashPoint } from "../crash-point.js";
import type { Counters } from "../metrics/counters.js";
import { NONE } from "../ring/layout.js";
import type { LogReader } from "../ring/log-reader.js";
import type { SpscProducer } from "../ring/spsc.js";
import type { LinkInbox } from "./link-inbox.js";
import type { SentOrders } from "./sent-orders.js";
import { WaitingReports } from "./waiting-reports.js";

const BATCH_MAX = 1_024;
/** While reports wait for room in their ring: a reader does not say that it made some. */
const WAITING_MS = 1;
const US_PER_MS = 1_000;

export interface GatewayAgentParts {
  /** Follows the journal: it shows no record that is not safe. */
  readonly log: LogReader;
  readonly reports: SpscProducer;
  readonly engineBell: Doorbell;
  readonly instruments: readonly Instrument[];
  readonly send: SendRequest;
  readonly inbox: LinkInbox;
  /** What the link itself has to do now and then; returns how much it did. */
  readonly stepLink: () => number;
  /** In how many milliseconds that will be something; default: never. */
  readonly nextLinkMs?: () => number;
  readonly recovery: Recovery;
  readonly nowUs: NowUs;
  readonly counters: Pick<Counters<CounterName>, "set">;
  readonly settings?: Partial<GatewaySettings>;
  /** Measures when orders leave; left out where nobody looks. */
  readonly orders?: SentOrders;
}

export class GatewayAgent implements Agent {
  readonly role = "gateway";
  private readonly parts: GatewayAgentParts;
  private readonly waiting = new WaitingReports();
  private readonly gateway: Gateway;
  /** Before this life's configuration the log holds what the life before it left undone: nothing to be sent. */
  private hasBegun = false;
  private readonly hasRoom = (): boolean => !this.waiting.isFull;

  constructor(parts: GatewayAgentParts) {
    this.parts = parts;
    const { instruments, send, settings, orders, log } = parts;
    this.gateway = new Gateway({
      instruments,
      reports: this.waiting,
      send: (request) => {
        const isCommand = request.kind === "submit" || request.kind === "cancel";
        if (isCommand) crashPoint("gateway.before-send");
        if (request.kind === "submit") orders?.begin(log.sequence, request.clientOrderId);
        send(request);
      },
      settings,
    });
  }

  onStart(): void {
    this.gateway.begin(this.parts.recovery, this.parts.nowUs());
  }

  work(): number {
    const { inbox, nowUs, stepLink } = this.parts;
    const atUs = nowUs();
    let done = stepLink() + inbox.drain(this.gateway, atUs, this.hasRoom) + this.readCommands(atUs);
    if (this.hasRoom()) done += this.gateway.work(atUs);
    done += this.deliver();
    if (done > 0) this.showCounters();
    return done;
  }

  nextWorkMs(): number {
    if (this.waiting.size > 0) return WAITING_MS;
    const gatewayMs = (this.gateway.nextWorkUs - this.parts.nowUs()) / US_PER_MS;
    return Math.max(0, Math.min(gatewayMs, this.parts.nextLinkMs?.() ?? Number.POSITIVE_INFINITY));
  }

  onClose(): void {
    this.deliver();
    this.showCounters();
  }

  private readCommands(atUs: number): number {
    const { log } = this.parts;
    let done = 0;
    while (done < BATCH_MAX && this.hasRoom() && this.gateway.takesCommands && log.next() !== NONE) {
      if (log.type === MessageType.Config) this.hasBegun = true;
      if (this.hasBegun) this.gateway.onCommand(log.type, log.views, log.payloadOffset, atUs);
      done += 1;
    }
    log.release();
    return done;
  }

  private deliver(): number {
    const moved = this.waiting.deliverTo(this.parts.reports);
    if (moved === 0) return 0;
    this.parts.engineBell.ring();
    crashPoint("gateway.reported");
    return moved;
  }

  private showCounters(): void {
    const { counters } = this.parts;
    const { counts } = this.gateway;
    counters.set("gateway.submits", counts.submits);
    counters.set("gateway.cancels", counts.cancels);
    counters.set("gateway.unknown", counts.unknown);
    counters.set("gateway.notFound", counts.notFound);
    counters.set("gateway.malformed", counts.malformed);
    counters.set("gateway.duplicateTrades", counts.duplicateTrades);
    counters.set("gateway.listedTrades", counts.listedTrades);
    counters.set("gateway.foreignTrades", counts.foreignTrades);
    counters.set("gateway.found", counts.found);
    counters.set("gateway.connections", counts.connections);
    counters.set("gateway.dropped", this.parts.inbox.dropped);
    counters.set("gateway.waiting", this.waiting.size);
    counters.set("gateway.overfull", this.waiting.isFull ? 1 : 0);
    counters.set("gateway.reconciled", this.gateway.isReconciled ? 1 : 0);
  }
}
