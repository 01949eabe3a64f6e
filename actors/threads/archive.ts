/**
 * The archive's thread, behind the journal's: makes room for the next segment ahead of time, and follows the journal
 * with a second engine, from which the snapshots come. Nobody waits for it.
 */
import { statfsSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { createCrc32c, createMathCore } from "../../wasm/index.js";
import { runBlocking } from "../agent/blocking-runner.js";
import { ShadowAgent } from "../archive/shadow-agent.js";
import { SnapshotKeeper } from "../archive/snapshot-keeper.js";
import { listSnapshots } from "../archive/snapshot-store.js";
import { NodeDisk } from "../disk/node-disk.js";
import { retain } from "../journal/retention.js";
import { SegmentPreparer } from "../journal/segment-preparer.js";
import { SegmentTail } from "../journal/segment-tail.js";
import { Execution } from "../recovery/execution.js";
import { recordedStrategies } from "../recovery/recorded-strategies.js";
import { readVerdicts } from "../recovery/verdicts.js";
import { reportReady } from "./report.js";
import { ThreadContext, type ThreadData } from "./thread-data.js";

export interface ArchiveThreadData extends ThreadData {
  readonly directory: string;
  readonly segmentBytes?: number;
  readonly snapshotEvery?: number;
  /** Newest bytes of the journal that are kept in any case; without it all are. */
  readonly keepBytes?: number;
  /** Whether a time-series store follows the journal too. */
  readonly isStored: boolean;
  /** Sequence at which this life begins: all before it is durable. */
  readonly recoveredSequence: number;
}

const data = workerData as ArchiveThreadData;
const context = new ThreadContext("archive", data);
const { directory, segmentBytes, snapshotEvery, buildHash, recoveredSequence, keepBytes } = data;
const { nowUs, counters, recordError } = context;
const disk = new NodeDisk();
const crc32c = createCrc32c();
const verdicts = readVerdicts(disk, directory);
const load = recordedStrategies(directory, disk);
const durableSequence = () => Math.max(recoveredSequence, counters.get("journal.durableSequence"));
const tail = new SegmentTail(directory, crc32c);
tail.limit = durableSequence;
const shadow = new ShadowAgent({
  tail,
  makeExecution: () => new Execution({ makeCore: createMathCore, load, verdicts, buildHash }),
  snapshots: new SnapshotKeeper({
    ...{ disk, directory, crc32c, buildHash },
    onPassedOver: ({ path, why }) => recordError(new Error(`${path} is passed over: ${why}`), "shadow"),
  }),
  ...{ counters, recordError, snapshotEvery },
  onSnapshot: makeRoom,
  durableSequence,
});
const preparer = new SegmentPreparer({ disk, directory, nowUs, recordError, segmentBytes, freeBytes });
// The first segment too finds its room made.
preparer.prepare();
reportReady();
runBlocking([preparer, shadow], context.control, context.idle, recordError);

/** Removes what nobody needs any more, if it was asked for. */
function makeRoom(): void {
  if (keepBytes === undefined) return;
  const snapshotSequence = listSnapshots(disk, directory).at(-1)?.sequence ?? null;
  const storedSequence = data.isStored ? counters.get("store.sequence") : null;
  retain(disk, directory, crc32c, { keepBytes, snapshotSequence, storedSequence });
}

function freeBytes(): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
