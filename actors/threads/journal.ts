/** The journal on its thread: what shares that waits for the disk. */
import { createCrc32c, Fabric } from "../../wasm/index.js";
import { NodeDisk } from "../disk/node-disk.js";
import { JournalAgent, type JournalMode } from "../journal/journal-agent.js";
import { SafeOrders } from "../journal/safe-orders.js";
import { SegmentWriter } from "../journal/segment-writer.js";
import { ringing } from "../metrics/ringing-counters.js";
import type { Hosted } from "./hosted.js";
import type { ThreadContext, ThreadData } from "./thread-data.js";

export interface JournalThreadData extends ThreadData {
  readonly directory: string;
  readonly mode: JournalMode;
  /** The segment that this life begins, and the CRC that its chain continues. */
  readonly firstSegment: number;
  readonly previousCrc: number;
  readonly segmentBytes?: number;
}

export function start(context: ThreadContext, data: JournalThreadData): Hosted {
  const { directory, mode, firstSegment, previousCrc, segmentBytes, buildHash } = data;
  const { nowUs, counters, recordError } = context;
  return {
    agent: new JournalAgent({
      log: context.logReader("journal"),
      writer: new SegmentWriter({
        ...{ disk: new NodeDisk(), crc32c: createCrc32c(), nowUs },
        ...{ directory, buildHash, firstSegment, segmentBytes },
      }),
      fabric: new Fabric(data.memory, data.map.crcTable),
      ...{ nowUs, recordError, mode, previousCrc },
      // The trading guard acts on it.
      counters: ringing(counters, "journal.state", context.controls.main.doorbell),
      orders: new SafeOrders({
        commands: context.stampReader("commands"),
        safe: context.stampWriter("safe"),
        durable: context.histograms.durable,
        tickToDurable: context.histograms["tick-to-durable"],
      }),
      onSafe: () => context.controls.gateway.doorbell.ring(),
    }),
  };
}
