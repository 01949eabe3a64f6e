/**
 * Trades that name only the venue's number of their order, which nobody knows yet: they wait until the venue has told
 * whose order it is. Those of others are remembered, so that their trades are not asked about again.
 */
import { Chore } from "./chore.js";
import type { TradeReading } from "./readings.js";

const WAITING_ORDERS_MAX = 1_024;
const STRANGERS_MAX = 65_536;

export interface NamelessOrder {
  readonly instrument: number;
  readonly venueOrderId: number;
  /** By trade id. */
  readonly trades: Map<number, TradeReading>;
  readonly question: Chore;
  /** Answers that say that the venue does not know its own order. */
  absences: number;
}

export class Strangers {
  /** By instrument and the venue's number. */
  private readonly waiting: readonly Map<number, NamelessOrder>[];
  private readonly others: readonly Set<number>[];

  constructor(instruments: number) {
    this.waiting = Array.from({ length: instruments }, () => new Map());
    this.others = Array.from({ length: instruments }, () => new Set());
  }

  /** Keeps a trade until its order is named. False when too many wait: it must be asked for again. */
  keep(instrument: number, trade: TradeReading, nowUs: number): boolean {
    const waiting = this.waiting[instrument];
    const { venueOrderId, tradeId } = trade;
    const known = waiting.get(venueOrderId);
    if (known === undefined && waiting.size === WAITING_ORDERS_MAX) return false;
    const order = known ?? { instrument, venueOrderId, trades: new Map(), question: new Chore(), absences: 0 };
    if (known === undefined) {
      order.question.want(nowUs);
      waiting.set(venueOrderId, order);
    }
    order.trades.set(tradeId, trade);
    return true;
  }

  /** The trades that waited for a name, oldest first; the order is nameless no more. */
  take(instrument: number, venueOrderId: number): readonly TradeReading[] {
    const order = this.waiting[instrument].get(venueOrderId);
    if (order === undefined) return [];
    this.waiting[instrument].delete(venueOrderId);
    return [...order.trades.values()].sort((a, b) => a.tradeId - b.tradeId);
  }

  /** Orders to be named. */
  *nameless(): Iterable<NamelessOrder> {
    for (const waiting of this.waiting) yield* waiting.values();
  }

  isClear(instrument: number): boolean {
    return this.waiting[instrument].size === 0;
  }

  isStranger(instrument: number, venueOrderId: number): boolean {
    return this.others[instrument].has(venueOrderId);
  }

  /** False when it was known as one. */
  addStranger(instrument: number, venueOrderId: number): boolean {
    const others = this.others[instrument];
    if (others.has(venueOrderId)) return false;
    others.add(venueOrderId);
    if (others.size > STRANGERS_MAX) {
      for (const oldest of others) {
        others.delete(oldest);
        break;
      }
    }
    return true;
  }
}
