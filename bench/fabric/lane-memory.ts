/**
 * Where a lane's rings, words and histogram stand in its shared memory. Every lane has a memory of its own by the same
 * plan and uses what it needs of it.
 */
import { Doorbell } from "../../actors/agent/doorbell.js";
import { Histogram } from "../../actors/metrics/histogram.js";
import type { RingIdentity } from "../../actors/ring/header.js";
import { LINE_PAIR } from "../../actors/ring/layout.js";
import { LogRing } from "../../actors/ring/log-ring.js";
import { MpscRing } from "../../actors/ring/mpsc.js";
import { SpscRing } from "../../actors/ring/spsc.js";
import type { SharedViews } from "../../actors/ring/views.js";
import { SCHEMA_HASH } from "../../schemas/index.js";
import { RESULT_BYTES } from "./wasm-links.js";

/** Bytes for records of each ring: 4096 messages, or a little fewer where a record has a header. */
export const RING_BYTES = 256 * 1024;
/** The log's records have larger headers, and threads that take turns on a core want something to come back to. */
const LOG_BYTES = 4 * RING_BYTES;
/** One ring in the place of three. */
const MANY_BYTES = 4 * RING_BYTES;
export const PRODUCERS = 3;
export const LOG_READERS = 3;
export const MEMBERS_MAX = 4;
export const FABRIC_IDENTITY: RingIdentity = { schemaHash: SCHEMA_HASH, buildHash: 0 };

let next = 0;
const place = (bytes: number): number => {
  const at = next;
  next = Math.ceil((at + bytes) / LINE_PAIR) * LINE_PAIR;
  return at;
};
const places = (count: number, bytes: number): number[] => Array.from({ length: count }, () => place(bytes));

/** Counts the receivers that are about to listen, over all runs. */
export const READY_AT = place(4);
/** Bare words, the way there and the way back. */
export const WORDS_AT = places(2, 4);
export const PORT_TAKEN_AT = place(4);
export const BELLS_AT = places(MEMBERS_MAX, Doorbell.bytes);
export const LATENCY_AT = place(Histogram.bytesFor());
export const RESULTS_AT = places(MEMBERS_MAX, RESULT_BYTES);
/** The way there, the way back, and one more for three producers. */
export const RINGS_AT = places(PRODUCERS, SpscRing.bytesFor(RING_BYTES));
export const LOG_AT = place(LogRing.bytesFor(LOG_BYTES));
export const MANY_AT = place(MpscRing.bytesFor(MANY_BYTES));
export const LANE_BYTES = next;

export function createRings(views: SharedViews): void {
  const identity = FABRIC_IDENTITY;
  for (const at of RINGS_AT) SpscRing.create(views, at, { capacity: RING_BYTES, identity });
  MpscRing.create(views, MANY_AT, { capacity: MANY_BYTES, identity, producers: PRODUCERS });
  LogRing.create(views, LOG_AT, { capacity: LOG_BYTES, identity, readers: LOG_READERS });
}
