/**
 * Timers of all strategies, fired by inputs: before the first input at or past its moment. Moments are whole multiples of
 * the interval since the epoch. After a long silence a timer fires once, for its newest moment.
 */
export interface Timer {
  readonly strategy: number;
  readonly name: string;
  readonly intervalUs: number;
  /** Next moment; 0 before the first input. */
  dueUs: number;
}

export class Timers {
  readonly all: Timer[] = [];

  add(strategy: number, name: string, intervalUs: number): void {
    this.all.push({ strategy, name, intervalUs, dueUs: 0 });
  }

  /** The earliest timer due at `timeUs`, moved to its next moment; null when none is. Ties go by order of subscription. */
  next(timeUs: number): Timer | null {
    let earliest: Timer | null = null;
    for (const timer of this.all) {
      if (timer.dueUs === 0) timer.dueUs = after(timeUs, timer.intervalUs);
      else if (timer.dueUs <= timeUs && (earliest === null || timer.dueUs < earliest.dueUs)) earliest = timer;
    }
    return earliest;
  }
}

/** First multiple of the interval that lies after `timeUs`. */
export function after(timeUs: number, intervalUs: number): number {
  return (Math.floor(timeUs / intervalUs) + 1) * intervalUs;
}
