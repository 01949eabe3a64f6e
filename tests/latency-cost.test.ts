/** The measurement of what latency costs: that it compares like with like. What it finds is the benchmark's to say. */
import { expect, test } from "vitest";
import { measureLatencyCost } from "../bench/latency-cost/latency-cost.js";
import { latencyCostTables } from "../bench/latency-cost/tables.js";

test("all contestants send the same orders, and each has its figure", () => {
  const notes: string[] = [];
  const plan = { rounds: 1, turns: 1, messages: 1_024 };
  const result = measureLatencyCost(plan, (text) => notes.push(text));
  expect(result.orders).toBeGreaterThan(0);
  expect(result.rows.map(({ load, watch }) => `${load}, ${watch}`)).toEqual([
    "full batches, none",
    "full batches, latency",
    "one by one, none",
    "one by one, latency",
  ]);
  for (const { nsPerMessage } of result.rows) expect(nsPerMessage).toBeGreaterThan(0);
  expect(notes).toHaveLength(2);
  const [table] = latencyCostTables(result);
  for (const row of table.rows) expect(row).toHaveLength(table.head.length);
});
