/** Makes room for the journal's next segment ahead of time. Nobody waits for it. */
import { statfsSync } from "node:fs";
import { NodeDisk } from "../disk/node-disk.js";
import { SegmentPreparer } from "../journal/segment-preparer.js";
import type { Hosted } from "./hosted.js";
import type { ThreadContext, ThreadData } from "./thread-data.js";

export interface PreparerThreadData extends ThreadData {
  readonly directory: string;
  readonly segmentBytes?: number;
}

export function start({ nowUs, recordError }: ThreadContext, data: PreparerThreadData): Hosted {
  const { directory, segmentBytes } = data;
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  };
  const disk = new NodeDisk();
  const agent = new SegmentPreparer({ disk, directory, nowUs, recordError, segmentBytes, freeBytes });
  // The first segment too finds its room made.
  agent.prepare();
  return { agent };
}
