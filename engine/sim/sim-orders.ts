/**
 * The simulated venue's own record of the orders it was sent: commands under way to it, oldest first, and the orders in
 * its book, listed by instrument in the order of their arrival. Both stand in typed arrays whose rows are used again,
 * so that an order leaves no garbage; they double when they are full.
 */
import {
  CANCEL_ORDER_INSTRUMENT,
  CANCEL_ORDER_ORDER_ID,
  CANCEL_ORDER_TIME_US,
  MessageType,
  type MessageViews,
  SUBMIT_ORDER_INSTRUMENT,
  SUBMIT_ORDER_ORDER_ID,
  SUBMIT_ORDER_ORDER_TYPE,
  SUBMIT_ORDER_PRICE_TICKS,
  SUBMIT_ORDER_QTY_LOTS,
  SUBMIT_ORDER_SIDE,
  SUBMIT_ORDER_TIME_IN_FORCE,
  SUBMIT_ORDER_TIME_US,
} from "../../schemas/index.js";

const ROOM_MIN = 64;
export const NO_ORDER = -1;

/** A queue of commands. Rows are those of `head`, `head + 1`, … modulo the room. */
export class CommandQueue {
  isCancel = new Uint8Array(ROOM_MIN);
  /** When it reaches the venue. */
  effectiveUs = new Float64Array(ROOM_MIN);
  orderId = new Float64Array(ROOM_MIN);
  qtyLots = new Float64Array(ROOM_MIN);
  priceTicks = new Int32Array(ROOM_MIN);
  instrument = new Uint32Array(ROOM_MIN);
  side = new Uint8Array(ROOM_MIN);
  orderType = new Uint8Array(ROOM_MIN);
  timeInForce = new Uint8Array(ROOM_MIN);
  private head = 0;
  private count = 0;

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Row of the oldest command; the queue must not be empty. */
  get first(): number {
    return this.head;
  }

  /** Takes a command record; it reaches the venue `latencyUs` after the decision. */
  push(type: number, { f64, u32, i32, u8 }: MessageViews, at: number, latencyUs: number): void {
    if (this.count === this.orderId.length) this.grow();
    const row = (this.head + this.count) & (this.orderId.length - 1);
    this.count += 1;
    if (type === MessageType.CancelOrder) {
      this.isCancel[row] = 1;
      this.effectiveUs[row] = f64[(at + CANCEL_ORDER_TIME_US) >> 3] + latencyUs;
      this.orderId[row] = f64[(at + CANCEL_ORDER_ORDER_ID) >> 3];
      this.instrument[row] = u32[(at + CANCEL_ORDER_INSTRUMENT) >> 2];
      return;
    }
    this.isCancel[row] = 0;
    this.effectiveUs[row] = f64[(at + SUBMIT_ORDER_TIME_US) >> 3] + latencyUs;
    this.orderId[row] = f64[(at + SUBMIT_ORDER_ORDER_ID) >> 3];
    this.qtyLots[row] = f64[(at + SUBMIT_ORDER_QTY_LOTS) >> 3];
    this.priceTicks[row] = i32[(at + SUBMIT_ORDER_PRICE_TICKS) >> 2];
    this.instrument[row] = u32[(at + SUBMIT_ORDER_INSTRUMENT) >> 2];
    this.side[row] = u8[at + SUBMIT_ORDER_SIDE];
    this.orderType[row] = u8[at + SUBMIT_ORDER_ORDER_TYPE];
    this.timeInForce[row] = u8[at + SUBMIT_ORDER_TIME_IN_FORCE];
  }

  /** Forgets the oldest; its row stays as it is until the next push. */
  advance(): void {
    this.head = (this.head + 1) & (this.orderId.length - 1);
    this.count -= 1;
  }

  clear(): void {
    this.count = 0;
  }

  private grow(): void {
    const { head } = this;
    this.isCancel = doubled(this.isCancel, head);
    this.effectiveUs = doubled(this.effectiveUs, head);
    this.orderId = doubled(this.orderId, head);
    this.qtyLots = doubled(this.qtyLots, head);
    this.priceTicks = doubled(this.priceTicks, head);
    this.instrument = doubled(this.instrument, head);
    this.side = doubled(this.side, head);
    this.orderType = doubled(this.orderType, head);
    this.timeInForce = doubled(this.timeInForce, head);
    this.head = 0;
  }
}

/** The venue's orders by row. Those that rest are linked, an instrument's oldest first. */
export class SimOrders {
  orderId = new Float64Array(ROOM_MIN);
  venueOrderId = new Float64Array(ROOM_MIN);
  qtyLots = new Float64Array(ROOM_MIN);
  filledLots = new Float64Array(ROOM_MIN);
  /** Lots that were at this price before us and must trade first. */
  queueLots = new Float64Array(ROOM_MIN);
  priceTicks = new Int32Array(ROOM_MIN);
  instrument = new Uint32Array(ROOM_MIN);
  side = new Uint8Array(ROOM_MIN);
  /** Row of the next in the same list, or NO_ORDER; of a free row, the next free one. */
  next = new Int32Array(ROOM_MIN);
  private previous = new Int32Array(ROOM_MIN);
  /** By instrument. */
  readonly oldest: Int32Array;
  private readonly newest: Int32Array;
  private free = NO_ORDER;

  constructor(instruments: number) {
    this.oldest = new Int32Array(instruments).fill(NO_ORDER);
    this.newest = new Int32Array(instruments).fill(NO_ORDER);
    this.release(0, ROOM_MIN);
  }

  /** A row for an order that does not rest yet; `remove` or `drop` gives it back. */
  take(): number {
    if (this.free === NO_ORDER) this.grow();
    const row = this.free;
    this.free = this.next[row];
    return row;
  }

  /** Gives back the row of an order that never rested. */
  drop(row: number): void {
    this.next[row] = this.free;
    this.free = row;
  }

  /** The order is the newest of its instrument from here on. */
  rest(row: number): void {
    const instrument = this.instrument[row];
    const last = this.newest[instrument];
    this.previous[row] = last;
    this.next[row] = NO_ORDER;
    if (last === NO_ORDER) this.oldest[instrument] = row;
    else this.next[last] = row;
    this.newest[instrument] = row;
  }

  /** The order rests no more. */
  remove(row: number): void {
    const instrument = this.instrument[row];
    const [before, after] = [this.previous[row], this.next[row]];
    if (before === NO_ORDER) this.oldest[instrument] = after;
    else this.next[before] = after;
    if (after === NO_ORDER) this.newest[instrument] = before;
    else this.previous[after] = before;
    this.drop(row);
  }

  /** Row of the resting order with the id `ids[at]`, or NO_ORDER. */
  find(instrument: number, ids: Float64Array, at: number): number {
    let row = this.oldest[instrument];
    while (row !== NO_ORDER && this.orderId[row] !== ids[at]) row = this.next[row];
    return row;
  }

  clear(): void {
    this.oldest.fill(NO_ORDER);
    this.newest.fill(NO_ORDER);
    this.free = NO_ORDER;
    this.release(0, this.next.length);
  }

  /** Rows from `from` to before `to` are free. */
  private release(from: number, to: number): void {
    for (let row = to - 1; row >= from; row -= 1) this.drop(row);
  }

  private grow(): void {
    const rows = this.next.length;
    this.orderId = doubled(this.orderId, 0);
    this.venueOrderId = doubled(this.venueOrderId, 0);
    this.qtyLots = doubled(this.qtyLots, 0);
    this.filledLots = doubled(this.filledLots, 0);
    this.queueLots = doubled(this.queueLots, 0);
    this.priceTicks = doubled(this.priceTicks, 0);
    this.instrument = doubled(this.instrument, 0);
    this.side = doubled(this.side, 0);
    this.next = doubled(this.next, 0);
    this.previous = doubled(this.previous, 0);
    this.release(rows, 2 * rows);
  }
}

/** A column twice as long, its elements from `head` on first, then those before it. */
function doubled<T extends Float64Array | Int32Array | Uint32Array | Uint8Array>(column: T, head: number): T {
  const longer = new (column.constructor as new (length: number) => T)(column.length * 2);
  longer.set(column.subarray(head));
  longer.set(column.subarray(0, head), column.length - head);
  return longer;
}
