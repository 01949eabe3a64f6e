/** The table of promises is kept true: its tests are there, its document is current, its figures are of good runs. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { faultsIn, isThere, runPromises } from "./promises/command.js";
import { documentOf } from "./promises/document.js";
import { type CommandName, figuresOf, readResults, recordResult } from "./promises/figures.js";
import { PROMISES } from "./promises/table.js";

const root = join(import.meta.dirname, "..");

/** What each command prints with --json, as far as it is read. */
const PRINTED: Readonly<Record<CommandName, object>> = {
  sim: { seeds: 200, steps: 1_200_000, simulatedSeconds: 9_000, failures: 0, faults: { loss: 40, clog: 2 } },
  crash: {
    ...{ kills: 20, orders: 900, fills: 500, fillsLost: 0, fillsDoubled: 0, fillsWrong: 0, ordersDoubled: 0 },
    ...{ ordersUnrecorded: 0, ordersAstray: 0, positionsWrong: 0, recovery: { p50Ms: 140, maxMs: 260 } },
  },
  torn: { tries: 100_000, prefix: 60_000, shorter: 100, refused: 39_900, wrong: 0 },
  determinism: {
    equal: true,
    rows: [
      { inputs: 6_000, outputs: 500 },
      { inputs: 6_000, outputs: 500 },
    ],
  },
};

test("every promise names tests that are there, and the document is what the table and the figures give", () => {
  expect(faultsIn(root, true)).toEqual([]);
  expect(PROMISES).toHaveLength(9);
  for (const { title, tests } of PROMISES) expect(tests.length, title).toBeGreaterThan(2);
});

test("a test that is gone, or was never there, is missed", () => {
  const file = "tests/promises.test.ts";
  expect(isThere(root, { file, name: "a test that is gone, or was never there, is missed" })).toBe(true);
  expect(isThere(root, { file, name: "a test that is gone" })).toBe(false);
  expect(isThere(root, { file: "tests/gone.test.ts", name: "a test" })).toBe(false);
});

test("the check fails when a figure is another than the document's", () => {
  const results = readResults(join(root, "tests/promises/results.json"));
  const figures = { seeds: -1 };
  const other = documentOf(PROMISES, { ...results, sim: { figures, commit: "c0ffee", date: "2026-01-05T00:00:00Z" } });
  expect(other).not.toBe(readFileSync(join(root, "docs/promises.md"), "utf8"));
  expect(other).toContain("| seeds -1 | 2026-01-05, c0ffee |");
});

test.each(Object.entries(PRINTED))("what %s prints becomes figures that are told", (command, printed) => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-promises-"));
  try {
    const path = join(folder, "results.json");
    const figures = figuresOf(command as CommandName, printed);
    recordResult(path, command as CommandName, { figures, commit: "c0ffee", date: "2026-01-05T00:00:00Z" });
    expect(documentOf(PROMISES, readResults(path))).toContain("2026-01-05, c0ffee");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each<[CommandName, object, string]>([
  ["sim", { failures: 1 }, "1 seeds failed"],
  ["crash", { fillsLost: 2, ordersDoubled: 1 }, "2 fills lost, 1 orders doubled"],
  ["torn", { wrong: 3 }, "3 wrong states"],
  ["determinism", { equal: false }, "2 replays that differ"],
])("a run of %s in which something was wrong has no figures", (command, change, words) => {
  const printed = { ...PRINTED[command], ...change };
  expect(() => figuresOf(command, printed)).toThrow(`this run of ${command} failed (${words})`);
});

test("what another command printed is refused by the name of what is missing", () => {
  expect(() => figuresOf("crash", PRINTED.sim)).toThrow("kills is not a number in what crash printed");
  expect(() => figuresOf("sim", null)).toThrow("seeds is not a number in what sim printed");
});

test("options that do not go together, or are none, are usage", () => {
  const said: string[] = [];
  for (const argv of [["--frobnicate"], ["--check", "--run"], ["--record", "weather"]]) {
    expect(runPromises(argv, root, (text) => void said.push(text))).toBe(2);
  }
  expect(said).toHaveLength(3);
  for (const text of said) expect(text).toContain("usage: npm run promises");
});
