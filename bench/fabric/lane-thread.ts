/** What a lane's thread has to make its side of, and how a lane is defined. */
import type { MessagePort } from "node:worker_threads";
import { Doorbell } from "../../actors/agent/doorbell.js";
import type { Histogram } from "../../actors/metrics/histogram.js";
import { SpscProducer } from "../../actors/ring/spsc.js";
import { SpscConsumer } from "../../actors/ring/spsc-consumer.js";
import type { SharedViews } from "../../actors/ring/views.js";
import type { Lane } from "./lane.js";
import { BELLS_AT, FABRIC_IDENTITY, RINGS_AT } from "./lane-memory.js";

export interface LaneThread {
  readonly member: number;
  readonly memory: WebAssembly.Memory;
  readonly views: SharedViews;
  /** Storages of ringbuf.js: the way there, and the way back. */
  readonly storages: readonly SharedArrayBuffer[];
  readonly port: MessagePort;
  readonly latency: Histogram;
}

export interface LaneDefinition {
  readonly members: number;
  /** How many of the members, the first, send. */
  readonly sources: number;
  readonly make: (thread: LaneThread) => Lane;
}

/** The two ways as this member sees them: the one that it sends by first. */
export function ways<T>(member: number, [there, back]: readonly T[]): [T, T] {
  return member === 0 ? [there, back] : [back, there];
}

export function producer({ views }: LaneThread, ring: number): SpscProducer {
  return SpscProducer.join(views, RINGS_AT[ring], FABRIC_IDENTITY);
}

export function consumer({ views }: LaneThread, ring: number): SpscConsumer {
  return SpscConsumer.join(views, RINGS_AT[ring], FABRIC_IDENTITY);
}

export const bell = ({ views }: LaneThread, member: number): Doorbell => new Doorbell(views, BELLS_AT[member]);
