/**
 * Every working order and the recent ended ones, as rows of typed arrays. An order's row is its id modulo the capacity,
 * so finding one is a mask; an id whose row still holds a working order is passed over. Working quantity is also kept
 * summed by strategy and instrument, because an order counts toward its limits from the moment it is sent.
 */
import { OrderStatus, Side } from "../../schemas/index.js";
import { assert } from "../assert.js";

export const ORDERS_MAX = 16_384;
/** Bound on working orders: cancelling all of them stays within what one input may write. */
export const ORDERS_WORKING_MAX = 1_024;

export class OrderTable {
  readonly id = new Float64Array(ORDERS_MAX);
  readonly qtyLots = new Float64Array(ORDERS_MAX);
  readonly filledLots = new Float64Array(ORDERS_MAX);
  readonly priceTicks = new Int32Array(ORDERS_MAX);
  readonly instrument = new Uint16Array(ORDERS_MAX);
  readonly strategy = new Uint16Array(ORDERS_MAX);
  /** Of the life that made the order. */
  readonly epoch = new Uint32Array(ORDERS_MAX);
  readonly side = new Uint8Array(ORDERS_MAX);
  readonly orderType = new Uint8Array(ORDERS_MAX);
  readonly timeInForce = new Uint8Array(ORDERS_MAX);
  readonly status = new Uint8Array(ORDERS_MAX);
  /** Unfilled lots of working orders, by strategy × instruments + instrument. */
  readonly workingBuyLots: Float64Array;
  readonly workingSellLots: Float64Array;
  nextId = 1;
  working = 0;
  private readonly instruments: number;

  constructor(strategies: number, instruments: number) {
    this.instruments = instruments;
    this.workingBuyLots = new Float64Array(strategies * instruments);
    this.workingSellLots = new Float64Array(strategies * instruments);
  }

  /** Row of a new order. There always is one: far fewer orders work than there are rows. */
  allocate(): number {
    while (isWorking(this.status[this.nextId & (ORDERS_MAX - 1)])) this.nextId += 1;
    const row = this.nextId & (ORDERS_MAX - 1);
    this.id[row] = this.nextId;
    this.nextId += 1;
    this.filledLots[row] = 0;
    this.status[row] = OrderStatus.None;
    return row;
  }

  /** A row for an order that already has an id, of an earlier life; −1 when its row holds a working order. */
  adopt(orderId: number): number {
    const row = orderId & (ORDERS_MAX - 1);
    if (isWorking(this.status[row])) return -1;
    this.id[row] = orderId;
    this.filledLots[row] = 0;
    this.status[row] = OrderStatus.None;
    return row;
  }

  /** Row of an order, or −1 when the id is not among the rows. */
  find(orderId: number): number {
    const row = orderId & (ORDERS_MAX - 1);
    return orderId > 0 && this.id[row] === orderId ? row : -1;
  }

  /** Orders whose fate nobody knows. */
  unknown(): number {
    let count = 0;
    for (let row = 0; row < ORDERS_MAX; row += 1) if (this.status[row] === OrderStatus.Unknown) count += 1;
    return count;
  }

  remainingLots(row: number): number {
    return this.qtyLots[row] - this.filledLots[row];
  }

  /** Moves an order to a status; working totals follow. */
  setStatus(row: number, status: number): void {
    const was = isWorking(this.status[row]);
    const is = isWorking(status);
    this.status[row] = status;
    if (is === was) return;
    this.addWorking(row, is ? this.remainingLots(row) : -this.remainingLots(row));
    this.working += is ? 1 : -1;
  }

  /** Counts a fill; the caller then sets the status. */
  fill(row: number, qtyLots: number): void {
    assert(qtyLots > 0 && qtyLots <= this.remainingLots(row), `fill of ${qtyLots} lots exceeds order ${this.id[row]}`);
    if (isWorking(this.status[row])) this.addWorking(row, -qtyLots);
    this.filledLots[row] += qtyLots;
  }

  private addWorking(row: number, lots: number): void {
    const totals = this.side[row] === Side.Buy ? this.workingBuyLots : this.workingSellLots;
    const cell = this.strategy[row] * this.instruments + this.instrument[row];
    totals[cell] += lots;
    assert(totals[cell] >= 0, "working quantity fell below zero");
  }
}

/** The statuses of an order that may still fill, as bits. `Unknown` is one: nobody has said otherwise. */
const WORKING =
  (1 << OrderStatus.Submitted) |
  (1 << OrderStatus.Accepted) |
  (1 << OrderStatus.PartiallyFilled) |
  (1 << OrderStatus.PendingCancel) |
  (1 << OrderStatus.Unknown);

export const isWorking = (status: number): boolean => ((WORKING >> status) & 1) === 1;
