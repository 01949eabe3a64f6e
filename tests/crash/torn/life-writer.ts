/**
 * One life's journal on a disk in memory: recorded inputs go through a log ring to the real journal agent, which seals
 * and writes them, and syncs when the clock that is handed to it says so. Nothing here waits or runs by itself.
 */
import type { Disk } from "../../../actors/disk/disk.js";
import { JournalAgent, type JournalMode } from "../../../actors/journal/journal-agent.js";
import { SegmentPreparer } from "../../../actors/journal/segment-preparer.js";
import { SegmentWriter } from "../../../actors/journal/segment-writer.js";
import { LogReader } from "../../../actors/ring/log-reader.js";
import { LogRing, LogWriter } from "../../../actors/ring/log-ring.js";
import { sharedViewsOf } from "../../../actors/ring/views.js";
import {
  RECORD_HEADER_BYTES,
  RECORD_HEADER_INDEX,
  RECORD_HEADER_SEQUENCE,
  RECORD_HEADER_TIME_US,
  RECORD_HEADER_TYPE,
} from "../../../schemas/index.js";
import { CRC32C_BYTES, createSharedMemory, Fabric } from "../../../wasm/index.js";
import { crc32c } from "../../support/tape.js";
import type { InputRecords } from "./recorded-run.js";

export const BUILD_HASH = 7;
const LOG_BYTES = 1 << 20;
const LOG_AT = Math.ceil(CRC32C_BYTES / 128) * 128;
const identity = { schemaHash: 1, buildHash: BUILD_HASH };

export interface LifeOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly mode: JournalMode;
  readonly segmentBytes: number;
  readonly firstSegment: number;
  readonly previousCrc: number;
}

export class LifeWriter {
  nowUs = 1_000_000;
  readonly agent: JournalAgent;
  private readonly counters: Record<string, number> = {};
  private readonly log: LogWriter;
  private readonly preparer: SegmentPreparer;

  constructor({ disk, directory, mode, segmentBytes, firstSegment, previousCrc }: LifeOptions) {
    const memory = createSharedMemory(LOG_AT + LogRing.bytesFor(LOG_BYTES));
    const views = sharedViewsOf(memory.buffer as unknown as SharedArrayBuffer);
    const nowUs = (): number => this.nowUs;
    const recordError = (error: unknown): never => {
      throw error;
    };
    LogRing.create(views, LOG_AT, { capacity: LOG_BYTES, identity, readers: 1 });
    this.log = LogWriter.join(views, LOG_AT, identity);
    this.preparer = new SegmentPreparer({ disk, directory, nowUs, recordError, segmentBytes });
    const place = { disk, directory, segmentBytes, firstSegment };
    this.agent = new JournalAgent({
      log: LogReader.join(views, LOG_AT, identity, 0),
      writer: new SegmentWriter({ ...place, buildHash: BUILD_HASH, crc32c, nowUs }),
      fabric: new Fabric(memory, 0),
      counters: { set: (name, value) => void (this.counters[name] = value) },
      ...{ nowUs, recordError, mode, previousCrc },
    });
  }

  /** Sequence of the newest input that is synced, its outputs with it. */
  get durableSequence(): number {
    return this.counters["journal.durableSequence"] ?? 0;
  }

  /** Writes some inputs in one batch, into a file that was filled with zeros ahead. */
  writeBatch(inputs: readonly InputRecords[]): void {
    this.preparer.prepare();
    for (const records of inputs) for (const record of records) this.append(record);
    this.log.publish();
    this.agent.work();
  }

  /** One more turn with nothing to write: what is not synced is. */
  idle(): void {
    this.agent.work();
  }

  private append(record: Uint8Array): void {
    const header = new DataView(record.buffer, record.byteOffset, record.length);
    const at = this.log.claim(
      header.getUint16(RECORD_HEADER_TYPE, true),
      header.getUint16(RECORD_HEADER_INDEX, true),
      header.getFloat64(RECORD_HEADER_SEQUENCE, true),
      header.getFloat64(RECORD_HEADER_TIME_US, true),
      record.length - RECORD_HEADER_BYTES,
    );
    this.log.views.u8.set(record.subarray(RECORD_HEADER_BYTES), at);
    this.log.commit();
  }
}
