/**
 * A venue for orders that are worked: it fills, cancels, and now and then says nothing for a while. It keeps the truth
 * that the caller of a working order must keep: what is executed, and what is live because it may yet be.
 */
import type { Cases } from "./random.js";

interface Order {
  lots: number;
  isUnknown: boolean;
}

export class RandomVenue {
  executedLots = 0;
  /** The most lots that were ever live at once. */
  liveMax = 0;
  sentLots = 0;
  readonly #orders: Order[] = [];
  readonly #cases: Cases;

  constructor(cases: Cases) {
    this.#cases = cases;
  }

  /** Of every order that the venue may have, whether it has answered or not. */
  get liveLots(): number {
    return this.#orders.reduce((sum, { lots }) => sum + lots, 0);
  }

  send(lots: number): void {
    if (lots === 0) return;
    this.sentLots += lots;
    this.#orders.push({ lots, isUnknown: this.#cases.chance(6) });
    this.liveMax = Math.max(this.liveMax, this.liveLots);
  }

  /** One thing happens to one order: a fill, part of one, a cancel, or the answer that was missing. */
  happen(): void {
    if (this.#orders.length === 0) return;
    const at = this.#cases.integer(0, this.#orders.length - 1);
    const order = this.#orders[at]!;
    if (order.isUnknown) {
      order.isUnknown = !this.#cases.chance(3);
      return;
    }
    const filled = this.#cases.chance(4) ? 0 : this.#cases.pick([order.lots, this.#cases.integer(1, order.lots)]);
    this.executedLots += filled;
    order.lots -= filled;
    if (filled === 0 || order.lots === 0) this.#orders.splice(at, 1);
  }
}
