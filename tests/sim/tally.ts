/** Counts of what happened in a run, by name: faults put in, and events that show that the run did something. */
export type Counts = Record<string, number>;

export class Tally {
  readonly faults: Counts = {};
  readonly events: Counts = {};

  fault(kind: string, times = 1): void {
    this.faults[kind] = (this.faults[kind] ?? 0) + times;
  }

  event(kind: string, times = 1): void {
    this.events[kind] = (this.events[kind] ?? 0) + times;
  }
}

/** Adds one count to another. */
export function addCounts(to: Counts, from: Counts): void {
  for (const [kind, times] of Object.entries(from)) to[kind] = (to[kind] ?? 0) + times;
}
