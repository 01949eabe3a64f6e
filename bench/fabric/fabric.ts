/**
 * The fabric benchmark: round trips, streams and topologies of 64-byte messages between threads, through the product's
 * rings and through the peers', in interleaved rounds; then the ring alone under load that does not wait. Where the
 * host places two threads moves the figures many times over, so the floor of two bare atomics is measured before and
 * after, and ratios of one round are what counts.
 */
import type { HistogramSnapshot } from "../../actors/metrics/histogram.js";
import type { Goal, UnmeasuredGoal } from "../goal.js";
import type { Percentiles } from "../latency.js";
import { type Comparison, control, type NegativeControl } from "../statistics.js";
import { comparisonsBeside, judgeContests } from "./contests.js";
import { LANES, type LaneName } from "./lanes.js";
import { type BurstRow, type LadderRow, measureBursts, measureLadder, type OpenLoopPlan } from "./load.js";
import type { PeerLane, Peers } from "./peers.js";
import { LaneRig } from "./rig.js";
import { type Cost, middle, type Sample, Samples, sampleOfPeer } from "./sample.js";
import { measureTopologies, type TopologyPlan, type TopologyRow } from "./topologies.js";

export interface FabricPlan {
  /** Paired rounds, of so many milliseconds for each lane. */
  readonly rounds: number;
  readonly tripMs: number;
  readonly streamMs: number;
  readonly topologies: TopologyPlan;
  readonly openLoop: OpenLoopPlan;
}

export interface FabricContext {
  readonly note: (text: string) => void;
  readonly peers: Peers;
  /** Is given the latencies of all rounds of a lane. */
  readonly keep: (name: string, latency: HistogramSnapshot) => void;
}

/** A round trip of bare atomics, nanoseconds. */
export interface Floor {
  readonly by: string;
  readonly beforeNs: number;
  readonly afterNs: number;
}

/** Medians over the rounds; times are nanoseconds. */
export interface TripRow extends Percentiles {
  readonly lane: string;
  /** Of blocks of trips with one reading of the clock; null where each trip was timed by itself. */
  readonly blockP50: number | null;
  readonly bytesPerTrip: number | null;
  readonly scavenges: number | null;
}

export interface StreamRow {
  readonly lane: string;
  readonly messagesPerSecond: number;
  readonly nsPerMessage: number;
  /** Messages that the receiver found at once: the regime. */
  readonly meanBatch: number | null;
  readonly bytesPerMessage: number | null;
  readonly scavenges: number | null;
}

export interface FabricResult {
  readonly plan: FabricPlan;
  /** Whether each of two threads had a core of its own. */
  readonly pinned: boolean;
  readonly floors: readonly Floor[];
  readonly roundTrips: readonly TripRow[];
  readonly streams: readonly StreamRow[];
  readonly topologies: readonly TopologyRow[];
  readonly ladder: readonly LadderRow[];
  readonly bursts: readonly BurstRow[];
  readonly goals: readonly Goal[];
  readonly unmeasured: readonly UnmeasuredGoal[];
  readonly comparisons: readonly Comparison[];
  readonly control: NegativeControl;
  readonly peers: Pick<Peers, "versions" | "missing">;
  readonly rounds: Readonly<Record<string, Partial<Record<Cost, readonly number[]>>>>;
}

/** Neighbours in a round are those that are compared. */
const TRIPS: readonly (LaneName | PeerLane)[] = [
  ...(["ring, JS handler, spin", "rigtorp's ring, C++", "ring, WASM handler, spin", "rtrb, Rust"] as const),
  ...(["disruptor, Rust", "LMAX Disruptor, Java", "Agrona, Java", "ringbuf.js, spin"] as const),
  ...(["ring, JS handler, parked", "MessagePort, there and back"] as const),
];
const STREAMS: readonly (LaneName | PeerLane)[] = [
  ...(["postMessage, one way", "ringbuf.js, one by one", "ring, JS handler, one by one"] as const),
  ...(["ringbuf.js, batches of 64", "ring, JS handler, batches of 64", "rtrb, Rust, stream"] as const),
  "ring, JS handler, 64 claims a batch",
  ...(["ring, WASM handler, batches of 64", "rigtorp's ring, C++, stream", "LMAX Disruptor, Java, stream"] as const),
  ...(["rtrb by chunks, Rust, stream", "disruptor, Rust, stream", "Agrona, Java, stream"] as const),
];
const FLOORS: readonly (LaneName | PeerLane)[] = ["raw atomics", "raw atomics, C++", "raw atomics, Rust"];
const ORIGINAL = "ring, JS handler, batches of 64";
const SLOWED = "ring, slowed on purpose";
const WARM_UP_MS = 80;

export async function measureFabric(plan: FabricPlan, context: FabricContext): Promise<FabricResult> {
  const { note, peers, keep } = context;
  const samples = new Samples();
  const arena = new Arena(peers, samples);
  try {
    await arena.open([...FLOORS, ...TRIPS, ...STREAMS, SLOWED]);
    note("fabric: warming up");
    const warmUpMs = Math.min(WARM_UP_MS, plan.streamMs);
    for (const lane of arena.lanes) await arena.run(lane, warmUpMs);
    const before = await arena.floors(plan.tripMs);
    await arena.rounds(plan, note);
    const after = await arena.floors(plan.tripMs);
    const { pinned } = arena;
    await arena.close();
    const trips = TRIPS.filter((lane) => samples.has(lane));
    for (const lane of trips) if (samples.latencyOf(lane).count > 0) keep(lane, samples.latencyOf(lane));
    return {
      plan,
      pinned,
      floors: [...before].map(([by, beforeNs]) => ({ by, beforeNs, afterNs: after.get(by)! })),
      roundTrips: trips.map((lane) => tripRow(lane, samples.of(lane))),
      streams: STREAMS.filter((lane) => samples.has(lane)).map((lane) => streamRow(lane, samples.of(lane))),
      topologies: await measureTopologies(plan.topologies, peers, note),
      ladder: await measureLadder(plan.openLoop, context),
      bursts: await measureBursts(plan.openLoop, context),
      ...judgeContests(samples, peers),
      comparisons: comparisonsBeside(samples),
      control: control(SLOWED, samples.costs(SLOWED, "throughput"), samples.costs(ORIGINAL, "throughput")),
      peers: { versions: peers.versions, missing: peers.missing },
      rounds: samples.rounds(),
    };
  } finally {
    await arena.close();
  }
}

/** The lanes of two threads, ours and the peers', of which one runs at a time. */
class Arena {
  private readonly peers: Peers;
  private readonly samples: Samples;
  private readonly rigs = new Map<string, LaneRig>();
  lanes: readonly (LaneName | PeerLane)[] = [];

  constructor(peers: Peers, samples: Samples) {
    this.peers = peers;
    this.samples = samples;
  }

  get pinned(): boolean {
    return [...this.rigs.values()].every(({ pinned }) => pinned);
  }

  async open(lanes: readonly (LaneName | PeerLane)[]): Promise<void> {
    for (const lane of lanes) if (isOurs(lane)) this.rigs.set(lane, await LaneRig.start(lane, LANES[lane]));
    this.lanes = lanes.filter((lane) => isOurs(lane) || this.peers.has(lane));
  }

  async close(): Promise<void> {
    await Promise.all([...this.rigs.values()].map((rig) => rig.close()));
    this.rigs.clear();
  }

  /** Runs a lane once, for warmth. */
  async run(lane: LaneName | PeerLane, ms: number): Promise<void> {
    if (isOurs(lane)) await this.rigs.get(lane)!.run({ ms });
    else await this.peers.run(lane, ms);
  }

  /** p50 of bare round trips by who made them, nanoseconds. */
  async floors(ms: number): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for (const lane of FLOORS) {
      if (!this.lanes.includes(lane)) continue;
      const { blockP50Ns } = isOurs(lane) ? await this.rigs.get(lane)!.run({ ms }) : await this.peers.run(lane, ms);
      found.set(lane, blockP50Ns!);
    }
    return found;
  }

  /** Every other round goes backwards, so that nobody always follows the same one. */
  async rounds({ rounds, tripMs, streamMs }: FabricPlan, note: (text: string) => void): Promise<void> {
    const order = this.lanes.filter((lane) => !FLOORS.includes(lane));
    for (let round = 0; round < rounds; round += 1) {
      note(`fabric: round ${round + 1} of ${rounds}`);
      const lanes = round % 2 === 0 ? order : [...order].reverse();
      for (const lane of lanes) await this.sample(lane, TRIPS.includes(lane) ? tripMs : streamMs);
    }
  }

  private async sample(lane: LaneName | PeerLane, ms: number): Promise<void> {
    if (isOurs(lane)) this.samples.addRun(lane, await this.rigs.get(lane)!.run({ ms }));
    else this.samples.add(lane, sampleOfPeer(await this.peers.run(lane, ms)));
  }
}

const isOurs = (lane: LaneName | PeerLane): lane is LaneName => lane in LANES;

function tripRow(lane: string, samples: readonly Sample[]): TripRow {
  const of = (key: keyof Percentiles): number | null => middle(samples, ({ latency }) => latency?.[key]);
  return {
    lane,
    blockP50: middle(samples, ({ blockP50Ns }) => blockP50Ns),
    count: samples.reduce((sum, { messages }) => sum + messages, 0),
    p50: of("p50")!,
    ...{ p90: of("p90"), p99: of("p99"), p999: of("p999"), p9999: of("p9999") },
    max: Math.max(...samples.map(({ latency }) => latency!.max)),
    bytesPerTrip: middle(samples, ({ bytesPerMessage }) => bytesPerMessage),
    scavenges: totalOf(samples),
  };
}

function streamRow(lane: string, samples: readonly Sample[]): StreamRow {
  const nsPerMessage = middle(samples, (sample) => sample.nsPerMessage)!;
  return {
    lane,
    messagesPerSecond: 1e9 / nsPerMessage,
    nsPerMessage,
    meanBatch: middle(samples, ({ meanBatch }) => meanBatch),
    bytesPerMessage: middle(samples, ({ bytesPerMessage }) => bytesPerMessage),
    scavenges: totalOf(samples),
  };
}

function totalOf(samples: readonly Sample[]): number | null {
  return samples.every(({ scavenges }) => scavenges === null)
    ? null
    : samples.reduce((sum, { scavenges }) => sum + (scavenges ?? 0), 0);
}
