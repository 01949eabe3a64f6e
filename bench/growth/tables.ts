/** Growth as a table: what a message costs by how many there are, and what each takes. */
import { grouped } from "../figures.js";
import type { Table } from "../table.js";
import type { GrowthResult, GrowthSeries } from "./growth.js";

export function growthTables({ plan, series, even }: GrowthResult): Table[] {
  const row = (name: string, { nsPerMessage, slope, thousandfold, bytesEach }: GrowthSeries): string[] => [
    name,
    ...nsPerMessage.map(grouped),
    `${slope.median.toFixed(3)} (${slope.low.toFixed(3)} – ${slope.high.toFixed(3)})`,
    `${thousandfold.median.toFixed(2)} (${thousandfold.low.toFixed(2)} – ${thousandfold.high.toFixed(2)})`,
    grouped(bytesEach),
  ];
  return [
    {
      title: "Growth: nanoseconds a message through the engine, by how many there are",
      head: ["of", ...plan.counts.map(grouped), "slope, log by log", "at 1 000 over at 1", "bytes each"],
      words: 1,
      rows: [...series.map((each) => row(each.series, each)), row("instruments, all as busy", even)],
      notes: [
        "As many messages at every size, in rounds by turns, with 95 % intervals. Trades, quotes and book updates " +
          "are spread as in markets: the second busiest instrument has half as many as the busiest, the third a third.",
        "Of the strategies one is at work and trades; the others wait. Subscriptions are those of one strategy.",
        "All as busy: each message is for an instrument at random, whose book is then in no near cache.",
      ],
    },
  ];
}
