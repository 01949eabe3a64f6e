/**
 * Timers of all strategies, fired by inputs: before the first input at or past their moment. Moments are whole
 * multiples of the interval since the epoch. After a long silence a timer fires once, for its newest moment. They stand
 * in a heap, so that a timer due costs little more among thousands than alone.
 */
export interface Timer {
  readonly strategy: number;
  readonly name: string;
  readonly intervalUs: number;
  /** Next moment; 0 before the first input. */
  dueUs: number;
  /** The moment it was last fired for. */
  firedUs: number;
}

export class Timers {
  /** By order of subscription. */
  readonly all: Timer[] = [];
  /** The earliest moment at which any timer is due: most inputs come before it and need to look no further. */
  readonly earliest = new Float64Array(1);
  /** Indexes of `all`, the earliest first; of equal moments, the older subscription. Empty before the first input. */
  private heap = new Int32Array(0);

  add(strategy: number, name: string, intervalUs: number): void {
    this.all.push({ strategy, name, intervalUs, dueUs: 0, firedUs: 0 });
  }

  /**
   * The timer with the earliest moment due at `time[0]`, moved on to its next one; null when none is due. Moments slept
   * through are left out before timers are compared, so that time never runs backwards. Ties go by order of
   * subscription.
   */
  next(time: Float64Array): Timer | null {
    const timeUs = time[0];
    if (this.heap.length !== this.all.length) this.arrange(time);
    if (this.heap.length === 0) {
      this.earliest[0] = Number.POSITIVE_INFINITY;
      return null;
    }
    for (;;) {
      const first = this.all[this.heap[0]];
      this.earliest[0] = first.dueUs;
      // Written so that no moment that is not a number keeps the search going.
      if (!(first.dueUs <= timeUs)) return null;
      const newestUs = (Math.floor(timeUs / first.intervalUs) + 1) * first.intervalUs - first.intervalUs;
      const isNewest = first.dueUs === newestUs;
      if (isNewest) first.firedUs = newestUs;
      first.dueUs = isNewest ? newestUs + first.intervalUs : newestUs;
      this.sink(0);
      if (isNewest) return first;
    }
  }

  /** Moments that somebody else wrote, or the first ones: the heap is made anew. */
  private arrange(time: Float64Array): void {
    for (const timer of this.all) {
      if (timer.dueUs === 0) timer.dueUs = (Math.floor(time[0] / timer.intervalUs) + 1) * timer.intervalUs;
    }
    this.heap = Int32Array.from(this.all, (_, index) => index);
    for (let at = (this.heap.length >> 1) - 1; at >= 0; at -= 1) this.sink(at);
  }

  private sink(at: number): void {
    const { heap } = this;
    const sinking = heap[at];
    for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && this.isBefore(heap[child + 1], heap[child])) child += 1;
      if (!this.isBefore(heap[child], sinking)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = sinking;
  }

  private isBefore(one: number, other: number): boolean {
    const difference = this.all[one].dueUs - this.all[other].dueUs;
    return difference < 0 || (difference === 0 && one < other);
  }
}
