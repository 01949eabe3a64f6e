/**
 * Where the fabric benchmark's rings, words and histograms stand in its shared memory; both threads make the same
 * plan.
 */
import { Doorbell } from "../../actors/agent/doorbell.js";
import { Histogram } from "../../actors/metrics/histogram.js";
import type { RingIdentity } from "../../actors/ring/header.js";
import { LINE_PAIR } from "../../actors/ring/layout.js";
import { SpscRing } from "../../actors/ring/spsc.js";
import type { SharedViews } from "../../actors/ring/views.js";
import { SCHEMA_HASH } from "../../schemas/index.js";
import { RAW_LANE, ROUND_TRIP_LANES } from "./lane.js";

/** Bytes for records of each ring, ours and the peer's alike. */
export const RING_BYTES = 256 * 1024;
export const FABRIC_IDENTITY: RingIdentity = { schemaHash: SCHEMA_HASH, buildHash: 0 };

let next = 0;
const place = (bytes: number): number => {
  const at = next;
  next = Math.ceil((at + bytes) / LINE_PAIR) * LINE_PAIR;
  return at;
};

/** Raised by the responder when it is about to listen. */
export const READY_AT = place(4);
export const RAW_THERE_AT = place(4);
export const RAW_BACK_AT = place(4);
export const PORT_TAKEN_AT = place(4);
export const BELLS_AT = { initiator: place(Doorbell.bytes), responder: place(Doorbell.bytes) } as const;
/** The way there, and the way back. */
export const RINGS_AT = [place(SpscRing.bytesFor(RING_BYTES)), place(SpscRing.bytesFor(RING_BYTES))] as const;

export const LATENCY_LANES = [...ROUND_TRIP_LANES, RAW_LANE] as const;
const LATENCIES_AT = LATENCY_LANES.map(() => place(Histogram.bytesFor()));
export const latencyAt = (lane: (typeof LATENCY_LANES)[number]): number => LATENCIES_AT[LATENCY_LANES.indexOf(lane)];
export const FABRIC_BYTES = next;

export function createRings(views: SharedViews): void {
  for (const at of RINGS_AT) SpscRing.create(views, at, { capacity: RING_BYTES, identity: FABRIC_IDENTITY });
}
