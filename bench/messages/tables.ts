/** The costs of messages as a table: a row for each and each direction, its budget, and the stock library beside it. */
import { orNothing, times } from "../figures.js";
import type { Table } from "../table.js";
import type { MessageRow, MessagesResult } from "./messages.js";

export function messagesTables({ rows }: MessagesResult): Table[] {
  return [
    {
      title: "A message, ns: written into a ring's slot, and read in place with all its fields",
      head: [
        "message",
        "",
        "ns",
        "95 % interval",
        "budget",
        "bytes allocated",
        "FlatBuffers, ns",
        "bytes allocated",
        "times",
      ],
      words: 2,
      rows: rows.map(cells),
      notes: [
        "FlatBuffers: the npm package's builder and accessors, one of each for all messages; what it built is not " +
          "copied into a ring.",
        "Messages that carry text are not for the hot path and are left out.",
      ],
    },
  ];
}

function cells(row: MessageRow): string[] {
  const { message, operation, levels, ns, lowNs, highNs, budgetNs, met, stockNs } = row;
  return [
    levels > 0 ? `${message}, ${levels} levels` : message,
    operation,
    ns.toFixed(1),
    `${lowNs.toFixed(1)} – ${highNs.toFixed(1)}`,
    `${budgetNs} ${met ? "met" : "missed"}`,
    orNothing(row.bytesPerMessage, 0),
    stockNs.toFixed(1),
    orNothing(row.stockBytesPerMessage, 0),
    times(stockNs / ns),
  ];
}
