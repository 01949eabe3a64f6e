/**
 * Follows the log and makes it durable: seals each record with the next link of the CRC chain, in the ring itself,
 * writes the bytes as they stand there, and syncs once a batch. The cursor that others wait on moves only after the
 * sync. An error of the disk stops this agent, and with it, because the log then fills, all intake: nothing goes on
 * unrecorded.
 */
import { RECORD_CRC_FROM } from "../../engine/tape/segment.js";
import { MessageType, RECORD_HEADER_CRC } from "../../schemas/index.js";
import type { Fabric } from "../../wasm/index.js";
import type { Agent } from "../agent/agent.js";
import type { NowUs } from "../clock.js";
import type { CounterName } from "../counter-names.js";
import type { Counters } from "../metrics/counters.js";
import type { Histogram } from "../metrics/histogram.js";
import { NONE } from "../ring/layout.js";
import type { LogReader } from "../ring/log-ring.js";
import type { SegmentWriter } from "./segment-writer.js";

/** Bytes that one sync covers at most. */
const BATCH_BYTES_MAX = 1 << 20;

export interface JournalAgentParts {
  readonly log: LogReader;
  readonly writer: SegmentWriter;
  readonly fabric: Fabric;
  readonly nowUs: NowUs;
  readonly counters: Counters<CounterName>;
  /** From the event's receipt to the moment its order is safe on disk. */
  readonly tickToDurable: Histogram;
}

export class JournalAgent implements Agent {
  readonly role = "journal";
  private readonly parts: JournalAgentParts;
  private crc = 0;
  private records = 0;
  private inputs = 0;
  /** Receive times of the batch's orders. */
  private readonly orderTimesUs: number[] = [];

  constructor(parts: JournalAgentParts) {
    this.parts = parts;
  }

  work(): number {
    const runs = this.gather();
    if (runs.length === 0) return 0;
    const { log, writer } = this.parts;
    writer.write(runs);
    writer.sync();
    log.release();
    this.report();
    return runs.length;
  }

  /** What is still in the log is written before the file is closed. */
  onClose(): void {
    while (this.work() > 0);
    this.parts.writer.close();
  }

  /** Seals the next records and returns the stretches of memory that they fill. */
  private gather(): Uint8Array[] {
    const { log, writer } = this.parts;
    const runs: Uint8Array[] = [];
    let start = 0;
    let end = 0;
    let bytes = 0;
    while (bytes < BATCH_BYTES_MAX && log.next() !== NONE) {
      if (log.index === 0 && bytes === 0) writer.prepare(this.crc, log.sequence);
      this.seal();
      if (log.recordOffset !== end) {
        if (end > start) runs.push(log.views.u8.subarray(start, end));
        start = log.recordOffset;
      }
      end = log.recordOffset + log.recordBytes;
      bytes += log.recordBytes;
    }
    if (end > start) runs.push(log.views.u8.subarray(start, end));
    return runs;
  }

  private seal(): void {
    const { log, fabric } = this.parts;
    this.crc = fabric.crc32c(log.recordOffset + RECORD_CRC_FROM, log.recordBytes - RECORD_CRC_FROM, this.crc);
    log.views.u32[(log.recordOffset + RECORD_HEADER_CRC) >> 2] = this.crc;
    this.records += 1;
    if (log.index === 0) this.inputs += 1;
    if (log.type === MessageType.SubmitOrder) this.orderTimesUs.push(log.timeUs);
  }

  private report(): void {
    const { counters, tickToDurable, nowUs, log, writer } = this.parts;
    const durableUs = nowUs();
    for (const timeUs of this.orderTimesUs) tickToDurable.record((durableUs - timeUs) * 1000);
    this.orderTimesUs.length = 0;
    counters.set("journal.records", this.records);
    counters.set("journal.inputs", this.inputs);
    counters.set("journal.bytes", writer.bytesWritten);
    counters.set("journal.durableSequence", log.sequence);
  }
}
