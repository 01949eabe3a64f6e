/**
 * Every working order and the recent ended ones, as rows of typed arrays. An order's row is its id modulo the capacity,
 * so finding one is a mask; an id whose row still holds a working order is passed over. Working quantity is also kept
 * summed by strategy and instrument and by instrument, because an order counts toward its limits from the moment it is
 * sent, and a limit must not cost more the more strategies there are.
 */
import { OrderStatus, Side } from "../../schemas/index.js";
import { AssertionError } from "../assert.js";
import { MarkSet } from "../mark-set.js";

export const ORDERS_MAX = 16_384;
/** Bound on working orders: cancelling all of them stays within what one input may write. */
export const ORDERS_WORKING_MAX = 1_024;
/**
 * Bound on commands that the venue has not answered: beyond it the gateway does not keep up, and an order that waits
 * for it would be sent into another market than it was meant for.
 */
export const COMMANDS_UNANSWERED_MAX = 512;

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
  /** The same of all strategies together, by instrument. */
  readonly allBuyLots: Float64Array;
  readonly allSellLots: Float64Array;
  nextId = 1;
  working = 0;
  /** Orders whose last command nobody has answered. */
  unanswered = 0;
  private readonly instruments: number;
  private readonly touched: MarkSet;

  /**
   * `touched`: told of every strategy and instrument whose sums have changed, as strategy × instruments + instrument.
   */
  constructor(strategies: number, instruments: number, touched = new MarkSet(strategies * instruments)) {
    this.instruments = instruments;
    this.touched = touched;
    this.workingBuyLots = new Float64Array(strategies * instruments);
    this.workingSellLots = new Float64Array(strategies * instruments);
    this.allBuyLots = new Float64Array(instruments);
    this.allSellLots = new Float64Array(instruments);
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

  /** The same of the id `ids[at]`, which is never boxed on the way. */
  findFrom(ids: Float64Array, at: number): number {
    const row = ids[at] & (ORDERS_MAX - 1);
    return ids[at] > 0 && this.id[row] === ids[at] ? row : -1;
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
    this.unanswered += isUnanswered(status) - isUnanswered(this.status[row]);
    this.status[row] = status;
    if (is === was) return;
    this.countRemaining(row, is ? 1 : -1);
    this.working += is ? 1 : -1;
  }

  /** Counts a fill of `figures[at]` lots; the caller then sets the status. */
  fill(row: number, figures: Float64Array, at: number): void {
    const qtyLots = figures[at];
    if (!(qtyLots > 0 && qtyLots <= this.qtyLots[row] - this.filledLots[row])) {
      throw new AssertionError(`fill of ${qtyLots} lots exceeds order ${this.id[row]}`);
    }
    const counts = isWorking(this.status[row]);
    if (counts) this.countRemaining(row, -1);
    this.filledLots[row] += qtyLots;
    if (counts) this.countRemaining(row, 1);
  }

  /** Adds what is left of an order to the sums, or takes it out: `sign` is 1 or −1. */
  private countRemaining(row: number, sign: number): void {
    const buys = this.side[row] === Side.Buy;
    const totals = buys ? this.workingBuyLots : this.workingSellLots;
    const sums = buys ? this.allBuyLots : this.allSellLots;
    const cell = this.strategy[row] * this.instruments + this.instrument[row];
    const lots = sign * (this.qtyLots[row] - this.filledLots[row]);
    totals[cell] += lots;
    sums[this.instrument[row]] += lots;
    this.touched.mark(cell);
    if (totals[cell] < 0) throw new AssertionError("working quantity fell below zero");
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

const isUnanswered = (status: number): number =>
  status === OrderStatus.Submitted || status === OrderStatus.PendingCancel ? 1 : 0;
