/**
 * Makes the one shared memory of a session: planned, allocated, and every ring in it created before any thread
 * starts.
 */

import { createFeedCounters } from "../feeds/index.js";
import { SCHEMA_HASH } from "../schemas/index.js";
import { createSharedMemory } from "../wasm/index.js";
import { buildHash } from "./build-hash.js";
import { readClockBasis } from "./clock.js";
import { openLedger } from "./feeds/feed-ledger.js";
import { planMemory } from "./memory-map.js";
import { type Placement, presetPlan, type ThreadPlan, thisHost } from "./placement.js";
import { LogRing } from "./ring/log-ring.js";
import { SpscRing } from "./ring/spsc.js";
import { sharedViewsOf } from "./ring/views.js";
import type { ThreadData } from "./threads/thread-data.js";
import { LOG, RINGS, type RingName } from "./topology.js";

/** The memory for a plan of the threads, or for a preset with every agent there is. */
export function prepareMemory(placement: Placement | ThreadPlan): ThreadData {
  const plan = typeof placement === "string" ? presetPlan(placement, thisHost()).plan : placement;
  const map = planMemory();
  const memory = createSharedMemory(map.bytes);
  const views = sharedViewsOf(memory.buffer as unknown as SharedArrayBuffer);
  const identity = { schemaHash: SCHEMA_HASH, buildHash: buildHash() };
  for (const name of Object.keys(RINGS) as RingName[]) {
    SpscRing.create(views, map.rings[name], { capacity: RINGS[name].capacity, identity });
  }
  openLedger(views, map.feedLedger, createFeedCounters(), 0);
  LogRing.create(views, map.log, { capacity: LOG.capacity, readers: LOG.gating.length, identity });
  return { memory, map, clock: readClockBasis(), buildHash: identity.buildHash, plan };
}
