/** What measuring latency costs, as a table. */
import type { Table } from "../table.js";
import { FULL_BATCHES, type LatencyCostResult, ONE_BY_ONE } from "./latency-cost.js";

export function latencyCostTables({ rows, comparisons, orders, plan }: LatencyCostResult): Table[] {
  const [{ median, low, high, goal, met }] = comparisons;
  const nsOf = (load: string, watch: string): number =>
    rows.find((row) => row.load === load && row.watch === watch)!.nsPerMessage;
  const line = (load: string, verdict: readonly string[]): string[] => {
    const [off, on] = [nsOf(load, "none"), nsOf(load, "latency")];
    return [load, off.toFixed(1), on.toFixed(1), (on - off).toFixed(1), ...verdict];
  };
  return [
    {
      title: "What measuring latency costs the engine, ns a message",
      head: ["load", "off", "on", "difference", "throughput on / off", "95 % interval", "wanted"],
      words: 1,
      rows: [
        line(FULL_BATCHES, [
          median.toFixed(3),
          `${low.toFixed(3)} – ${high.toFixed(3)}`,
          `≥ ${goal} ${met ? "met" : "missed"}`,
        ]),
        line(ONE_BY_ONE, [(nsOf(ONE_BY_ONE, "none") / nsOf(ONE_BY_ONE, "latency")).toFixed(3), "–", "–"]),
      ],
      notes: [
        `The engine's agent on recorded messages, stepped by hand in one thread; ${plan.rounds} rounds, medians; the ` +
          `same ${orders} orders from each contestant.`,
        "One by one every message is timed; an engine that gets them so has time to spare.",
      ],
    },
  ];
}
