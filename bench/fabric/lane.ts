/**
 * A way for messages from one thread to another, as the benchmark sees it: one member, or several, send for a given
 * time, the others receive until they are told the end. Each lane runs in threads of its own, so that the compiler
 * sees one kind of link in each, and no lane collects another's garbage.
 */
import type { Garbage } from "./garbage.js";
import type { Schedule } from "./open-loop.js";

export interface LaneTask {
  readonly ms: number;
  /** For the scheduled lanes alone. */
  readonly schedule?: Schedule;
}

export interface LaneResult {
  readonly messages: number;
  /** Over every word received, modulo 2^64; null for a side that only sends. */
  readonly checksum: bigint | null;
  /** On the clock that all threads share. */
  readonly startUs: number;
  readonly endUs: number;
  /** Times the receiver found something: messages over batches tell the regime. */
  readonly batches: number;
  /** Of round trips: the median of blocks of trips with one reading of the clock, nanoseconds a trip. */
  readonly blockP50Ns?: number;
}

/** One member's side of a lane. */
export interface Lane {
  run(task: LaneTask): LaneResult | Promise<LaneResult>;
}

/** What a thread answers to a task. */
export interface LaneReply {
  readonly result: LaneResult;
  readonly garbage: Garbage;
}
