/**
 * The orders that the gateway looks after, findable by our number, by the text that the venue knows them by and by the
 * venue's own number. Orders that ended are remembered for a while, because their trades may still arrive; the oldest
 * of them go first.
 */
import type { ReportKind, ReportReason } from "../../schemas/index.js";
import { Chore } from "./chore.js";

export const Stage = {
  /** Sent; nothing was heard yet. */
  Sent: 0,
  /** Nobody knows whether it is there. */
  Unknown: 1,
  /** The venue has it. */
  Live: 2,
  /** It has ended and the engine was told. */
  Ended: 3,
} as const;
export type Stage = (typeof Stage)[keyof typeof Stage];

/** How an order ended at the venue. It is told only when all that was filled before has been told. */
export interface OrderEnd {
  readonly kind: ReportKind;
  readonly reason: ReportReason;
  readonly filledLots: number;
  readonly timeUs: number;
}

export class TrackedOrder {
  readonly clientOrderId: string;
  readonly orderId: number;
  readonly instrument: number;
  readonly side: number;
  readonly qtyLots: number;
  /** 0 until the venue has said it. */
  venueOrderId = 0;
  stage: Stage;
  /** Filled, as far as the engine knows. */
  toldLots = 0;
  /** Filled, by the venue's highest word. */
  venueLots = 0;
  end: OrderEnd | null = null;
  /** Refused, or proven absent: should the venue show it after all, it must go. */
  isDisowned = false;
  readonly sentUs: number;
  /** When the venue last said something of it; 0 for never. */
  heardUs = 0;
  /** An order of an earlier life about which the venue has said yes or no in this one. */
  isAnswered = false;
  /** "Does not exist" answers that count, and the moment of the first. */
  absences = 0;
  absentUs = 0;
  /** From when on a look at the trades proves that it never filled; 0 when no proof is sought. */
  proofUs = 0;
  readonly question = new Chore();
  readonly trades = new Chore();
  readonly cancel = new Chore();

  constructor(
    clientOrderId: string,
    orderId: number,
    instrument: number,
    side: number,
    qtyLots: number,
    stage: Stage,
    sentUs: number,
  ) {
    this.clientOrderId = clientOrderId;
    this.orderId = orderId;
    this.instrument = instrument;
    this.side = side;
    this.qtyLots = qtyLots;
    this.stage = stage;
    this.sentUs = sentUs;
  }

  /** The venue has filled more of it than the engine was told. */
  get missesTrades(): boolean {
    return this.venueLots > this.toldLots;
  }
}

const ENDED_ORDERS_MAX = 65_536;

export class TrackedOrders {
  /** Orders that have not ended, or that something is still to be asked about; oldest first. */
  readonly busy = new Set<TrackedOrder>();
  private readonly byOrderId = new Map<number, TrackedOrder>();
  private readonly byText = new Map<string, TrackedOrder>();
  private readonly byVenueId: readonly Map<number, TrackedOrder>[];
  private readonly ended = new Set<TrackedOrder>();

  constructor(instruments: number) {
    this.byVenueId = Array.from({ length: instruments }, () => new Map());
  }

  add(order: TrackedOrder): void {
    this.byOrderId.set(order.orderId, order);
    this.byText.set(order.clientOrderId, order);
    this.busy.add(order);
  }

  find(orderId: number): TrackedOrder | undefined {
    return this.byOrderId.get(orderId);
  }

  named(clientOrderId: string): TrackedOrder | undefined {
    return this.byText.get(clientOrderId);
  }

  atVenue(instrument: number, venueOrderId: number): TrackedOrder | undefined {
    return this.byVenueId[instrument].get(venueOrderId);
  }

  /** Keeps the venue's number of an order. False when it contradicts what is known. */
  identify(order: TrackedOrder, venueOrderId: number): boolean {
    if (order.venueOrderId === venueOrderId) return true;
    const byId = this.byVenueId[order.instrument];
    if (order.venueOrderId !== 0 || byId.has(venueOrderId)) return false;
    order.venueOrderId = venueOrderId;
    byId.set(venueOrderId, order);
    return true;
  }

  /** Lets an order rest once it has ended and nothing more is to be asked; forgets the oldest of too many. */
  settle(order: TrackedOrder): void {
    if (order.stage !== Stage.Ended) return;
    const isQuiet = order.question.isIdle && order.trades.isIdle && order.cancel.isIdle;
    if (isQuiet) this.busy.delete(order);
    else this.busy.add(order);
    this.ended.add(order);
    if (this.ended.size > ENDED_ORDERS_MAX) for (const oldest of this.ended) return this.forget(oldest);
  }

  private forget(order: TrackedOrder): void {
    this.ended.delete(order);
    this.busy.delete(order);
    this.byOrderId.delete(order.orderId);
    this.byText.delete(order.clientOrderId);
    this.byVenueId[order.instrument].delete(order.venueOrderId);
  }
}
