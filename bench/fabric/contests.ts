/** Who is compared with whom, by what, and what is wanted: the goals G1 and G2, and comparisons beside them. */
import { type Goal, type GoalRow, judge, type UnmeasuredGoal } from "../goal.js";
import { type Comparison, meets, type Ratio, ratioOf } from "../statistics.js";
import type { LaneName } from "./lanes.js";
import { LANGUAGES, PEER_LANES, type PeerLane, type Peers } from "./peers.js";
import type { Cost, Samples } from "./sample.js";

type Entrant = LaneName | PeerLane;

/** "lower": the subject's cost over the peer's. "higher": how many times the peer's cost is that of the subject. */
interface Contest extends GoalRow {
  readonly subject: LaneName;
  readonly peer: Entrant;
  readonly cost: Cost;
  /** Where the peer's is another. */
  readonly peerCost?: Cost;
}

const JS_TRIPS = "ring, JS handler, spin";
const WASM_TRIPS = "ring, WASM handler, spin";
const JS_STREAM = "ring, JS handler, batches of 64";
const WASM_STREAM = "ring, WASM handler, batches of 64";
const PORT = "MessagePort, there and back";

const roundTrip = (subject: LaneName, handler: string): Contest[] => [
  {
    ...{ id: "G1", row: `${handler}: round trip p50 over that of rigtorp's ring, C++`, goal: 1.1, better: "lower" },
    ...{ subject, peer: "rigtorp's ring, C++", cost: "blockP50" },
  },
  {
    ...{ id: "G1", row: `${handler}: round trip p99 over that of rigtorp's ring, C++`, goal: 1.5, better: "lower" },
    ...{ subject, peer: "rigtorp's ring, C++", cost: "p99" },
  },
  {
    ...{ id: "G1", row: `${handler}: round trip p50, times below MessagePort`, goal: 250, better: "higher" },
    ...{ subject, peer: PORT, cost: "blockP50", peerCost: "p50" },
  },
];

const throughput = (subject: LaneName, handler: string, peer: Entrant, goal: number): Contest => ({
  ...{ id: "G2", row: `${handler}: throughput over ${peer.replace(", stream", "")}`, goal, better: "higher" },
  ...{ subject, peer, cost: "throughput" },
});

export const CONTESTS: readonly Contest[] = [
  ...roundTrip(JS_TRIPS, "JS handler"),
  ...roundTrip(WASM_TRIPS, "WASM handler"),
  throughput(JS_STREAM, "JS handler", "rtrb, Rust, stream", 0.35),
  throughput(JS_STREAM, "JS handler", "ringbuf.js, batches of 64", 1),
  throughput(JS_STREAM, "JS handler", "ringbuf.js, one by one", 1.5),
  throughput(JS_STREAM, "JS handler", "postMessage, one way", 100),
  throughput(WASM_STREAM, "WASM handler", "rtrb, Rust, stream", 0.8),
  throughput(WASM_STREAM, "WASM handler", "rigtorp's ring, C++, stream", 0.8),
  throughput(WASM_STREAM, "WASM handler", "LMAX Disruptor, Java, stream", 0.5),
];

const BESIDE: readonly { measure: string; subject: LaneName; peer: LaneName; cost: Cost; goal: number }[] = [
  { measure: "round trip, p50", subject: JS_TRIPS, peer: "ringbuf.js, spin", cost: "blockP50", goal: 1 },
  { measure: "round trip, p50", subject: "ring, JS handler, parked", peer: PORT, cost: "p50", goal: 1 },
  {
    ...{ measure: "throughput", subject: "ring, JS handler, one by one", peer: "ringbuf.js, one by one" },
    ...{ cost: "throughput", goal: 1 },
  },
];

/** Every row of the goals, judged, or with the reason why it could not be. */
export function judgeContests(samples: Samples, peers: Peers): { goals: Goal[]; unmeasured: UnmeasuredGoal[] } {
  const goals: Goal[] = [];
  const unmeasured: UnmeasuredGoal[] = [];
  for (const contest of CONTESTS) {
    const { id, row, goal, better, subject, peer, cost, peerCost = cost } = contest;
    const wanted = { id, row, goal, better };
    if (!samples.has(peer)) unmeasured.push({ ...wanted, reason: whyMissing(peer, peers) });
    else goals.push(judge(wanted, ratio(samples, [subject, cost], [peer, peerCost], better)));
  }
  return { goals, unmeasured };
}

export function comparisonsBeside(samples: Samples): Comparison[] {
  return BESIDE.map(({ measure, subject, peer, cost, goal }) => {
    const found = ratio(samples, [subject, cost], [peer, cost], "higher");
    return { measure, subject, peer, goal, ...found, met: meets(found, goal) };
  });
}

function ratio(
  samples: Samples,
  [subject, cost]: readonly [string, Cost],
  [peer, peerCost]: readonly [string, Cost],
  better: GoalRow["better"],
): Ratio {
  const costs = samples.costs(subject, cost);
  const peerCosts = samples.costs(peer, peerCost);
  return better === "higher" ? ratioOf(peerCosts, costs) : ratioOf(costs, peerCosts);
}

function whyMissing(peer: Entrant, peers: Peers): string {
  if (!(peer in PEER_LANES)) return `${peer} was not run`;
  const language = LANGUAGES[PEER_LANES[peer as PeerLane].program];
  const line = peers.missing.find((each) => each.startsWith(language));
  return line ?? "peers of other languages were not asked for; add --peers";
}
