/**
 * How long safe orders took to leave: from the journal's moment to the one at which the order's bytes were handed to
 * the connection, which the HTTP client tells later and by name. Orders that never leave are forgotten in their turn.
 */
import type { Histogram } from "../metrics/histogram.js";
import type { OrderStampReader } from "../metrics/order-stamps.js";

/** Orders on their way at once; the gateway has no more requests than that under way. */
const WAITING_MAX = 1_024;

export interface SentOrdersParts {
  /** The journal's. */
  readonly safe: OrderStampReader;
  readonly sent: Pick<Histogram, "record">;
  /** Microseconds since the epoch. */
  readonly nowUs: () => number;
}

export class SentOrders {
  private readonly parts: SentOrdersParts;
  /** When each became safe, by client order id, oldest first. */
  private readonly waiting = new Map<string, number>();

  constructor(parts: SentOrdersParts) {
    this.parts = parts;
  }

  /** The order of an input goes to the link. */
  begin(sequence: number, clientOrderId: string): void {
    const { safe } = this.parts;
    if (!safe.find(sequence)) return;
    this.waiting.set(clientOrderId, safe.passedUs);
    if (this.waiting.size > WAITING_MAX) this.waiting.delete(this.waiting.keys().next().value!);
  }

  /** Its bytes were handed to the connection. */
  left(clientOrderId: string): void {
    const safeUs = this.waiting.get(clientOrderId);
    if (safeUs === undefined) return;
    this.waiting.delete(clientOrderId);
    this.parts.sent.record((this.parts.nowUs() - safeUs) * 1000);
  }
}
