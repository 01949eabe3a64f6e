/** Tick to order as tables: the rate ladder, the bursts, and the paired rounds. */
import { grouped, micros, NOTHING, percentileCells } from "../figures.js";
import { median } from "../statistics.js";
import type { Table } from "../table.js";
import type { Round, Window } from "./feeder-thread.js";
import type { BurstRow, TickToOrderResult, TickToOrderRow } from "./tick-to-order.js";

const WINDOW_HEAD = [
  ...["reached", "orders", "p50", "p90", "p99", "p99.9", "p99.99", "max"],
  ...["in engine p50", "mean batch", "bytes an input", "scavenges"],
];

export function tickToOrderTables(result: TickToOrderResult): Table[] {
  const { rows, bursts, rounds } = result;
  return [
    rateTable(rows),
    ...(bursts.length > 0 ? [burstTable(bursts)] : []),
    ...(rounds.length > 0 ? [roundTable(result)] : []),
  ];
}

function rateTable(rows: readonly TickToOrderRow[]): Table {
  return {
    title: "Tick to order, µs: from the moment a frame was due to its order in the engine's log",
    head: ["engine thread", "frames/s", ...WINDOW_HEAD, "target p50"],
    words: 1,
    rows: rows.map((row) => [
      idleText(row),
      grouped(row.framesPerSecond),
      ...windowCells(row),
      `${grouped(row.targetNs / 1000)} ${row.met ? "met" : "missed"}`,
    ]),
    notes: [
      "Included: decoding, following the book, the market ring, indicator, strategy, risk, and the log. There is no " +
        "regime model among the indicators.",
      "Not included: the socket and TLS before it; the disk, the gateway, the network and the venue behind it.",
      "Open loop: a frame that is handed over late counts from the moment it was due. One thread feeds frames and " +
        "reads the log in the simulated venue's and the journal's place; the other is the engine's. Rates go up " +
        "until one is not reached.",
      `An order on every trade of one of two symbols. ${NOTHING} stands where fewer than ten values lay beyond.`,
      ...rows.filter(({ overloaded }) => overloaded).map(overload),
    ],
  };
}

function burstTable(rows: readonly BurstRow[]): Table {
  return {
    title: "Tick to order in bursts, µs: from the moment a burst was due",
    head: ["engine thread", "frames a burst", "pause, ms", ...WINDOW_HEAD],
    words: 1,
    rows: rows.map((row) => [idleText(row), grouped(row.burst), String(row.pauseMs), ...windowCells(row)]),
    notes: ["All frames of a burst are due at once; a pause begins when the last one was handed over."],
  };
}

function roundTable({ rounds, slowed, cores }: TickToOrderResult): Table {
  const cells = (name: string, list: readonly Round[]): string[] => {
    const of = (key: keyof Round): number => median(list.map((round) => round[key]));
    return [
      ...[name, grouped(list.length), micros(of("hopNs")), micros(of("serviceNs")), micros(of("p50Ns"))],
      ...[((of("p50Ns") - of("serviceNs")) / of("hopNs")).toFixed(1), micros(of("p999Ns"))],
      ...[(of("p999Ns") / of("hopNs")).toFixed(0), micros(of("commandNs"))],
    ];
  };
  return {
    title: "Tick to order against one thread and one hop, in the same rounds, µs",
    head: [
      ...[
        "",
        "rounds",
        "hop",
        "one thread p50",
        "two threads p50",
        "more, in hops",
        "p99.9",
        "in hops",
        "in engine p50",
      ],
    ],
    words: 1,
    rows: [cells("as it is", rounds), ...(slowed.length > 0 ? [cells("a loop wasted", slowed)] : [])],
    notes: [
      "Hop: half a round trip of 64 bytes between the same two threads over the product's ring, both spinning. One " +
        "thread: the same frames back to back, from a trade's frame to its order. In engine: taken to published.",
      cores.length > 0 ? `The two threads ran on cores ${cores.join(" and ")}.` : "The threads could not be pinned.",
    ],
  };
}

function windowCells({ achievedPerSecond, tickToOrder, inEngine, meanBatch, inputs, engineGarbage }: Window): string[] {
  return [
    ...[grouped(achievedPerSecond), grouped(tickToOrder.count), ...percentileCells(tickToOrder, true)],
    ...[micros(inEngine.p50), meanBatch.toFixed(1), (engineGarbage.allocatedBytes / inputs).toFixed(1)],
    String(engineGarbage.scavenges),
  ];
}

const idleText = ({ placement }: Pick<TickToOrderRow, "placement">): string =>
  placement === "shared" ? "sleeps when idle" : "spins";

const overload = ({ placement, framesPerSecond, achievedPerSecond, dropped }: TickToOrderRow): string =>
  `WARNING: ${placement} at ${grouped(framesPerSecond)} frames/s reached ${grouped(achievedPerSecond)} and dropped ` +
  `${dropped}; its percentiles are those of an overload.`;
