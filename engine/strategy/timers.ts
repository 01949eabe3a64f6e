/**
 * Timers of all strategies, fired by inputs: before the first input at or past its moment. Moments are whole multiples
 * of the interval since the epoch. After a long silence a timer fires once, for its newest moment.
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
  readonly all: Timer[] = [];
  /** The earliest moment at which any timer is due: most inputs come before it and need to look no further. */
  readonly earliest = new Float64Array(1);

  add(strategy: number, name: string, intervalUs: number): void {
    this.all.push({ strategy, name, intervalUs, dueUs: 0, firedUs: 0 });
  }

  /**
   * The timer with the earliest moment due at `timeUs`, moved on to its next one; null when none is due. Moments slept
   * through are left out before timers are compared, so that time never runs backwards. Ties go by order of
   * subscription.
   */
  next(timeUs: number): Timer | null {
    let earliest: Timer | null = null;
    for (const timer of this.all) {
      if (timer.dueUs === 0) timer.dueUs = after(timeUs, timer.intervalUs);
      if (timer.dueUs <= timeUs) timer.dueUs = after(timeUs, timer.intervalUs) - timer.intervalUs;
      if (earliest === null || timer.dueUs < earliest.dueUs) earliest = timer;
    }
    this.earliest[0] = earliest === null ? Number.POSITIVE_INFINITY : earliest.dueUs;
    if (earliest === null || earliest.dueUs > timeUs) return null;
    earliest.firedUs = earliest.dueUs;
    earliest.dueUs += earliest.intervalUs;
    return earliest;
  }
}

/** First multiple of the interval that lies after `timeUs`. */
function after(timeUs: number, intervalUs: number): number {
  return (Math.floor(timeUs / intervalUs) + 1) * intervalUs;
}
