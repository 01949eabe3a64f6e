/**
 * A log in shared memory with the real journal agent on it, stepped by hand: inputs go in, a dependent reader tells
 * which of them the agent has let pass. Clock and disk are the test's.
 */
import type { Disk } from "../../actors/disk/disk.js";
import { JournalAgent, type JournalMode } from "../../actors/journal/journal-agent.js";
import { segmentPath } from "../../actors/journal/journal-directory.js";
import { SegmentWriter } from "../../actors/journal/segment-writer.js";
import { NONE } from "../../actors/ring/layout.js";
import { LogReader } from "../../actors/ring/log-reader.js";
import { LogRing, LogWriter } from "../../actors/ring/log-ring.js";
import { sharedViewsOf } from "../../actors/ring/views.js";
import { MessageType, RECORD_HEADER_BYTES } from "../../schemas/index.js";
import { CRC32C_BYTES, createSharedMemory, Fabric } from "../../wasm/index.js";
import { crc32c } from "./tape.js";

const identity = { schemaHash: 1, buildHash: 2 };
const LOG_AT = Math.ceil(CRC32C_BYTES / 128) * 128;

export interface JournalLogOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly mode?: JournalMode;
  readonly segmentBytes?: number;
  readonly firstSegment?: number;
  readonly previousCrc?: number;
  readonly firstSequence?: number;
  readonly capacity?: number;
}

export class JournalLog {
  readonly agent: JournalAgent;
  readonly writer: SegmentWriter;
  readonly counters: Record<string, number> = {};
  readonly errors: string[] = [];
  /** The inputs that led to the orders told safe, once for each order, and when that was. */
  readonly safeOrders: { readonly sequence: number; readonly atUs: number }[] = [];
  /** Every record as the engine wrote it, header and message; CRC and flags zero. */
  readonly records: Uint8Array[] = [];
  nowUs = 1_000_000;
  sequence: number;
  private readonly log: LogWriter;
  private readonly dependent: LogReader;

  constructor({ disk, directory, capacity = 1 << 20, ...options }: JournalLogOptions) {
    const memory = createSharedMemory(LOG_AT + LogRing.bytesFor(capacity));
    const views = sharedViewsOf(memory.buffer as unknown as SharedArrayBuffer);
    LogRing.create(views, LOG_AT, { capacity, identity, readers: 2 });
    this.log = LogWriter.join(views, LOG_AT, identity);
    this.dependent = LogReader.join(views, LOG_AT, identity, 1, [0]);
    this.sequence = options.firstSequence ?? 1;
    const nowUs = (): number => this.nowUs;
    this.writer = new SegmentWriter({ disk, directory, buildHash: 7, crc32c, nowUs, ...options });
    this.agent = new JournalAgent({
      log: LogReader.join(views, LOG_AT, identity, 0),
      writer: this.writer,
      fabric: new Fabric(memory, 0),
      nowUs,
      counters: { set: (name, value) => void (this.counters[name] = value) },
      orders: {
        passed: (sequences, atUs) => void this.safeOrders.push(...sequences.map((sequence) => ({ sequence, atUs }))),
      },
      recordError: (error, role) => void this.errors.push(`${role}: ${(error as Error).message}`),
      mode: options.mode,
      previousCrc: options.previousCrc,
    });
  }

  /** Appends an input and its outputs, of these message sizes; false when the log has no room. */
  input(bytes = 32, outputs: readonly number[] = []): boolean {
    const sizes = [bytes, ...outputs];
    if (!this.log.room(sizes.reduce((sum, size) => sum + RECORD_HEADER_BYTES + ((size + 7) & ~7), 0))) return false;
    for (const [index, size] of sizes.entries()) this.append(size, index);
    this.log.publish();
    this.sequence += 1;
    return true;
  }

  inputs(count: number, bytes?: number, outputs?: readonly number[]): void {
    for (let at = 0; at < count; at += 1) if (!this.input(bytes, outputs)) throw new Error("the log is full");
  }

  /** Steps the agent until it has nothing to do. */
  drain(): void {
    while (this.agent.work() > 0);
  }

  /** How many records a reader that depends on the journal has seen since it was last asked. */
  passed(): number {
    let count = 0;
    while (this.dependent.next() !== NONE) count += 1;
    this.dependent.release();
    return count;
  }

  path(segment: number): string {
    return segmentPath(this.writer.directory, segment);
  }

  private append(bytes: number, index: number): void {
    const type = index === 0 ? MessageType.Clock : MessageType.SubmitOrder;
    const at = this.log.claim(type, index, this.sequence, this.nowUs, bytes);
    const { u8 } = this.log.views;
    for (let byte = 0; byte < bytes; byte += 1) u8[at + byte] = 1 + ((this.sequence * 31 + index * 7 + byte) % 255);
    this.log.commit();
    const start = at - RECORD_HEADER_BYTES;
    this.records.push(u8.slice(start, start + RECORD_HEADER_BYTES + ((bytes + 7) & ~7)));
  }
}
