/**
 * Which thread a logical actor lives on, and in which row there. Ids are dealt out to the threads in turn, so every
 * thread has as many rows as any other, and neither side needs a table.
 */
export class FleetMap {
  readonly actors: number;
  readonly threads: number;

  /** Throws a RangeError for a number of actors or threads that cannot be. */
  constructor(actors: number, threads: number) {
    if (!(Number.isInteger(threads) && threads >= 1)) throw new RangeError(`a fleet has threads (was ${threads})`);
    if (!(Number.isInteger(actors) && actors >= 1 && actors < 2 ** 31)) {
      throw new RangeError(`a fleet has 1 to ${2 ** 31 - 1} actors (was ${actors})`);
    }
    this.actors = actors;
    this.threads = threads;
  }

  threadOf(id: number): number {
    return id % this.threads;
  }

  rowOf(id: number): number {
    return (id / this.threads) | 0;
  }

  idOf(thread: number, row: number): number {
    return row * this.threads + thread;
  }

  /** Rows on one thread. */
  rowsOn(thread: number): number {
    return Math.ceil((this.actors - thread) / this.threads);
  }

  has(id: number): boolean {
    return id >= 0 && id < this.actors;
  }
}
