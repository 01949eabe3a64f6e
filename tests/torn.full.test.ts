/** A journal that is broken at every byte and every bit of its end comes out as an exact prefix or is refused. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { examine } from "./crash/torn/examination.js";
import { recordLives } from "./crash/torn/recorded-run.js";

const strategies = ["ema-cross", "market-maker"].map((name) =>
  join(import.meta.dirname, "..", "strategies", `${name}.ts`),
);

test("no broken journal is anything but an exact prefix or a refusal that names the place", async () => {
  const { counts, faults } = await examine(await recordLives(strategies, 7), 7, "syncing", () => {});
  expect(faults.slice(0, 10)).toEqual([]);
  const all = [...counts.values()];
  const sum = (of: "tries" | "prefix" | "shorter" | "refused"): number =>
    all.reduce((total, each) => total + each[of], 0);
  expect(counts.get("the end, cut at a byte")!.tries).toBeGreaterThan(65_536);
  expect(counts.get("the end, one bit")!.tries).toBeGreaterThan(32_768);
  expect(counts.get("the end, recovered whole")!.tries).toBeGreaterThan(500);
  expect(sum("prefix") + sum("shorter") + sum("refused")).toBe(sum("tries"));
}, 300_000);
