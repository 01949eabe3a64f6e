/**
 * Every moment of one order in a journal: the inputs at which it was ordered, reported on, filled, cancelled or
 * doubted, each with all outputs of that input. Records are only read here; nothing is executed.
 */
import { type RunNames, runNames } from "../../actors/stream/message-fields.js";
import { ConfigError } from "../../engine/index.js";
import { configIn, type JournalRecord, type JournalRecords } from "../../research/replay/journal-records.js";
import * as schema from "../../schemas/index.js";
import { MessageType } from "../../schemas/index.js";

export interface OrderMoment {
  readonly input: JournalRecord;
  readonly outputs: readonly JournalRecord[];
  /** Of the life in which it happened. */
  readonly names: RunNames;
}

/** An order as it is asked for: by our number, or by the text that the venue knows. */
export interface OrderName {
  readonly orderId: number;
  /** Null when only the number was given. */
  readonly epoch: number | null;
  readonly strategy: number | null;
}

const VENUE_TEXT = /^([0-9a-z]{4})([0-9a-z]{3})([0-9a-z]{1,11})$/;

/** What an order's name may mean, likeliest first. Throws ConfigError when it can mean nothing. */
export function readOrderName(text: string): OrderName[] {
  const meanings: OrderName[] = [];
  if (/^[1-9]\d{0,15}$/.test(text)) meanings.push({ orderId: Number(text), epoch: null, strategy: null });
  const match = VENUE_TEXT.exec(text);
  if (match) {
    const [epoch, strategy, orderId] = match.slice(1).map((digits) => Number.parseInt(digits, 36));
    if (Number.isSafeInteger(orderId)) meanings.push({ orderId, epoch, strategy });
  }
  if (meanings.length > 0) return meanings;
  throw new ConfigError(
    `--why takes an order's number such as 17, or its text at the venue such as 0001000h; was "${text}"`,
  );
}

/** Where in each message that concerns one order its number stands. */
const ORDER_ID: Readonly<Record<number, number>> = {
  [MessageType.OrderReport]: schema.ORDER_REPORT_ORDER_ID,
  [MessageType.FillReport]: schema.FILL_REPORT_ORDER_ID,
  [MessageType.OrderFound]: schema.ORDER_FOUND_ORDER_ID,
  [MessageType.SubmitOrder]: schema.SUBMIT_ORDER_ORDER_ID,
  [MessageType.CancelOrder]: schema.CANCEL_ORDER_ORDER_ID,
  [MessageType.OrderEvent]: schema.ORDER_EVENT_ORDER_ID,
  [MessageType.Fill]: schema.FILL_ORDER_ID,
};

/** The order that a record concerns; 0 for none. */
export function orderOf({ type, views, at }: JournalRecord): number {
  const offset = ORDER_ID[type];
  return offset === undefined ? 0 : views.f64[(at + offset) >> 3];
}

export class OrderMoments {
  /** The newest order of the journal, gathered or not; 0 when there is none. */
  lastOrder = 0;
  /** By order. */
  private readonly moments = new Map<number, OrderMoment[]>();
  private readonly wanted: ReadonlySet<number> | null;

  /** Reads a journal to its end; `wanted` null gathers every order. */
  constructor(records: JournalRecords, wanted: ReadonlySet<number> | null) {
    this.wanted = wanted;
    let names: RunNames | null = null;
    let input = records.next();
    while (input !== null) {
      if (input.type === MessageType.Config) names = runNames(configIn(input));
      const outputs: JournalRecord[] = [];
      let next = records.next();
      for (; next !== null && next.index > 0; next = records.next()) outputs.push(next);
      if (names !== null) this.gather({ input, outputs, names });
      input = next;
    }
  }

  of(orderId: number): readonly OrderMoment[] {
    return this.moments.get(orderId) ?? [];
  }

  /** Ids of the orders that were gathered. */
  get orders(): readonly number[] {
    return [...this.moments.keys()];
  }

  private gather(moment: OrderMoment): void {
    for (const orderId of new Set([moment.input, ...moment.outputs].map(orderOf))) {
      this.lastOrder = Math.max(this.lastOrder, orderId);
      if (orderId === 0 || (this.wanted !== null && !this.wanted.has(orderId))) continue;
      const known = this.moments.get(orderId);
      if (known) known.push(moment);
      else this.moments.set(orderId, [moment]);
    }
  }
}
