/**
 * A gating reader of a log that reads for ever, until its thread is ended from outside: somewhere between the reading
 * of a record and its release. It counts what it has read in a word that outlives it.
 */
import { workerData } from "node:worker_threads";
import { NONE } from "../../actors/ring/layout.js";
import { LogReader } from "../../actors/ring/log-reader.js";
import { sharedViewsOf } from "../../actors/ring/views.js";
import { identity, RING, WORDS } from "./stage.js";

const views = sharedViewsOf(workerData as SharedArrayBuffer);
const log = LogReader.join(views, RING, identity, 0);
while (true) {
  if (log.next() === NONE) continue;
  Atomics.add(views.i32, WORDS >> 2, 1);
  if ((log.sequence & 7) === 0) log.release();
}
