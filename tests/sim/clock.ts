/**
 * Simulated time and what is to happen in it. Events are run in the order of their moments, those of one moment in the
 * order in which they were planned; nothing else moves time. Microseconds since the epoch.
 */
export type Happening = () => void;

interface Planned {
  readonly timeUs: number;
  readonly order: number;
  readonly run: Happening;
}

export class VirtualClock {
  nowUs: number;
  /** Events run so far. */
  steps = 0;
  private readonly heap: Planned[] = [];
  private planned = 0;

  constructor(startUs: number) {
    this.nowUs = startUs;
  }

  get isEmpty(): boolean {
    return this.heap.length === 0;
  }

  /** Runs `run` after a while; a negative one counts as none. */
  after(delayUs: number, run: Happening): void {
    this.push({ timeUs: this.nowUs + Math.max(0, delayUs), order: this.planned++, run });
  }

  /** Moves to the next event and runs it; false when there is none. */
  step(): boolean {
    const next = this.pop();
    if (next === undefined) return false;
    this.nowUs = next.timeUs;
    this.steps += 1;
    next.run();
    return true;
  }

  private push(event: Planned): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = event;
  }

  private pop(): Planned | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || last === first) return first;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child += 1;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.timeUs < b.timeUs || (a.timeUs === b.timeUs && a.order < b.order);
}
