/**
 * The fabric benchmark in miniature, with real threads: every lane carries every word of every message, every row is
 * there, and what is missing is said. How fast anything is decides nothing here.
 */
import { execPath } from "node:process";
import { afterEach, describe, expect, test } from "vitest";
import type { HistogramSnapshot } from "../actors/metrics/histogram.js";
import { measureAlternatives } from "../bench/alternatives/alternatives.js";
import { type FabricPlan, measureFabric } from "../bench/fabric/fabric.js";
import { GarbageWatch } from "../bench/fabric/garbage.js";
import { LANES } from "../bench/fabric/lanes.js";
import { exactSum, expectedSum, sumWords, WORDS, writeWords } from "../bench/fabric/message.js";
import { Peers } from "../bench/fabric/peers.js";
import { LaneRig } from "../bench/fabric/rig.js";
import { verdictsOf } from "../bench/goal.js";
import { PeerProcess } from "../bench/peers/process.js";

const PLAN: FabricPlan = {
  ...{ rounds: 2, tripMs: 10, streamMs: 10 },
  topologies: { rounds: 1, ms: 10 },
  openLoop: { ladder: [5_000, 1e9], ladderMs: 5, bursts: [1, 10], pausesMs: [0, 1], burstMs: 10 },
};
const quiet = (): void => {};

describe("a message", () => {
  test("is summed to what the closed form says, and one lost word is seen", () => {
    const words = new Float64Array(WORDS);
    let sum = 0;
    for (let message = 1; message <= 1_000; message += 1) {
      writeWords(words, 0, message);
      sum += sumWords(words, 0);
    }
    expect(exactSum(sum)).toBe(expectedSum(1_000));
    words[3] = 0;
    expect(sumWords(words, 0)).not.toBe(8 * 1_000 + 28);
  });

  test("sum that a double cannot hold is refused, not rounded", () => {
    expect(() => exactSum(2 ** 53)).toThrow("measure for less long");
  });
});

test("the fabric benchmark measures every lane and topology, and names the rows that wait for peers", async () => {
  const kept = new Map<string, HistogramSnapshot>();
  const keep = (name: string, latency: HistogramSnapshot): void => void kept.set(name, latency);
  const result = await measureFabric(PLAN, { note: quiet, peers: Peers.none(), keep });

  expect(result.roundTrips.map(({ lane }) => lane)).toEqual([
    ...["ring, JS handler, spin", "ring, WASM handler, spin", "ringbuf.js, spin", "ring, JS handler, parked"],
    "MessagePort, there and back",
  ]);
  for (const row of result.roundTrips) {
    expect(row.p50, row.lane).toBeGreaterThan(0);
    expect(row.max, row.lane).toBeGreaterThanOrEqual(row.p50);
    expect(row.bytesPerTrip, row.lane).toBeGreaterThanOrEqual(0);
  }
  for (const row of result.streams) {
    expect(row.messagesPerSecond, row.lane).toBeGreaterThan(0);
    expect(row.meanBatch, row.lane).toBeGreaterThanOrEqual(1);
  }
  expect(result.floors).toHaveLength(1);
  expect(result.topologies.map(({ topology }) => topology)).toEqual([
    ...["one-to-one", "pipeline", "pipeline", "sequencer", "sequencer", "multicast", "multicast", "diamond", "diamond"],
  ]);
  expect(result.topologies.every(({ ratio }) => ratio === null)).toBe(true);
  // Whether it was found slower is for a full run to say, which is INVALID otherwise: timing decides no test.
  expect(result.control).toMatchObject({ name: "ring, slowed on purpose", rounds: PLAN.rounds });

  const goals = verdictsOf(result.goals, result.unmeasured);
  expect(Object.keys(goals)).toEqual(["G1", "G2"]);
  expect(goals.G1.pass).not.toBe(true);
  expect(Object.values(goals.G2.unmeasured)).toContain("peers of other languages were not asked for; add --peers");
  expect(result.rounds["ring, JS handler, spin"].blockP50).toHaveLength(PLAN.rounds);
  expect(kept.get("ring, JS handler, spin")!.count).toBeGreaterThan(0);
  expect(JSON.parse(JSON.stringify(result.topologies))).toEqual(result.topologies);
});

describe("load that does not wait", () => {
  let rig: LaneRig;
  afterEach(() => rig.close());

  test("times every scheduled message and none besides", async () => {
    rig = await LaneRig.start("ring, scheduled, receiver spins", LANES["ring, scheduled, receiver spins"]);
    const run = await rig.run({ ms: 50, schedule: { perSecond: 20_000 } });
    expect(run.messages).toBe(1_000);
    expect(run.latency.count).toBe(1_000);
  });

  test("a sender that cannot keep up sends all it owes, and the delay is counted", async () => {
    rig = await LaneRig.start("ring, scheduled, receiver spins", LANES["ring, scheduled, receiver spins"]);
    const { messages, latency, seconds } = await rig.run({ ms: 1, schedule: { perSecond: 1e9 } });
    expect(messages).toBe(1_000_000);
    expect(latency.count).toBe(messages);
    // All were due within a millisecond; the last of them cannot have been read much before the run's end.
    expect(latency.max / 1e9).toBeGreaterThan(seconds / 2);
  });

  test("bursts are whole, to a receiver that sleeps between them", async () => {
    rig = await LaneRig.start("ring, scheduled, receiver sleeps", LANES["ring, scheduled, receiver sleeps"]);
    const { messages, latency } = await rig.run({ ms: 30, schedule: { burst: 10, pauseMs: 3 } });
    expect(messages % 10).toBe(0);
    expect(messages).toBeGreaterThanOrEqual(10);
    expect(latency.count).toBe(messages);
  });
});

test("every rejected design carries the same messages as the product's ring", async () => {
  const { rows } = await measureAlternatives({ rounds: 1, tripMs: 5, streamMs: 5 }, quiet);
  expect(rows[0]).toMatchObject({ design: "the product's ring", tripRatio: { median: 1 }, streamRatio: { median: 1 } });
  for (const { design, tripNs, nsPerMessage } of rows) {
    expect(tripNs, design).toBeGreaterThan(0);
    expect(nsPerMessage, design).toBeGreaterThan(0);
  }
});

test("what a thread allocates is counted, whether or not it was collected", () => {
  const count = 20_000;
  const watch = new GarbageWatch();
  const kept: Float64Array[] = [];
  for (let made = 0; made < count; made += 1) kept[made & 15] = new Float64Array(16);
  const { allocatedBytes } = watch.stop();
  expect(kept).toHaveLength(16);
  expect(allocatedBytes).toBeGreaterThan(count * 16 * 8);
});

describe("a peer's program", () => {
  const program = (script: string) => ({ name: "fake", command: execPath, args: ["-e", script], versions: {} });
  const ANSWERING = `
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const [lane, ms] = line.split(" ");
      if (lane === "lanes") console.log(JSON.stringify({ lanes: ["echo"] }));
      else if (lane === "echo") console.log(JSON.stringify({ lane, messages: Number(ms), seconds: 1, checksum: "0" }));
      else if (lane === "crash") { console.error("out of memory"); process.exit(3); }
      else console.log(JSON.stringify({ error: "no such lane" }));
    });`;
  let peer: PeerProcess;
  afterEach(() => peer.close());

  test("answers lane after lane, and ends with its input", async () => {
    peer = new PeerProcess(program(ANSWERING));
    expect(await peer.lanes()).toEqual(["echo"]);
    expect(await peer.run("echo", 7)).toMatchObject({ messages: 7 });
    expect(await peer.run("echo", 8)).toMatchObject({ messages: 8 });
  });

  test("that refuses a lane, dies in one, or cannot start is an error that says which and why", async () => {
    peer = new PeerProcess(program(ANSWERING));
    await expect(peer.run("nothing", 1)).rejects.toThrow('fake refused "nothing 1": no such lane');
    await expect(peer.run("crash", 1)).rejects.toThrow(/fake ended instead of answering "crash 1".*out of memory/s);
    const absent = new PeerProcess({ ...program(""), command: "/nowhere/at/all" });
    await expect(absent.lanes()).rejects.toThrow("ENOENT");
    await absent.close();
  });
});
