/** The fabric benchmark as tables. */
import { grouped, micros, NOTHING, orNothing, percentileCells, times } from "../figures.js";
import type { Table } from "../table.js";
import type { FabricResult, StreamRow, TripRow } from "./fabric.js";
import type { BurstRow, LadderRow } from "./load.js";
import type { TopologyRow } from "./topologies.js";

export function fabricTables(result: FabricResult): Table[] {
  return [roundTrips(result), streams(result), topologies(result), ladder(result), bursts(result)];
}

function roundTrips({ roundTrips: rows, floors, pinned, peers }: FabricResult): Table {
  const floor = floors.map(({ by, beforeNs, afterNs }) => `${by} ${micros(beforeNs)} and ${micros(afterNs)} µs`);
  const versions = Object.values(peers.versions).flatMap((program) =>
    Object.entries(program).map(([name, version]) => `${name} ${version}`),
  );
  return {
    title: "Round trip of 64 bytes between two threads, µs",
    head: [
      "link",
      "trips",
      "p50 in blocks",
      "p50",
      "p90",
      "p99",
      "p99.9",
      "p99.99",
      "max",
      "bytes a trip",
      "scavenges",
    ],
    words: 1,
    rows: rows.map(tripCells),
    notes: [
      "In blocks: half of the time, 32 trips to one reading of the clock. The other columns: each trip timed by " +
        "itself, one reading of the clock included. Medians over the rounds; bytes include those of the clock.",
      `${pinned ? "Each thread had a core of its own." : "Threads were not pinned: the scheduler placed them."} ` +
        `Floor of bare atomics before and after: ${floor.join("; ")}. ` +
        "Where the host places the cores moves all of it, so compare ratios.",
      ...(versions.length > 0 ? [`Peers: ${versions.join(", ")}.`] : []),
    ],
  };
}

function tripCells(row: TripRow): string[] {
  const { lane, count, blockP50, bytesPerTrip, scavenges } = row;
  return [
    ...[lane, grouped(count), micros(blockP50), ...percentileCells(row, true)],
    ...[orNothing(bytesPerTrip, 1), orNothing(scavenges, 0)],
  ];
}

function streams({ streams: rows }: FabricResult): Table {
  return {
    title: "One way, 64-byte messages, every byte written and read",
    head: ["link", "million/s", "ns a message", "mean batch", "bytes a message", "scavenges"],
    words: 1,
    rows: rows.map(streamCells),
    notes: [
      "Mean batch: messages that the receiver found at once. Where it is near 1 the two threads run in lock-step.",
      ...(rows.some(({ lane }) => lane.includes("Disruptor"))
        ? ["Rings of 256 KiB; the Disruptor's holds 65 536 messages, for its publisher sleeps whenever it is full."]
        : []),
    ],
  };
}

function streamCells(row: StreamRow): string[] {
  const { lane, messagesPerSecond, nsPerMessage, meanBatch, bytesPerMessage, scavenges } = row;
  return [
    ...[lane.replace(", stream", ""), millions(messagesPerSecond), nsPerMessage.toFixed(1), orNothing(meanBatch, 1)],
    ...[orNothing(bytesPerMessage, 2), orNothing(scavenges, 0)],
  ];
}

function topologies({ topologies: rows, plan }: FabricResult): Table {
  return {
    title: "Five topologies, 64-byte messages, every handler reads every byte",
    head: ["topology", "by", "million/s", "mean batch", "Disruptor, million/s", "ratio", "95 % interval"],
    words: 2,
    rows: rows.map(topologyCells),
    notes: [
      "Messages are those published. There are more threads than cores: ours sleep after a short spin, the " +
        `Disruptor's (Java) yield. ${plan.topologies.rounds} rounds.`,
      "pipeline: three handlers in a chain; sequencer: three producers, one handler; multicast: three handlers side " +
        "by side; diamond: two side by side and a third behind both.",
    ],
  };
}

function topologyCells({
  topology,
  by,
  messagesPerSecond,
  meanBatch,
  disruptorPerSecond,
  ratio,
}: TopologyRow): string[] {
  return [
    ...[topology, by, millions(messagesPerSecond), meanBatch.toFixed(1)],
    disruptorPerSecond === null ? NOTHING : millions(disruptorPerSecond),
    ...(ratio === null ? [NOTHING, NOTHING] : [times(ratio.median), `${times(ratio.low)} – ${times(ratio.high)}`]),
  ];
}

function ladder({ ladder: rows }: FabricResult): Table {
  return {
    title: "One way through the ring on schedule, µs from the moment a message was due until it was read",
    head: [
      ...["messages/s", "reached", "mean batch", "p50", "p90", "p99", "p99.9", "p99.99", "max"],
      ...["bytes a message", "scavenges"],
    ],
    words: 0,
    rows: rows.map(ladderCells),
    notes: ["Open loop; both threads spin.", ...rows.filter(({ reached }) => !reached).map(overload)],
  };
}

function ladderCells(row: LadderRow): string[] {
  const { perSecond, achievedPerSecond, meanBatch, bytesPerMessage, scavenges } = row;
  return [
    ...[grouped(perSecond), grouped(achievedPerSecond), meanBatch.toFixed(1), ...percentileCells(row, true)],
    ...[bytesPerMessage.toFixed(1), String(scavenges)],
  ];
}

const overload = ({ perSecond, achievedPerSecond }: LadderRow): string =>
  `WARNING: of ${grouped(perSecond)} messages/s ${grouped(achievedPerSecond)} were reached; the percentiles of ` +
  "that row are those of an overload.";

function bursts({ bursts: rows }: FabricResult): Table {
  return {
    title: "Bursts through the ring, µs from the moment a burst was due until each of its messages was read",
    head: ["receiver", "burst", "pause, ms", "messages/s", "mean batch", "p50", "p90", "p99", "p99.9", "p99.99", "max"],
    words: 1,
    rows: rows.map(burstCells),
    notes: ["The pause begins when a burst has been sent. A receiver that sleeps does so after a short spin."],
  };
}

function burstCells(row: BurstRow): string[] {
  const { receiver, burst, pauseMs, achievedPerSecond, meanBatch } = row;
  return [
    ...[receiver, grouped(burst), String(pauseMs), grouped(achievedPerSecond), meanBatch.toFixed(1)],
    ...percentileCells(row, true),
  ];
}

const millions = (perSecond: number): string => (perSecond / 1e6).toFixed(2);
