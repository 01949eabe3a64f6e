/**
 * A journal to break: two lives of a paper run through the real engine, sealed and written by the real journal agent
 * into small segments. Of the second life's one segment the disk's bytes are taken at the moment that a crash would
 * leave them, together with what is known of them: where each record stands and which were synced.
 */
import { join } from "node:path";
import { JournalAgent, type JournalMode } from "../../../actors/journal/journal-agent.js";
import { segmentNames, segmentPath } from "../../../actors/journal/journal-directory.js";
import { SegmentPreparer } from "../../../actors/journal/segment-preparer.js";
import { SegmentWriter } from "../../../actors/journal/segment-writer.js";
import { settleTail } from "../../../actors/journal/settle-tail.js";
import { LogReader, LogRing, LogWriter } from "../../../actors/ring/log-ring.js";
import { sharedViewsOf } from "../../../actors/ring/views.js";
import { bundleStrategy } from "../../../cli/strategy-bundle.js";
import {
  type EngineConfig,
  formatHash,
  InlineSimulation,
  type MessageViews,
  readTape,
  type SegmentBytes,
  stateHash,
} from "../../../engine/index.js";
import { SYNCED_BEFORE } from "../../../engine/tape/segment-header.js";
