/**
 * Keeps a paper run equal to a backtest. A report that the simulated venue makes from a record of time t is due at t
 * plus the report latency; so before the engine takes an input of time t, the venue must have read every record of a
 * time up to t minus that latency. The gate remembers where in the log those records end and asks the venue's cursor.
 */
import { assert } from "../../engine/index.js";

const MARKS_MAX = 65_536;

/** The log's writer, as far as the gate needs it. */
export interface CursorSource {
  /** Position that a gating follower has released, loaded afresh. */
  readerPosition(slot: number): number;
}

export class PaperGate {
  private readonly positions = new Int32Array(MARKS_MAX);
  private readonly timesUs = new Float64Array(MARKS_MAX);
  private readonly log: CursorSource;
  private readonly venueSlot: number;
  private readonly latencyUs: number;
  /** The moment that `mark` and `isOpen` speak of, in its only element; set it before the call. */
  readonly momentUs = new Float64Array(1);
  private head = 0;
  private count = 0;
  private venuePosition: number;

  constructor(log: CursorSource, venueSlot: number, latencyUs: number) {
    this.log = log;
    this.venueSlot = venueSlot;
    this.latencyUs = latencyUs;
    this.venuePosition = log.readerPosition(venueSlot);
  }

  /** Notes that an input of this moment and its outputs end at a position of the log. */
  mark(position: number): void {
    assert(this.count < MARKS_MAX, "the gate was asked before it had room");
    const at = (this.head + this.count) & (MARKS_MAX - 1);
    this.positions[at] = position;
    this.timesUs[at] = this.momentUs[0];
    this.count += 1;
  }

  /** Whether the venue has made every report that is due by this moment. */
  isOpen(): boolean {
    const untilUs = this.momentUs[0] - this.latencyUs;
    while (this.count > 0 && (this.timesUs[this.head] <= untilUs || this.count === MARKS_MAX)) {
      if (!this.hasPassed(this.positions[this.head])) return false;
      this.head = (this.head + 1) & (MARKS_MAX - 1);
      this.count -= 1;
    }
    return true;
  }

  private hasPassed(position: number): boolean {
    if (((this.venuePosition - position) | 0) >= 0) return true;
    this.venuePosition = this.log.readerPosition(this.venueSlot);
    return ((this.venuePosition - position) | 0) >= 0;
  }
}
