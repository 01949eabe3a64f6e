/**
 * What every order that is worked over time has in common. The caller owns the truth about orders: at each call it says
 * how many lots are executed and how many are live, and live are all that are at the venue or may be, so an order of
 * unknown outcome counts in full until the venue's word. What `next` returns is to be sent and counts as live from then
 * on; it never exceeds what is neither executed nor live. Nothing is allocated on the way.
 *
 * `state` is all that an order remembers; its bytes are a complete snapshot.
 */
import { MathStateError } from "../errors.js";
import { integer } from "./arguments.js";

const STATUS = 0;
const WORKING = 0;
const PAUSED = 1;
const CANCELLED = 2;

export abstract class WorkingOrder {
  /** Integer lots of the parent. */
  readonly lots: number;
  /** A live view of all that this order remembers, for hashing. */
  readonly state: Float64Array;

  /** `slots` numbers beside the status. */
  protected constructor(lots: number, slots: number) {
    this.lots = lots;
    this.state = new Float64Array(1 + slots);
  }

  /** From now on `next` returns 0. */
  pause(): void {
    if (this.state[STATUS] === WORKING) this.state[STATUS] = PAUSED;
  }

  resume(): void {
    if (this.state[STATUS] === PAUSED) this.state[STATUS] = WORKING;
  }

  /** For good: `next` returns 0. Orders that are live are the caller's to cancel. */
  cancel(): void {
    this.state[STATUS] = CANCELLED;
  }

  get isPaused(): boolean {
    return this.state[STATUS] === PAUSED;
  }

  get isCancelled(): boolean {
    return this.state[STATUS] === CANCELLED;
  }

  /** A copy of the state. */
  snapshot(): Float64Array {
    return this.state.slice();
  }

  /** Takes up a snapshot of an order made with the same options. Throws MathStateError, changing nothing. */
  restore(snapshot: Float64Array): void {
    const isSound =
      snapshot instanceof Float64Array &&
      snapshot.length === this.state.length &&
      snapshot[STATUS]! <= CANCELLED &&
      snapshot.every((value) => Number.isSafeInteger(value) && value >= 0);
    if (!isSound) {
      throw new MathStateError(`the state was no snapshot of such an order: ${this.state.length} integers from 0 on`);
    }
    this.state.set(snapshot);
  }

  protected get isWorking(): boolean {
    return this.state[STATUS] === WORKING;
  }

  /** What is neither executed nor live; 0 when a late fill has made that negative. */
  protected remaining(executedLots: number, liveLots: number): number {
    const taken = integer("executedLots", executedLots) + integer("liveLots", liveLots);
    return taken < this.lots ? this.lots - taken : 0;
  }
}

/**
 * The child nearest to `wanted` lots of those remaining, such that it has lotsMin to lotsMax and leaves nothing or a
 * minimum; 0 when there is none. It exceeds `wanted` by less than one minimum, and only when it is the last.
 * The caller guarantees lotsMax ≥ 2 lotsMin − 1, so that no remainder is too small to send and too large to add.
 */
export function childOf(wanted: number, remaining: number, lotsMin: number, lotsMax: number): number {
  const child = Math.min(wanted, remaining, lotsMax);
  if (child < lotsMin) return 0;
  const rest = remaining - child;
  if (rest === 0 || rest >= lotsMin) return child;
  return remaining <= lotsMax ? remaining : remaining - lotsMin;
}
