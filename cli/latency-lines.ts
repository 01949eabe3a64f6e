/** The latency of every hop as an aligned table of microseconds; what nothing has passed yet is a dash. */
import { HOPS } from "../actors/hops.js";
import type { Percentiles, Snapshot } from "../actors/snapshot.js";
import { grouped } from "./view/numbers.js";
import type { Palette } from "./view/terminal-view.js";

const NAME_WIDTH = 18;
const CELL_WIDTH = 11;
const COLUMNS = ["p50", "p99", "p99.9", "max"];

/** The title, then a line a hop. */
export function latencyLines(latency: Snapshot["latency"], { dim }: Pick<Palette, "dim">): string[] {
  const title = ` ${"latency  µs".padEnd(NAME_WIDTH)}${COLUMNS.map((name) => name.padStart(CELL_WIDTH)).join("")}`;
  return [dim(title), ...HOPS.map((hop) => `   ${hop.padEnd(NAME_WIDTH - 2)}${cells(latency[hop])}`)];
}

function cells({ p50, p99, p999, max }: Percentiles): string {
  return [p50, p99, p999, max].map(cell).join("");
}

const cell = (us: number | null): string => (us === null ? "–" : grouped(us.toFixed(1))).padStart(CELL_WIDTH);
