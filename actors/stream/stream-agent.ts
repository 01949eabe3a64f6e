/**
 * Brings the engine's log to the stream: follows it lossily, copies each record out, and passes on what was certainly
 * read whole. It holds nobody up; when it was lapped, it says so, and clients see the gap.
 */
import type { Agent } from "../agent/agent.js";
import type { BroadcastReader } from "../ring/broadcast.js";
import { NONE } from "../ring/layout.js";
import { isStreamed } from "./hub.js";
import { RecordCopy } from "./record.js";
import type { StreamServer } from "./server.js";

const BATCH_MAX = 256;

export class StreamAgent implements Agent {
  readonly role = "stream";
  private readonly reader: BroadcastReader;
  private readonly stream: StreamServer;
  private readonly record = new RecordCopy(16 * 1024);

  /** Join the reader before the engine takes its first input, or what came before is not in the picture. */
  constructor(reader: BroadcastReader, stream: StreamServer) {
    this.reader = reader;
    this.stream = stream;
  }

  work(): number {
    let records = 0;
    while (records < BATCH_MAX && this.reader.next() !== NONE) {
      records += 1;
      this.pass();
    }
    if (records > 0) this.stream.flush();
    return records;
  }

  private pass(): void {
    const { reader, record, stream } = this;
    if (reader.lapped) stream.onLost(reader.gap);
    if (!isStreamed(reader.type)) return;
    record.copy(reader.type, reader.sequence, reader.timeUs, reader.views, reader.payloadOffset, reader.payloadBytes);
    // A record refused here is counted by the reader, in the gap before the next.
    if (reader.validate()) stream.onRecord(record);
  }
}
