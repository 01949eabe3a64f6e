/** A journal that is broken at every byte and every bit of its end comes out as an exact prefix or is refused. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const SCRIPT = join(import.meta.dirname, "crash", "torn.mjs");

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });
}

test("no broken journal is anything but an exact prefix or a refusal that names the place", () => {
  const { status, stdout, stderr } = run("--journals", "1", "--seed", "7", "--json");
  expect(stderr).toBe("");
  const { told, rows, ...all } = JSON.parse(stdout);
  expect([status, told, all.wrong]).toEqual([0, [], 0]);
  expect(rows["the end, cut at a byte"].tries).toBeGreaterThan(65_536);
  expect(rows["the end, one bit"].tries).toBeGreaterThan(32_768);
  expect(rows["the end, recovered whole"].tries).toBeGreaterThan(500);
  expect(rows["cut around a snapshot, recovered"].refused).toBeGreaterThan(0);
  expect(all.prefix + all.shorter + all.refused).toBe(all.tries);
}, 300_000);

test.each([["--journals", "0"], ["--frobnicate"]])("refuses %s %s as usage", (...args) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^torn: .*\nusage: npm run torn/s);
});
