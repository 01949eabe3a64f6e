/** Tick to order as a table. */
import { grouped, micros, NOTHING, percentileCells } from "./figures.js";
import type { Table } from "./table.js";
import type { TickToOrderResult, TickToOrderRow } from "./tick-to-order/tick-to-order.js";

export function tickToOrderTable({ rows }: TickToOrderResult): Table {
  return {
    title: "Tick to order, µs: from the moment a frame was due to its order in the engine's log",
    head: [
      ...[
        "engine thread",
        "frames/s",
        "reached",
        "orders",
        "p50",
        "p90",
        "p99",
        "p99.9",
        "p99.99",
        "max",
        "in engine p50",
      ],
      ...["scavenges", "target p50"],
    ],
    words: 1,
    rows: rows.map(tickToOrderCells),
    notes: [
      "Included: decoding, following the book, the market ring, indicator, strategy, risk, and the log.",
      "Not included: the socket and TLS before it; the disk, the gateway, the network and the venue behind it.",
      "Open loop: a frame that is handed over late counts from the moment it was due. One thread feeds frames and " +
        "reads the log in the simulated venue's and the journal's place; the other is the engine's.",
      `An order on every trade of one of two symbols. ${NOTHING} stands where fewer than ten values lay beyond.`,
      ...rows.filter(({ overloaded }) => overloaded).map(overload),
    ],
  };
}

function tickToOrderCells(row: TickToOrderRow): string[] {
  const { placement, framesPerSecond, achievedPerSecond, tickToOrder, inEngine, collections, targetNs, met } = row;
  return [
    placement === "shared" ? "sleeps when idle" : "spins",
    grouped(framesPerSecond),
    grouped(achievedPerSecond),
    grouped(tickToOrder.count),
    ...percentileCells(tickToOrder, true),
    micros(inEngine.p50),
    String(collections.scavenges),
    `${grouped(targetNs / 1000)} ${met ? "met" : "missed"}`,
  ];
}

const overload = ({ placement, framesPerSecond, achievedPerSecond, dropped }: TickToOrderRow): string =>
  `WARNING: ${placement} at ${grouped(framesPerSecond)} frames/s reached ${grouped(achievedPerSecond)} and dropped ` +
  `${dropped}; its percentiles are those of an overload.`;
