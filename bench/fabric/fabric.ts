/**
 * The fabric benchmark: round trips and streams of 64-byte messages between two threads, through the engine's ring,
 * through ringbuf.js and through MessagePort, in interleaved rounds. Where the two threads stand moves the figures
 * many times over, so the floor of two bare atomics is measured before and after, and ratios of one round are what
 * counts.
 */
import assert from "node:assert/strict";
import { MessageChannel, type Worker } from "node:worker_threads";
import { Histogram, HistogramSnapshot } from "../../actors/metrics/histogram.js";
import { type SharedViews, sharedViewsOf } from "../../actors/ring/views.js";
import { nextMessage, startBuiltWorker } from "../built-worker.js";
import { type Percentiles, percentilesOf } from "../latency.js";
import { type Comparison, type Contest, compare, control, median, type NegativeControl } from "../statistics.js";
import { createRings, FABRIC_BYTES, type LATENCY_LANES, latencyAt, RING_BYTES } from "./fabric-memory.js";
import { type LaneResult, RAW_LANE, ROUND_TRIP_LANES, SLOWED_LANE, STREAM_LANES } from "./lane.js";
import { ringbufStorage } from "./ringbuf-lanes.js";
import type { FabricTask, FabricThreadData } from "./thread.js";

export interface FabricPlan {
  readonly rounds: number;
  readonly roundTripMs: number;
  readonly streamMs: number;
}

export interface RoundTripRow extends Percentiles {
  readonly lane: string;
}

export interface StreamRow {
  readonly lane: string;
  /** Median over the rounds. */
  readonly messagesPerSecond: number;
  readonly nsPerMessage: number;
  /** Messages that the receiver found at once, on average: the regime. */
  readonly meanBatch: number;
}

export interface FabricResult {
  readonly plan: FabricPlan;
  /** Round trip of two bare atomics, p50 in nanoseconds. */
  readonly floorBeforeNs: number;
  readonly floorAfterNs: number;
  readonly roundTrips: readonly RoundTripRow[];
  readonly streams: readonly StreamRow[];
  readonly comparisons: readonly Comparison[];
  readonly control: NegativeControl;
}

type LatencyLane = (typeof LATENCY_LANES)[number];

const ROUND_TRIP = "round trip, p50";
const STREAM = "throughput";
const CONTESTS: readonly Contest[] = [
  { measure: ROUND_TRIP, subject: "ring, spin", peer: "MessagePort, there and back", goal: 250 },
  { measure: ROUND_TRIP, subject: "ring, spin", peer: "ringbuf.js, spin", goal: 1 },
  { measure: ROUND_TRIP, subject: "ring, parked", peer: "MessagePort, there and back", goal: 1 },
  { measure: STREAM, subject: "ring, batches of 64", peer: "MessagePort, one way", goal: 100 },
  { measure: STREAM, subject: "ring, batches of 64", peer: "ringbuf.js, batches of 64", goal: 1 },
  { measure: STREAM, subject: "ring, batches of 64", peer: "ringbuf.js, one by one", goal: 1.5 },
  { measure: STREAM, subject: "ring, one by one", peer: "ringbuf.js, one by one", goal: 1 },
];
const WARM_UP_MS = 60;
const FLOOR_MS = 300;

export async function measureFabric(plan: FabricPlan, note: (text: string) => void): Promise<FabricResult> {
  const rig = new FabricRig();
  try {
    const streamed = [...STREAM_LANES, SLOWED_LANE];
    note("fabric: warming up");
    for (const lane of [...ROUND_TRIP_LANES, ...streamed]) await rig.run(lane, Math.min(WARM_UP_MS, plan.streamMs));
    const floorBeforeNs = await rig.floor(Math.min(FLOOR_MS, plan.roundTripMs));
    for (let round = 0; round < plan.rounds; round += 1) {
      note(`fabric: round ${round + 1} of ${plan.rounds}`);
      for (const lane of ROUND_TRIP_LANES) await rig.roundTrips(lane, plan.roundTripMs);
      for (const lane of streamed) await rig.stream(lane, plan.streamMs);
    }
    const floorAfterNs = await rig.floor(Math.min(FLOOR_MS, plan.roundTripMs));
    return { plan, floorBeforeNs, floorAfterNs, ...rig.result() };
  } finally {
    await rig.close();
  }
}

class FabricRig {
  private readonly views: SharedViews = sharedViewsOf(new SharedArrayBuffer(FABRIC_BYTES));
  private readonly initiator: Worker;
  private readonly responder: Worker;
  /** Nanoseconds a trip or a message, by lane and round. */
  private readonly costs = new Map<string, number[]>();
  private readonly latencies = new Map<string, HistogramSnapshot>();
  private readonly batches = new Map<string, number[]>();

  constructor() {
    createRings(this.views);
    const storages = [ringbufStorage(RING_BYTES), ringbufStorage(RING_BYTES)] as const;
    const { port1, port2 } = new MessageChannel();
    const start = (side: FabricThreadData["side"], port: typeof port1): Worker => {
      const workerData: FabricThreadData = { side, memory: this.views.buffer, storages, port };
      return startBuiltWorker("fabric/thread.js", { workerData, transferList: [port], name: `bench-${side}` });
    };
    this.initiator = start("initiator", port1);
    this.responder = start("responder", port2);
  }

  async close(): Promise<void> {
    await Promise.all([this.initiator.terminate(), this.responder.terminate()]);
  }

  /** Runs a lane once; what was sent is what was received, to the last word. Returns the receiver's view. */
  async run(lane: string, ms: number): Promise<LaneResult> {
    const replies = [this.initiator, this.responder].map((worker) => nextMessage<LaneResult>(worker));
    const task: FabricTask = { lane, ms };
    this.responder.postMessage(task);
    this.initiator.postMessage(task);
    const [sent, received] = await Promise.all(replies);
    assert.equal(received.messages, sent.messages, `${lane}: messages received and sent`);
    assert.equal(received.checksum, sent.checksum, `${lane}: checksum over every word received and sent`);
    return received;
  }

  /** p50 of bare round trips, nanoseconds. */
  async floor(ms: number): Promise<number> {
    return (await this.trip(RAW_LANE, ms)).p50;
  }

  async roundTrips(lane: LatencyLane, ms: number): Promise<void> {
    const snapshot = await this.trip(lane, ms);
    this.latencies.set(lane, snapshot.merge(this.latencies.get(lane) ?? HistogramSnapshot.empty()));
    push(this.costs, lane, snapshot.p50);
  }

  async stream(lane: string, ms: number): Promise<void> {
    const { messages, seconds, batches } = await this.run(lane, ms);
    push(this.costs, lane, (seconds * 1e9) / messages);
    push(this.batches, lane, messages / batches);
  }

  result(): Pick<FabricResult, "roundTrips" | "streams" | "comparisons" | "control"> {
    const { costs, latencies, batches } = this;
    return {
      roundTrips: ROUND_TRIP_LANES.map((lane) => ({ lane, ...percentilesOf(latencies.get(lane)!) })),
      streams: STREAM_LANES.map((lane) => {
        const nsPerMessage = median(costs.get(lane)!);
        return { lane, messagesPerSecond: 1e9 / nsPerMessage, nsPerMessage, meanBatch: median(batches.get(lane)!) };
      }),
      comparisons: CONTESTS.map((contest) => compare(contest, costs)),
      control: control(SLOWED_LANE, costs.get(SLOWED_LANE)!, costs.get("ring, batches of 64")!),
    };
  }

  private async trip(lane: LatencyLane, ms: number): Promise<HistogramSnapshot> {
    const at = latencyAt(lane);
    this.views.f64.fill(0, at >> 3, (at + Histogram.bytesFor()) >> 3);
    await this.run(lane, ms);
    return new Histogram(this.views, at).snapshot();
  }
}

function push(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
