/**
 * Reports on their way from the simulated venue to the engine, oldest first: a bounded queue of messages in a private
 * buffer. A message is never split: one that does not fit before the end starts over at the beginning.
 */
import { type MessageViews, viewsOf } from "../../schemas/index.js";
import { assert } from "../assert.js";

/** Where a simulated venue puts its reports. */
export interface ReportSink {
  readonly views: MessageViews;
  claim(type: number, bytes: number): number;
  commit(): void;
}

const ENTRIES_MAX = 65_536;
/** Room for the largest report, so that an entry's place is its index. */
const ENTRY_BYTES = 128;

export class ReportQueue implements ReportSink {
  readonly views = viewsOf(new ArrayBuffer(ENTRIES_MAX * ENTRY_BYTES));
  private readonly types = new Uint16Array(ENTRIES_MAX);
  private readonly lengths = new Uint16Array(ENTRIES_MAX);
  private head = 0;
  private tail = 0;

  claim(type: number, bytes: number): number {
    assert(bytes <= ENTRY_BYTES, `report of ${bytes} bytes`);
    assert(this.tail - this.head < ENTRIES_MAX, `more than ${ENTRIES_MAX} reports under way`);
    const entry = this.tail % ENTRIES_MAX;
    this.types[entry] = type;
    this.lengths[entry] = bytes;
    return entry * ENTRY_BYTES;
  }

  commit(): void {
    this.tail += 1;
  }

  get isEmpty(): boolean {
    return this.head === this.tail;
  }

  /** Offset of the oldest report; the queue must not be empty. */
  get at(): number {
    return (this.head % ENTRIES_MAX) * ENTRY_BYTES;
  }
  get type(): number {
    return this.types[this.head % ENTRIES_MAX];
  }
  get bytes(): number {
    return this.lengths[this.head % ENTRIES_MAX];
  }

  /** Gives up what is under way. */
  clear(): void {
    this.head = this.tail;
  }

  advance(): void {
    assert(!this.isEmpty, "advance past the newest report");
    this.head += 1;
  }
}
