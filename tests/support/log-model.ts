/**
 * A log as the plain list that it must behave as: records in order, and for each reader how many it has read and
 * released, counted in bytes from the log's first position. It says when a claim must be refused, to the byte.
 */
export interface LogEntry {
  readonly sequence: number;
  readonly payloadBytes: number;
  /** Positions, without and with what was skipped before the record. */
  readonly start: number;
  readonly end: number;
}

interface ReaderState {
  readonly dependsOn: readonly number[];
  read: number;
  released: number;
  present: boolean;
}

const HEADER_BYTES = 32;

export class LogModel {
  readonly entries: LogEntry[] = [];
  readonly readers: readonly ReaderState[];
  published = 0;
  private readonly capacity: number;
  private readonly startPosition: number;

  constructor(capacity: number, startPosition: number, dependencies: readonly (readonly number[])[]) {
    this.capacity = capacity;
    this.startPosition = startPosition;
    this.readers = dependencies.map((dependsOn) => ({ dependsOn, read: 0, released: 0, present: true }));
  }

  /** The record as the log must take it, or null when it must refuse it. */
  claim(payloadBytes: number): LogEntry | null {
    const tail = this.positionAfter(this.entries.length);
    const bytes = HEADER_BYTES + Math.ceil(payloadBytes / 8) * 8;
    const untilEnd = this.capacity - (tail % this.capacity);
    const start = tail + (bytes > untilEnd ? untilEnd : 0);
    const present = this.readers.filter((reader) => reader.present).map(({ released }) => released);
    const slowest = this.positionAfter(Math.min(this.published, ...present));
    if (start + bytes - slowest > this.capacity) return null;
    return { sequence: this.entries.length, payloadBytes, start, end: start + bytes };
  }

  commit(entry: LogEntry): void {
    this.entries.push(entry);
  }

  publish(): void {
    this.published = this.entries.length;
  }

  /** Another becomes the writer: what was never published is gone. */
  restartWriter(): void {
    this.entries.length = this.published;
  }

  /** The record that the reader must find next, or null. */
  next(slot: number): LogEntry | null {
    const reader = this.readers[slot];
    const barrier = Math.min(this.published, ...reader.dependsOn.map((other) => this.readers[other].released));
    if (reader.read === barrier) return null;
    reader.read += 1;
    return this.entries[reader.read - 1];
  }

  release(slot: number): void {
    this.readers[slot].released = this.readers[slot].read;
  }

  restartReader(slot: number): void {
    this.readers[slot].read = this.readers[slot].released;
  }

  leave(slot: number): void {
    this.release(slot);
    this.readers[slot].present = false;
  }

  /** Where the first `count` records end. */
  positionAfter(count: number): number {
    return count === 0 ? this.startPosition : this.entries[count - 1].end;
  }
}
