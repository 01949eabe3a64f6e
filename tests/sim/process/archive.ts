/**
 * The archive's thread: the real preparer of segments, and the real shadow, which executes the journal once more as it
 * grows and writes the snapshots that recovery starts from. A shadow that is led elsewhere than the journal is a broken
 * promise, whoever's fault it is.
 */

import type { Agent } from "../../../actors/agent/agent.js";
import { ShadowAgent } from "../../../actors/archive/shadow-agent.js";
import { SnapshotKeeper } from "../../../actors/archive/snapshot-keeper.js";
import { codeOf } from "../../../actors/disk/disk.js";
import { SegmentPreparer } from "../../../actors/journal/segment-preparer.js";
import { SegmentTail } from "../../../actors/journal/segment-tail.js";
import { Execution } from "../../../actors/recovery/execution.js";
import type { LoadStrategies } from "../../../engine/index.js";
import { createCrc32c, createMathCore } from "../../../wasm/index.js";
import type { Mount } from "../disk/mount.js";
import { mountFiles } from "../disk/mounted-files.js";
import { promise } from "../violation.js";
import type { RingMemory } from "./ring-memory.js";
import type { World } from "./world.js";

const crc32c = createCrc32c();

export interface ArchiveParts {
  readonly world: World;
  readonly mount: Mount;
  readonly directory: string;
  readonly memory: RingMemory;
  readonly nowUs: () => number;
  readonly load: LoadStrategies;
  /** Sequence at which the life begins. */
  readonly recoveredSequence: number;
}

export function keeperOf({
  world,
  mount,
  directory,
}: Pick<ArchiveParts, "world" | "mount" | "directory">): SnapshotKeeper {
  return new SnapshotKeeper({
    disk: mount,
    directory,
    crc32c,
    buildHash: world.buildHash,
    onPassedOver: () => world.tally.event("snapshots-passed-over"),
  });
}

/** The agents that the seed has, as one; null for none. */
export function archiveOf(parts: ArchiveParts): Agent | null {
  const { spares, snapshotEvery } = parts.world.options.process;
  const agents = [...(spares ? [preparerOf(parts)] : []), ...(snapshotEvery > 0 ? [shadowOf(parts)] : [])];
  if (agents.length === 0) return null;
  return { role: "archive", work: () => agents.reduce((done, agent) => done + agent.work(), 0) };
}

function preparerOf({ world, mount, directory, nowUs }: ArchiveParts): Agent {
  const { segmentBytes } = world.options.process;
  const recordError = (error: unknown): void => world.onJournalTrouble(error);
  const preparer = new SegmentPreparer({ disk: mount, directory, nowUs, recordError, segmentBytes });
  preparer.onStart();
  return preparer;
}

function shadowOf(parts: ArchiveParts): Agent {
  const { world, mount, directory, memory, load, recoveredSequence } = parts;
  const { counters } = memory;
  mountFiles(mount);
  const durableSequence = (): number => Math.max(recoveredSequence, counters.get("journal.durableSequence"));
  const tail = new SegmentTail(directory, crc32c);
  // What a sync did not make durable may be written again, elsewhere.
  tail.limit = durableSequence;
  return new ShadowAgent({
    tail,
    makeExecution: () => new Execution({ makeCore: createMathCore, load, buildHash: world.buildHash }),
    snapshots: keeperOf(parts),
    counters,
    recordError: (error) => {
      if (mount.isDead) return;
      const isOfDisk = codeOf(error) !== "" || /\((ENOSPC|EIO)\)/.test(String(error));
      promise(isOfDisk || world.mayBeDamaged, "shadow", () => String(error));
      world.tally.event("snapshots-failed");
    },
    durableSequence,
    snapshotEvery: world.options.process.snapshotEvery,
    onSnapshot: () => world.tally.event("snapshots"),
  });
}
