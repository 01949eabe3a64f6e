/**
 * Follows the journal with a second engine, from which the snapshots come, and removes what nobody needs any more.
 * Nobody waits for it.
 */
import { createCrc32c, createMathCore } from "../../wasm/index.js";
import { ShadowAgent } from "../archive/shadow-agent.js";
import { SnapshotKeeper } from "../archive/snapshot-keeper.js";
import { listSnapshots } from "../archive/snapshot-store.js";
import { NodeDisk } from "../disk/node-disk.js";
import { retain } from "../journal/retention.js";
import { SegmentTail } from "../journal/segment-tail.js";
import { ringing } from "../metrics/ringing-counters.js";
import { Execution } from "../recovery/execution.js";
import { recordedStrategies } from "../recovery/recorded-strategies.js";
import { readVerdicts } from "../recovery/verdicts.js";
import type { Hosted } from "./hosted.js";
import type { ThreadContext, ThreadData } from "./thread-data.js";

export interface ShadowThreadData extends ThreadData {
  readonly directory: string;
  readonly snapshotEvery?: number;
  /** Newest bytes of the journal that are kept in any case; without it all are. */
  readonly keepBytes?: number;
  /** Whether a time-series store follows the journal too. */
  readonly isStored: boolean;
  /** Sequence at which this life begins: all before it is durable. */
  readonly recoveredSequence: number;
}

export function start({ counters, controls, recordError }: ThreadContext, data: ShadowThreadData): Hosted {
  const { directory, snapshotEvery, buildHash, recoveredSequence, keepBytes, isStored } = data;
  const disk = new NodeDisk();
  const crc32c = createCrc32c();
  const verdicts = readVerdicts(disk, directory);
  const load = recordedStrategies(directory, disk);
  const durableSequence = () => Math.max(recoveredSequence, counters.get("journal.durableSequence"));
  const tail = new SegmentTail(directory, crc32c);
  tail.limit = durableSequence;
  /** Removes what nobody needs any more, if it was asked for. */
  const makeRoom = (): void => {
    if (keepBytes === undefined) return;
    const snapshotSequence = listSnapshots(disk, directory).at(-1)?.sequence ?? null;
    const storedSequence = isStored ? counters.get("store.sequence") : null;
    retain(disk, directory, crc32c, { keepBytes, snapshotSequence, storedSequence });
  };
  const agent = new ShadowAgent({
    tail,
    makeExecution: () => new Execution({ makeCore: createMathCore, load, verdicts, buildHash }),
    snapshots: new SnapshotKeeper({
      ...{ disk, directory, crc32c, buildHash },
      onPassedOver: ({ path, why }) => recordError(new Error(`${path} is passed over: ${why}`), "shadow"),
    }),
    ...{ recordError, snapshotEvery, durableSequence },
    // The trading guard acts on it.
    counters: ringing(counters, "archive.diverged", controls.main.doorbell),
    onSnapshot: makeRoom,
  });
  return { agent };
}
