/**
 * One message of the engine's log as the stream handles it, and a copy of one in private memory. The copy keeps its
 * buffer, so copying messages of one size over each other allocates nothing.
 */
import { type MessageViews, padTo8, viewsOf } from "../../schemas/index.js";

export interface StreamRecord {
  readonly type: number;
  /** Of the input in the engine's log. */
  readonly sequence: number;
  /** Engine time, microseconds since the epoch. */
  readonly timeUs: number;
  readonly views: MessageViews;
  /** Byte offset of the message in `views`; a multiple of eight. */
  readonly at: number;
  /** Bytes of the message with its padding; a multiple of eight. */
  readonly bytes: number;
}

export class RecordCopy implements StreamRecord {
  type = 0;
  sequence = 0;
  timeUs = 0;
  readonly at = 0;
  bytes = 0;
  views: MessageViews;

  constructor(capacityBytes = 128) {
    this.views = viewsOf(new ArrayBuffer(padTo8(capacityBytes)));
  }

  /** Word by word: a `set` of a subarray would allocate. */
  copy(type: number, sequence: number, timeUs: number, views: MessageViews, at: number, bytes: number): this {
    this.reserve(bytes);
    const from = views.i32;
    const to = this.views.i32;
    const start = at >> 2;
    const words = bytes >> 2;
    for (let word = 0; word < words; word += 1) to[word] = from[start + word];
    this.type = type;
    this.sequence = sequence;
    this.timeUs = timeUs;
    this.bytes = bytes;
    return this;
  }

  copyOf(record: StreamRecord): this {
    return this.copy(record.type, record.sequence, record.timeUs, record.views, record.at, record.bytes);
  }

  /** Makes room for a message that is about to be written at offset 0. */
  reserve(bytes: number): void {
    const size = this.views.u8.length;
    if (bytes > size) this.views = viewsOf(new ArrayBuffer(padTo8(Math.max(bytes, size * 2))));
  }
}

/** The newest records of some kind, up to a fixed number of them, oldest first. */
export class RecentRecords {
  private readonly slots: RecordCopy[] = [];
  private readonly capacity: number;
  private count = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  add(record: StreamRecord): void {
    const slot = this.count % this.capacity;
    this.slots[slot] ??= new RecordCopy(record.bytes);
    this.slots[slot].copyOf(record);
    this.count += 1;
  }

  forEach(visit: (record: StreamRecord) => void): void {
    const first = Math.max(0, this.count - this.capacity);
    for (let index = first; index < this.count; index += 1) visit(this.slots[index % this.capacity]);
  }
}
