/**
 * Where everything stands in the one shared memory: planned once by the main thread, handed to every other as plain
 * offsets. Regions start on pairs of cache lines.
 */
import { CRC32C_BYTES } from "../wasm/index.js";
import { ThreadControl } from "./agent/thread-control.js";
import { COUNTER_NAMES } from "./counter-names.js";
import { FeedLedger } from "./feeds/feed-ledger.js";
import { HOPS, type Hop } from "./hops.js";
import { Counters } from "./metrics/counters.js";
import { ErrorLog } from "./metrics/error-log.js";
import { Histogram } from "./metrics/histogram.js";
import { OrderStampWriter } from "./metrics/order-stamps.js";
import { LINE_PAIR } from "./ring/layout.js";
import { LogRing } from "./ring/log-ring.js";
import { SpscRing } from "./ring/spsc.js";
import { Departures } from "./threads/crew.js";
import { LOG, RINGS, type RingName, THREAD_NAMES, type ThreadName } from "./topology.js";

/** Distinct errors that are kept. */
export const ERRORS_MAX = 64;

export interface MemoryMap {
  readonly bytes: number;
  readonly crcTable: number;
  readonly counters: number;
  readonly errors: number;
  /** Two doubles: the sequence that the engine is applying, and the strategy at work plus one. */
  readonly running: number;
  /** See threads/crew.ts. */
  readonly departures: number;
  readonly feedLedger: number;
  readonly log: number;
  readonly rings: Readonly<Record<RingName, number>>;
  /** Control words of each thread: doorbell, stop, heartbeat. */
  readonly threads: Readonly<Record<ThreadName, number>>;
  readonly histograms: Readonly<Record<Hop, number>>;
  readonly stamps: Readonly<Record<StampName, number>>;
}

/** Tables of stamps: of commands that the engine published, and of those that the journal has made safe. */
const STAMPS = ["commands", "safe"] as const;
export type StampName = (typeof STAMPS)[number];

export function planMemory(): MemoryMap {
  let next = LINE_PAIR;
  const place = (bytes: number): number => {
    const at = next;
    next = Math.ceil((at + bytes) / LINE_PAIR) * LINE_PAIR;
    return at;
  };
  const each = <K extends string>(keys: readonly K[], bytesOf: (key: K) => number): Record<K, number> =>
    Object.fromEntries(keys.map((key) => [key, place(bytesOf(key))])) as Record<K, number>;
  const map = {
    crcTable: place(CRC32C_BYTES),
    counters: place(Counters.bytesFor(COUNTER_NAMES)),
    errors: place(ErrorLog.bytesFor(ERRORS_MAX)),
    running: place(2 * Float64Array.BYTES_PER_ELEMENT),
    departures: place(Departures.bytes),
    feedLedger: place(FeedLedger.bytes),
    threads: each(THREAD_NAMES, () => ThreadControl.bytesFor()),
    histograms: each(HOPS, () => Histogram.bytesFor()),
    stamps: each(STAMPS, () => OrderStampWriter.bytesFor()),
    rings: each(Object.keys(RINGS) as RingName[], (name) => SpscRing.bytesFor(RINGS[name].capacity)),
    log: place(LogRing.bytesFor(LOG.capacity)),
  };
  return { ...map, bytes: next };
}
