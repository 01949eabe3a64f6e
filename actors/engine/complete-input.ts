/**
 * A journal may end between an input and the last of the outputs it caused: its writer was stopped there. Recovery has
 * executed the input again; here the outputs that are missing are written, before anything new. A command among them
 * was never sent, because a command leaves only when its record is safe, and is not sent now: its order is unknown
 * until the venue has said that it does not have it.
 */
import type { Replayer } from "../../engine/index.js";
import { copyMessage } from "../../engine/input.js";
import {
  RECORD_HEADER_BYTES,
  RECORD_HEADER_INDEX,
  RECORD_HEADER_SEQUENCE,
  RECORD_HEADER_TIME_US,
  RECORD_HEADER_TYPE,
} from "../../schemas/index.js";
import type { LogWriter } from "../ring/log-ring.js";

/** Returns the number of records written. */
export function completeInput(replayer: Replayer, log: LogWriter): number {
  const { missing } = replayer;
  replayer.takeMissing((views, at, bytes) => {
    const { u16, f64 } = views;
    const to = log.claim(
      u16[(at + RECORD_HEADER_TYPE) >> 1],
      u16[(at + RECORD_HEADER_INDEX) >> 1],
      f64[(at + RECORD_HEADER_SEQUENCE) >> 3],
      f64[(at + RECORD_HEADER_TIME_US) >> 3],
      bytes - RECORD_HEADER_BYTES,
    );
    copyMessage(views, at + RECORD_HEADER_BYTES, log.views, to, bytes - RECORD_HEADER_BYTES);
    log.commit();
  });
  log.publish();
  return missing;
}
