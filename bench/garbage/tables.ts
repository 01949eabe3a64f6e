/** Garbage as a table: what each thread allocated in the window. */
import { grouped } from "../figures.js";
import type { Table } from "../table.js";
import type { GarbageResult } from "./garbage.js";

export function garbageTables({ rows }: GarbageResult): Table[] {
  return [
    {
      title: "Garbage: from frame bytes to the command in the log, as fast as it goes",
      head: ["heap of", "messages", "orders", "scavenges", "others", "bytes allocated", "a message", "ns a message"],
      words: 1,
      rows: rows.map(({ thread, messages, orders, garbage, bytesPerMessage, nsPerMessage }) => [
        ...[thread, grouped(messages), grouped(orders), String(garbage.scavenges), String(garbage.others)],
        ...[grouped(garbage.allocatedBytes), bytesPerMessage.toFixed(3), grouped(nsPerMessage)],
      ]),
      notes: [
        "Counted by V8 itself, inside the thread, after the code has been compiled. The thread that decodes plays " +
          "the simulated venue and a journal that only lets go; both heaps of the pair are shown.",
      ],
    },
  ];
}
