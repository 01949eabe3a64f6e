/** The journal's thread: the only one that waits for the disk. */
import { workerData } from "node:worker_threads";
import { createCrc32c, Fabric } from "../../wasm/index.js";
import { runBlocking } from "../agent/blocking-runner.js";
import { NodeDisk } from "../disk/node-disk.js";
import { JournalAgent, type JournalMode } from "../journal/journal-agent.js";
import { SegmentWriter } from "../journal/segment-writer.js";
import { reportReady } from "./report.js";
import { ThreadContext, type ThreadData } from "./thread-data.js";

export interface JournalThreadData extends ThreadData {
  readonly directory: string;
  readonly mode: JournalMode;
  /** The segment that this life begins, and the CRC that its chain continues. */
  readonly firstSegment: number;
  readonly previousCrc: number;
  readonly segmentBytes?: number;
}

const data = workerData as JournalThreadData;
const context = new ThreadContext("journal", data);
const { directory, mode, firstSegment, previousCrc, segmentBytes, buildHash } = data;
const { nowUs, counters, recordError } = context;
const agent = new JournalAgent({
  log: context.logReader("journal"),
  writer: new SegmentWriter({
    ...{ disk: new NodeDisk(), crc32c: createCrc32c(), nowUs },
    ...{ directory, buildHash, firstSegment, segmentBytes },
  }),
  fabric: new Fabric(data.memory, data.map.crcTable),
  ...{ nowUs, counters, recordError, mode, previousCrc },
  tickToDurable: context.histograms["tick→durable"],
  onSafe: () => context.controls.gateway.doorbell.ring(),
});
reportReady();
runBlocking([agent], context.control, context.idle, context.recordError);
