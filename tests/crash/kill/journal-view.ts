/**
 * What a journal says of a run, read from its files as they grow, over all lives: which orders were recorded, what
 * became of them, which fills were applied, and how far the newest life has come. It knows of the engine only what that
 * wrote.
 */
import { SegmentTail } from "../../../actors/journal/segment-tail.js";
import { configOf, type EngineConfig, isWorking, type RecordReader } from "../../../engine/index.js";
import { clientOrderId } from "../../../engine/orders/client-order-id.js";
import {
  CONFIG_EPOCH,
  FILL_FEE_MONEY,
  FILL_INSTRUMENT,
  FILL_PRICE_TICKS,
  FILL_QTY_LOTS,
  FILL_SIDE,
  FILL_TRADE_ID,
  MessageType,
  OPERATOR_ACTION,
  OperatorAction,
  ORDER_EVENT_EPOCH,
  ORDER_EVENT_FILLED_LOTS,
  ORDER_EVENT_INSTRUMENT,
  ORDER_EVENT_ORDER_ID,
  ORDER_EVENT_STATUS,
  ORDER_EVENT_STRATEGY,
  OrderStatus,
  POSITION_INSTRUMENT,
  POSITION_POSITION_LOTS,
  POSITION_STRATEGY,
  SUBMIT_ORDER_EPOCH,
  SUBMIT_ORDER_ORDER_ID,
  SUBMIT_ORDER_STRATEGY,
} from "../../../schemas/index.js";
import { crc32c } from "../../support/tape.js";

export interface AppliedFill {
  readonly instrument: number;
  readonly tradeId: number;
  readonly side: number;
  readonly priceTicks: number;
  readonly qtyLots: number;
  readonly feeMoney: number;
}

export interface KnownOrder {
  readonly instrument: number;
  readonly status: number;
  readonly filledLots: number;
}

export class JournalView {
  /** Of the newest life. */
  epoch = 0;
  config: EngineConfig | null = null;
  /** Whether the venue has been asked for everything in the newest life. */
  hasAsked = false;
  inputs = 0;
  /** How often trading was suspended. */
  suspensions = 0;
  /** How often the fate of an order became unknown. */
  unknowns = 0;
  /** Venue's texts of the orders that a command was recorded for. */
  readonly submitted = new Set<string>();
  /** By the venue's text. */
  readonly orders = new Map<string, KnownOrder>();
  readonly fills: AppliedFill[] = [];
  /** Lots held, by `strategy/instrument`. */
  readonly positions = new Map<string, { readonly instrument: number; readonly lots: number }>();
  private readonly tail: SegmentTail;

  constructor(directory: string) {
    this.tail = new SegmentTail(directory, crc32c);
  }

  /** Takes what was written since. Throws TapeError at damage. */
  refresh(): this {
    for (let record = this.tail.next(); record !== null; record = this.tail.next()) this.take(record);
    return this;
  }

  /** Texts of the orders that may still fill. */
  get working(): string[] {
    return [...this.orders].filter(([, { status }]) => isWorking(status)).map(([text]) => text);
  }

  /** Whether the venue was asked for everything in this life, and no order's fate is unknown. */
  get isReconciled(): boolean {
    return this.hasAsked && !this.isAny([OrderStatus.Unknown]);
  }

  /** Whether nothing is under way either. */
  get isSettled(): boolean {
    return this.isReconciled && !this.isAny([OrderStatus.Submitted, OrderStatus.PendingCancel]);
  }

  close(): void {
    this.tail.close();
  }

  private isAny(statuses: readonly number[]): boolean {
    return [...this.orders.values()].some(({ status }) => statuses.includes(status));
  }

  private take(record: RecordReader): void {
    const { type } = record;
    if (record.index === 0) this.inputs += 1;
    if (type === MessageType.Config) this.beginLife(record);
    else if (type === MessageType.Reconciled) this.hasAsked = true;
    else if (type === MessageType.Operator) this.takeOperator(record);
    else if (type === MessageType.SubmitOrder) this.submitted.add(submittedText(record));
    else if (type === MessageType.OrderEvent) this.takeOrder(record);
    else if (type === MessageType.Fill) this.takeFill(record);
    else if (type === MessageType.Position) this.takePosition(record);
  }

  private beginLife(record: RecordReader): void {
    this.epoch = record.views.u32[(record.at + CONFIG_EPOCH) >> 2];
    this.config = configOf(record);
    this.hasAsked = false;
  }

  private takeOperator({ views: { u8 }, at }: RecordReader): void {
    if (u8[at + OPERATOR_ACTION] === OperatorAction.Suspend) this.suspensions += 1;
  }

  /** A denied order never left; no venue has ever heard of it. */
  private takeOrder({ views, at }: RecordReader): void {
    const { u8, u16, u32, f64 } = views;
    const status = u8[at + ORDER_EVENT_STATUS];
    if (status === OrderStatus.Denied) return;
    if (status === OrderStatus.Unknown) this.unknowns += 1;
    const strategy = u16[(at + ORDER_EVENT_STRATEGY) >> 1];
    const text = clientOrderId(u32[(at + ORDER_EVENT_EPOCH) >> 2], strategy, f64[(at + ORDER_EVENT_ORDER_ID) >> 3]);
    const instrument = u32[(at + ORDER_EVENT_INSTRUMENT) >> 2];
    this.orders.set(text, { instrument, status, filledLots: f64[(at + ORDER_EVENT_FILLED_LOTS) >> 3] });
  }

  private takeFill({ views: { u8, u32, i32, f64 }, at }: RecordReader): void {
    this.fills.push({
      instrument: u32[(at + FILL_INSTRUMENT) >> 2],
      tradeId: f64[(at + FILL_TRADE_ID) >> 3],
      side: u8[at + FILL_SIDE],
      priceTicks: i32[(at + FILL_PRICE_TICKS) >> 2],
      qtyLots: f64[(at + FILL_QTY_LOTS) >> 3],
      feeMoney: f64[(at + FILL_FEE_MONEY) >> 3],
    });
  }

  private takePosition({ views: { u16, u32, f64 }, at }: RecordReader): void {
    const instrument = u32[(at + POSITION_INSTRUMENT) >> 2];
    const key = `${u16[(at + POSITION_STRATEGY) >> 1]}/${instrument}`;
    this.positions.set(key, { instrument, lots: f64[(at + POSITION_POSITION_LOTS) >> 3] });
  }
}

function submittedText({ views: { u16, u32, f64 }, at }: RecordReader): string {
  const epoch = u32[(at + SUBMIT_ORDER_EPOCH) >> 2];
  return clientOrderId(epoch, u16[(at + SUBMIT_ORDER_STRATEGY) >> 1], f64[(at + SUBMIT_ORDER_ORDER_ID) >> 3]);
}
