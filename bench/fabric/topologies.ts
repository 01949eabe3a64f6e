/** The five topologies, the product's and the Disruptor's, in paired rounds. */
import { type Ratio, ratioOf } from "../statistics.js";
import { LANES } from "./lanes.js";
import type { PeerLane, Peers } from "./peers.js";
import { LaneRig } from "./rig.js";
import { middle, Samples, sampleOfPeer } from "./sample.js";

export interface TopologyPlan {
  readonly rounds: number;
  readonly ms: number;
}

/** Medians over the rounds. */
export interface TopologyRow {
  readonly topology: string;
  /** By which of the product's rings and handlers. */
  readonly by: string;
  readonly messagesPerSecond: number;
  /** Messages that the last handler found at once. */
  readonly meanBatch: number;
  /** Null where the peer is missing. */
  readonly disruptorPerSecond: number | null;
  /** Over the Disruptor's throughput. */
  readonly ratio: Ratio | null;
}

const TOPOLOGIES = [
  { lane: "one-to-one", topology: "one-to-one", by: "ring" },
  { lane: "pipeline", topology: "pipeline", by: "log, JS handlers" },
  { lane: "pipeline, WASM", topology: "pipeline", by: "log, WASM handlers" },
  { lane: "sequencer, merged", topology: "sequencer", by: "three rings, merged" },
  { lane: "sequencer, shared", topology: "sequencer", by: "many-producer ring" },
  { lane: "multicast", topology: "multicast", by: "log, JS handlers" },
  { lane: "multicast, WASM", topology: "multicast", by: "log, WASM handlers" },
  { lane: "diamond", topology: "diamond", by: "log, JS handlers" },
  { lane: "diamond, WASM", topology: "diamond", by: "log, WASM handlers" },
] as const;
const SHAPES = ["one-to-one", "pipeline", "sequencer", "multicast", "diamond"] as const;
const peerOf = (topology: (typeof SHAPES)[number]): PeerLane => `${topology}, Disruptor`;
const WARM_UP_MS = 60;

export async function measureTopologies(
  plan: TopologyPlan,
  peers: Peers,
  note: (text: string) => void,
): Promise<TopologyRow[]> {
  const samples = new Samples();
  const rigs = new Map<string, LaneRig>();
  try {
    for (const { lane } of TOPOLOGIES) rigs.set(lane, await LaneRig.start(lane, LANES[lane]));
    const round = async (ms: number, into: Samples): Promise<void> => {
      for (const shape of SHAPES) {
        for (const { lane } of TOPOLOGIES.filter(({ topology }) => topology === shape)) {
          into.addRun(lane, await rigs.get(lane)!.run({ ms }));
        }
        const peer = peerOf(shape);
        if (peers.has(peer)) into.add(peer, sampleOfPeer(await peers.run(peer, ms)));
      }
    };
    await round(Math.min(plan.ms, WARM_UP_MS), new Samples());
    for (let count = 1; count <= plan.rounds; count += 1) {
      note(`fabric: topologies, round ${count} of ${plan.rounds}`);
      await round(plan.ms, samples);
    }
    return TOPOLOGIES.map(({ lane, topology, by }) => rowOf(samples, lane, topology, by));
  } finally {
    await Promise.all([...rigs.values()].map((rig) => rig.close()));
  }
}

function rowOf(samples: Samples, lane: string, topology: (typeof SHAPES)[number], by: string): TopologyRow {
  const peer = peerOf(topology);
  const perSecond = (name: string): number => 1e9 / middle(samples.of(name), ({ nsPerMessage }) => nsPerMessage)!;
  const measured = samples.has(peer);
  return {
    ...{ topology, by },
    messagesPerSecond: perSecond(lane),
    meanBatch: middle(samples.of(lane), ({ meanBatch }) => meanBatch)!,
    disruptorPerSecond: measured ? perSecond(peer) : null,
    ratio: measured ? ratioOf(samples.costs(peer, "throughput"), samples.costs(lane, "throughput")) : null,
  };
}
