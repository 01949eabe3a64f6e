/**
 * The records that one write covers: gathered from the log, sealed where they stand in the ring, and known as the few
 * stretches of memory that they fill. A batch holds whole inputs with their outputs and belongs into one segment; the
 * input that would not fit is held back for the next. A sealed batch may be written again, to another place, as it is.
 */
import { RECORD_CRC_FROM, type RecordMark, SYNCED_BEFORE } from "../../engine/tape/segment-header.js";
import { MessageType, RECORD_HEADER_CRC, RECORD_HEADER_FLAGS } from "../../schemas/index.js";
import type { Fabric } from "../../wasm/index.js";
import { NONE } from "../ring/layout.js";
import type { LogReader } from "../ring/log-reader.js";

/** Bytes of a batch, save for the rest of its last input. */
const BATCH_BYTES_MAX = 1 << 20;

/** As far as gathering has to know where the batch will go. */
export interface BatchTarget {
  readonly isOpen: boolean;
  readonly hasUnsynced: boolean;
  /** Bytes of inputs that still belong into the open segment. */
  readonly room: number;
  /** The same of a segment that is empty. */
  readonly roomOfNew: number;
}

export class Batch {
  /** The batch begins a segment. */
  opensSegment = false;
  runs: Uint8Array[] = [];
  records = 0;
  inputs = 0;
  bytes = 0;
  /** CRC of the record before the batch's first. */
  previousCrc: number;
  /** CRC of its last. */
  crc: number;
  firstSequence = Number.NaN;
  firstTimeUs = Number.NaN;
  sequence = Number.NaN;
  index = 0;
  timeUs = Number.NaN;
  /** Inputs that led to the orders in it, once for each order. */
  readonly orderSequences: number[] = [];
  /** The log stands at an input that belongs to the next batch: the log must not be released yet. */
  holds = false;
  private readonly log: LogReader;
  private readonly fabric: Fabric;
  private start = 0;
  private end = 0;

  /** `crc` is that of the last record before the log's first. */
  constructor(log: LogReader, fabric: Fabric, crc: number) {
    this.log = log;
    this.fabric = fabric;
    this.previousCrc = crc;
    this.crc = crc;
  }

  /** Gathers and seals what is in the log; false when that is nothing. */
  gather(target: BatchTarget): boolean {
    const { log } = this;
    this.begin();
    while (this.holds || log.next() !== NONE) {
      if (log.index === 0 && this.records > 0 && !this.hasRoom(target)) {
        this.holds = true;
        break;
      }
      if (this.records === 0) this.opensSegment = !target.isOpen || (log.index === 0 && log.recordBytes > target.room);
      this.holds = false;
      this.take(this.records === 0 && (this.opensSegment || !target.hasUnsynced) ? SYNCED_BEFORE : 0);
    }
    if (this.end > this.start) this.runs.push(log.views.u8.subarray(this.start, this.end));
    return this.records > 0;
  }

  /** What the next record has to continue. */
  get mark(): RecordMark {
    const { crc, sequence, index, timeUs } = this;
    return { crc, sequence, index, timeUs };
  }

  /** Records that are still in the log, behind this batch; reads them, so nothing can be gathered afterwards. */
  countRest(): number {
    let count = this.holds ? 1 : 0;
    while (this.log.next() !== NONE) count += 1;
    return count;
  }

  private begin(): void {
    this.runs = [];
    this.records = 0;
    this.inputs = 0;
    this.bytes = 0;
    this.orderSequences.length = 0;
    this.previousCrc = this.crc;
    this.opensSegment = false;
    this.start = 0;
    this.end = 0;
  }

  private hasRoom({ room, roomOfNew }: BatchTarget): boolean {
    const bytes = this.bytes + this.log.recordBytes;
    return this.bytes < BATCH_BYTES_MAX && bytes <= (this.opensSegment ? roomOfNew : room);
  }

  /** Seals the log's record and adds it to the memory that the batch covers. */
  private take(flags: number): void {
    const { log, fabric } = this;
    const { recordOffset: at, recordBytes } = log;
    log.views.u32[(at + RECORD_HEADER_FLAGS) >> 2] = flags;
    this.crc = fabric.crc32c(at + RECORD_CRC_FROM, recordBytes - RECORD_CRC_FROM, this.crc);
    log.views.u32[(at + RECORD_HEADER_CRC) >> 2] = this.crc;
    if (at !== this.end) {
      if (this.end > this.start) this.runs.push(log.views.u8.subarray(this.start, this.end));
      this.start = at;
    }
    this.end = at + recordBytes;
    this.bytes += recordBytes;
    this.count();
  }

  private count(): void {
    const { log } = this;
    if (this.records === 0) {
      this.firstSequence = log.sequence;
      this.firstTimeUs = log.timeUs;
    }
    this.records += 1;
    if (log.index === 0) this.inputs += 1;
    if (log.type === MessageType.SubmitOrder) this.orderSequences.push(log.sequence);
    this.sequence = log.sequence;
    this.index = log.index;
    this.timeUs = log.timeUs;
  }
}
