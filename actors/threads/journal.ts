/** The journal's thread: the only one that waits for the disk. */
import { workerData } from "node:worker_threads";
import { createCrc32c, Fabric } from "../../wasm/index.js";
import { runBlocking } from "../agent/blocking-runner.js";
import { JournalAgent } from "../journal/journal-agent.js";
import { SegmentWriter } from "../journal/segment-writer.js";
import { reportReady } from "./report.js";
import { ThreadContext, type ThreadData } from "./thread-data.js";

export interface JournalThreadData extends ThreadData {
  readonly directory: string;
}

const data = workerData as JournalThreadData;
const context = new ThreadContext("journal", data);
const agent = new JournalAgent({
  log: context.logReader("journal"),
  writer: new SegmentWriter({
    directory: data.directory,
    buildHash: data.buildHash,
    crc32c: createCrc32c(),
    nowUs: context.nowUs,
  }),
  fabric: new Fabric(data.memory, data.map.crcTable),
  nowUs: context.nowUs,
  counters: context.counters,
  tickToDurable: context.histograms["tick→durable"],
});
reportReady();
runBlocking([agent], context.control, context.idle, context.recordError);
