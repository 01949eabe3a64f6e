/**
 * Stands between the gateway and its link: every request is looked at before it leaves. A command leaves once, after
 * its record is safe, and nothing leaves while the venue wants to hear nothing.
 */
import type { LinkAnswer, LinkRequest } from "../../../feeds/orders/link.js";
import type { Trace } from "../trace.js";
import { promise } from "../violation.js";
import { type JournalScan, placeText } from "./journal-scan.js";
import type { Witness } from "./witness.js";

export interface SendCheckParts {
  readonly witness: Witness;
  /** Says which records are safe enough for a command to leave. */
  readonly scan: JournalScan;
  readonly trace: Trace;
  readonly nowUs: () => number;
  /** A disk that lies leaves nothing safe, whatever the journal does. */
  readonly hasDiskLied: () => boolean;
}

export class SendChecks {
  private readonly parts: SendCheckParts;
  /** Client ids of submits that left, in all lives. */
  private readonly submitted = new Set<string>();
  /** By order id: whose it is. */
  private readonly owners = new Map<string, string>();
  private quietUntilUs = 0;

  constructor(parts: SendCheckParts) {
    this.parts = parts;
  }

  check(request: LinkRequest): void {
    const { nowUs, trace } = this.parts;
    promise(nowUs() >= this.quietUntilUs, "rate limit", () => {
      return `a ${request.kind} left ${this.quietUntilUs - nowUs()} us before the venue wants to hear anything`;
    });
    const id = "clientOrderId" in request ? request.clientOrderId : "";
    trace.note(`send ${request.kind} ${id}`, request.requestId);
    if (request.kind === "submit" || request.kind === "cancel") this.checkSafe(request.kind, id);
    if (request.kind === "submit") this.checkOnce(request.clientOrderId);
  }

  /** The gateway hears an answer. */
  heard({ requestId, outcome }: LinkAnswer): void {
    const { trace } = this.parts;
    if (outcome.kind === "none") return trace.note(`heard nothing: ${outcome.why}`, requestId);
    trace.note("heard", requestId, outcome.status, outcome.code);
    if (outcome.status !== 429 && outcome.status !== 418) return;
    this.quietUntilUs = Math.max(this.quietUntilUs, this.parts.nowUs() + outcome.retryAfterMs * 1000);
  }

  /** A new process does not know what the one before it was told. */
  beginLife(): void {
    this.quietUntilUs = 0;
  }

  private checkSafe(kind: "submit" | "cancel", id: string): void {
    const { witness, scan, hasDiskLied } = this.parts;
    const place = (kind === "submit" ? witness.submits : witness.cancels).get(id);
    promise(
      place !== undefined,
      "safe before sent",
      () => `the ${kind} of ${id} left, and the log has no such command`,
    );
    promise(hasDiskLied() || place <= scan.place(), "safe before sent", () => {
      return `the ${kind} of ${id} left: its record is ${placeText(place)}, safe is ${placeText(scan.place())}`;
    });
  }

  private checkOnce(id: string): void {
    promise(!this.submitted.has(id), "sent once", () => `the submit of ${id} left twice`);
    this.submitted.add(id);
    // Epoch and strategy have fixed widths; what follows is the order id, which no two lives share.
    const orderId = id.slice(7);
    const owner = this.owners.get(orderId) ?? id;
    promise(owner === id, "sent once", () => `${owner} and ${id} are two orders of one id`);
    this.owners.set(orderId, id);
  }
}
