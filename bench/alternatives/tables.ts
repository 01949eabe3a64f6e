/** The rejected designs as a table. */
import { micros, times } from "../figures.js";
import type { Ratio } from "../statistics.js";
import type { Table } from "../table.js";
import type { AlternativeRow, AlternativesResult } from "./alternatives.js";

export function alternativesTables({ rows, plan }: AlternativesResult): Table[] {
  return [
    {
      title: "Rejected designs of the point-to-point ring, JS handlers, 64-byte messages",
      head: ["design", "round trip, µs", "× product", "95 % interval", "ns a message", "× product", "95 % interval"],
      words: 1,
      rows: rows.map(cells),
      notes: [
        `Above 1 the design is the faster one. ${plan.rounds} interleaved rounds; streams in batches of 64.`,
        "Each runs in threads of its own, on the same memory, with the same handlers.",
      ],
    },
  ];
}

function cells({ design, tripNs, tripRatio, nsPerMessage, streamRatio }: AlternativeRow): string[] {
  return [design, micros(tripNs), ...ratioCells(tripRatio), nsPerMessage.toFixed(1), ...ratioCells(streamRatio)];
}

const ratioCells = ({ median, low, high }: Ratio): string[] => [times(median), `${times(low)} – ${times(high)}`];
